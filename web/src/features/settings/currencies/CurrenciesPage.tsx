/** Currencies: the one that totals are counted in, and the exchange rates that the others count by. */
import { IconFileUpload, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "../../../api/client";
import { refreshObject, useObject } from "../../../app/query";
import { showToast } from "../../../app/toasts";
import { offerUndo } from "../../../app/undo";
import { t } from "../../../i18n";
import { formatDate } from "../../../i18n/format";
import { FormProblem } from "../../../ui/form/FormProblem";
import { useSending } from "../../../ui/form/useSave";
import { useFileChooser } from "../../../ui/useFileChooser";
import { useMay } from "../data";
import { Title } from "../parts";
import classes from "../settings.module.css";
import { BaseCurrency } from "./BaseCurrency";
import { few, useRates } from "./data";
import { RateForm } from "./RateForm";
import { RateTable } from "./RateTable";

interface Imported {
  batch: string | null;
  created: number;
  changed: number;
  unchanged: number;
  first: string;
  last: string;
}

/** Takes in a file of rates and says what was new. */
async function takeIn(file: File): Promise<void> {
  const done = await api.upload<Imported>("/exchange_rates/import", {}, new Blob([file]));
  const text = t("settings.rates_done", {
    first: formatDate(done.first),
    last: formatDate(done.last),
    created: done.created,
    changed: done.changed,
  });
  if (done.batch) {
    offerUndo(done.batch, text);
  } else {
    showToast(t("settings.rates_known"));
  }
  refreshObject("exchange_rate");
}

function Upload() {
  const { busy, problems, send } = useSending();
  const { choose, chooser } = useFileChooser(([file]) => file && void send(() => takeIn(file)), {
    accept: ".xml,.csv,.zip",
    label: t("settings.rates_take"),
  });
  return (
    <>
      {chooser}
      <button type="button" className="tool" data-outline disabled={busy} onClick={choose}>
        <IconFileUpload size={15} /> {t(busy ? "settings.rates_busy" : "settings.rates_take")}
      </button>
      <FormProblem text={problems[""]} />
    </>
  );
}

export function CurrenciesPage() {
  const object = useObject("exchange_rate");
  const may = useMay("configure");
  const [currency, setCurrency] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  // Rates are of days as the workspace counts them, which may be another day than the reader's.
  const { data: known } = useRates(null, "", few);
  return (
    <>
      <Title name="currencies" />
      <BaseCurrency />
      <h3>{t("settings.rates")}</h3>
      {may && (
        <>
          <p className={`dimmed ${classes.text}`}>{t("settings.rates_hint")}</p>
          <div className={classes.rateButtons}>
            <Upload />
            <button type="button" className="tool" data-outline onClick={() => setAdding(true)}>
              <IconPlus size={15} /> {t("settings.rate_add")}
            </button>
          </div>
        </>
      )}
      {object && <RateTable object={object} currency={currency} onCurrency={setCurrency} />}
      {adding && object && known && (
        <RateForm object={object} today={known.today} currency={currency} onClose={() => setAdding(false)} />
      )}
    </>
  );
}
