/** The documents that the page shows, page by page, and what stands in their place when there are none. */
import { IconFiles } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { ObjectMeta, RapportRecord, Total } from "../../api/types";
import { explain } from "../../app/problems";
import { t } from "../../i18n";
import type { Moving } from "../../ui/documents/MoveDialog";
import { listColumns, Preview, type Shown as Previewed } from "../../ui/documents/rows";
import { Empty } from "../../ui/empty/Empty";
import { useDocuments } from "./data";
import classes from "./documents.module.css";
import { isNarrowed, type Shown } from "./query";
import { Row } from "./Row";

const EditRecord = lazy(() => import("../../ui/form/EditRecord"));

interface Props {
  documents: ObjectMeta;
  shown: Shown;
  onMove: (moving: Moving) => void;
  onAdd: () => void;
}

/** How many there are, in words. */
function countText(documents: ObjectMeta, { count, exact }: Total): string {
  const values = { count, object: documents.label, objects: documents.label_plural };
  return t(exact ? "grid.total" : "grid.total_about", values);
}

function Nothing({ documents, shown, onAdd }: Omit<Props, "onMove">) {
  const navigate = useNavigate();
  if (isNarrowed(shown)) {
    const all = () => void navigate({ to: ".", search: shown.sort ? { sort: shown.sort } : {} });
    const action = { label: t("documents.show_all"), run: all };
    return <Empty icon={IconFiles} title={t("documents.nothing")} text={t("documents.nothing_text")} action={action} />;
  }
  const action = documents.can.create ? { label: t("record.files_add"), run: onAdd } : undefined;
  return <Empty icon={IconFiles} title={t("documents.none")} text={t("documents.none_text")} action={action} />;
}

export function List({ documents, shown, onMove, onAdd }: Props) {
  const { query, records, known, total, excerpts, full, error, retry } = useDocuments(documents, shown);
  const [preview, setPreview] = useState<Previewed | null>(null);
  const [editing, setEditing] = useState<RapportRecord | null>(null);
  if (error && !known) {
    const action = { label: t("error.retry"), run: retry };
    return <Empty icon={IconFiles} title={t("record.related_failed")} text={explain(error)} action={action} />;
  }
  if (known && records.length === 0 && !query.isFetching) {
    return <Nothing documents={documents} shown={shown} onAdd={onAdd} />;
  }
  const found = full ? t("documents.best", { count: records.length }) : total && countText(documents, total);
  return (
    <>
      <p className={`dimmed ${classes.count}`} role="status">
        {known && found}
      </p>
      <ul
        className={`${classes.list} ${listColumns}`}
        aria-label={documents.label_plural}
        aria-busy={query.isPlaceholderData}
      >
        {records.map((entry) => (
          <Row
            key={entry.id}
            documents={documents}
            entry={entry}
            here={shown.folder}
            excerpt={excerpts?.get(entry.id)}
            onPreview={setPreview}
            onMove={() => onMove({ document: entry })}
            onEdit={() => setEditing(entry)}
          />
        ))}
      </ul>
      {query.hasNextPage && (
        <button
          type="button"
          className="tool"
          data-outline
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("record.more")}
        </button>
      )}
      {preview && <Preview shown={preview} onClose={() => setPreview(null)} />}
      {editing && (
        <Suspense>
          <EditRecord object={documents} record={editing} onClose={() => setEditing(null)} />
        </Suspense>
      )}
    </>
  );
}
