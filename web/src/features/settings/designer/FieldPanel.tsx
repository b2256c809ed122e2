/** The panel at the side in which a field is added or changed: first its kind, then what it says, with the input as people will see it. */
import { Button, Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Field, FieldValue, Kind, ObjectMeta } from "../../../api/types";
import { changeField, createField, type Definition } from "../../../app/definitions";
import { leave, useUnsaved } from "../../../app/unsaved";
import { asShipped } from "../../../app/words";
import { t } from "../../../i18n";
import { nameFault } from "../../../ui/definition/names";
import { canBeSearched, isSearchedAtFirst } from "../../../ui/definition/search";
import { FieldEditor } from "../../../ui/fields/Field";
import { isEditable } from "../../../ui/fields/registry";
import { FormProblem } from "../../../ui/form/FormProblem";
import { useSending } from "../../../ui/form/useSave";
import { useReturnFocus } from "../../../ui/returnFocus";
import { useTopmost } from "../../../ui/topmost";
import { blankField, changesOf, missingOf, newDefinition } from "./definition";
import classes from "./designer.module.css";
import { FieldForm, takenNames } from "./FieldForm";
import { KindChoice, KindIcon } from "./kinds";
import { fieldProblems, type Problems } from "./problems";

interface Props {
  object: ObjectMeta;
  /** The field to change; nothing to add one. */
  kept?: Field;
  /** The group a new field begins in. */
  group?: string;
  onClose: () => void;
  onSaved?: (name: string) => void;
}

/** What can be seen to be wrong without asking. */
function ownProblems(object: ObjectMeta, field: Field, kept: Field | undefined): Problems {
  const problems: Problems = {};
  for (const input of missingOf(field)) {
    problems[input] = t("designer.needed");
  }
  const label = field.label.trim().toLowerCase();
  const twin = object.fields.find((entry) => entry.name !== field.name && entry.label.toLowerCase() === label);
  if (twin && !twin.hidden && field.label !== kept?.label) {
    const owner = twin.system && ["owner", "team"].includes(twin.name);
    problems.label = t(owner ? "designer.owner_there" : "designer.label_taken", {
      field: twin.label,
      name: twin.name,
      objects: object.label_plural,
    });
  }
  const fault = kept ? undefined : nameFault(field.name, takenNames(object));
  if (fault && !problems.label) {
    problems.name = t(`designer.name_${fault}`);
  }
  return problems;
}

/** Whether search looks into the field as it is being written: as somebody said, else as it was, else as is usual. */
function useSearched(object: ObjectMeta, field: Field, kept: Field | undefined) {
  const [said, say] = useState<boolean>();
  const before = kept && (object.search ?? []).includes(kept.name);
  const open = canBeSearched(field) && !(kept && kept.name === object.title);
  const searched = open ? (said ?? before ?? isSearchedAtFirst(field)) : undefined;
  const changed: Definition = searched === undefined || searched === (before ?? false) ? {} : { searched };
  return { searched, say, changed };
}

/** Keeps what was written. */
async function keep(object: ObjectMeta, field: Field, kept: Field | undefined, more: Definition): Promise<void> {
  if (!kept) {
    const label = t("designer.field_added", { field: field.label });
    await createField(object.name, { ...newDefinition(asShipped(object.name, field)), ...more }, label);
    return;
  }
  const changes = { ...changesOf(asShipped(object.name, kept), asShipped(object.name, field)), ...more };
  if (Object.keys(changes).length > 0) {
    await changeField(object.name, kept.name, changes, t("designer.field_changed", { field: field.label }));
  }
}

