/** All documents: folders beside them, words inside, filters; dropped files land in the open folder. */
import { IconFileUpload, IconPencil, IconPlus, IconTable } from "@tabler/icons-react";
import { Link, Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import type { FieldValue, ObjectMeta } from "../../api/types";
import { useCommands } from "../../app/commands";
import { PageMissing } from "../../app/errors";
import { listPath } from "../../app/navigation";
import { showProblem } from "../../app/problems";
import { useObject } from "../../app/query";
import { startCreate } from "../../app/shell/state";
import { createRecord } from "../../app/write";
import { t } from "../../i18n";
import { MoveDialog, type Moving } from "../../ui/documents/MoveDialog";
import { filesField } from "../../ui/documents/rows";
import { uploadFile } from "../../ui/fields/files";
import { useFolders } from "./data";
import classes from "./documents.module.css";
import { Filters } from "./Filters";
import { Folders } from "./Folders";
import { List } from "./List";
import { aboutOf, type Shown, top } from "./query";

export function DocumentsPage() {
  const documents = useObject("document");
  const asked = useSearch({ strict: false }) as { filter?: string; view?: string };
  if (!documents) {
    return <PageMissing />;
  }
  // Views and conditions are of the table, which stood at this address before.
  if (asked.filter || asked.view) {
    return <Navigate to={listPath(documents)} search={asked} replace />;
  }
  return <Documents documents={documents} />;
}

/** Where new documents go: into the open folder, about the chosen record. */
function placeOf(shown: Shown): { [field: string]: FieldValue } {
  const { record } = aboutOf(shown);
  const folder = shown.folder && shown.folder !== top ? { folder: shown.folder } : {};
  return record ? { ...folder, about: [record] } : folder;
}

/** Stores files as documents, one after the other. */
function useUpload(documents: ObjectMeta, place: { [field: string]: FieldValue }) {
  const [sending, setSending] = useState(0);
  const add = async (files: File[]) => {
    setSending(files.length);
    try {
      for (const file of files) {
        const sent = await uploadFile(file);
        const values = { [documents.title]: file.name, [filesField(documents) ?? "files"]: [sent], ...place };
        await createRecord(documents, values, { label: t("record.file_added", { name: file.name }), throwOnly: true });
      }
    } catch (problem) {
      showProblem(problem);
    } finally {
      setSending(0);
    }
  };
  return { sending, add };
}

function Documents({ documents }: { documents: ObjectMeta }) {
  const shown = useSearch({ strict: false }) as Shown;
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [moving, setMoving] = useState<Moving | null>(null);
  const { sending, add } = useUpload(documents, placeOf(shown));
  const tree = useFolders(documents);
  const known = (tree?.folders ?? []).map(({ path }) => path).filter((path) => path !== "");
  const change = useCallback(
    (change: Partial<Shown>) =>
      void navigate({ to: ".", replace: true, search: (before: object) => ({ ...before, ...change }) }),
    [navigate],
  );
  useEffect(() => {
    document.title = t("app.title", { page: documents.label_plural });
  }, [documents]);
  useCommands([
    {
      id: "documents.search",
      title: t("documents.search"),
      section: documents.label_plural,
      keys: "/",
      run: () => document.getElementById("documents-search")?.focus(),
    },
  ]);
  const foldered = documents.fields.some((field) => field.name === "folder");
  const folder = shown.folder === top ? undefined : shown.folder;
  const mayAdd = documents.can.create;
  return (
    <>
      <header className="page-header">
        <h1>{documents.label_plural}</h1>
        <div className="end">
          <Link to={listPath(documents)} className="tool" aria-label={t("documents.as_list")}>
            <IconTable size={16} aria-hidden /> <span className={classes.wide}>{t("documents.as_list")}</span>
          </Link>
          {mayAdd && (
            <>
              <button
                type="button"
                className="tool"
                data-outline
                aria-label={t("documents.new")}
                onClick={() => startCreate("document", placeOf(shown))}
              >
                <IconPlus size={15} aria-hidden /> <span className={classes.wide}>{t("documents.new")}</span>
              </button>
              <button
                type="button"
                className="tool"
                data-primary
                disabled={sending > 0}
                onClick={() => input.current?.click()}
              >
                <IconFileUpload size={15} aria-hidden />{" "}
                {sending > 0 ? t("field.uploading", { count: sending }) : t("record.files_add")}
              </button>
            </>
          )}
        </div>
      </header>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files on; the button does the same */}
      <div
        className={`page-body ${classes.page}`}
        data-over={over || undefined}
        data-tree={foldered || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(mayAdd);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (mayAdd) {
            void add([...event.dataTransfer.files]);
          }
        }}
      >
        {foldered && <Folders tree={tree} shown={shown} onChoose={(folder) => change({ folder })} />}
        <div className={classes.main}>
          <Filters documents={documents} shown={shown} onChange={change} />
          {folder && (
            <div className={classes.path}>
              <h2>{folder}</h2>
              {documents.can.update && documents.can.bulk && (
                <button
                  type="button"
                  className="tool"
                  data-icon
                  aria-label={t("folder.rename", { name: folder })}
                  title={t("folder.rename", { name: folder })}
                  onClick={() => setMoving({ folder })}
                >
                  <IconPencil size={15} />
                </button>
              )}
            </div>
          )}
          <List documents={documents} shown={shown} onMove={setMoving} onAdd={() => input.current?.click()} />
        </div>
      </div>
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
      {moving && <MoveDialog documents={documents} moving={moving} known={known} onClose={() => setMoving(null)} />}
    </>
  );
}
