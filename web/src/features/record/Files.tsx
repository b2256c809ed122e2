/** The files of a record: its own file fields, and the documents about it with their versions. Dropping a file adds a document. */
import { IconPaperclip, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord, RecordPage } from "../../api/types";
import { explain } from "../../app/problems";
import { t } from "../../i18n";
import { DocumentRow, FileRow, fileAddress, LinkButton, Preview, type Shown } from "../../ui/documents/rows";
import { useDocumentFiles } from "../../ui/documents/useDocumentFiles";
import { Empty } from "../../ui/empty/Empty";
import { asFiles } from "../../ui/fields/files";
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
  const documents = documentObject();
  const [shown, setShown] = useState<Shown | null>(null);
  const own = object.fields.some((field) => field.kind === "files" && asFiles(record[field.name]).length > 0);
  const among = `about.exists(x, x.id == ${quote(record.id)})`;
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.pages("document"), "all_about", record.id],
    queryFn: () => allOf(`/${documents?.plural}`, among),
    enabled: documents !== undefined && object.name !== "document",
    retry: false,
  });
  const list = data ?? [];
  // A document is about others; none is about a document.
  const files = useDocumentFiles(object.name === "document" ? undefined : documents, {
    about: [{ object: object.name, id: record.id }],
  });
  return (
    <div className={classes.drop} {...files.place}>
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
          action={files.mayAdd ? { label: t("record.files_add"), run: files.choose } : undefined}
        />
      )}
      {list.length > 0 && documents && (
        <>
          <div className={classes.relatedHead}>
            <h2>{documents.label_plural}</h2>
            {files.mayAdd && (
              <button type="button" className="tool" data-outline onClick={files.choose} disabled={files.busy}>
                <IconUpload size={14} /> {files.label}
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
      {files.chooser}
      {shown && <Preview shown={shown} onClose={() => setShown(null)} />}
    </div>
  );
}
