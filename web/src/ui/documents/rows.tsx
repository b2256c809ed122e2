/** The rows of files: what a file is, looked at, downloaded; a document with its versions and public links. */
import {
  IconDownload,
  IconEye,
  IconFile,
  IconFileTypePdf,
  IconLink,
  IconPhoto,
  IconTrash,
  IconUpload,
} from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { address } from "../../api/client";
import type { FileValue, ObjectMeta, RapportRecord } from "../../api/types";
import { showProblem } from "../../app/problems";
import { useBoot } from "../../app/query";
import { deleteRecords, updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { formatBytes, formatDateTime } from "../../i18n/format";
import { Dialog } from "../Dialog";
import { asFiles, uploadFile } from "../fields/files";
import { canWriteRecord } from "../fields/writable";
import { useFileChooser } from "../useFileChooser";
import classes from "./documents.module.css";

const LinkDialog = lazy(() => import("./LinkDialog"));

/** The class of a list whose rows say where a document belongs. */
export const listColumns = classes.columns;

export function filesField(object: ObjectMeta): string | undefined {
  return object.fields.find((field) => field.kind === "files" && !field.hidden)?.name;
}

export function fileAddress(object: ObjectMeta, id: string, field: string, file: FileValue, inline = false): string {
  return address(`/${object.plural}/${id}/files/${field}/${file.id}`, inline ? { inline: 1 } : {});
}

const previewable = /^(image\/(png|jpeg|gif|webp|avif)|application\/pdf|text\/plain)$/;

function FileIcon({ type }: { type: string }) {
  const Icon = type.startsWith("image/") ? IconPhoto : type === "application/pdf" ? IconFileTypePdf : IconFile;
  return <Icon size={20} stroke={1.5} aria-hidden />;
}

export interface Shown {
  file: FileValue;
  href: string;
}

export function Preview({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const image = shown.file.type.startsWith("image/");
  return (
    <Dialog onClose={onClose} title={shown.file.name} size="90%" yOffset="4vh">
      {image ? (
        <img className={classes.preview} src={shown.href} alt={shown.file.name} />
      ) : (
        <iframe className={classes.preview} src={shown.href} title={shown.file.name} sandbox="" />
      )}
    </Dialog>
  );
}

interface FileRowProps {
  file: FileValue;
  href: string;
  inline: string;
  old?: boolean;
  onPreview: (shown: Shown) => void;
  children?: React.ReactNode;
  note?: string;
  /** What else is said of it, below its name. */
  below?: React.ReactNode;
  /** Where it belongs: a column of its own in a list that gives the columns, see `documents.module.css`. */
  beside?: React.ReactNode;
  /** What it is called, where that is not the name of the file. */
  title?: string;
}

export function FileRow({ file, href, inline, old, onPreview, children, note, below, beside, title }: FileRowProps) {
  return (
    <div className={classes.file} data-old={old || undefined}>
      <FileIcon type={file.type} />
      <span className={classes.fileName}>
        <a href={href} download={file.name} className="truncate">
          {title ?? file.name}
        </a>
        <span className={classes.facts}>
          <span className="dimmed">
            {title && title !== file.name && `${file.name} · `}
            {formatBytes(file.size)}
            {note && ` · ${note}`}
          </span>
          {below}
        </span>
      </span>
      {beside}
      <span className={classes.actions}>
        {previewable.test(file.type) && (
          <button
            type="button"
            className="tool"
            data-icon
            aria-label={t("record.preview", { name: file.name })}
            onClick={() => onPreview({ file, href: inline })}
          >
            <IconEye size={16} />
          </button>
        )}
        <a
          className="tool"
          data-icon
          href={href}
          download={file.name}
          aria-label={t("record.download", { name: file.name })}
        >
          <IconDownload size={16} />
        </a>
        {children}
      </span>
    </div>
  );
}

/** Why search does not find the words inside; nothing where it does. */
function textNote(documents: ObjectMeta, entry: RapportRecord): string | undefined {
  const options = documents.fields.find((field) => field.name === "text_state")?.options ?? [];
  return options.find((option) => option.value !== "read" && option.value === entry.text_state)?.label;
}

/** Opens the public links of a document, for those who may change it. */
export function LinkButton({
  documents,
  entry,
  title,
}: {
  documents: ObjectMeta;
  entry: RapportRecord;
  title: string;
}) {
  const boot = useBoot();
  const [open, setOpen] = useState(false);
  if (!canWriteRecord(boot, documents, entry)) {
    return null;
  }
  const label = t("link.open", { title });
  return (
    <>
      <button type="button" className="tool" data-icon aria-label={label} title={label} onClick={() => setOpen(true)}>
        <IconLink size={16} />
      </button>
      {open && (
        <Suspense>
          <LinkDialog path={`/${documents.plural}/${entry.id}`} title={title} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

export function DocumentRow({
  documents,
  document: entry,
  onPreview,
  more,
  by,
  below,
  beside,
  named,
}: {
  documents: ObjectMeta;
  document: RapportRecord;
  onPreview: (shown: Shown) => void;
  more: React.ReactNode;
  /** Who changed it last, where that is told. */
  by?: string;
  below?: React.ReactNode;
  beside?: React.ReactNode;
  /** Called by the name of the document, not of its newest file. */
  named?: boolean;
}) {
  const boot = useBoot();
  const field = filesField(documents) ?? "files";
  const versions = asFiles(entry[field]);
  const [open, setOpen] = useState(false);
  const [newest, ...older] = versions;
  const title = String(entry[documents.title] ?? newest?.name ?? documents.label);
  const addVersion = async (file: File) => {
    try {
      const sent = await uploadFile(file);
      await updateRecord(
        documents,
        entry,
        { [field]: [sent, ...versions.filter((known) => known.id !== sent.id)] },
        { label: t("record.version_added", { title }) },
      );
    } catch (error) {
      showProblem(error);
    }
  };
  const { choose, chooser } = useFileChooser(([file]) => file && void addVersion(file));
  const when = typeof entry.updated_at === "string" ? formatDateTime(entry.updated_at) : undefined;
  const notes = [when, by, textNote(documents, entry)].filter(Boolean);
  const actions = (
    <>
      {older.length > 0 && (
        <button type="button" className="tool" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("record.versions", { count: versions.length })}
        </button>
      )}
      {newest && <LinkButton documents={documents} entry={entry} title={title} />}
      {more}
      {canWriteRecord(boot, documents, entry) && (
        <button
          type="button"
          className="tool"
          data-icon
          aria-label={t("record.new_version", { title })}
          title={t("record.new_version", { title })}
          onClick={choose}
        >
          <IconUpload size={16} />
        </button>
      )}
      {documents.can.delete && (
        <button
          type="button"
          className="tool"
          data-icon
          aria-label={t("field.remove", { value: title })}
          onClick={() => void deleteRecords(documents, [entry.id], title).catch(() => {})}
        >
          <IconTrash size={16} />
        </button>
      )}
    </>
  );
  return (
    <li className={classes.document}>
      {newest ? (
        <FileRow
          file={{ ...newest, name: newest.name || title }}
          href={fileAddress(documents, entry.id, field, newest)}
          inline={fileAddress(documents, entry.id, field, newest, true)}
          onPreview={onPreview}
          note={notes.join(" · ")}
          below={below}
          beside={beside}
          title={named ? title : undefined}
        >
          {actions}
        </FileRow>
      ) : (
        <div className={classes.file}>
          <FileIcon type="" />
          <span className={classes.fileName}>
            <span className={`${classes.bare} truncate`}>{title}</span>
            <span className={classes.facts}>
              <span className="dimmed">{[t("documents.no_file"), ...notes].join(" · ")}</span>
              {below}
            </span>
          </span>
          {beside}
          <span className={classes.actions}>{actions}</span>
        </div>
      )}
      {open &&
        older.map((file) => (
          <FileRow
            key={file.id}
            file={file}
            old
            href={fileAddress(documents, entry.id, field, file)}
            inline={fileAddress(documents, entry.id, field, file, true)}
            onPreview={onPreview}
          />
        ))}
      {chooser}
    </li>
  );
}
