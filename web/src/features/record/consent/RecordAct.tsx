/** Records that a person agreed or objected: for which address, how it was said and in which words. */
import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { RapportRecord } from "../../../api/types";
import { findObject } from "../../../app/query";
import { showToast } from "../../../app/toasts";
import { createRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { Dialog } from "../../../ui/Dialog";
import { FormProblem } from "../../../ui/form/FormProblem";
import formClasses from "../../../ui/form/form.module.css";
import { problemsOf } from "../../../ui/form/recordForm";
import { useSending } from "../../../ui/form/useSave";
import classes from "./consent.module.css";
import { refreshConsent, shownAddress, type Verdict, wordOf } from "./data";

export interface StartedAct {
  act: "given" | "withdrawn";
  purpose: string;
  channel?: string;
  address?: string;
}

interface Props {
  record: RapportRecord;
  started: StartedAct;
  verdicts: Verdict[];
  onClose: () => void;
}

const sources = ["spoken", "written", "email", "form", "chat", "other"];
const bases = ["consent", "legitimate_interest"];

export function RecordAct({ record, started, verdicts, onClose }: Props) {
  const places = verdicts.map((entry) => ({
    value: `${entry.channel} ${entry.address}`,
    label: `${wordOf("consent", "channel", entry.channel)}: ${shownAddress(record, entry)}`,
  }));
  const first = started.channel ? `${started.channel} ${started.address}` : places[0]?.value;
  const [place, setPlace] = useState(first ?? "");
  const [act, setAct] = useState<string>(started.act);
  const [purpose, setPurpose] = useState(started.purpose);
  const [source, setSource] = useState("spoken");
  const [basis, setBasis] = useState("consent");
  const [texts, setTexts] = useState({ topic: "", source_detail: "", wording: "" });
  const consent = findObject("consent");
  const { box, busy, problems, send } = useSending((error) => problemsOf(error, consent?.fields ?? []));
  const chosen = verdicts.find((entry) => `${entry.channel} ${entry.address}` === place);
  const labelOf = (field: string) => consent?.fields.find((entry) => entry.name === field)?.label ?? field;
  const words = (field: string, values: string[]) =>
    values.map((value) => ({ value, label: wordOf("consent", field, value) }));
  const save = async () => {
    if (!consent || !chosen) {
      return;
    }
    const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ""));
    // Proof is kept as it was written; the server compares it in its own form.
    const [channel, address] = [chosen.channel, shownAddress(record, chosen)];
    const values = { person: record.id, address, channel, act, purpose, source, legal_basis: basis, ...given };
    // Undo takes a yes back, never a no: so none is offered.
    const quiet = act === "withdrawn";
    await createRecord(consent, values, { throwOnly: true, quiet, label: t("consent.recorded") });
    if (quiet) {
      showToast(t("consent.withdrawn"));
    }
    refreshConsent();
    onClose();
  };
  const choice = (field: string, values: string[], value: string, set: (value: string) => void) => (
    <Select
      size="xs"
      label={labelOf(field)}
      allowDeselect={false}
      data={words(field, values)}
      value={value}
      error={problems[field]}
      onChange={(next) => set(next ?? value)}
    />
  );
  const text = (field: "topic" | "source_detail") => (
    <TextInput
      size="xs"
      label={labelOf(field)}
      value={texts[field]}
      error={problems[field]}
      autoComplete="off"
      onChange={(event) => setTexts({ ...texts, [field]: event.currentTarget.value })}
    />
  );
  return (
    <Dialog onClose={onClose} title={t(started.act === "given" ? "consent.record" : "consent.withdraw")}>
      <form
        ref={box}
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void send(save);
        }}
      >
        <Select
          size="xs"
          label={labelOf("address")}
          allowDeselect={false}
          data={places}
          value={place}
          error={problems.address}
          onChange={(value) => setPlace(value ?? place)}
        />
        <div className={formClasses.fields}>
          {choice("act", ["given", "withdrawn"], act, setAct)}
          {choice("purpose", ["marketing", "tracking", "service"], purpose, setPurpose)}
          {text("topic")}
          {choice("source", sources, source, setSource)}
          {text("source_detail")}
          {choice("legal_basis", bases, basis, setBasis)}
        </div>
        <Textarea
          size="xs"
          label={labelOf("wording")}
          description={t("consent.wording_text")}
          autosize
          minRows={2}
          maxRows={8}
          data-autofocus
          value={texts.wording}
          error={problems.wording}
          onChange={(event) => setTexts({ ...texts, wording: event.currentTarget.value })}
        />
        <FormProblem apart text={problems[""]} />
        <div className={formClasses.foot}>
          <div className={formClasses.end}>
            <Button type="button" variant="default" onClick={onClose}>
              {t("app.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!chosen}>
              {t("consent.save")}
            </Button>
          </div>
        </div>
      </form>
    </Dialog>
  );
}
