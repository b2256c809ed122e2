/** Values to look at: what a record of an object could say, for the preview. */
import type { Field, FieldValue, ObjectMeta } from "../../../api/types";
import { t } from "../../../i18n";
import { today } from "../../../i18n/format";
import { valueKind } from "../../../ui/fields/registry";

/** A running number as the pattern would write the first one. */
function numbered(pattern: string): string {
  const [year = "", month = "", day = ""] = today().split("-");
  return pattern
    .replaceAll("{year}", year)
    .replaceAll("{month}", month)
    .replaceAll("{day}", day)
    .replace(/\{number(?::(\d+))?\}/, (_, digits: string | undefined) => "1".padStart(Number(digits ?? 1), "0"));
}

/** An example of a value; nothing where none can be made up. */
export function sampleOf(field: Field, object: ObjectMeta, currency: string): FieldValue {
  if (field.pattern) {
    return numbered(field.pattern);
  }
  switch (valueKind(field)) {
    case "text":
      return field.name === object.title ? t("designer.sample_title", { object: object.label }) : field.label;
    case "long_text":
      return field.label;
    case "integer":
      return 12;
    case "decimal":
      return 12.5;
    case "percent":
      return 25;
    case "money":
      return { amount: 12500, currency };
    case "date":
      return today();
    case "date_time":
      return `${today()}T09:30:00Z`;
    case "duration":
      return 5400;
    case "boolean":
      return true;
    case "select":
      return field.options?.[0]?.value ?? null;
    case "multi_select":
      return field.options?.slice(0, 2).map((option) => option.value) ?? null;
    case "rating":
      return 4;
    case "emails":
      return [{ value: "ann@example.com", primary: true }];
    case "phones":
      return [{ value: "+493012345678", primary: true }];
    case "links":
      return [{ value: "https://example.com", primary: true }];
    case "address":
      return { street: t("designer.sample_street"), city: "Berlin", postal_code: "10115", country: "DE" };
    default:
      return null;
  }
}
