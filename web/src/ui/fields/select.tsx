/** One of the options, several of them, or free words (tags). */
import { MultiSelect, Select, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import type { Field, FieldValue } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import classes from "./fields.module.css";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps, ok, problem } from "./kind";
import { choiceOperators, setOperators } from "./operators";

const colours = ["blue", "green", "orange", "violet", "teal", "pink", "indigo", "red", "yellow"];

/** The same word always has the same colour. */
export function wordColour(word: string): string {
  let hash = 7;
  for (const letter of word.toLowerCase()) {
    hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  }
  return colours[hash % colours.length] ?? "gray";
}

function labelOf(field: Field, value: string): string {
  return field.options?.find((option) => option.value === value)?.label ?? value;
}

function colourOf(field: Field, value: string): string {
  const option = field.options?.find((entry) => entry.value === value);
  return option?.color ?? (field.open && !option ? wordColour(value) : "gray");
}

function asWords(value: FieldValue): string[] {
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === "string") : [];
}

export function OptionChip({ field, value }: { field: Field; value: string }) {
  return (
    <span className="chip" data-color={colourOf(field, value)}>
      <span>{labelOf(field, value)}</span>
    </span>
  );
}

function SelectDisplay({ field, value }: DisplayProps) {
  return typeof value === "string" && value !== "" ? <OptionChip field={field} value={value} /> : <span />;
}

function MultiDisplay({ field, value }: DisplayProps) {
  return (
    <span className={classes.chips}>
      {asWords(value).map((word) => (
        <OptionChip key={word} field={field} value={word} />
      ))}
    </span>
  );
}

function SelectEditor(props: EditorProps) {
  const choose = (choice: string | null) => {
    props.onChange(choice);
    props.onCommit?.(choice);
  };
  const short = props.variant === "cell" || props.variant === "inline";
  return (
    <Select
      {...inputProps(props)}
      data={props.field.options ?? []}
      searchable={(props.field.options?.length ?? 0) > 6}
      clearable={!props.field.required}
      defaultDropdownOpened={short && props.autoFocus}
      openOnFocus={false}
      nothingFoundMessage={t("field.nothing_found")}
      value={typeof props.value === "string" ? props.value : null}
      onChange={choose}
      renderOption={({ option }) => <OptionChip field={props.field} value={option.value} />}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}

/** The words that records of the object carry already; one page of the most common. */
function useKnownWords(field: Field, object: string | undefined): string[] {
  const plural = object ? findObject(object)?.plural : undefined;
  const { data } = useQuery({
    queryKey: ["words", object, field.name],
    queryFn: async () => {
      const answer = await api.get<{ groups: { keys: { [name: string]: FieldValue }; count: number }[] }>(
        `/${plural}/aggregate`,
        { group: field.name, measures: "count" },
      );
      const words = new Set(answer.groups.flatMap((group) => asWords(group.keys[field.name] ?? null)));
      return [...words].sort((a, b) => a.localeCompare(b)).slice(0, 200);
    },
    enabled: Boolean(plural && field.open),
    staleTime: 60_000,
    retry: false,
  });
  return data ?? [];
}

function MultiEditor(props: EditorProps) {
  const known = useKnownWords(props.field, props.object);
  const change = (words: string[]) => props.onChange(words.length > 0 ? words : null);
  const short = props.variant === "cell" || props.variant === "inline";
  if (props.field.open) {
    const data = [...new Set([...(props.field.options ?? []).map((option) => option.value), ...known])];
    return (
      <TagsInput
        {...inputProps(props)}
        data={data}
        value={asWords(props.value)}
        onChange={change}
        acceptValueOnBlur
        splitChars={[",", ";"]}
        placeholder={asWords(props.value).length === 0 ? t("field.add_words") : undefined}
        comboboxProps={{ transitionProps: { duration: 0 } }}
      />
    );
  }
  return (
    <MultiSelect
      {...inputProps(props)}
      data={props.field.options ?? []}
      value={asWords(props.value)}
      onChange={change}
      searchable
      defaultDropdownOpened={short && props.autoFocus}
      hidePickedOptions
      nothingFoundMessage={t("field.nothing_found")}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}

/** The option that a text means: by its value or by its label. */
function optionOf(field: Field, text: string): string | undefined {
  const word = text.trim().toLowerCase();
  const option = field.options?.find(
    (entry) => entry.value.toLowerCase() === word || entry.label.toLowerCase() === word,
  );
  return option?.value;
}

/** Quotes a word that holds the separator. */
function joinWords(words: string[]): string {
  return words.map((word) => (/[;"\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word)).join("; ");
}

/** "a; b", "a, b" when there is no semicolon; quoted words may hold separators. */
export function splitWords(text: string): string[] {
  const separator = text.includes(";") || text.includes('"') ? ";" : /[,\n]/;
  const words: string[] = [];
  let rest = text.trim();
  while (rest) {
    const quoted = rest.match(/^"((?:[^"]|"")*)"\s*;?\s*/);
    if (quoted) {
      words.push((quoted[1] ?? "").replaceAll('""', '"'));
      rest = rest.slice(quoted[0].length);
      continue;
    }
    const at = typeof separator === "string" ? rest.indexOf(separator) : rest.search(separator);
    words.push(at < 0 ? rest : rest.slice(0, at));
    rest = at < 0 ? "" : rest.slice(at + 1).trimStart();
  }
  return words.map((word) => word.trim()).filter(Boolean);
}

export const select: FieldKind = {
  Display: SelectDisplay,
  Editor: SelectEditor,
  operators: choiceOperators,
  toText: (_, value) => (typeof value === "string" ? value : ""),
  fromText: (field, text) => {
    if (text.trim() === "") {
      return ok(null);
    }
    const value = optionOf(field, text);
    return value === undefined ? problem(t("field.not_option", { value: text.trim() })) : ok(value);
  },
  align: "start",
  width: 140,
  sortable: true,
  sum: false,
};

export const multiSelect: FieldKind = {
  Display: MultiDisplay,
  Editor: MultiEditor,
  operators: setOperators,
  toText: (_, value) => joinWords(asWords(value)),
  fromText: (field, text) => {
    const words = splitWords(text);
    if (words.length === 0) {
      return ok(null);
    }
    const values = words.map((word) => optionOf(field, word) ?? (field.open ? word : undefined));
    const wrong = values.indexOf(undefined);
    if (wrong >= 0) {
      return problem(t("field.not_option", { value: words[wrong] }));
    }
    return ok([...new Set(values as string[])]);
  },
  align: "start",
  width: 180,
  sortable: false,
  sum: false,
};