function Form({ object, kept, start, onClose, onSaved, onBack }: Props & { start: Field; onBack?: () => void }) {
  const [field, setField] = useState(start);
  const { searched, say, changed } = useSearched(object, field, kept);
  useUnsaved(JSON.stringify(field) !== JSON.stringify(start) || Object.keys(changed).length > 0);
  const { box, busy, problems, setProblems, refuse, send } = useSending((error) => fieldProblems(error, field.name));
  // The choice of the kind before may have been scrolled.
  useEffect(() => {
    if (!kept) {
      for (let above: HTMLElement | null = box.current; above; above = above.parentElement) {
        above.scrollTop = 0;
      }
      box.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus({ preventScroll: true });
    }
  }, [kept, box]);
  const change = (values: Partial<Field>) => {
    setField((known) => ({ ...known, ...values }));
    setProblems((known) => {
      const touched = new Set([
        ...Object.keys(values),
        ...(values.rollup ? ["rollup_field", "rollup_filter"] : []),
        "",
      ]);
      return Object.fromEntries(Object.entries(known).filter(([input]) => !touched.has(input)));
    });
  };
  const save = () => {
    const wrong = ownProblems(object, field, kept);
    if (Object.keys(wrong).length > 0) {
      refuse(wrong);
      return;
    }
    void send(async () => {
      await keep(object, field, kept, changed);
      onSaved?.(field.name);
      onClose();
    });
  };
  return (
    <form
      ref={box}
      noValidate
      className={classes.panelForm}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          save();
        }
      }}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <p className={classes.kindLine}>
        {onBack && (
          <button type="button" className="tool" data-icon aria-label={t("designer.other_kind")} onClick={onBack}>
            <IconArrowLeft size={15} />
          </button>
        )}
        <KindIcon kind={field.kind} />
        <strong>{t(`kind.${field.kind}`)}</strong>
        <span className="dimmed">{t(`designer.kind_${field.kind}`)}</span>
      </p>
      <FieldForm
        object={object}
        field={field}
        kept={kept}
        onChange={change}
        problems={problems}
        searched={searched}
        onSearched={say}
      />
      <Sample object={object} field={field} />
      <FormProblem text={problems[""]} />
      <div className={classes.panelFoot}>
        <Button type="button" variant="default" onClick={onClose}>
          {t("app.cancel")}
        </Button>
        <Button type="submit" loading={busy}>
          {t(kept ? "app.save" : "designer.add_field")}
        </Button>
      </div>
    </form>
  );
}

/** The input as it will stand in forms. */
function Sample({ object, field }: { object: ObjectMeta; field: Field }) {
  const [value, setValue] = useState<FieldValue>(null);
  if (!isEditable(field) || field.label.trim() === "" || (field.kind === "reference" && !field.target)) {
    return null;
  }
  return (
    <section className={classes.sample} aria-label={t("designer.sample")}>
      <p className="nav-title">{t("designer.sample")}</p>
      <FieldEditor
        field={{ ...field, name: `sample_${field.name}` }}
        object={object.name}
        value={value}
        onChange={setValue}
      />
    </section>
  );
}

export default function FieldPanel(props: Props) {
  const { object, kept, group, onClose } = props;
  useReturnFocus();
  const topmost = useTopmost();
  const [kind, setKind] = useState<Kind | null>(null);
  const phone = useMediaQuery("(max-width: 720px)") ?? false;
  const title = kept
    ? t("designer.edit_field", { field: kept.label })
    : t("designer.new_field", { object: object.label });
  return (
    <Drawer
      opened
      onClose={() => void leave(onClose)}
      position="right"
      closeOnClickOutside={false}
      closeOnEscape={topmost}
      classNames={{ body: kept || kind ? classes.panelBody : undefined }}
      size={phone ? "100%" : 480}
      title={title}
      overlayProps={{ backgroundOpacity: 0.25 }}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {kept ? (
        <Form {...props} start={kept} />
      ) : kind ? (
        <Form key={kind} {...props} start={blankField(kind, group)} onBack={() => void leave(() => setKind(null))} />
      ) : (
        <KindChoice onChoose={setKind} />
      )}
    </Drawer>
  );
}
