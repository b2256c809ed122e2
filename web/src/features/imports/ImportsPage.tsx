/** Where imports begin, and all that were made: drop a file, choose one or paste a table. */
import { Select, Textarea } from "@mantine/core";
import { IconClipboard, IconFileImport, IconFileSpreadsheet, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api } from "../../api/client";
import type { ObjectMeta } from "../../api/types";
import { explain, showProblem } from "../../app/problems";
import { findObject, useBoot } from "../../app/query";
import { go, type Search } from "../../app/router";
import { t } from "../../i18n";
import { formatNumber, formatRelative } from "../../i18n/format";
import { Empty } from "../../ui/empty/Empty";
import { useFileChooser } from "../../ui/useFileChooser";
import { importsKey, uploadImport } from "./data";
import classes from "./imports.module.css";
import { type Import, relatedObjects, rowsOf } from "./model";
import { StatusChip } from "./StatusChip";

export function ImportsPage() {
  const boot = useBoot();
  const objects = boot.objects.filter((object) => object.can.import && !object.internal);
  const asked = (useSearch({ strict: false }) as Search).object ?? "person";
  const [name, setName] = useState(
    () => objects.find((object) => object.name === asked)?.name ?? objects[0]?.name ?? "",
  );
  const object = objects.find((entry) => entry.name === name);
  const related =
    object &&
    relatedObjects(object, findObject)
      .map((entry) => entry.label_plural)
      .join(", ");
  useEffect(() => {
    document.title = `${t("nav.imports")} – Rapport`;
  }, []);
  return (
    <>
      <header className="page-header">
        <h1>{t("nav.imports")}</h1>
      </header>
      <div className="page-body">
        <div className="page-column">
          {object ? (
            <>
              <div className={classes.what}>
                <label htmlFor="import-object">{t("imports.what")}</label>
                <Select
                  id="import-object"
                  size="xs"
                  w={200}
                  allowDeselect={false}
                  data={objects.map((entry) => ({ value: entry.name, label: entry.label_plural }))}
                  value={name}
                  onChange={(next) => setName(next ?? name)}
                />
                {related && (
                  <span className="dimmed">{t("imports.what_hint", { objects: object.label_plural, related })}</span>
                )}
              </div>
              <Drop object={object} />
            </>
          ) : (
            <Empty icon={IconFileImport} title={t("imports.forbidden")} />
          )}
          <Past />
        </div>
      </div>
    </>
  );
}

function Drop({ object }: { object: ObjectMeta }) {
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<string | null>(null);
  const [pasting, setPasting] = useState(false);
  const send = async (file: File) => {
    setSending(file.name);
    try {
      const made = await uploadImport(object.name, file);
      go(`/imports/${made.id}`);
    } catch (error) {
      setSending(null);
      showProblem(error, { retry: () => void send(file) });
    }
  };
  /** Text in the clipboard goes straight in, wherever the focus is on this page. */
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const typing = event.target instanceof HTMLElement && ["INPUT", "TEXTAREA"].includes(event.target.tagName);
      const file = event.clipboardData?.files[0];
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!typing && file) {
        void send(file);
      } else if (!typing && text.includes("\n")) {
        void send(new File([text], t("imports.pasted_name"), { type: "text/csv" }));
      }
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  });
  const { choose, chooser } = useFileChooser(([file]) => file && void send(file), {
    accept: ".csv,.tsv,.txt,.xlsx,.vcf,.vcard,text/csv,text/vcard",
    testId: "import-file",
  });
  if (sending) {
    return (
      <div className={classes.drop} role="status">
        <IconUpload size={36} stroke={1.25} aria-hidden />
        <h2>{t("imports.sending", { name: sending })}</h2>
        <div className={classes.bar} data-endless />
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop a file on; the buttons inside do the same
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) {
          void send(file);
        }
      }}
    >
      <IconFileSpreadsheet size={36} stroke={1.25} aria-hidden />
      <h2>{t("imports.drop")}</h2>
      <p className="dimmed">{t("imports.formats")}</p>
      <div className={classes.buttons}>
        <button type="button" className="tool" data-primary onClick={choose}>
          <IconUpload size={15} /> {t("imports.choose")}
        </button>
        <button
          type="button"
          className="tool"
          data-outline
          aria-expanded={pasting}
          onClick={() => setPasting(!pasting)}
        >
          <IconClipboard size={15} /> {t("imports.paste")}
        </button>
      </div>
      {pasting && (
        <PasteForm onSend={(text) => void send(new File([text], t("imports.pasted_name"), { type: "text/csv" }))} />
      )}
      {chooser}
    </div>
  );
}

function PasteForm({ onSend }: { onSend: (text: string) => void }) {
  const [text, setText] = useState("");
  return (
    <form
      className={classes.paste}
      onSubmit={(event) => {
        event.preventDefault();
        onSend(text);
      }}
    >
      <Textarea
        autoFocus
        minRows={5}
        maxRows={12}
        autosize
        aria-label={t("imports.paste")}
        placeholder={t("imports.paste_hint")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" className="tool" data-primary disabled={text.trim() === ""}>
        {t("imports.paste_send")}
      </button>
    </form>
  );
}

/** The counts of an import in one line. */
function CountsText({ entry }: { entry: Import }) {
  const { counts } = entry;
  const parts = [
    counts.created ? t("imports.n_created", { count: counts.created }) : "",
    counts.updated ? t("imports.n_updated", { count: counts.updated }) : "",
    counts.errors ? t("imports.n_errors", { count: counts.errors }) : "",
  ].filter(Boolean);
  return <span className="dimmed">{parts.join(", ") || t("imports.n_rows", { count: rowsOf(entry) })}</span>;
}

function Past() {
  const { data, error, refetch } = useQuery({
    queryKey: importsKey,
    queryFn: () => api.get<{ imports: Import[] }>("/imports", { limit: 50 }),
    staleTime: 0,
  });
  if (error) {
    return (
      <Empty
        icon={IconFileImport}
        title={t("imports.list_failed")}
        text={explain(error)}
        action={{ label: t("error.retry"), run: () => void refetch() }}
      />
    );
  }
  if (!data || data.imports.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="past-imports">
      <h2 id="past-imports" className={classes.heading}>
        {t("imports.past")}
      </h2>
      <ul className={classes.past}>
        {data.imports.map((entry) => (
          <li key={entry.id}>
            <Link to="/imports/$id" params={{ id: entry.id }}>
              <IconFileSpreadsheet size={18} stroke={1.5} aria-hidden />
              <span className={classes.pastName}>
                <span className="truncate">{entry.name}</span>
                <span className="dimmed">
                  {findObject(entry.object)?.label_plural ?? entry.object}
                  {entry.created_at && ` · ${formatRelative(entry.created_at)}`}
                </span>
              </span>
              <CountsText entry={entry} />
              <StatusChip entry={entry} />
              <span className="visually-hidden">{formatNumber(rowsOf(entry))}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
