/** Documents in their folders: opened and closed, renamed with all that lies below, documents moved; each step can be undone. */
import { IconChevronRight, IconFolder, IconFolderSymlink, IconPencil } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { ObjectMeta, RapportRecord } from "../../../api/types";
import { t } from "../../../i18n";
import { MoveDialog, type Moving } from "../../../ui/documents/MoveDialog";
import { foldersOf } from "../../../ui/documents/tree";
import classes from "./folders.module.css";

interface Props {
  documents: ObjectMeta;
  list: RapportRecord[];
  /** The condition that the list was asked for with: what is renamed lies within it. */
  among: string;
  /** The row of a document, with what else can be done to it. */
  row: (document: RapportRecord, more: ReactNode) => ReactNode;
}

export function FolderTree({ documents, list, among, row }: Props) {
  const [closed, setClosed] = useState<string[]>([]);
  const [moving, setMoving] = useState<Moving | null>(null);
  const folders = foldersOf(list);
  const hasFolder = documents.fields.some((field) => field.name === "folder");
  const isHidden = (path: string) => closed.some((folder) => path !== folder && path.startsWith(`${folder}/`));
  const title = (document: RapportRecord) => String(document[documents.title] ?? "");
  const toggle = (path: string) =>
    setClosed(closed.includes(path) ? closed.filter((known) => known !== path) : [...closed, path]);
  const more = (document: RapportRecord) =>
    hasFolder && documents.can.update ? (
      <button
        type="button"
        className="tool"
        data-icon
        aria-label={t("folder.move", { title: title(document) })}
        title={t("folder.move", { title: title(document) })}
        onClick={() => setMoving({ document })}
      >
        <IconFolderSymlink size={16} />
      </button>
    ) : null;
  return (
    <>
      {folders
        .filter(({ path }) => !isHidden(path))
        .map((folder) => {
          const open = !closed.includes(folder.path);
          return (
            <section
              key={folder.path}
              className={classes.folder}
              aria-label={folder.path || t("folder.top")}
              style={{ "--depth": Math.max(0, folder.depth - 1) } as React.CSSProperties}
            >
              {folder.path !== "" && (
                <div className={classes.head}>
                  <button
                    type="button"
                    className={classes.toggle}
                    aria-expanded={open}
                    onClick={() => toggle(folder.path)}
                  >
                    <IconChevronRight size={14} data-open={open || undefined} aria-hidden />
                    <IconFolder size={16} aria-hidden />
                    <span className="truncate">{folder.name}</span>
                    <span className="dimmed">{t("folder.count", { count: folder.count })}</span>
                  </button>
                  {documents.can.update && documents.can.bulk && (
                    <button
                      type="button"
                      className="tool"
                      data-icon
                      aria-label={t("folder.rename", { name: folder.path })}
                      title={t("folder.rename", { name: folder.path })}
                      onClick={() => setMoving({ folder: folder.path })}
                    >
                      <IconPencil size={15} />
                    </button>
                  )}
                </div>
              )}
              {open && folder.documents.length > 0 && (
                <ul className={classes.list}>{folder.documents.map((document) => row(document, more(document)))}</ul>
              )}
            </section>
          );
        })}
      {moving && (
        <MoveDialog
          documents={documents}
          among={among}
          moving={moving}
          known={folders.map(({ path }) => path).filter((path) => path !== "")}
          onClose={() => setMoving(null)}
        />
      )}
    </>
  );
}
