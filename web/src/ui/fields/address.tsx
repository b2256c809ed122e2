/** Postal addresses. */
import { TextInput } from "@mantine/core";
import { useMemo } from "react";
import type { Address, FieldValue } from "../../api/types";
import { t } from "../../i18n";
import { regionName } from "../../i18n/format";
import classes from "./fields.module.css";
import { InputGroup } from "./InputGroup";
import { type DisplayProps, type EditorProps, type FieldKind, isEmpty, ok } from "./kind";
import { LongSelect } from "./LongSelect";
import { addressOperators } from "./operators";
import { region } from "./region";

/** ISO 3166-1 alpha-2. */
const codes =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split(
    " ",
  );

export function countryName(code: string | null | undefined): string {
  if (!code) {
    return "";
  }
  try {
    return regionName(code);
  } catch {
    return code;
  }
}

/** Every country with its name in the reader's language, in the order of the names. */
export function countries(): { value: string; label: string }[] {
  return codes.map((value) => ({ value, label: countryName(value) })).sort((a, b) => a.label.localeCompare(b.label));
}

export function asAddress(value: FieldValue): Address {
  return value && typeof value === "object" && !Array.isArray(value) ? (value as Address) : {};
}

/** "12 High St, 10115 Berlin, Germany". */
export function addressLine(address: Address): string {
  const town = [address.postal_code, address.city].filter(Boolean).join(" ");
  return [address.street?.replaceAll("\n", ", "), town, address.region, countryName(address.country)]
    .filter(Boolean)
    .join(", ");
}

function AddressEditor(props: EditorProps) {
  const address = asAddress(props.value);
  const data = useMemo(countries, []);
  const change = (part: keyof Address, text: string | null) => {
    const next = { ...address, [part]: text || null };
    if (part !== "latitude" && part !== "longitude") {
      next.latitude = null;
      next.longitude = null;
    }
    props.onChange(isEmpty(next as FieldValue) ? null : next);
  };
  const input = (part: "street" | "city" | "region" | "postal_code", autoFocus?: boolean) => (
    <TextInput
      size="xs"
      placeholder={t(`field.address_${part}`)}
      aria-label={`${props.field.label}: ${t(`field.address_${part}`)}`}
      value={address[part] ?? ""}
      disabled={props.disabled}
      autoFocus={autoFocus}
      data-autofocus={autoFocus || undefined}
      autoComplete="off"
      onChange={(event) => change(part, event.currentTarget.value)}
    />
  );
  return (
    <InputGroup of={props}>
      <fieldset className={classes.group} aria-label={props.field.label}>
        {input("street", props.autoFocus)}
        <div className={classes.pair}>
          {input("postal_code")}
          {input("city")}
        </div>
        <div className={classes.pair}>
          {input("region")}
          <LongSelect
            data={data}
            clearable
            placeholder={countryName(region().country) || t("field.address_country")}
            aria-label={`${props.field.label}: ${t("field.address_country")}`}
            value={address.country ?? null}
            disabled={props.disabled}
            onChange={(code) => change("country", code)}
            comboboxProps={{ transitionProps: { duration: 0 } }}
          />
        </div>
      </fieldset>
    </InputGroup>
  );
}

const parts = ["street", "city", "region", "postal_code", "country", "latitude", "longitude"] as const;

/** "street; city; region; postal code; country": always five parts, so that each finds its place again. */
function toText(value: FieldValue): string {
  const address = asAddress(value);
  if (isEmpty(value)) {
    return "";
  }
  const texts = parts.map((part) => String(address[part] ?? "").replaceAll(";", ","));
  return (address.latitude === null || address.latitude === undefined ? texts.slice(0, 5) : texts).join("; ");
}

/** The code of a country by code or name. */
export function countryCode(text: string): string | null {
  const word = text.trim();
  if (word === "") {
    return null;
  }
  const upper = word.toUpperCase();
  return codes.includes(upper)
    ? upper
    : (countries().find((entry) => entry.label.toLowerCase() === word.toLowerCase())?.value ?? null);
}

function fromParts(pieces: string[]): FieldValue {
  const [street, city, state, postalCode, country, latitude, longitude] = pieces.map((piece) => piece.trim() || null);
  const address: Address = {
    street,
    city,
    region: state,
    postal_code: postalCode,
    country: country ? countryCode(country) : null,
  };
  if (latitude && longitude) {
    address.latitude = Number(latitude);
    address.longitude = Number(longitude);
  }
  return isEmpty(address as FieldValue) ? null : (address as FieldValue);
}

/** "12 High St, 10115 Berlin, Germany": the country last, then the town with its code, the rest is the street. */
function fromLine(text: string): FieldValue {
  const pieces = text
    .split(/[,\n]/)
    .map((piece) => piece.trim())
    .filter(Boolean);
  const country = pieces.length > 1 ? countryCode(pieces.at(-1) ?? "") : null;
  const rest = country ? pieces.slice(0, -1) : pieces;
  const last = rest.length > 1 ? (rest.at(-1) ?? "") : "";
  const town = last.match(/^(\d[\dA-Z-]{2,9})\s+(.+)$/i);
  const street = (last ? rest.slice(0, -1) : rest).join(", ");
  return {
    street: street || null,
    city: (town ? town[2] : last) || null,
    region: null,
    postal_code: town?.[1] ?? null,
    country,
  };
}

export const address: FieldKind = {
  Display: ({ value }: DisplayProps) => <span className={classes.line}>{addressLine(asAddress(value))}</span>,
  Editor: AddressEditor,
  operators: addressOperators,
  toText: (_, value) => toText(value),
  fromText: (_, text) => {
    if (text.trim() === "") {
      return ok(null);
    }
    const pieces = text.split(";");
    return ok(pieces.length >= 4 ? fromParts(pieces) : fromLine(text));
  },
  align: "start",
  width: 240,
  sortable: false,
  sum: false,
};
