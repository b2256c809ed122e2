/** The rates that count on a day, or those of one currency day by day. */
import { TextInput } from "@mantine/core";
import { IconCoins, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { ObjectMeta } from "../../../api/types";
import { explain, showProblem } from "../../../app/problems";
import { refreshObject, useBoot } from "../../../app/query";
import { t } from "../../../i18n";
import { formatDate } from "../../../i18n/format";
import { Empty } from "../../../ui/empty/Empty";
import { LongSelect } from "../../../ui/fields/LongSelect";
import { FormProblem } from "../../../ui/form/FormProblem";
import { currencies } from "../company";
import classes from "../settings.module.css";
import { few, formatRate, type Rate, useRates, writeRate } from "./data";

const most = 200;

interface Props {
  object: ObjectMeta;
  currency: string | null;
  onCurrency: (currency: string | null) => void;
}

export function RateTable({ object, currency, onCurrency }: Props) {
  const base = useBoot().workspace.base_currency;
  const [on, setOn] = useState("");
  const [limit, setLimit] = useState(few);
  const { data, error } = useRates(currency, on, limit);
  if (error && !data) {
    return <FormProblem text={explain(error)} />;
  }
  if (data && data.rates.length === 0 && !currency && !on) {
    return (
      <Empty
        icon={IconCoins}
        title={t("settings.rates_none")}
        text={t("settings.rates_none_text", { currency: base })}
      />
    );
  }
  return (
    <>
      <div className={classes.rateSearch}>
        <LongSelect
          clearable
          label={t("settings.rates_currency")}
          placeholder={t("settings.rates_all")}
          data={currencies()}
          value={currency}
          onChange={(code) => {
            onCurrency(code);
            setLimit(few);
          }}
        />
        <TextInput
          size="xs"
          type="date"
          label={t(currency ? "settings.rates_until" : "settings.rates_on")}
          value={on || (data?.today ?? "")}
          onChange={(event) => setOn(event.currentTarget.value)}
        />
      </div>
      {data?.counting && (
        <p role="status" className={`dimmed ${classes.hint}`}>
          {t("settings.rates_counting")}
        </p>
      )}
      {data && data.rates.length === 0 && <p className={classes.text}>{t("settings.rates_none_then")}</p>}
      {data && data.rates.length > 0 && <Table object={object} rates={data.rates} base={data.base} one={currency} />}
      {currency && data && data.rates.length === limit && limit < most && (
        <button type="button" className="tool" data-outline onClick={() => setLimit(most)}>
          {t("settings.rates_more")}
        </button>
      )}
    </>
  );
}

function Table({ object, rates, base, one }: { object: ObjectMeta; rates: Rate[]; base: string; one: string | null }) {
  const take = async (rate: Rate) => {
    const label = t("settings.rate_removed", { currency: rate.currency, day: formatDate(rate.on) });
    try {
      await writeRate(object, rate.on, rate.currency, null, label);
      refreshObject(object.name);
    } catch (error) {
      showProblem(error);
    }
  };
  return (
    <div className={classes.rates}>
      <table aria-label={one ?? t("settings.currencies")}>
        <thead>
          <tr>
            <th scope="col">{one ? t("settings.rates_day") : t("settings.rates_currency")}</th>
            <th scope="col">{t("settings.rates_euro")}</th>
            <th scope="col">{t("settings.rates_base", { currency: base })}</th>
            {!one && <th scope="col">{t("settings.rates_day")}</th>}
            {object.can.update && (
              <th scope="col">
                <span className="visually-hidden">{t("settings.rate_remove_any")}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rates.map((rate) => (
            <tr key={`${rate.currency} ${rate.on}`}>
              <th scope="row">{one ? formatDate(rate.on) : rate.currency}</th>
              <td>{formatRate(rate.rate)}</td>
              <td>{rate.worth === null ? "–" : formatRate(rate.worth, 6)}</td>
              {!one && <td>{formatDate(rate.on)}</td>}
              {object.can.update && (
                <td>
                  {rate.currency !== "EUR" && (
                    <button
                      type="button"
                      className="tool"
                      data-icon
                      aria-label={t("settings.rate_remove", { currency: rate.currency, day: formatDate(rate.on) })}
                      title={t("settings.rate_remove_any")}
                      onClick={() => void take(rate)}
                    >
                      <IconX size={14} />
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
