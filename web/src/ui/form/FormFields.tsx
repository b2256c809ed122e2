/** The inputs of a form, two beside each other where they are short. */
import type { Field } from "../../api/types";
import { FieldEditor } from "../fields/Field";
import classes from "./form.module.css";
import type { RecordForm } from "./recordForm";

const wide = ["long_text", "emails", "phones", "links", "address", "files", "json", "about", "references"];

export function FormFields({ form, fields, focus }: { form: RecordForm; fields: Field[]; focus?: string }) {
  return (
    <div className={classes.fields}>
      {fields.map((field) => (
        <div
          key={field.name}
          data-field={field.name}
          data-wide={wide.includes(field.kind) || field.format === "recurrence" || undefined}
        >
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
