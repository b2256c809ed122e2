/** One import, step by step: columns, check, import, report. What is shown follows from how far the server is. */

import { IconCheck, IconFileImport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { ApiProblem } from "../../api/client";
import { sentence } from "../../api/sentences";
import { PageError, PageMissing, PagePending } from "../../app/errors";
import { queryClient, useObject } from "../../app/query";
import { undoBatch } from "../../app/undo";
import { t } from "../../i18n";
import { formatNumber, formatPercent } from "../../i18n/format";
import { Empty } from "../../ui/empty/Empty";
import { act, announceDone, importKey, importQuery, useProgress } from "./data";
import classes from "./imports.module.css";
import { Mapping } from "./Mapping";
import { type Import, isBusy, rowsOf } from "./model";
import { Results } from "./Results";
import { StatusChip } from "./StatusChip";

export function ImportPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { data, error } = useQuery(importQuery(id));
  const before = useRef<string | undefined>(undefined);
  useProgress(data);
  useEffect(() => {
    if (data) {
      document.title = `${data.name} – Rapport`;
      if (before.current === "running" && data.status === "done") {
        announceDone(data);
      }
      before.current = data.status;
    }
  }, [data]);
  if (data) {
    return <Wizard data={data} />;
  }
  if (error instanceof ApiProblem && error.status === 404) {
    return <PageMissing />;
  }
  return error ? <PageError error={error} /> : <PagePending />;
}

const steps = ["file", "columns", "check", "import"] as const;

function stepOf(data: Import, remap: boolean): number {
  if (data.status === "mapping" || remap) {
    return 1;
  }
  return data.status === "checking" || data.status === "checked" ? 2 : 3;
}

function Steps({ at, done }: { at: number; done: boolean }) {
  return (
    <ol className={classes.steps} aria-label={t("imports.steps")}>
      {steps.map((step, index) => {
        const past = index < at || done;
        return (
          <li key={step} aria-current={index === at ? "step" : undefined} data-past={past || undefined}>
            <span>{past ? <IconCheck size={12} stroke={3} aria-hidden /> : index + 1}</span>
            {t(`imports.step_${step}`)}
          </li>
        );
      })}
    </ol>
  );
}

/** "CSV, semicolons, UTF-8, from HubSpot". */
function formatText(data: Import): string {
  const names: { [sign: string]: string } = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe" };
  const sign = data.delimiter ? t(`imports.delimiter_${names[data.delimiter] ?? "other"}`) : "";
  const source =
    data.source && data.source !== "vcard"
      ? t("imports.from_source", { source: t(`imports.source_${data.source}`) })
      : "";
  return [data.format?.toUpperCase(), data.encoding, sign, source].filter(Boolean).join(" · ");
}

function Wizard({ data }: { data: Import }) {
  const object = useObject(data.object);
  const [remap, setRemap] = useState(false);
  const at = stepOf(data, remap);
  if (!object) {
    return <PageMissing />;
  }
  const rows = rowsOf(data);
  return (
    <>
      <header className="page-header">
        <h1>
          <Link to="/imports" className="dimmed">
            {t("nav.imports")}
          </Link>
          <span className="dimmed" aria-hidden>
            /
          </span>
          <span className="truncate">{data.name}</span>
        </h1>
        <div className="end">
          <StatusChip entry={data} />
        </div>
      </header>
      <div className="page-body">
        <div className={classes.page}>
          <div className={classes.top}>
            <Steps at={at} done={data.status === "done"} />
            <p className="dimmed">
              {[object.label_plural, formatText(data), rows ? t("imports.n_rows", { count: rows }) : ""]
                .filter(Boolean)
                .join(" · ")}
            </p>
          </div>
          {at === 1 && <Mapping key={data.id} data={data} object={object} onDone={() => setRemap(false)} />}
          {at === 2 && <Check data={data} onBack={() => setRemap(true)} />}
          {at === 3 && (
            <Run data={data} plural={object.plural} label={object.label_plural} onBack={() => setRemap(true)} />
          )}
        </div>
      </div>
    </>
  );
}

function Progress({ data, title }: { data: Import; title: string }) {
  const percent = Math.round((data.progress ?? 0) * 100);
  return (
    <div className={classes.working}>
      <h2>{title}</h2>
      <div
        className={classes.bar}
        role="progressbar"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={title}
      >
        <span style={{ inlineSize: `${Math.max(2, percent)}%` }} />
      </div>
      <p className="dimmed num" role="status">
        {formatPercent(percent)}
        {rowsOf(data) > 0 &&
          ` · ${t("imports.row_of", { row: formatNumber(Math.round((data.progress ?? 0) * rowsOf(data))), rows: formatNumber(rowsOf(data)) })}`}
      </p>
      <button type="button" className="tool" data-outline onClick={() => void act(data.id, "cancel")}>
        {t("app.cancel")}
      </button>
      <p className="dimmed">{t("imports.may_leave")}</p>
    </div>
  );
}

function Check({ data, onBack }: { data: Import; onBack: () => void }) {
  if (isBusy(data.status)) {
    return <Progress data={data} title={t("imports.checking")} />;
  }
  const willWrite = (data.counts.created ?? 0) + (data.counts.updated ?? 0);
  return (
    <>
      <div className={classes.stepHead}>
        <div>
          <h2>{t("imports.checked_title")}</h2>
          <p className="dimmed">{t("imports.checked_text")}</p>
        </div>
        <div className={classes.buttons}>
          <button type="button" className="tool" data-outline onClick={onBack}>
            {t("imports.back_to_columns")}
          </button>
          <button
            type="button"
            className="tool"
            data-primary
            disabled={willWrite === 0}
            onClick={() => void act(data.id, "start")}
          >
            <IconFileImport size={15} /> {t("imports.start", { count: willWrite })}
          </button>
        </div>
      </div>
      <Results data={data} dry />
    </>
  );
}

function Run({ data, plural, label, onBack }: { data: Import; plural: string; label: string; onBack: () => void }) {
  const [undoing, setUndoing] = useState(false);
  if (isBusy(data.status)) {
    return <Progress data={data} title={t("imports.running")} />;
  }
  if (data.status === "failed" && !data.batch) {
    return (
      <Empty
        icon={IconFileImport}
        title={t("imports.failed")}
        text={data.error ? sentence(data.error) : undefined}
        action={{ label: t("imports.back_to_columns"), run: onBack }}
      />
    );
  }
  const undo = async () => {
    if (data.batch) {
      setUndoing(true);
      const result = await undoBatch(data.batch);
      setUndoing(false);
      if (result) {
        queryClient.setQueryData<Import>(importKey(data.id), (known) => known && { ...known, undone: true });
      }
    }
  };
  const title = data.undone
    ? "imports.undone_title"
    : data.status === "done"
      ? "imports.done_title"
      : data.status === "failed"
        ? "imports.failed"
        : "imports.cancelled_title";
  return (
    <>
      <div className={classes.stepHead}>
        <div>
          <h2>{t(title)}</h2>
          <p className="dimmed">
            {data.error ? sentence(data.error) : t(data.undone ? "imports.undone_text" : "imports.done_text")}
          </p>
        </div>
        <div className={classes.buttons}>
          {data.batch && !data.undone && (
            <button type="button" className="tool" data-outline disabled={undoing} onClick={() => void undo()}>
              {t("imports.undo")}
            </button>
          )}
          <Link to="/$plural" params={{ plural }} className="tool" data-primary>
            {t("imports.open_list", { objects: label })}
          </Link>
        </div>
      </div>
      <Results data={data} />
    </>
  );
}
