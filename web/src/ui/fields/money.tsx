/** Amounts with a currency. */
import { Combobox, Input, InputBase, TextInput, useCombobox } from "@mantine/core";
import { useMemo, useState } from "react";
import type { FieldValue, Money } from "../../api/types";
import { t } from "../../i18n";
import { formatMoney, wordLocale } from "../../i18n/format";
import classes from "./fields.module.css";
import { InputGroup } from "./InputGroup";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps, ok, type Parsed, problem } from "./kind";
import { useNumberText } from "./number";
import { numberOperators } from "./operators";
import { parseNumber } from "./parse";
import { region } from "./region";

function asMoney(value: FieldValue): Money | null {
  return value && typeof value === "object" && !Array.isArray(value) && "amount" in value ? (value as Money) : null;
}

const symbols: { [symbol: string]: string } = {
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
  "₽": "RUB",
  "₩": "KRW",
  "₺": "TRY",
};

/** "1.234,50 €", "USD 12", "$12", "12" → amount and currency. */
export function parseMoney(text: string, currency: string): Parsed {
  const input = text.trim();
  if (input === "") {
    return ok(null);
  }
  const code = input.match(/\b([A-Za-z]{3})\b/)?.[1]?.toUpperCase();
  const symbol = [...input].find((letter) => letter in symbols);
  const dollar = input.includes("$") ? (currency.endsWith("D") ? currency : "USD") : undefined;
  const amount = parseNumber(input.replace(/[A-Za-z€£¥₹₽₩₺$]/g, ""));
  if (amount === undefined) {
    return problem(t("field.not_money"));
  }
  return ok({ amount, currency: code ?? (symbol ? (symbols[symbol] ?? currency) : (dollar ?? currency)) });
}

function MoneyDisplay({ value }: DisplayProps) {
  const money = asMoney(value);
  const text = money
    ? formatMoney(money.amount, money.currency)
    : typeof value === "number"
      ? formatMoney(value, region().currency)
      : "";
  return <span className={classes.number}>{text}</span>;
}

/** A searchable list of the world's currencies, small enough to stand beside an amount. */
export function CurrencyPicker({
  value,
  onChange,
  label,
  disabled,
}: {
  value: string;
  onChange: (code: string) => void;
  label: string;
  disabled?: boolean;
}) {
  const [search, setSearch] = useState("");
  const combobox = useCombobox({
    onDropdownClose: () => setSearch(""),
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const all = useMemo(() => Intl.supportedValuesOf("currency"), []);
  const names = useMemo(() => new Intl.DisplayNames(wordLocale(), { type: "currency" }), []);
  const query = search.trim().toLowerCase();
  const found = all.filter((code) => `${code} ${names.of(code)}`.toLowerCase().includes(query)).slice(0, 60);
  return (
    <Combobox
      store={combobox}
      width={240}
      position="bottom-end"
      onOptionSubmit={(code) => {
        onChange(code);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">
        <InputBase
          component="button"
          type="button"
          size="xs"
          w={64}
          disabled={disabled}
          // What is read aloud holds what is shown.
          aria-label={`${label}: ${value || region().currency}`}
          onClick={() => combobox.toggleDropdown()}
        >
          {value || <Input.Placeholder>{region().currency}</Input.Placeholder>}
        </InputBase>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={t("field.search")}
          aria-label={t("field.search")}
        />
        <Combobox.Options mah={220} style={{ overflowY: "auto" }}>
          {found.map((code) => (
            <Combobox.Option value={code} key={code} active={code === value}>
              {code} <span className={classes.quiet}>{names.of(code)}</span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function MoneyEditor(props: EditorProps) {
  const money = asMoney(props.value);
  const [currency, setCurrency] = useState(money?.currency ?? region().currency);
  const { text, change, error } = useNumberText(money?.amount, (amount) =>
    props.onChange(amount === null ? null : { amount, currency }),
  );
  const choose = (code: string) => {
    setCurrency(code);
    if (money) {
      props.onChange({ amount: money.amount, currency: code });
    }
  };
  return (
    <InputGroup of={{ ...props, error: error ?? props.error }}>
      <div className={classes.row}>
        <TextInput
          {...inputProps(props)}
          label={undefined}
          description={undefined}
          aria-label={props.field.label}
          error={Boolean(error ?? props.error)}
          className={classes.grow}
          inputMode="decimal"
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          autoComplete="off"
        />
        <CurrencyPicker
          value={currency}
          onChange={choose}
          label={t("field.currency_of", { field: props.field.label })}
          disabled={props.disabled}
        />
      </div>
    </InputGroup>
  );
}

export const money: FieldKind = {
  Display: MoneyDisplay,
  Editor: MoneyEditor,
  operators: numberOperators,
  toText: (_, value) => {
    const amount = asMoney(value);
    return amount ? `${amount.amount} ${amount.currency}` : typeof value === "number" ? String(value) : "";
  },
  fromText: (_, text) => parseMoney(text, region().currency),
  align: "end",
  width: 130,
  sortable: true,
  sum: true,
};
