/** All documents: folders beside them, words inside, filters; dropped files land in the open folder. */
import { IconFileUpload, IconPencil, IconPlus, IconTable } from "@tabler/icons-react";
import { Link, Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import type { FieldValue, ObjectMeta } from "../../api/types";
import { useCommands } from "../../app/commands";
import { PageMissing } from "../../app/errors";
import { listPath } from "../../app/navigation";
import { useObject } from "../../app/query";
import { startCreate } from "../../app/shell/state";
import { t } from "../../i18n";
import { MoveDialog, type Moving } from "../../ui/documents/MoveDialog";
import { useDocumentFiles } from "../../ui/documents/useDocumentFiles";
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

function Documents({ documents }: { documents: ObjectMeta }) {
  const shown = useSearch({ strict: false }) as Shown;
  const navigate = useNavigate();
  const [moving, setMoving] = useState<Moving | null>(null);
  const files = useDocumentFiles(documents, placeOf(shown));
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
  return (
    <>
      <header className="page-header">
        <h1>{documents.label_plural}</h1>
        <div className="end">
          <Link to={listPath(documents)} className="tool" aria-label={t("documents.as_list")}>
            <IconTable size={16} aria-hidden /> <span className={classes.wide}>{t("documents.as_list")}</span>
          </Link>
          {files.mayAdd && (
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
              <button type="button" className="tool" data-primary disabled={files.busy} onClick={files.choose}>
                <IconFileUpload size={15} aria-hidden /> {files.label}
              </button>
            </>
          )}
        </div>
      </header>
      <div className={`page-body ${classes.page}`} data-tree={foldered || undefined} {...files.place}>
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
          <List documents={documents} shown={shown} onMove={setMoving} onAdd={files.choose} />
        </div>
      </div>
      {files.chooser}
      {moving && <MoveDialog documents={documents} moving={moving} known={known} onClose={() => setMoving(null)} />}
    </>
  );
}
