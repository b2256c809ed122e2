/** One rate by hand: a currency, a day, what one euro is worth. */
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ObjectMeta } from "../../../api/types";
import { refreshObject } from "../../../app/query";
import { t } from "../../../i18n";
import { formatDate } from "../../../i18n/format";
import { Dialog } from "../../../ui/Dialog";
import { LongSelect } from "../../../ui/fields/LongSelect";
import { FormProblem } from "../../../ui/form/FormProblem";
import { useSending } from "../../../ui/form/useSave";
import { currencies } from "../company";
import classes from "../settings.module.css";
import { rateOf, writeRate } from "./data";

interface Props {
  object: ObjectMeta;
  today: string;
  currency: string | null;
  onClose: () => void;
}

export function RateForm({ object, today, onClose, ...props }: Props) {
  const [currency, setCurrency] = useState(props.currency);
  const [day, setDay] = useState(today);
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const { busy, problems, send } = useSending();
  const rate = rateOf(text);
  const save = () => {
    setTried(true);
    if (!currency || !day || !rate) {
      return;
    }
    void send(async () => {
      await writeRate(object, day, currency, rate, t("settings.rate_saved", { currency, day: formatDate(day) }));
      refreshObject(object.name);
      onClose();
    });
  };
  return (
    <Dialog onClose={onClose} title={t("settings.rate_add")}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <LongSelect
          data-autofocus
          label={t("settings.rates_currency")}
          data={currencies().filter((entry) => entry.value !== "EUR")}
          value={currency}
          error={tried && !currency && t("settings.rate_no_currency")}
          onChange={setCurrency}
        />
        <TextInput
          size="xs"
          type="date"
          min="1900-01-01"
          max="2200-12-31"
          label={t("settings.rates_day")}
          value={day}
          error={tried && !day && t("settings.rate_no_day")}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          inputMode="decimal"
          autoComplete="off"
          label={t("settings.rates_euro")}
          value={text}
          error={tried && !rate && t("settings.rate_no_rate")}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <FormProblem text={problems[""]} />
        <Button type="submit" loading={busy}>
          {t("app.save")}
        </Button>
      </form>
    </Dialog>
  );
}
