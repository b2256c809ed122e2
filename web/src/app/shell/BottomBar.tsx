/** The navigation of a phone: five places at the bottom, the rest in a menu. */
import { Drawer } from "@mantine/core";
import {
  IconBell,
  IconCalendar,
  IconCheckbox,
  IconFiles,
  IconHome,
  IconMenu2,
  IconPlus,
  IconSearch,
} from "@tabler/icons-react";
import { Link, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { t } from "../../i18n";
import { iconOf } from "../../ui/icons";
import { signOut } from "../globalCommands";
import { calendarPath, documentsObject, mainObjects } from "../navigation";
import { useUnread } from "../notifications";
import { openPalette } from "../palette/state";
import { useBoot } from "../query";
import { Count, PinnedLinks } from "./Sidebar";
import { startCreate } from "./state";

export function BottomBar() {
  const boot = useBoot();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const unread = useUnread();
  const [menu, setMenu] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: going anywhere closes the menu
  useEffect(() => setMenu(false), [path]);
  const here = boot.objects.find((object) => path === `/${object.plural}` || path.startsWith(`/${object.plural}/`));
  const made = here && !here.internal && here.can.create ? here.name : "person";
  const calendar = calendarPath(boot)?.split("?")[0];
  const documents = documentsObject(boot);
  return (
    <nav className="bottom-bar" aria-label={t("nav.phone")}>
      <Link to="/" aria-current={path === "/" ? "page" : undefined}>
        <IconHome size={20} />
        {t("nav.home")}
      </Link>
      <button type="button" onClick={() => openPalette()}>
        <IconSearch size={20} />
        {t("nav.search")}
      </button>
      <button type="button" aria-label={t("nav.new")} onClick={() => startCreate(made)}>
        <span className="new">
          <IconPlus size={20} />
        </span>
      </button>
      <Link to="/tasks" aria-current={path.startsWith("/tasks") ? "page" : undefined}>
        <IconCheckbox size={20} />
        {t("nav.tasks")}
      </Link>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={menu}
        data-waiting={unread > 0 || undefined}
        onClick={() => setMenu(true)}
      >
        <IconMenu2 size={20} />
        {t("nav.menu")}
      </button>
      <Drawer
        opened={menu}
        onClose={() => setMenu(false)}
        position="bottom"
        size="auto"
        title={boot.workspace.name}
        transitionProps={{ duration: 0 }}
      >
        <div>
          <PinnedLinks />
          {mainObjects(boot).map((object) => {
            const Icon = iconOf(object);
            return (
              <Link key={object.name} to={`/${object.plural}`} className="nav">
                <Icon size={18} />
                <span>{object.label_plural}</span>
              </Link>
            );
          })}
          <Link to="/notifications" className="nav">
            <IconBell size={18} />
            <span>{t("nav.notifications")}</span>
            {unread > 0 && <Count count={unread} />}
          </Link>
          {calendar && (
            <Link to={calendar} search={{ type: "calendar" }} className="nav">
              <IconCalendar size={18} />
              <span>{t("nav.calendar")}</span>
            </Link>
          )}
          {documents && (
            <Link to={`/${documents.plural}`} className="nav">
              <IconFiles size={18} />
              <span>{documents.label_plural}</span>
            </Link>
          )}
          {(["activity", "imports", "duplicates", "settings"] as const).map((name) => (
            <Link key={name} to={`/${name}`} className="nav">
              <span>{t(`nav.${name}`)}</span>
            </Link>
          ))}
          <button type="button" className="nav" onClick={() => void signOut()}>
            <span>{t("command.sign_out")}</span>
          </button>
        </div>
      </Drawer>
    </nav>
  );
}
