/** The switch between table, board and calendar, and the choice of the field that lanes or days are made by. */
import { Menu } from "@mantine/core";
import { IconCalendar, IconChevronDown, IconLayoutKanban, IconTable } from "@tabler/icons-react";
import type { ObjectMeta } from "../../api/types";
import { t } from "../../i18n";
import { dateField, dateFields, laneField, laneFields, typesOf, type ViewType } from "./types";
import classes from "./views.module.css";

interface Props {
  object: ObjectMeta;
  type: ViewType;
  group: string;
  onType: (type: ViewType) => void;
  onGroup: (field: string) => void;
}

export const typeIcons = { table: IconTable, board: IconLayoutKanban, calendar: IconCalendar };

function GroupMenu({ object, type, group, onGroup }: Omit<Props, "onType">) {
  const board = type === "board";
  const fields = board ? laneFields(object) : dateFields(object);
  const chosen = board ? laneField(object, group) : dateField(object, group);
  return (
    <Menu position="bottom-start" width={230}>
      <Menu.Target>
        <button type="button" className="tool">
          <span className="truncate">{t("board.group_by_field", { field: chosen?.label })}</span>
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        <Menu.Label>{t(board ? "board.group_by" : "calendar.by")}</Menu.Label>
        {fields.map((field) => (
          <Menu.RadioItem
            key={field.name}
            value={field.name}
            checked={field.name === chosen?.name}
            closeMenuOnClick
            onChange={onGroup}
          >
            {field.label}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function TypeSwitch(props: Props) {
  const types = typesOf(props.object);
  return (
    <>
      <fieldset className={classes.types} aria-label={t("view.type")}>
        {types.map((type) => {
          const Icon = typeIcons[type];
          return (
            <button
              key={type}
              type="button"
              className="tool"
              data-icon
              data-on={type === props.type ? "" : undefined}
              aria-pressed={type === props.type}
              aria-label={t(`view.type_${type}`)}
              title={t(`view.type_${type}`)}
              onClick={() => type !== props.type && props.onType(type)}
            >
              <Icon size={16} />
            </button>
          );
        })}
      </fieldset>
      {props.type !== "table" && <GroupMenu {...props} />}
    </>
  );
}
