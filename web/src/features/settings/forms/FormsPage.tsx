/** Forms of web pages: what they ask for, the HTML to copy, a try, and what was held as a machine's. */
import { IconForms, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useObject } from "../../../app/query";
import { leave } from "../../../app/unsaved";
import { t } from "../../../i18n";
import { Empty } from "../../../ui/empty/Empty";
import { useAll } from "../data";
import { Listed, RecordTabs, Title } from "../parts";
import { CaptureForm } from "./CaptureForm";
import { Embed } from "./Embed";
import { Held } from "./Held";

const fresh = "new";

export function FormsPage() {
  const object = useObject("capture_form");
  const forms = useAll("capture_form");
  const [chosen, setChosen] = useState<string | null>(null);
  if (!object) {
    return null;
  }
  return (
    <>
      <Title name="forms">
        {object.can.create && (
          <button type="button" className="tool" data-primary onClick={() => void leave(() => setChosen(fresh))}>
            <IconPlus size={15} /> {t("forms.new")}
          </button>
        )}
      </Title>
      <Listed query={forms}>
        {(records) => {
          const form = chosen === fresh ? undefined : (records.find((entry) => entry.id === chosen) ?? records[0]);
          return (
            <>
              {records.length === 0 && chosen !== fresh && (
                <Empty icon={IconForms} title={t("forms.empty")} text={t("forms.empty_text")} />
              )}
              <RecordTabs records={records} chosen={form} onChoose={(id) => void leave(() => setChosen(id))} />
              {(chosen === fresh || form) && (
                <CaptureForm
                  key={form ? `${form.id} ${form.version}` : fresh}
                  object={object}
                  form={form}
                  onSaved={setChosen}
                />
              )}
              {form && <Embed key={`embed ${form.id} ${form.version}`} form={form} />}
              {records.length > 0 && <Held forms={records} />}
            </>
          );
        }}
      </Listed>
    </>
  );
}
