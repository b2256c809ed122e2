/** A layout as a role sees it on a record: the page's parts or the form, and whether it is this layout that counts there. */
import { SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Field, FieldValue, Layout, ObjectMeta, RapportRecord, Rights } from "../../../../api/types";
import { recordQuery, useBoot } from "../../../../app/query";
import { t } from "../../../../i18n";
import { FieldDisplay } from "../../../../ui/fields/Field";
import { isEmpty } from "../../../../ui/fields/kind";
import { RecordPicker } from "../../../../ui/fields/RecordPicker";
import { namesIn, parseCel } from "../../../../ui/filters/cel";
import { isVisible } from "../../../../ui/form/conditions";
import { isWide } from "../../../../ui/form/FormFields";
import { FormSections, formSections } from "../../../../ui/form/FormSections";
import { useRecordForm } from "../../../../ui/form/recordForm";
import { type Section, sectionsOf, stripOf, titleOfSection } from "../../../../ui/layout/layout";
import { panelsOf } from "../../../../ui/layout/panels";
import { useLayoutOf } from "../../../../ui/layout/useLayout";
import { useAll } from "../../data";
import { input } from "../inputs";
import preview from "../preview.module.css";
import { sampleOf } from "../samples";
import { asLayout, type Draft, layoutsOf } from "./draft";
import type { Editing } from "./editing";
import classes from "./layouts.module.css";

const draft_id = "draft";
const strip_usual = 6;

/** The object with the fields that a role may see. */
function asSeenBy(object: ObjectMeta, role: RapportRecord | undefined): ObjectMeta {
  const rights = (role?.rights ?? {}) as Rights;
  const own = rights.objects?.[object.name] ?? rights.objects?.["*"];
  const hidden = rights.admin ? undefined : own?.fields;
  return hidden ? { ...object, fields: object.fields.filter((field) => hidden[field.name] !== "none") } : object;
}

/** Whether a condition reads only what of the object is seen; the server leaves out layouts that would tell more. */
function readable(condition: string, object: ObjectMeta, seen: ObjectMeta): boolean {
  const has = ({ fields }: ObjectMeta, name: string) => fields.some((field) => field.name === name);
  try {
    return (
      condition.trim() === "" || namesIn(parseCel(condition)).every((name) => has(seen, name) || !has(object, name))
    );
  } catch {
    return true;
  }
}

export default function LayoutPreview({ object, editing }: { object: ObjectMeta; editing: Editing }) {
  const { role: own } = useBoot();
  const roles = useAll("role").data ?? [];
  const records = useAll("page_layout", "position,name").data ?? [];
  const [role, setRole] = useState(editing.draft.roles[0] ?? own.id);
  const [record, setRecord] = useState<string | null>(null);
  const [shown, setShown] = useState("page");
  const seen = useMemo(
    () =>
      asSeenBy(
        object,
        roles.find((entry) => entry.id === role),
      ),
    [object, roles, role],
  );
  const { data } = useQuery({ ...recordQuery(object, record ?? ""), enabled: record !== null });
  const stored = record === null ? undefined : data;
  const layout = asLayout(editing.draft, draft_id);
  // As everybody's layouts would be tried once this one is kept.
  const tried = useMemo(() => {
    const all = layoutsOf(records, object.name).filter((entry) => entry.id !== editing.stored?.id);
    const fits = ({ roles: ids, condition }: Draft) =>
      (ids.length === 0 || ids.includes(role)) && readable(condition, object, seen);
    const place = editing.stored?.position ?? Number.MAX_SAFE_INTEGER;
    const before = all.filter((entry) => entry.position < place && fits(entry));
    const behind = all.filter((entry) => entry.position >= place && fits(entry));
    const draft = fits(editing.draft) ? [asLayout(editing.draft, draft_id)] : [];
    return [
      ...before.map((entry) => asLayout(entry, entry.id)),
      ...draft,
      ...behind.map((entry) => asLayout(entry, entry.id)),
    ];
  }, [records, object, seen, editing, role]);
  return (
    <aside className={`${preview.preview} ${classes.preview}`} aria-label={t("designer.preview")}>
      <h2>{t("designer.preview")}</h2>
      <div className={classes.choices}>
        <Select
          {...input}
          label={t("layout.as_role")}
          allowDeselect={false}
          data={roles.map((entry) => ({ value: entry.id, label: String(entry.name ?? "") }))}
          value={role}
          onChange={(next) => next && setRole(next)}
        />
        <RecordPicker
          label={t("layout.with_record")}
          ariaLabel={t("layout.with_record")}
          placeholder={t("layout.example")}
          objects={[object.name]}
          value={record ? [{ object: object.name, id: record }] : []}
          onChange={(links) => setRecord(links[0]?.id ?? null)}
        />
      </div>
      {!readable(editing.draft.condition, object, seen) && (
        <p role="status" className={classes.counts}>
          {t("layout.not_theirs")}
        </p>
      )}
      {stored && <Counts tried={tried} object={object} record={stored} />}
      <SegmentedControl
        size="xs"
        aria-label={t("designer.preview")}
        data={["page", "form"].map((value) => ({ value, label: t(`layout.preview_${value}`) }))}
        value={shown}
        onChange={setShown}
      />
      {shown === "page" ? (
        <Page object={seen} layout={layout} record={stored} />
      ) : (
        <Form
          key={JSON.stringify([editing.draft.sections, role, stored?.id])}
          object={seen}
          layout={layout}
          record={stored}
        />
      )}
    </aside>
  );
}

