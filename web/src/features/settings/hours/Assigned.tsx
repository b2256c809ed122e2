/** Which teams and people a calendar of working hours is for. Each change is kept at once and can be undone. */
import { MultiSelect } from "@mantine/core";
import type { RapportRecord } from "../../../api/types";
import { useObject } from "../../../app/query";
import { updateRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { useAll, useMay } from "../data";

function Chosen({ object: name, calendar, label }: { object: "team" | "user"; calendar: string; label: string }) {
  const object = useObject(name);
  const records = useAll(name);
  const may = useMay("manage_users");
  const all: RapportRecord[] = records.data ?? [];
  const chosen = all.filter((record) => record.work_calendar === calendar).map((record) => record.id);
  const change = (ids: string[]) => {
    const changed = all.filter((record) => ids.includes(record.id) !== chosen.includes(record.id));
    for (const record of changed) {
      const work_calendar = ids.includes(record.id) ? calendar : null;
      if (object) {
        void updateRecord(
          object,
          record,
          { work_calendar },
          {
            label: t(work_calendar ? "hours.given" : "hours.taken", { name: String(record.name ?? "") }),
          },
        ).catch(() => {});
      }
    }
  };
  return (
    <MultiSelect
      size="xs"
      label={label}
      searchable
      disabled={!may}
      data={all.map((record) => ({ value: record.id, label: String(record.name ?? "") }))}
      value={chosen}
      onChange={change}
      comboboxProps={{ withinPortal: true }}
    />
  );
}

export function Assigned({ calendar }: { calendar: string }) {
  return (
    <>
      <Chosen object="team" calendar={calendar} label={t("hours.teams")} />
      <Chosen object="user" calendar={calendar} label={t("hours.people")} />
    </>
  );
}
