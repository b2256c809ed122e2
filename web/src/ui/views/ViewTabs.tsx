/** The saved views of an object as tabs, with what can be done to each. */
import { Menu } from "@mantine/core";
import {
  IconChevronDown,
  IconCopy,
  IconLock,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconPlus,
  IconStar,
  IconTrash,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { View } from "../../api/types";
import { t } from "../../i18n";
import { NameDialog, sharings } from "./NameDialog";
import { typeIcons } from "./TypeSwitch";
import { isViewType } from "./types";
import classes from "./views.module.css";

export interface ViewTabsProps {
  /** The address of the list. */
  path: string;
  all: string;
  views: View[];
  current: View | undefined;
  canEdit: (view: View) => boolean;
  onCreate: (name: string, shared: NonNullable<View["shared"]>) => void;
  onRename: (view: View, name: string) => void;
  onShare: (view: View, shared: NonNullable<View["shared"]>) => void;
  onDelete: (view: View) => void;
  isPinned: (view: View) => boolean;
  onPin: (view: View, pinned: boolean) => void;
  /** Only for those who may say what others are shown first. */
  onOpensFirst?: (view: View) => void;
}

/** Which tab is open is for the list to say, not for the beginning of the address. */
const just_this = { exact: true, includeSearch: true };
const icons = { private: IconLock, team: IconUsers, everyone: IconUsersGroup };

function TabMenu({ view, props, onRename }: { view: View; props: ViewTabsProps; onRename: () => void }) {
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <button
          type="button"
          className="plain"
          aria-label={t("view.menu", { name: view.name })}
          style={{ display: "grid", placeItems: "center", width: 24, height: 24 }}
        >
          <IconChevronDown size={13} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.canEdit(view) && (
          <>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={onRename}>
              {t("view.rename")}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Label>{t("view.who")}</Menu.Label>
            {sharings.map((shared) => {
              const Icon = icons[shared];
              const on = (view.shared ?? "private") === shared;
              return (
                <Menu.RadioItem
                  key={shared}
                  value={shared}
                  checked={on}
                  closeMenuOnClick
                  onChange={() => props.onShare(view, shared)}
                >
                  <span style={{ display: "inline-flex", alignItems: "center", gap: 8 }}>
                    <Icon size={15} /> {t(`view.who_${shared}`)}
                  </span>
                </Menu.RadioItem>
              );
            })}
            <Menu.Divider />
          </>
        )}
        <Menu.Item
          leftSection={props.isPinned(view) ? <IconPinnedOff size={15} /> : <IconPin size={15} />}
          onClick={() => props.onPin(view, !props.isPinned(view))}
        >
          {t(props.isPinned(view) ? "view.unpin" : "view.pin")}
        </Menu.Item>
        {props.onOpensFirst && (
          <Menu.Item leftSection={<IconStar size={15} />} onClick={() => props.onOpensFirst?.(view)}>
            {t("view.opens_first")}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconCopy size={15} />}
          onClick={() => props.onCreate(t("view.copy_of", { name: view.name }), "private")}
        >
          {t("view.duplicate")}
        </Menu.Item>
        {props.canEdit(view) && (
          <Menu.Item leftSection={<IconTrash size={15} />} color="red" onClick={() => props.onDelete(view)}>
            {t("app.delete")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Boards, calendars and the like are told from tables at a glance. */
function TypeIcon({ type }: { type: string }) {
  const Icon = isViewType(type) && type !== "table" ? typeIcons[type] : undefined;
  return Icon ? <Icon size={13} aria-hidden /> : null;
}

export function ViewTabs(props: ViewTabsProps) {
  const [naming, setNaming] = useState<"new" | View | null>(null);
  return (
    <nav className={classes.tabs} aria-label={t("view.views")}>
      <Link
        to={props.path}
        search={props.views.some((view) => view.opens_first) ? { view: "all" } : {}}
        className={classes.tab}
        aria-current={props.current ? undefined : "page"}
        activeProps={{}}
        activeOptions={just_this}
      >
        {props.all}
      </Link>
      {props.views.map((view) => (
        <span key={view.id} style={{ display: "inline-flex", alignItems: "center", flex: "none" }}>
          <Link
            to={props.path}
            search={{ view: view.id }}
            className={classes.tab}
            aria-current={props.current?.id === view.id ? "page" : undefined}
            activeProps={{}}
            activeOptions={just_this}
          >
            <TypeIcon type={view.type} />
            {view.name}
          </Link>
          {props.current?.id === view.id && <TabMenu view={view} props={props} onRename={() => setNaming(view)} />}
        </span>
      ))}
      <button
        type="button"
        className="tool"
        data-icon
        aria-label={t("view.new")}
        title={t("view.new")}
        onClick={() => setNaming("new")}
      >
        <IconPlus size={14} />
      </button>
      {naming && (
        <NameDialog
          title={naming === "new" ? t("view.new") : t("view.rename")}
          start={naming === "new" ? "" : naming.name}
          sharing={naming === "new"}
          taken={props.views.filter((view) => view !== naming).map((view) => view.name)}
          onClose={() => setNaming(null)}
          onDone={(name, shared) => (naming === "new" ? props.onCreate(name, shared) : props.onRename(naming, name))}
        />
      )}
    </nav>
  );
}
