/** Whose meetings stand beside one's own in the calendar: colleagues one by one or a team, each in a colour. */
import { MultiSelect, Popover } from "@mantine/core";
import { IconUsersGroup, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { RapportRecord, RecordPage } from "../../api/types";
import { findObject, useBoot } from "../../app/query";
import { createSavedStore } from "../../app/store";
import { t } from "../../i18n";
import type { Colleague } from "../../ui/calendar/surroundings";
import classes from "./list.module.css";

const colors = ["teal", "orange", "violet", "green", "pink", "yellow", "indigo", "red"];
const colleagues_max = colors.length;
const records_max = 200;

const chosenIds = createSavedStore<string[]>("rapport.calendar.colleagues", []);

function useNames(name: "user" | "team", enabled = true) {
  const object = findObject(name);
  return useQuery({
    queryKey: [...keys.pages(name), "names"],
    queryFn: async () =>
      (
        await api.get<RecordPage>(`/${object?.plural}`, {
          fields: name === "user" ? "name,team" : "name,parent",
          filter: name === "user" ? "active == true" : undefined,
          sort: "name",
          limit: records_max,
          total: false,
        })
      ).records,
    enabled: enabled && object !== undefined,
  });
}

/** A team's id with those of all teams below. */
export function teamsBelow(teams: RapportRecord[], top: string): Set<string> {
  const found = new Set([top]);
  for (const id of found) {
    for (const team of teams) {
      if (team.parent === id) {
        found.add(team.id);
      }
    }
  }
  return found;
}

/** The chosen colleagues with their colours; who is gone is left out. */
export function useColleagues(enabled: boolean): Colleague[] {
  const ids = chosenIds.use();
  const users = useNames("user", enabled);
  return useMemo(() => {
    const known = new Map((users.data ?? []).map((user) => [user.id, String(user.name ?? "")]));
    const chosen = enabled ? ids.filter((id) => known.has(id)).slice(0, colleagues_max) : [];
    return chosen.map((id, at) => ({ id, name: known.get(id) ?? "", color: colors[at] ?? "blue" }));
  }, [ids, users.data, enabled]);
}

export function Colleagues({ chosen }: { chosen: Colleague[] }) {
  const { user: me } = useBoot();
  const users = useNames("user").data ?? [];
  const teams = useNames("team").data ?? [];
  const [open, setOpen] = useState(false);
  const ids = chosen.map(({ id }) => id);
  const choose = (values: string[]) => {
    const picked = values.flatMap((value) => {
      const below = value.startsWith("team:") ? teamsBelow(teams, value.slice(5)) : undefined;
      return below
        ? users
            .filter(({ id, team }) => id !== me.id && typeof team === "string" && below.has(team))
            .map(({ id }) => id)
        : [value];
    });
    chosenIds.set([...new Set(picked)].slice(0, colleagues_max));
  };
  const named = (record: RapportRecord) => String(record.name ?? "");
  const data = [
    {
      group: t("calendar.teams"),
      items: teams.map((team) => ({ value: `team:${team.id}`, label: named(team) })),
    },
    {
      group: t("calendar.people"),
      items: users.filter(({ id }) => id !== me.id).map((user) => ({ value: user.id, label: named(user) })),
    },
  ].filter(({ items }) => items.length > 0);
  return (
    <div className={classes.colleagues}>
      <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus returnFocus width={300}>
        <Popover.Target>
          <button type="button" className="tool" data-outline onClick={() => setOpen(!open)}>
            <IconUsersGroup size={15} /> {t("calendar.colleagues")}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <MultiSelect
            size="xs"
            searchable
            data-autofocus
            label={t("calendar.colleagues_label")}
            description={t("calendar.colleagues_text", { count: colleagues_max })}
            nothingFoundMessage={t("calendar.colleagues_none")}
            data={data}
            value={ids}
            onChange={choose}
            comboboxProps={{ withinPortal: false }}
          />
        </Popover.Dropdown>
      </Popover>
      {chosen.length > 0 && (
        <ul>
          {chosen.map(({ id, name, color }) => (
            <li key={id} data-color={color}>
              <span className="dot" data-color={color} aria-hidden="true" />
              {name}
              <button
                type="button"
                aria-label={t("calendar.colleague_remove", { name })}
                onClick={() => chosenIds.set(ids.filter((known) => known !== id))}
              >
                <IconX size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
