/** Settings: one's own, those of the workspace, and what the workspace knows. One searchable list at the left, one page at the right. */
import { TextInput } from "@mantine/core";
import {
  IconBuildingCommunity,
  IconCalendarShare,
  IconClock,
  IconClockHeart,
  IconCoins,
  IconDatabase,
  IconForms,
  IconHeartRateMonitor,
  IconKey,
  IconListDetails,
  IconLock,
  IconMail,
  IconMap2,
  IconPalette,
  IconSearch,
  IconShield,
  IconUser,
  IconUsers,
  IconUsersGroup,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { type ComponentType, useEffect, useRef, useState } from "react";
import { PageMissing } from "../../app/errors";
import { t } from "../../i18n";
import { ApiKeys } from "./ApiKeys";
import { Appearance } from "./Appearance";
import { Audit } from "./Audit";
import { CalendarFeed } from "./CalendarFeed";
import { CurrenciesPage } from "./currencies/CurrenciesPage";
import { useSpecials } from "./data";
import { FormsPage } from "./forms/FormsPage";
import { Health } from "./Health";
import { HoursPage } from "./hours/HoursPage";
import { MailPage } from "./mail/MailPage";
import { Objects } from "./Objects";
import { Profile } from "./Profile";
import { Roles } from "./Roles";
import { Security } from "./Security";
import { Signals } from "./Signals";
import classes from "./settings.module.css";
import { Teams } from "./Teams";
import { TerritoriesPage } from "./territories/TerritoriesPage";
import { Users } from "./Users";
import { Workspace } from "./Workspace";

interface Section {
  name: string;
  group: "personal" | "workspace" | "data";
  icon: TablerIcon;
  page: ComponentType;
  /** The special right that it needs. */
  needs?: string;
}

const sections: Section[] = [
  { name: "profile", group: "personal", icon: IconUser, page: Profile },
  { name: "security", group: "personal", icon: IconLock, page: Security },
  { name: "appearance", group: "personal", icon: IconPalette, page: Appearance },
  { name: "calendar", group: "personal", icon: IconCalendarShare, page: CalendarFeed },
  { name: "workspace", group: "workspace", icon: IconBuildingCommunity, page: Workspace },
  { name: "currencies", group: "workspace", icon: IconCoins, page: CurrenciesPage },
  { name: "health", group: "workspace", icon: IconHeartRateMonitor, page: Health, needs: "configure" },
  { name: "signals", group: "workspace", icon: IconClockHeart, page: Signals, needs: "configure" },
  { name: "hours", group: "workspace", icon: IconClock, page: HoursPage, needs: "configure" },
  { name: "mail", group: "workspace", icon: IconMail, page: MailPage, needs: "configure" },
  { name: "users", group: "workspace", icon: IconUsers, page: Users, needs: "manage_users" },
  { name: "teams", group: "workspace", icon: IconUsersGroup, page: Teams, needs: "manage_users" },
  { name: "territories", group: "workspace", icon: IconMap2, page: TerritoriesPage, needs: "configure" },
  { name: "forms", group: "workspace", icon: IconForms, page: FormsPage, needs: "configure" },
  { name: "roles", group: "workspace", icon: IconShield, page: Roles, needs: "manage_users" },
  { name: "api_keys", group: "workspace", icon: IconKey, page: ApiKeys, needs: "manage_users" },
  { name: "audit", group: "workspace", icon: IconListDetails, page: Audit, needs: "audit" },
  { name: "objects", group: "data", icon: IconDatabase, page: Objects },
];

const groups = ["personal", "workspace", "data"] as const;

export function SettingsPage() {
  const params = useParams({ strict: false }) as { section?: string };
  const may = useSpecials();
  const [search, setSearch] = useState("");
  const allowed = sections.filter((section) => !section.needs || may(section.needs));
  const section = allowed.find((entry) => entry.name === (params.section ?? "profile"));
  const name = section?.name;
  const list = useRef<HTMLElement>(null);
  // On a phone the sections lie side by side, most of them out of sight.
  useEffect(() => {
    const chosen = section ? list.current?.querySelector("[aria-current=page]") : null;
    chosen?.scrollIntoView?.({ block: "nearest", inline: "center" });
  }, [section]);
  useEffect(() => {
    document.title = `${name ? t(`settings.${name}`) : t("nav.settings")} – Rapport`;
  }, [name]);
  if (!section) {
    return <PageMissing />;
  }
  const query = search.trim().toLowerCase();
  const found = allowed.filter((entry) =>
    `${t(`settings.${entry.name}`)} ${t(`settings.${entry.name}_why`)} ${t(`settings.${entry.name}_words`)}`
      .toLowerCase()
      .includes(query),
  );
  const Page = section.page;
  return (
    <>
      <header className="page-header">
        <h1>{t("nav.settings")}</h1>
      </header>
      <div className={classes.layout}>
        <nav ref={list} className={classes.nav} aria-label={t("nav.settings")}>
          <TextInput
            size="xs"
            leftSection={<IconSearch size={13} />}
            placeholder={t("settings.search")}
            aria-label={t("settings.search")}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          {groups.map((group) => {
            const entries = found.filter((entry) => entry.group === group);
            return entries.length > 0 ? (
              <div key={group} className={classes.navGroup}>
                <p className="nav-title">{t(`settings.group_${group}`)}</p>
                {entries.map((entry) => (
                  <Link
                    key={entry.name}
                    to="/settings/$section"
                    params={{ section: entry.name }}
                    className="nav"
                    aria-current={entry === section ? "page" : undefined}
                  >
                    <entry.icon size={16} stroke={1.6} /> <span>{t(`settings.${entry.name}`)}</span>
                  </Link>
                ))}
              </div>
            ) : null;
          })}
          {found.length === 0 && (
            <p className="nav-title" role="status">
              {t("field.nothing_found")}
            </p>
          )}
        </nav>
        <div className={classes.page}>
          <div
            className={classes.column}
            data-wide={
              ["territories", "roles", "users", "api_keys", "objects", "audit"].includes(section.name) || undefined
            }
          >
            <Page key={section.name} />
          </div>
        </div>
      </div>
    </>
  );
}
