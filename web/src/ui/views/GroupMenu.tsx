/** By which field a table is grouped, and all groups opened or closed at once. */
import { Menu } from "@mantine/core";
import { IconChevronDown, IconLayoutList } from "@tabler/icons-react";
import type { ObjectMeta } from "../../api/types";
import { t } from "../../i18n";
import { closedAll, groupFields } from "../grid/groups";

interface Props {
  object: ObjectMeta;
  /** Name of the field; empty for no groups. */
  group: string;
  onGroup: (field: string) => void;
  onClosed: (closed: string) => void;
}

export function TableGroupMenu({ object, group, onGroup, onClosed }: Props) {
  const fields = groupFields(object.fields);
  const chosen = fields.find((field) => field.name === group);
  if (fields.length === 0) {
    return null;
  }
  return (
    <Menu position="bottom-start" width={230}>
      <Menu.Target>
        <button type="button" className="tool" data-on={chosen ? "" : undefined}>
          {chosen ? null : <IconLayoutList size={15} aria-hidden />}
          <span className="truncate">
            {chosen ? t("board.group_by_field", { field: chosen.label }) : t("grid.group")}
          </span>
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        {chosen && (
          <>
            <Menu.Item onClick={() => onClosed("")}>{t("grid.open_groups")}</Menu.Item>
            <Menu.Item onClick={() => onClosed(closedAll)}>{t("grid.close_groups")}</Menu.Item>
            <Menu.Divider />
          </>
        )}
        <Menu.Label>{t("board.group_by")}</Menu.Label>
        <Menu.RadioItem value="" checked={!chosen} closeMenuOnClick onChange={() => onGroup("")}>
          {t("grid.group_none")}
        </Menu.RadioItem>
        {fields.map((field) => (
          <Menu.RadioItem
            key={field.name}
            value={field.name}
            checked={field.name === group}
            closeMenuOnClick
            onChange={() => onGroup(field.name)}
          >
            {field.label}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
