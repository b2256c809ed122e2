/** One to five stars. */
import { Rating } from "@mantine/core";
import { t } from "../../i18n";
import classes from "./fields.module.css";
import { InputGroup } from "./InputGroup";
import { type DisplayProps, type EditorProps, type FieldKind, ok, problem } from "./kind";
import { numberOperators } from "./operators";
import { parseNumber } from "./parse";

function RatingDisplay({ value }: DisplayProps) {
  const stars = typeof value === "number" ? Math.max(0, Math.min(5, Math.round(value))) : 0;
  if (stars === 0) {
    return <span />;
  }
  return (
    <span className={classes.stars} role="img" aria-label={t("field.stars", { count: stars })}>
      {"★".repeat(stars)}
      <span className={classes.starsRest}>{"★".repeat(5 - stars)}</span>
    </span>
  );
}

function RatingEditor(props: EditorProps) {
  const choose = (stars: number) => {
    const value = stars === 0 || stars === props.value ? null : stars;
    props.onChange(value);
    props.onCommit?.(value);
  };
  return (
    <InputGroup of={props}>
      <Rating
        value={typeof props.value === "number" ? props.value : 0}
        onChange={choose}
        readOnly={props.disabled}
        role="radiogroup"
        aria-label={props.field.label}
        getSymbolLabel={(stars) => t("field.stars", { count: stars })}
      />
    </InputGroup>
  );
}

export const rating: FieldKind = {
  Display: RatingDisplay,
  Editor: RatingEditor,
  operators: numberOperators,
  toText: (_, value) => (typeof value === "number" ? String(value) : ""),
  fromText: (_, text) => {
    if (text.trim() === "") {
      return ok(null);
    }
    const stars = /^[★*]+☆*$/.test(text.trim()) ? (text.match(/[★*]/g)?.length ?? 0) : parseNumber(text);
    return stars !== undefined && Number.isInteger(stars) && stars >= 1 && stars <= 5
      ? ok(stars)
      : problem(t("field.not_rating"));
  },
  align: "start",
  width: 100,
  sortable: true,
  sum: true,
};
