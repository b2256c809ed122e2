/** The navigation at the left. */
import { Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconActivity,
  IconBell,
  IconCalendar,
  IconCheckbox,
  IconCopyCheck,
  IconFileImport,
  IconFiles,
  IconHome,
  IconLogout,
  IconSearch,
  IconSettings,
  IconShieldCheck,
} from "@tabler/icons-react";
import { Link, useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { Avatar } from "../../ui/Avatar";
import { iconOf } from "../../ui/icons";
import { signOut } from "../globalCommands";
import { keyCaps } from "../hotkeys";
import { calendarPath, documentsObject, listPath, mainObjects, mayOn } from "../navigation";
import { unread_max, useUnread } from "../notifications";
import { openPalette } from "../palette/state";
import { countText, usePinCounts, usePins } from "../pins";
import { useBoot } from "../query";
import { sidebarNarrow } from "./state";

function NavLink({ to, icon, label, count = 0 }: { to: string; icon: ReactNode; label: string; count?: number }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [place = to, query] = to.split("?");
  const view = useRouterState({ select: ({ location }) => (location.search as { view?: string }).view });
  const pinned = usePins().some((pin) => pin.view.id === view && listPath(pin.object) === path);
  const here = place === "/" ? path === "/" : !pinned && (path === place || path.startsWith(`${place}/`));
  const narrow = sidebarNarrow.use();
  return (
    <Link
      to={place}
      search={Object.fromEntries(new URLSearchParams(query))}
      className="nav"
      aria-current={here ? "page" : undefined}
      activeProps={{}}
      activeOptions={{ exact: true, includeSearch: true }}
      aria-label={narrow ? label : undefined}
      title={narrow ? label : undefined}
      data-waiting={count > 0 || undefined}
    >
      {icon}
      <span className="truncate">{label}</span>
      {count > 0 && <Count count={count} />}
    </Link>
  );
}

/** How many wait to be read. */
export function Count({ count }: { count: number }) {
  return (
    <span className="count" data-new>
      {count >= unread_max ? `${unread_max - 1}+` : formatNumber(count)}
      <span className="visually-hidden"> {t("notification.waiting")}</span>
    </span>
  );
}

function UserMenu() {
  const boot = useBoot();
  const narrow = sidebarNarrow.use();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="top-start" width={210}>
      <Menu.Target>
        <button type="button" className="nav" aria-label={narrow ? boot.user.name : undefined}>
          <Avatar name={boot.user.name} />
          <span className="truncate">{boot.user.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{boot.user.email}</Menu.Label>
        <Menu.RadioItem
          value="light"
          checked={colorScheme === "light"}
          closeMenuOnClick
          onChange={() => setColorScheme("light")}
        >
          {t("command.theme_light")}
        </Menu.RadioItem>
        <Menu.RadioItem
          value="dark"
          checked={colorScheme === "dark"}
          closeMenuOnClick
          onChange={() => setColorScheme("dark")}
        >
          {t("command.theme_dark")}
        </Menu.RadioItem>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void signOut()}>
          {t("command.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The views that were pinned, with how many records each shows. */
export function PinnedLinks() {
  const pins = usePins();
  const counts = usePinCounts(pins);
  const narrow = sidebarNarrow.use();
  const here = useRouterState({
    select: ({ location }) => `${location.pathname} ${(location.search as { view?: string }).view ?? ""}`,
  });
  return pins.map(({ view, object }) => {
    const Icon = iconOf(object);
    const path = listPath(object);
    const count = counts[view.id];
    return (
      <Link
        key={view.id}
        to={path}
        search={{ view: view.id }}
        className="nav"
        aria-current={here === `${path} ${view.id}` ? "page" : undefined}
        aria-label={narrow ? view.name : undefined}
        title={`${object.label_plural}: ${view.name}`}
        activeProps={{}}
        activeOptions={{ exact: true, includeSearch: true }}
      >
        <Icon size={16} />
        <span className="truncate">{view.name}</span>
        {count && (
          <span className="count" data-pin-count={count.count}>
            {countText(count)}
          </span>
        )}
      </Link>
    );
  });
}

export function Sidebar() {
  const boot = useBoot();
  const narrow = sidebarNarrow.use();
  const unread = useUnread();
  const calendar = calendarPath(boot);
  const documents = documentsObject(boot);
  const objects = mainObjects(boot).filter((object) => object.name !== "task");
  return (
    <nav className="sidebar" aria-label={t("nav.main")}>
      <div className="sidebar-top">
        <img src="/icon.svg" alt="" width={20} height={20} />
        <span className="truncate">{boot.workspace.name}</span>
      </div>
      <button
        type="button"
        className="nav"
        onClick={() => openPalette()}
        aria-label={narrow ? t("nav.search") : undefined}
      >
        <IconSearch size={16} />
        <span>{t("nav.search")}</span>
        <kbd>{keyCaps("mod+k").join(keyCaps("mod")[0] === "⌘" ? "" : " ")}</kbd>
      </button>
      <NavLink to="/" icon={<IconHome size={16} />} label={t("nav.home")} />
      <NavLink to="/notifications" icon={<IconBell size={16} />} label={t("nav.notifications")} count={unread} />
      <NavLink to="/activity" icon={<IconActivity size={16} />} label={t("nav.activity")} />
      <NavLink to="/tasks" icon={<IconCheckbox size={16} />} label={t("nav.tasks")} />
      {calendar && <NavLink to={calendar} icon={<IconCalendar size={16} />} label={t("nav.calendar")} />}
      {documents && (
        <NavLink to={`/${documents.plural}`} icon={<IconFiles size={16} />} label={documents.label_plural} />
      )}
      {usePins().length > 0 && <p className="nav-title">{t("nav.pinned")}</p>}
      <PinnedLinks />
      <p className="nav-title">{t("nav.records")}</p>
      {objects.map((object) => {
        const Icon = iconOf(object);
        return (
          <NavLink key={object.name} to={`/${object.plural}`} icon={<Icon size={16} />} label={object.label_plural} />
        );
      })}
      <p className="nav-title">{t("nav.data")}</p>
      {mayOn(boot, "import") && <NavLink to="/imports" icon={<IconFileImport size={16} />} label={t("nav.imports")} />}
      {mayOn(boot, "merge") && (
        <NavLink to="/duplicates" icon={<IconCopyCheck size={16} />} label={t("nav.duplicates")} />
      )}
      <NavLink to="/quality" icon={<IconShieldCheck size={16} />} label={t("nav.quality")} />
      <div className="sidebar-end">
        <NavLink to="/settings" icon={<IconSettings size={16} />} label={t("nav.settings")} />
        <UserMenu />
      </div>
    </nav>
  );
}
