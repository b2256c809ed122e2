/** The inputs of a form as a layout arranges them: under their headings, and behind them what nobody can save without. */
import { IconChevronDown } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Field } from "../../api/types";
import { t } from "../../i18n";
import { isEmpty } from "../fields/kind";
import { type Section, titleOfSection } from "../layout/layout";
import { FormFields } from "./FormFields";
import classes from "./form.module.css";
import type { RecordForm } from "./recordForm";

const left_out = "$left_out";

/** The sections with what of them can be filled in; what is required or wrong and stands in none comes last. */
export function formSections(form: RecordForm, sections: Section[]): Section[] {
  const shown = new Set(form.fields.map((field) => field.name));
  const own = sections.map((section) => ({
    ...section,
    fields: section.fields.filter((field) => shown.has(field.name)),
  }));
  const named = new Set(own.flatMap((section) => section.fields.map((field) => field.name)));
  const rest = form.fields.filter((field) => !named.has(field.name) && isWaiting(form, field));
  const last: Section = { key: left_out, title: t("form.also_needed"), columns: 2, collapsed: false, fields: rest };
  return [...own, last].filter((section) => section.fields.length > 0);
}

/** Whether a field waits for the writer. One that was filled in stays: nothing goes away under the cursor. */
function isWaiting(form: RecordForm, field: Field): boolean {
  return form.problems[field.name] !== undefined || (form.required(field) && isEmpty(form.began[field.name]));
}

/** Whether something in a section waits: then it is open, whatever the layout says. */
function waits(form: RecordForm, section: Section): boolean {
  return section.fields.some((field) => isWaiting(form, field));
}

/** The field that the cursor begins in: the first without a value in a section that is open. */
export function firstFocus(form: RecordForm, sections: Section[]): string | undefined {
  const open = sections.filter((section) => !section.collapsed || waits(form, section));
  const fields = open.flatMap((section) => section.fields);
  return (fields.find((field) => isEmpty(form.values[field.name])) ?? fields[0])?.name;
}

interface Props {
  form: RecordForm;
  sections: Section[];
  focus?: string;
}

export function FormSections({ form, sections, focus }: Props) {
  const [chosen, setChosen] = useState<{ [key: string]: boolean }>({});
  // What was opened because something was wrong stays open once it is right.
  const opened = sections.filter(
    (section) => section.collapsed && chosen[section.key] !== false && waits(form, section),
  );
  useEffect(() => {
    if (opened.length > 0) {
      setChosen((all) => ({ ...all, ...Object.fromEntries(opened.map((section) => [section.key, false])) }));
    }
  });
  return (
    <div className={classes.sections}>
      {sections.map((section) => {
        const forced = waits(form, section);
        const closed = !forced && (chosen[section.key] ?? section.collapsed);
        const title = titleOfSection(section);
        return (
          <section key={section.key} className={classes.section} aria-label={title}>
            <h3>
              {section.collapsed && !forced ? (
                <button
                  type="button"
                  aria-expanded={!closed}
                  onClick={() => setChosen((all) => ({ ...all, [section.key]: !closed }))}
                >
                  <IconChevronDown size={14} data-closed={closed || undefined} aria-hidden /> {title}
                </button>
              ) : (
                title
              )}
            </h3>
            {!closed && <FormFields form={form} fields={section.fields} focus={focus} columns={section.columns} />}
          </section>
        );
      })}
    </div>
  );
}
