/** The records that were opened last in this browser. */
import { Link } from "@tanstack/react-router";
import { recordAddress } from "../../app/navigation";
import { useBoot } from "../../app/query";
import { recentRecords } from "../../app/recent";
import { t } from "../../i18n";
import { RecordMark } from "../../ui/RecordMark";
import classes from "./home.module.css";
import { Section } from "./Section";

const shown_max = 8;

export function Recent() {
  const boot = useBoot();
  const hits = recentRecords.use().slice(0, shown_max);
  return (
    <Section title={t("home.recent")}>
      {hits.length === 0 && <p className="dimmed">{t("home.no_recent")}</p>}
      <ul className={classes.list}>
        {hits.map((hit) => {
          const object = boot.objects.find((entry) => entry.name === hit.object);
          return object ? (
            <li key={hit.id} className={classes.row}>
              <RecordMark object={object} title={hit.title} />
              <Link to={recordAddress(object, hit.id)} className="truncate">
                {hit.title}
              </Link>
              <span className={classes.end}>{object.label}</span>
            </li>
          ) : null;
        })}
      </ul>
    </Section>
  );
}
