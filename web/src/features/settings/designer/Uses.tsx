/** Takes a field or an object out of use, after saying who uses it. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Field, ObjectMeta } from "../../../api/types";
import { deleteObject, findUses, hideField, type Use } from "../../../app/definitions";
import { explain } from "../../../app/problems";
import { findObject } from "../../../app/query";
import { hasText, t } from "../../../i18n";
import { Dialog } from "../../../ui/Dialog";
import { FormProblem } from "../../../ui/form/FormProblem";
import { useSending } from "../../../ui/form/useSave";
import classes from "./designer.module.css";

const object_parts = ["title", "subtitle", "search", "columns", "parent", "timeline"];

/** What uses it, in the reader's words: a field with its object, a part of an object, a view or role by its name. */
function nameOfUse(use: Use): string {
  const object = findObject(use.object);
  const field = object?.fields.find((entry) => entry.name === use.name);
  if (use.id || !object) {
    return use.label;
  }
  return object_parts.includes(use.kind) || !field ? object.label_plural : `${object.label}: ${field.label}`;
}

function UseLine({ use }: { use: Use }) {
  const kind = hasText(`designer.use_${use.kind}`) ? t(`designer.use_${use.kind}`) : use.kind;
  const list = use.kind === "view" || use.kind === "layout" ? findObject(use.object)?.label_plural : undefined;
  return (
    <li>
      <span className="chip">
        <span>{kind}</span>
      </span>
      <strong>{nameOfUse(use)}</strong>
      {list && <span className="dimmed">{list}</span>}
    </li>
  );
}

/** Who uses it: shown before it goes, and on its own. */
export function UseList({ object, field }: { object: ObjectMeta; field?: Field }) {
  const { data, error, isPending } = useQuery({
    queryKey: ["uses", object.name, field?.name ?? ""],
    queryFn: () => findUses(object.name, field?.name),
    staleTime: 0,
  });
  if (isPending) {
    return (
      <p role="status" className="dimmed">
        {t("app.loading")}
      </p>
    );
  }
  if (error) {
    return <p role="alert">{explain(error)}</p>;
  }
  if (data.length === 0) {
    return <p className="dimmed">{t("designer.uses_none")}</p>;
  }
  return (
    <>
      <p>{t("designer.uses", { count: data.length })}</p>
      <ul className={classes.uses}>
        {data.map((use) => (
          <UseLine key={`${use.kind} ${use.object} ${use.name} ${use.id ?? ""}`} use={use} />
        ))}
      </ul>
    </>
  );
}

interface Props {
  object: ObjectMeta;
  field?: Field;
  /** Only to look at. */
  look?: boolean;
  onClose: () => void;
  onDone?: () => void;
}

export default function Uses({ object, field, look, onClose, onDone }: Props) {
  const { busy, problems, send } = useSending();
  const name = field?.label ?? object.label_plural;
  const remove = async () => {
    if (field) {
      await hideField(object.name, field.name, t("designer.field_gone", { field: name }));
    } else {
      onDone?.();
      await deleteObject(object.name, t("designer.object_gone", { objects: name }));
    }
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={t(look ? "designer.uses_of" : "designer.remove_title", { name })}>
      <div className={classes.stack}>
        <UseList object={object} field={field} />
        {!look && <p className="dimmed">{t(field ? "designer.remove_field_text" : "designer.remove_object_text")}</p>}
        <FormProblem text={problems[""]} />
        {!look && (
          <div className={classes.panelFoot}>
            <Button type="button" variant="default" onClick={onClose}>
              {t("app.cancel")}
            </Button>
            <Button type="button" color="red.9" loading={busy} onClick={() => void send(remove)}>
              {t("designer.remove")}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}
