/** The inputs of a form, two beside each other where they are short. */
import type { Field } from "../../api/types";
import { FieldEditor } from "../fields/Field";
import classes from "./form.module.css";
import type { RecordForm } from "./recordForm";

const wide = ["long_text", "emails", "phones", "links", "address", "files", "json", "about", "references"];

/** Whether a field takes the whole width where others stand two beside each other. */
export function isWide(field: Field): boolean {
  return wide.includes(field.kind) || field.format === "recurrence";
}

interface Props {
  form: RecordForm;
  fields: Field[];
  focus?: string;
  columns?: 1 | 2;
}

export function FormFields({ form, fields, focus, columns }: Props) {
  return (
    <div className={classes.fields} data-columns={columns}>
      {fields.map((field) => (
        <div key={field.name} data-field={field.name} data-wide={isWide(field) || undefined}>
          <FieldEditor
            field={field}
            object={form.object.name}
            record={form.values}
            value={form.values[field.name]}
            onChange={(value) => form.set(field.name, value)}
            error={form.problems[field.name]}
            required={form.required(field)}
            autoFocus={field.name === focus}
          />
        </div>
      ))}
    </div>
  );
}

/** Puts the cursor into the first field that something is wrong with. */
export function focusProblem(box: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const input = box?.querySelector<HTMLElement>(
      "[data-field] [aria-invalid=true], [data-field] [data-error] input, [data-field] [data-error]",
    );
    input?.focus();
  });
}
