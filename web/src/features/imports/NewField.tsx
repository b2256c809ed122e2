/** Makes a field for a column that fits none. */
import { Button, Select, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Kind, ObjectMeta } from "../../api/types";
import { createField } from "../../app/definitions";
import { t } from "../../i18n";
import { Dialog } from "../../ui/Dialog";
import { nameOf, optionsOf } from "../../ui/definition/names";
import { isSearchedAtFirst } from "../../ui/definition/search";
import { useSending } from "../../ui/form/useSave";
import classes from "./imports.module.css";
import type { ImportColumn } from "./model";

const kinds: Kind[] = [
  "text",
  "long_text",
  "integer",
  "decimal",
  "percent",
  "money",
  "date",
  "date_time",
  "duration",
  "boolean",
  "select",
  "multi_select",
  "rating",
  "emails",
  "phones",
  "links",
  "address",
];

interface Props {
  object: ObjectMeta;
  column: ImportColumn;
  onClose: () => void;
  onMade: (name: string) => void;
}

export function NewField({ object, column, onClose, onMade }: Props) {
  const suggestion = column.suggestion;
  const [label, setLabel] = useState(suggestion?.label ?? column.name);
  const [kind, setKind] = useState<Kind>(suggestion?.kind ?? "text");
  const [options, setOptions] = useState<string[]>(
    suggestion?.options ?? [...new Set(column.samples.filter(Boolean))].slice(0, 20),
  );
  const { box, busy, problems, send } = useSending();
  const choices = kind === "select" || kind === "multi_select";
  const make = async () => {
    const name = suggestion && label === suggestion.label ? suggestion.name : nameOf(label);
    const list = choices ? { options: optionsOf(options) } : {};
    const field = { name, label: label.trim(), kind };
    const definition = { ...field, ...list, ...(isSearchedAtFirst(field) && { searched: true }) };
    await createField(object.name, definition, t("designer.field_added", { field: label.trim() }));
    onMade(name);
  };
  return (
    <Dialog onClose={onClose} title={t("imports.new_field", { object: object.label })} size={420}>
      <form
        ref={box}
        className={classes.newField}
        onSubmit={(event) => {
          event.preventDefault();
          void send(make);
        }}
      >
        <TextInput
          size="xs"
          label={t("imports.field_label")}
          data-autofocus
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          error={problems[""]}
        />
        <Select
          size="xs"
          label={t("imports.field_kind")}
          allowDeselect={false}
          searchable
          data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind}
          onChange={(next) => setKind((next as Kind | null) ?? kind)}
        />
        {choices && <TagsInput size="xs" label={t("imports.field_options")} value={options} onChange={setOptions} />}
        <Button type="submit" loading={busy} disabled={label.trim() === "" || (choices && options.length === 0)}>
          {t("imports.make_field")}
        </Button>
      </form>
    </Dialog>
  );
}
