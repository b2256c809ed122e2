/** My tasks: overdue, today, this week, later; added in one line, ticked off with a key, always to be taken back. */

import { IconChecklist, IconLayoutKanban, IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord, RecordPage } from "../../api/types";
import { useCommands } from "../../app/commands";
import { PageMissing } from "../../app/errors";
import { listPath } from "../../app/navigation";
import { explain } from "../../app/problems";
import { useBoot, useObject } from "../../app/query";
import { startCreate } from "../../app/shell/state";
import { deleteRecords } from "../../app/write";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { Empty } from "../../ui/empty/Empty";
import { quote } from "../../ui/fields/operators";
import { openFilter, statusOptions, toggleDone } from "../../ui/tasks/status";
import { QuickAdd } from "./QuickAdd";
import { bySection, sections } from "./sections";
import { TaskRow } from "./TaskRow";
import classes from "./tasks.module.css";

const EditRecord = lazy(() => import("../../ui/form/EditRecord"));
const page_size = 100;

function useTasks(object: ObjectMeta | undefined, filter: string, sort: string) {
  return useInfiniteQuery({
    queryKey: [...keys.pages("task"), "mine", filter, sort],
    queryFn: ({ pageParam, signal }) =>
      api.get<RecordPage>(`/${object?.plural}`, { filter, sort, limit: page_size, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: object !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** The field that says who has to do it. */
function assigneeField(object: ObjectMeta | undefined): string {
  return object?.fields.some((field) => field.name === "assignee") ? "assignee" : "owner";
}

export function TasksPage() {
  const object = useObject("task");
  useEffect(() => {
    document.title = `${t("nav.tasks")} – Rapport`;
  }, []);
  return object ? <Tasks object={object} /> : <PageMissing />;
}

/** Moves the focus between tasks and acts on the one that has it. */
function useRowKeys(object: ObjectMeta, tasks: RapportRecord[], edit: (task: RapportRecord) => void) {
  const box = useRef<HTMLDivElement>(null);
  const rows = () => [...(box.current?.querySelectorAll<HTMLElement>("[data-task]") ?? [])];
  const keyDown = (event: React.KeyboardEvent) => {
    const row = event.target instanceof HTMLElement && event.target.matches("[data-task]") ? event.target : null;
    const task = row && tasks.find((entry) => entry.id === row.dataset.task);
    if (!row || !task || event.metaKey || event.ctrlKey || event.altKey) {
      return;
    }
    const list = rows();
    const go = (by: number) => list[list.indexOf(row) + by]?.focus();
    const tick = () => void toggleDone(object, task);
    const remove = () => void deleteRecords(object, [task.id], String(task[object.title] ?? "")).catch(() => {});
    const actions = new Map<string, () => void>([
      ["ArrowDown", () => go(1)],
      ["j", () => go(1)],
      ["ArrowUp", () => go(-1)],
      ["k", () => go(-1)],
      [" ", tick],
      ["x", tick],
      ["Enter", () => edit(task)],
      ["e", () => edit(task)],
      ["Delete", remove],
    ]);
    const action = actions.get(event.key);
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };
  return { box, keyDown, first: () => rows()[0]?.focus() };
}

function Tasks({ object }: { object: ObjectMeta }) {
  const boot = useBoot();
  const search = useSearch({ strict: false }) as { show?: string };
  const navigate = useNavigate();
  const done = search.show === "done";
  const mine = `${assigneeField(object)} == ${quote(boot.user.id)}`;
  const options = statusOptions(object);
  const filter = done ? `${mine} && status == ${quote(options.done ?? "done")}` : `${mine} && ${openFilter(object)}`;
  const query = useTasks(object, filter, done ? "-updated_at" : "due_at");
  const tasks = useMemo(() => query.data?.pages.flatMap((page) => page.records) ?? [], [query.data]);
  const [editing, setEditing] = useState<RapportRecord | null>(null);
  const quick = useRef<HTMLInputElement>(null);
  const { box, keyDown, first } = useRowKeys(object, tasks, setEditing);
  useCommands([
    {
      id: "tasks.add",
      title: t("tasks.add"),
      section: t("nav.tasks"),
      icon: IconPlus,
      keys: "n",
      run: () => quick.current?.focus(),
    },
    { id: "tasks.first", title: t("tasks.first"), section: t("nav.tasks"), keys: "j", hidden: true, run: first },
  ]);
  const show = (next: "done" | undefined) => void navigate({ to: ".", search: { show: next } });
  return (
    <>
      <header className="page-header">
        <h1>{t("nav.tasks")}</h1>
        <div className={classes.switch}>
          <button
            type="button"
            className="tool"
            data-on={!done || undefined}
            aria-pressed={!done}
            onClick={() => show(undefined)}
          >
            {t("tasks.open")}
          </button>
          <button
            type="button"
            className="tool"
            data-on={done || undefined}
            aria-pressed={done}
            onClick={() => show("done")}
          >
            {t("tasks.done")}
          </button>
          <Link to={listPath(object)} className="tool">
            {t("tasks.all")}
          </Link>
          <Link
            to={listPath(object)}
            search={{ type: "board" }}
            className={`tool ${classes.wide}`}
            data-icon
            aria-label={t("tasks.board")}
            title={t("tasks.board")}
          >
            <IconLayoutKanban size={16} />
          </Link>
        </div>
        <div className="end">
          <button
            type="button"
            className={`tool ${classes.wide}`}
            data-primary
            onClick={() => startCreate("task", { assignee: boot.user.id })}
          >
            <IconPlus size={15} /> {t("form.new", { object: object.label })}
          </button>
        </div>
      </header>
      <div className="page-body">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the rows inside have the focus */}
        <div className="page-column" ref={box} onKeyDown={keyDown}>
          {object.can.create && !done && <QuickAdd object={object} assignee={assigneeField(object)} ref={quick} />}
          <Lists
            object={object}
            tasks={tasks}
            done={done}
            query={query}
            onEdit={setEditing}
            onAdd={() => quick.current?.focus()}
          />
        </div>
      </div>
      {editing && (
        <Suspense>
          <EditRecord object={object} record={editing} onClose={() => setEditing(null)} />
        </Suspense>
      )}
    </>
  );
}

interface ListsProps {
  object: ObjectMeta;
  tasks: RapportRecord[];
  done: boolean;
  query: ReturnType<typeof useTasks>;
  onEdit: (task: RapportRecord) => void;
  onAdd: () => void;
}

function Lists({ object, tasks, done, query, onEdit, onAdd }: ListsProps) {
  if (query.error && !query.data) {
    return (
      <Empty
        icon={IconChecklist}
        title={t("tasks.failed")}
        text={explain(query.error)}
        action={{ label: t("error.retry"), run: () => void query.refetch() }}
      />
    );
  }
  if (query.data && tasks.length === 0) {
    return done ? (
      <Empty icon={IconChecklist} title={t("tasks.none_done")} />
    ) : (
      <Empty
        icon={IconChecklist}
        title={t("tasks.none")}
        text={t("tasks.none_text")}
        action={object.can.create ? { label: t("tasks.add"), run: onAdd } : undefined}
      />
    );
  }
  const row = (task: RapportRecord) => (
    <TaskRow key={task.id} object={object} task={task} onOpen={() => onEdit(task)} />
  );
  const grouped = bySection(tasks);
  return (
    <>
      {done ? (
        <ul className={classes.list}>{tasks.map(row)}</ul>
      ) : (
        sections.map((section) => {
          const list = grouped.get(section) ?? [];
          return list.length > 0 ? (
            <section key={section} aria-labelledby={`tasks-${section}`}>
              <h2 id={`tasks-${section}`} className={classes.heading} data-section={section}>
                {t(`tasks.${section}`)} <span className="dimmed num">{formatNumber(list.length)}</span>
              </h2>
              <ul className={classes.list}>{list.map(row)}</ul>
            </section>
          ) : null;
        })
      )}
      {query.hasNextPage && (
        <button type="button" className="tool" onClick={() => void query.fetchNextPage()}>
          {t("record.more")}
        </button>
      )}
    </>
  );
}
