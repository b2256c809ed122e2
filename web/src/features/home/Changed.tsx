/** The people and companies that were changed last, by anyone. */
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RecordPage } from "../../api/types";
import { recordAddress } from "../../app/navigation";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { formatRelative } from "../../i18n/format";
import { RecordMark } from "../../ui/RecordMark";
import classes from "./home.module.css";
import { Section } from "./Section";

const shown_max = 8;

export function Changed() {
  const boot = useBoot();
  const objects = ["person", "company"].flatMap((name) => boot.objects.find((object) => object.name === name) ?? []);
  const pages = useQueries({
    queries: objects.map((object) => ({
      queryKey: [...keys.pages(object.name), "home-changed"],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.get<RecordPage>(
          `/${object.plural}`,
          { sort: "-updated_at", fields: `${object.title},updated_at`, limit: shown_max, total: false },
          { signal },
        ),
    })),
  });
  const rows = pages
    .flatMap((page, index) =>
      (page.data?.records ?? []).map((record) => ({ record, object: objects[index] as ObjectMeta })),
    )
    .sort((a, b) => String(b.record.updated_at).localeCompare(String(a.record.updated_at)))
    .slice(0, shown_max);
  return rows.length === 0 ? null : (
    <Section title={t("home.changed")}>
      <ul className={classes.list}>
        {rows.map(({ record, object }) => {
          const title = String(record[object.title] ?? "") || t("list.untitled");
          return (
            <li key={record.id} className={classes.row}>
              <RecordMark object={object} title={title} />
              <Link to={recordAddress(object, record.id)} className="truncate">
                {title}
              </Link>
              <span className={classes.end}>{formatRelative(String(record.updated_at))}</span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