/** Which layout counts for the role on the record. */
function Counts({ tried, object, record }: { tried: Layout[]; object: ObjectMeta; record: RapportRecord }) {
  const { layout, pending } = useLayoutOf(tried, object, record, record);
  const text = pending
    ? t("app.loading")
    : layout?.id === draft_id
      ? t("layout.counts")
      : layout
        ? t("layout.other_counts", { name: layout.name })
        : t("layout.none_counts");
  return (
    <p role="status" className={classes.counts} data-own={layout?.id === draft_id || undefined}>
      {text}
    </p>
  );
}

interface ShownProps {
  object: ObjectMeta;
  layout: Layout;
  record?: RapportRecord;
}

function Page({ object, layout, record }: ShownProps) {
  const { workspace } = useBoot();
  const sayOf = (field: Field): FieldValue =>
    record ? record[field.name] : sampleOf(field, object, workspace.base_currency);
  const strip = stripOf(object, layout).filter((field) => !isEmpty(sayOf(field)));
  const all = panelsOf(object);
  const panels = layout.panels?.flatMap((name) => all.find((panel) => panel.name === name) ?? []) ?? all;
  return (
    <div className={classes.page}>
      <dl className={classes.strip}>
        {(layout.strip ? strip : strip.slice(0, strip_usual)).map((field) => (
          <div key={field.name}>
            <dt>{field.label}</dt>
            <dd>
              <FieldDisplay field={field} value={sayOf(field)} plain />
            </dd>
          </div>
        ))}
      </dl>
      <ul className={classes.tabs} aria-label={t("record.tabs")}>
        {[t("record.tab_timeline"), ...panels.map((panel) => panel.label)].map((label) => (
          <li key={label}>{label}</li>
        ))}
      </ul>
      {sectionsOf(object, layout).map((section) => (
        <PageSection key={section.key} object={object} section={section} record={record} sayOf={sayOf} />
      ))}
    </div>
  );
}

interface PageSectionProps {
  object: ObjectMeta;
  section: Section;
  record?: RapportRecord;
  sayOf: (field: Field) => FieldValue;
}

function PageSection({ object, section, record, sayOf }: PageSectionProps) {
  const fields = section.fields.filter((field) => !record || isVisible(field, object.fields, record));
  return fields.length > 0 ? (
    <details open={!section.collapsed} key={String(section.collapsed)} className={classes.shown}>
      <summary>{titleOfSection(section)}</summary>
      <dl data-columns={section.columns}>
        {fields.map((field) => (
          <div key={field.name} data-wide={isWide(field) || undefined}>
            <dt>{field.label}</dt>
            <dd>
              {isEmpty(sayOf(field)) ? (
                <span className="dimmed">–</span>
              ) : (
                <FieldDisplay field={field} value={sayOf(field)} plain />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  ) : null;
}

/** The form for a new record, with what it begins with; what is typed here is not kept. */
function Form({ object, layout, record }: ShownProps) {
  const form = useRecordForm(object, record ?? {}, record !== undefined);
  const sections = formSections(form, sectionsOf(object, layout));
  return (
    <section className={preview.previewForm} aria-label={t("form.new", { object: object.label })}>
      <p className={preview.previewTitle}>{t("form.new", { object: object.label })}</p>
      <FormSections form={form} sections={sections} />
    </section>
  );
}
