/** Working hours: calendars with a week and holidays, for everyone, for teams and for single people. */
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useObject } from "../../../app/query";
import { leave } from "../../../app/unsaved";
import { t } from "../../../i18n";
import { useAll } from "../data";
import { Listed, RecordTabs, Title } from "../parts";
import settings from "../settings.module.css";
import { CalendarForm } from "./CalendarForm";

const fresh = "new";

export function HoursPage() {
  const object = useObject("work_calendar");
  const calendars = useAll("work_calendar");
  const [chosen, setChosen] = useState<string | null>(null);
  if (!object) {
    return null;
  }
  return (
    <>
      <Title name="hours">
        {object.can.create && (
          <button type="button" className="tool" data-primary onClick={() => void leave(() => setChosen(fresh))}>
            <IconPlus size={15} /> {t("hours.new")}
          </button>
        )}
      </Title>
      <Listed query={calendars}>
        {(records) => {
          const isNew = chosen === fresh || (records.length === 0 && object.can.create);
          const calendar = isNew
            ? undefined
            : (records.find((entry) => entry.id === chosen) ??
              records.find((entry) => entry.for_everyone === true) ??
              records[0]);
          return (
            <>
              {records.length === 0 && <p className={settings.text}>{t("hours.none")}</p>}
              <RecordTabs records={records} chosen={calendar} onChoose={(id) => void leave(() => setChosen(id))} />
              {(isNew || calendar) && (
                <CalendarForm
                  key={calendar ? `${calendar.id} ${calendar.version}` : fresh}
                  object={object}
                  calendar={calendar}
                  first={records.length === 0}
                  onSaved={setChosen}
                />
              )}
            </>
          );
        }}
      </Listed>
    </>
  );
}
