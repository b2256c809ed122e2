/** My open tasks, the most urgent first. */
import { IconCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord, RecordPage } from "../../api/types";
import { useObject } from "../../app/query";
import { startCreate } from "../../app/shell/state";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { dayOf, formatDate, formatDateTime, today } from "../../i18n/format";
import classes from "./home.module.css";
import { Section } from "./Section";

const shown_max = 8;
const closed = ["done", "completed", "cancelled", "canceled", "closed"];

/** The fields of a task, by what they mean: an adapted object may lack some. */
function roles(object: ObjectMeta) {
  const has = (name: string) => object.fields.find((field) => field.name === name);
  const status = has("status");
  const options = status?.options?.map((option) => option.value) ?? [];
  return {
    status,
    due: has("due_at") ?? has("due_on") ?? has("due"),
    assignee: has("assignee") ?? has("owner"),
    done: options.find((value) => closed.includes(value)),
    closed: options.filter((value) => closed.includes(value)),
  };
}

function Due({ value }: { value: unknown }) {
  if (typeof value !== "string") {
    return null;
  }
  const day = value.length > 10 ? dayOf(value) : value;
  const now = today();
  const text = day === now ? t("home.today") : value.length > 10 ? formatDateTime(value) : formatDate(value);
  return (
    <span className={`${classes.end} ${day < now ? classes.late : ""}`}>
      {day < now ? t("home.late", { when: text }) : text}
    </span>
  );
}

export function TasksDue() {
  const object = useObject("task");
  return object ? <Tasks object={object} /> : null;
}

function Tasks({ object }: { object: ObjectMeta }) {
  const { status, due, assignee, done, closed: ended } = roles(object);
  const parts = [
    assignee && `${assignee.name} == me`,
    status && ended.length > 0 && `!(${status.name} in [${ended.map((value) => `'${value}'`).join(", ")}])`,
  ];
  const filter = parts.filter(Boolean).join(" && ");
  const { data } = useQuery({
    queryKey: [...keys.pages("task"), "home", filter],
    queryFn: ({ signal }) =>
      api.get<RecordPage>(`/${object.plural}`, { filter, sort: due?.name, limit: shown_max }, { signal }),
  });
  const finish = (record: RapportRecord) => {
    if (status && done) {
      void updateRecord(
        object,
        record,
        { [status.name]: done },
        { label: t("home.task_done", { title: String(record[object.title] ?? "") }) },
      ).catch(() => {});
    }
  };
  const open = data?.records.filter((record) => !status || !ended.includes(String(record[status.name]))) ?? [];
  return (
    <Section title={t("home.tasks")} more={{ label: t("home.all_tasks"), to: `/${object.plural}` }}>
      {data && open.length === 0 && (
        <p className="dimmed">
          {t("home.no_tasks")}{" "}
          {object.can.create && (
            <button type="button" className="plain link" onClick={() => startCreate("task")}>
              {t("command.create", { object: object.label })}
            </button>
          )}
        </p>
      )}
      <ul className={classes.list}>
        {open.map((record) => (
          <li key={record.id} className={classes.row}>
            {status && done && object.can.update && (
              <button
                type="button"
                className={classes.tick}
                aria-label={t("home.finish", { title: String(record[object.title] ?? "") })}
                onClick={() => finish(record)}
              >
                <IconCircle size={17} />
              </button>
            )}
            <Link to={`/${object.plural}/${record.id}`} className="truncate">
              {String(record[object.title] ?? "") || t("list.untitled")}
            </Link>
            {due && <Due value={record[due.name]} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}
