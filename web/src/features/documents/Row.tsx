/** A document among all: what it is about, where it lies, when it ends, who changed it; edited and moved from here. */
import { IconArrowUpRight, IconFolder, IconFolderSymlink, IconPencil } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { formatDate, today } from "../../i18n/format";
import { DocumentRow, type Shown as Previewed } from "../../ui/documents/rows";
import { folderOf } from "../../ui/documents/tree";
import { useActorName } from "../../ui/fields/actor";
import { addDays } from "../../ui/fields/parse";
import { asLinks, RecordTitleText } from "../../ui/fields/reference";
import { canWriteRecord } from "../../ui/fields/writable";
import classes from "./documents.module.css";

interface Props {
  documents: ObjectMeta;
  entry: RapportRecord;
  /** The open folder, which need not be named again. */
  here?: string;
  /** Where the words stand that were looked for. */
  excerpt?: string;
  onPreview: (shown: Previewed) => void;
  onMove: () => void;
  onEdit: () => void;
}

export function Row({ documents, entry, here, excerpt, onPreview, onMove, onEdit }: Props) {
  const boot = useBoot();
  const by = useActorName(String(entry.updated_by ?? ""));
  const title = String(entry[documents.title] ?? "");
  const folder = folderOf(entry);
  const mayChange = canWriteRecord(boot, documents, entry);
  const below = excerpt && <span className={`dimmed ${classes.excerpt}`}>{excerpt}</span>;
  const ends = typeof entry.expires_on === "string";
  const about = asLinks(entry.about ?? null);
  const beside = (
    <span className={classes.where}>
      {(ends || (folder && folder !== here)) && (
        <span className={classes.line}>
          {ends && <End day={String(entry.expires_on)} />}
          {folder && folder !== here && (
            <Link to="." search={(before: object) => ({ ...before, folder })} className={classes.place} title={folder}>
              <IconFolder size={14} aria-hidden /> <span className="truncate">{folder}</span>
            </Link>
          )}
        </span>
      )}
      {about.length > 0 && (
        <span className={classes.line}>
          {about.map((link) => (
            <RecordTitleText key={link.id} object={link.object} id={link.id} icon />
          ))}
        </span>
      )}
    </span>
  );
  const more = (
    <>
      <Link
        to="/$plural/$id"
        params={{ plural: documents.plural, id: entry.id }}
        className="tool"
        data-icon
        aria-label={t("documents.open", { title })}
        title={t("documents.open", { title })}
      >
        <IconArrowUpRight size={16} />
      </Link>
      {mayChange && <Changes documents={documents} title={title} onEdit={onEdit} onMove={onMove} />}
    </>
  );
  return (
    <DocumentRow
      documents={documents}
      document={entry}
      onPreview={onPreview}
      more={more}
      by={by}
      below={below}
      beside={beside}
      named
    />
  );
}

interface ChangesProps {
  documents: ObjectMeta;
  title: string;
  onEdit: () => void;
  onMove: () => void;
}

/** What whoever may change a document does with it here. */
function Changes({ documents, title, onEdit, onMove }: ChangesProps) {
  const edit = t("documents.edit", { title });
  const move = t("folder.move", { title });
  return (
    <>
      <button type="button" className="tool" data-icon aria-label={edit} title={edit} onClick={onEdit}>
        <IconPencil size={16} />
      </button>
      {documents.fields.some((field) => field.name === "folder") && (
        <button type="button" className="tool" data-icon aria-label={move} title={move} onClick={onMove}>
          <IconFolderSymlink size={16} />
        </button>
      )}
    </>
  );
}

const soon_days = 30;

/** When a document ends: plainly, soon, or over. */
function End({ day }: { day: string }) {
  const over = day < today();
  const state = over ? "over" : day <= addDays(today(), soon_days) ? "soon" : undefined;
  return (
    <span className={classes.end} data-state={state}>
      {t(over ? "documents.ended_on" : "documents.ends_on", { day: formatDate(day) })}
    </span>
  );
}
