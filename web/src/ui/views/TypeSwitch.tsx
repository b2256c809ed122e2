/** The switch between the shapes of a list, and the choice of the fields that each is made by. */
import { Menu } from "@mantine/core";
import { IconCalendar, IconChevronDown, IconLayoutKanban, IconMap, IconTable, IconTimeline } from "@tabler/icons-react";
import type { Field, ObjectMeta } from "../../api/types";
import { t } from "../../i18n";
import { groupFields } from "../grid/groups";
import {
  barEnd,
  barEnds,
  barStart,
  dateField,
  dateFields,
  laneField,
  laneFields,
  no_end,
  placeBy,
  placeFields,
  typesOf,
  type ViewType,
} from "./types";
import classes from "./views.module.css";

interface Props {
  object: ObjectMeta;
  type: ViewType;
  group: string;
  starts: string;
  ends: string;
  onType: (type: ViewType) => void;
  onBy: (by: { group?: string; starts?: string; ends?: string }) => void;
}

export const typeIcons = {
  table: IconTable,
  board: IconLayoutKanban,
  calendar: IconCalendar,
  timeline: IconTimeline,
  map: IconMap,
};

interface Choice {
  label: string;
  value: string;
  /** What leaving it out is called. */
  none?: { label: string; value: string };
  fields: Field[];
  onChoose: (field: string) => void;
}

function Choices({ choice }: { choice: Choice }) {
  const { fields, none, value, onChoose } = choice;
  const all = [...(none ? [none] : []), ...fields.map((field) => ({ value: field.name, label: field.label }))];
  return (
    <>
      <Menu.Label>{choice.label}</Menu.Label>
      {all.map((entry) => (
        <Menu.RadioItem
          key={entry.value}
          value={entry.value}
          checked={entry.value === value}
          closeMenuOnClick
          onChange={onChoose}
        >
          {entry.label}
        </Menu.RadioItem>
      ))}
    </>
  );
}

/** What the bars of a timeline begin and end with, and what its rows are grouped by. */
function BarMenu({ object, group, starts, ends, onBy }: Omit<Props, "onType" | "type">) {
  const start = barStart(object, starts);
  const end = start && barEnd(object, start, ends);
  const groups = groupFields(object.fields);
  if (!start) {
    return null;
  }
  const choices: Choice[] = [
    {
      label: t("gantt.starts"),
      value: start.name,
      fields: dateFields(object),
      onChoose: (name) => onBy({ starts: name, ends: "" }),
    },
    {
      label: t("gantt.ends"),
      value: end?.name ?? no_end,
      none: { label: t("gantt.ends_none"), value: no_end },
      fields: barEnds(object, start),
      onChoose: (name) => onBy({ ends: name }),
    },
    {
      label: t("gantt.group"),
      value: groups.some((field) => field.name === group) ? group : "",
      none: { label: t("grid.group_none"), value: "" },
      fields: groups,
      onChoose: (name) => onBy({ group: name }),
    },
  ];
  return (
    <Menu position="bottom-start" width={230}>
      <Menu.Target>
        <button type="button" className="tool">
          <span className="truncate">{end ? `${start.label} – ${end.label}` : start.label}</span>
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        {choices.map((choice) => (
          <Choices key={choice.label} choice={choice} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What makes the lanes of a board, the days of a calendar, the places of a map. */
function choiceOf({ object, type, group }: Pick<Props, "object" | "type" | "group">) {
  if (type === "board") {
    return { label: t("board.group_by"), fields: laneFields(object), chosen: laneField(object, group) };
  }
  if (type === "map") {
    const fields = placeFields(object).map(({ field }) => field);
    return { label: t("map.by"), fields, chosen: placeBy(object, group)?.field };
  }
  return { label: t("calendar.by"), fields: dateFields(object), chosen: dateField(object, group) };
}

function GroupMenu({ object, type, group, onBy }: Omit<Props, "onType" | "starts" | "ends">) {
  const { label, fields, chosen } = choiceOf({ object, type, group });
  return (
    <Menu position="bottom-start" width={230}>
      <Menu.Target>
        <button type="button" className="tool">
          <span className="truncate">{t("board.group_by_field", { field: chosen?.label })}</span>
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        <Choices choice={{ label, value: chosen?.name ?? "", fields, onChoose: (name) => onBy({ group: name }) }} />
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
      {props.type === "timeline" ? <BarMenu {...props} /> : props.type !== "table" && <GroupMenu {...props} />}
    </>
  );
}
