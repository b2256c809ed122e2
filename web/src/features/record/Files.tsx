/** The files of a record: its own file fields, and the documents about it with their versions. Dropping a file adds a document. */
import { Modal } from "@mantine/core";
import {
  IconDownload,
  IconEye,
  IconFile,
  IconFileTypePdf,
  IconPaperclip,
  IconPhoto,
  IconTrash,
  IconUpload,
} from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { address, api } from "../../api/client";
import { keys } from "../../api/keys";
import type { FileValue, ObjectMeta, RapportRecord, RecordPage } from "../../api/types";
import { explain, showProblem } from "../../app/problems";
import { createRecord, deleteRecords, updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { formatBytes, formatDateTime } from "../../i18n/format";
import { Empty } from "../../ui/empty/Empty";
import { asFiles, uploadFile } from "../../ui/fields/files";
import { quote } from "../../ui/fields/operators";
import classes from "./record.module.css";
import { documentObject } from "./Tabs";

function filesField(object: ObjectMeta): string | undefined {
  return object.fields.find((field) => field.kind === "files" && !field.hidden)?.name;
}

function fileAddress(object: ObjectMeta, id: string, field: string, file: FileValue, inline = false): string {
  return address(`/${object.plural}/${id}/files/${field}/${file.id}`, inline ? { inline: 1 } : {});
}

const previewable = /^(image\/(png|jpeg|gif|webp|avif)|application\/pdf|text\/plain)$/;

function FileIcon({ type }: { type: string }) {
  const Icon = type.startsWith("image/") ? IconPhoto : type === "application/pdf" ? IconFileTypePdf : IconFile;
  return <Icon size={20} stroke={1.5} aria-hidden />;
}

interface Shown {
  file: FileValue;
  href: string;
}

function Preview({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const image = shown.file.type.startsWith("image/");
  return (
    <Modal
      opened
      onClose={onClose}
      title={shown.file.name}
      size="90%"
      yOffset="4vh"
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {image ? (
        <img className={classes.preview} src={shown.href} alt={shown.file.name} />
      ) : (
        <iframe className={classes.preview} src={shown.href} title={shown.file.name} sandbox="" />
      )}
    </Modal>
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
}

function FileRow({ file, href, inline, old, onPreview, children, note }: FileRowProps) {
  return (
    <div className={classes.file} data-old={old || undefined}>
      <FileIcon type={file.type} />
      <span className={classes.fileName}>
        <a href={href} download={file.name} className="truncate">
          {file.name}
        </a>
        <span className="dimmed">
          {formatBytes(file.size)}
          {note && ` · ${note}`}
        </span>
      </span>
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
    </div>
  );
}

function DocumentRow({
  documents,
  document: entry,
  onPreview,
}: {
  documents: ObjectMeta;
  document: RapportRecord;
  onPreview: (shown: Shown) => void;
}) {
  const field = filesField(documents) ?? "files";
  const versions = asFiles(entry[field]);
  const input = useRef<HTMLInputElement>(null);
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
  if (!newest) {
    return null;
  }
  const when = typeof entry.updated_at === "string" ? formatDateTime(entry.updated_at) : undefined;
  return (
    <li className={classes.document}>
      <FileRow
        file={{ ...newest, name: newest.name || title }}
        href={fileAddress(documents, entry.id, field, newest)}
        inline={fileAddress(documents, entry.id, field, newest, true)}
        onPreview={onPreview}
        note={when}
      >
        {older.length > 0 && (
          <button type="button" className="tool" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t("record.versions", { count: versions.length })}
          </button>
        )}
        {documents.can.update && (
          <button
            type="button"
            className="tool"
            data-icon
            aria-label={t("record.new_version", { title })}
            title={t("record.new_version", { title })}
            onClick={() => input.current?.click()}
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
      </FileRow>
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
      <input
        ref={input}
        type="file"
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) {
            void addVersion(file);
          }
        }}
      />
    </li>
  );
}

function OwnFiles({
  object,
  record,
  onPreview,
}: {
  object: ObjectMeta;
  record: RapportRecord;
  onPreview: (shown: Shown) => void;
}) {
  const fields = object.fields.filter((field) => field.kind === "files" && asFiles(record[field.name]).length > 0);
  return fields.map((field) => (
    <section key={field.name}>
      <h2 className={classes.relatedHead}>{field.label}</h2>
      {asFiles(record[field.name]).map((file) => (
        <FileRow
          key={file.id}
          file={file}
          href={fileAddress(object, record.id, field.name, file)}
          inline={fileAddress(object, record.id, field.name, file, true)}
          onPreview={onPreview}
        />
      ))}
    </section>
  ));
}

export function Files({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const client = useQueryClient();
  const documents = documentObject();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState(0);
  const [shown, setShown] = useState<Shown | null>(null);
  const own = object.fields.some((field) => field.kind === "files" && asFiles(record[field.name]).length > 0);
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.pages("document"), "about", record.id],
    queryFn: () =>
      api.get<RecordPage>(`/${documents?.plural}`, {
        filter: `about.exists(x, x.id == ${quote(record.id)})`,
        sort: "-updated_at",
        limit: 100,
      }),
    enabled: documents !== undefined && object.name !== "document",
    retry: false,
  });
  const add = async (files: File[]) => {
    if (!documents || files.length === 0) {
      return;
    }
    setSending(files.length);
    try {
      for (const file of files) {
        const sent = await uploadFile(file);
        const values = {
          [documents.title]: file.name,
          [filesField(documents) ?? "files"]: [sent],
          about: [{ object: object.name, id: record.id }],
        };
        await createRecord(documents, values, { label: t("record.file_added", { name: file.name }), throwOnly: true });
      }
    } catch (problem) {
      showProblem(problem);
    } finally {
      setSending(0);
      void client.invalidateQueries({ queryKey: keys.pages("document") });
    }
  };
  const list = data?.records ?? [];
  const mayAdd = documents?.can.create === true && object.name !== "document";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files on; the button does the same
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(mayAdd);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void add([...event.dataTransfer.files]);
      }}
    >
      <OwnFiles object={object} record={record} onPreview={setShown} />
      {error && (
        <Empty
          icon={IconPaperclip}
          title={t("record.related_failed")}
          text={explain(error)}
          action={{ label: t("error.retry"), run: () => void refetch() }}
        />
      )}
      {data && list.length === 0 && !own && (
        <Empty
          icon={IconPaperclip}
          title={t("record.files_none")}
          text={t("record.files_text")}
          action={mayAdd ? { label: t("record.files_add"), run: () => input.current?.click() } : undefined}
        />
      )}
      {list.length > 0 && documents && (
        <>
          <div className={classes.relatedHead}>
            <h2>{documents.label_plural}</h2>
            {mayAdd && (
              <button
                type="button"
                className="tool"
                data-outline
                onClick={() => input.current?.click()}
                disabled={sending > 0}
              >
                <IconUpload size={14} />{" "}
                {sending > 0 ? t("field.uploading", { count: sending }) : t("record.files_add")}
              </button>
            )}
          </div>
          <ul className={classes.documents}>
            {list.map((entry) => (
              <DocumentRow key={entry.id} documents={documents} document={entry} onPreview={setShown} />
            ))}
          </ul>
        </>
      )}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          void add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      {shown && <Preview shown={shown} onClose={() => setShown(null)} />}
    </div>
  );
}
