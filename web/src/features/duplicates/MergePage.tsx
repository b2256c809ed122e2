/** Compares and merges records that somebody chose: from a record's hint, or a selection in a list. */
import { IconArrowsJoin2 } from "@tabler/icons-react";
import { Link, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { recordAddress } from "../../app/navigation";
import { useObject } from "../../app/query";
import { go } from "../../app/router";
import { t } from "../../i18n";
import { Empty } from "../../ui/empty/Empty";
import { Compare } from "./Compare";
import classes from "./duplicates.module.css";

const records_max = 5;

export function MergePage() {
  const search = useSearch({ strict: false }) as { object?: string; ids?: string };
  const object = useObject(search.object ?? "person");
  const ids = [...new Set((search.ids ?? "").split(",").filter(Boolean))].slice(0, records_max);
  useEffect(() => {
    document.title = `${t("duplicates.compare")} – Rapport`;
  }, []);
  return (
    <>
      <header className="page-header">
        <h1>
          <Link to="/duplicates" search={{ object: object?.name }} className="dimmed">
            {t("nav.duplicates")}
          </Link>
          <span className="dimmed" aria-hidden>
            /
          </span>
          {t("duplicates.compare")}
        </h1>
      </header>
      <div className="page-body">
        <div className={classes.single}>
          {object && ids.length > 1 ? (
            <Compare object={object} ids={ids} onMerged={() => go(recordAddress(object, ids[0] ?? ""))} />
          ) : (
            <Empty
              icon={IconArrowsJoin2}
              title={t("duplicates.choose_two")}
              text={t("duplicates.choose_text")}
              action={{ label: t("nav.duplicates"), href: "/duplicates" }}
            />
          )}
        </div>
      </div>
    </>
  );
}
