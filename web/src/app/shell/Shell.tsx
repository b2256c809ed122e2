/** The frame around every page: navigation, live updates, shortcuts, palette. */
import { useMantineColorScheme } from "@mantine/core";
import { IconLayoutSidebarLeftCollapse } from "@tabler/icons-react";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useDeferredValue, useEffect, useRef } from "react";
import { t } from "../../i18n";
import { useSoon } from "../../ui/useSoon";
import { resumeWorks } from "../bulkWork";
import { useCommands } from "../commands";
import { globalCommands } from "../globalCommands";
import { useHotkeys } from "../hotkeys";
import { connected, useLive } from "../live";
import { helpOpen, paletteOpen } from "../palette/state";
import { onNotificationClick, syncDevice } from "../push";
import { useBoot } from "../query";
import { BottomBar } from "./BottomBar";
import { ConflictDialog } from "./ConflictDialog";
import { CreateDialog } from "./CreateDialog";
import { LeaveDialog } from "./LeaveDialog";
import { Sidebar } from "./Sidebar";
import { sidebarNarrow } from "./state";
import { Viewing } from "./Viewing";

const loadPalette = () => import("../palette/Palette");
const Palette = lazy(loadPalette);
const ShortcutHelp = lazy(() => import("../palette/ShortcutHelp"));

/** Says in a banner that the server cannot be reached. */
function Offline() {
  const up = connected.use();
  return up === false ? (
    <div className="banner" role="status">
      {t("app.offline")}
    </div>
  ) : null;
}

/** Moves the focus to the page when the address changes, so that the keyboard starts where the eye does. */
function usePageFocus() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path) {
      before.current = path;
      if (!document.querySelector("[role=dialog]")) {
        main.current?.focus({ preventScroll: true });
      }
    }
  }, [path]);
  return main;
}

/** Fetches the palette once the page is quiet, so that it opens at the first key. */
function usePaletteReady(): void {
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), 1500);
    return () => clearTimeout(timer);
  }, []);
}

export function Shell() {
  const boot = useBoot();
  const narrow = sidebarNarrow.use();
  const main = usePageFocus();
  const { setColorScheme } = useMantineColorScheme();
  usePaletteReady();
  useLive(boot.position);
  useHotkeys();
  useCommands([
    ...globalCommands(boot, setColorScheme),
    {
      id: "app.sidebar",
      title: t(narrow ? "command.sidebar_show" : "command.sidebar_hide"),
      section: t("section.view"),
      icon: IconLayoutSidebarLeftCollapse,
      keys: "[",
      run: () => sidebarNarrow.set((value) => !value),
    },
  ]);
  const soon = useSoon();
  useEffect(() => {
    if (soon) {
      void resumeWorks();
    }
    if (soon && !boot.viewing) {
      // What fails now is tried again at the next start.
      void syncDevice(boot.user.id).catch(() => undefined);
    }
  }, [soon, boot.user.id, boot.viewing]);
  const navigate = useNavigate();
  useEffect(() => onNotificationClick((path) => void navigate({ to: path })), [navigate]);
  const palette = paletteOpen.use();
  const help = helpOpen.use();
  // The frame comes first, then the page in small steps: the first one is drawn while much else begins.
  const framed = useDeferredValue(true, false);
  return (
    <>
      <a className="skip" href="#main">
        {t("app.skip")}
      </a>
      <div className="frame" data-narrow={narrow || undefined}>
        <Sidebar />
        <main className="main" id="main" tabIndex={-1} ref={main}>
          <Viewing />
          <Offline />
          {framed && <Outlet />}
        </main>
        <BottomBar />
      </div>
      <CreateDialog />
      <ConflictDialog />
      <LeaveDialog />
      <Suspense>
        {palette !== null && <Palette start={palette} />}
        {help && <ShortcutHelp />}
      </Suspense>
    </>
  );
}
