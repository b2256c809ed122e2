/** The files of a record: its own file fields, and the documents about it with their versions. Dropping a file adds a document. */
import { IconPaperclip, IconUpload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord, RecordPage } from "../../api/types";
import { explain, showProblem } from "../../app/problems";
import { createRecord } from "../../app/write";
import { t } from "../../i18n";
import {
  DocumentRow,
  FileRow,
  fileAddress,
  filesField,
  LinkButton,
  Preview,
  type Shown,
} from "../../ui/documents/rows";
import { Empty } from "../../ui/empty/Empty";
import { asFiles, uploadFile } from "../../ui/fields/files";
import { quote } from "../../ui/fields/operators";
import { FolderTree } from "./folders/FolderTree";
import classes from "./record.module.css";
import { documentObject } from "./Tabs";

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
      {asFiles(record[field.name]).map((file, index) => (
        <FileRow
          key={file.id}
          file={file}
          href={fileAddress(object, record.id, field.name, file)}
          inline={fileAddress(object, record.id, field.name, file, true)}
          onPreview={onPreview}
        >
          {object.name === "document" && index === 0 && (
            <LinkButton documents={object} entry={record} title={String(record[object.title] ?? file.name)} />
          )}
        </FileRow>
      ))}
    </section>
  ));
}

const pages_max = 20;

/** Every document of a filter, the latest first: folders are drawn of all of them. */
async function allOf(path: string, filter: string): Promise<RapportRecord[]> {
  const found: RapportRecord[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages_max; page++) {
    const answer = await api.get<RecordPage>(path, { filter, sort: "-updated_at", limit: 200, total: false, cursor });
    found.push(...answer.records);
    if (!answer.next) {
      break;
    }
    cursor = answer.next;
  }
  return found;
}

export function Files({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const client = useQueryClient();
  const documents = documentObject();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState(0);
  const [shown, setShown] = useState<Shown | null>(null);
  const own = object.fields.some((field) => field.kind === "files" && asFiles(record[field.name]).length > 0);
  const among = `about.exists(x, x.id == ${quote(record.id)})`;
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.pages("document"), "all_about", record.id],
    queryFn: () => allOf(`/${documents?.plural}`, among),
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
  const list = data ?? [];
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
          <FolderTree
            documents={documents}
            list={list}
            among={among}
            row={(entry, more) => (
              <DocumentRow key={entry.id} documents={documents} document={entry} onPreview={setShown} more={more} />
            )}
          />
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
