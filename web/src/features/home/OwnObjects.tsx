/** The objects that administrators made: how many records each has, and a new one. */
import { IconPlus } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { RecordPage } from "../../api/types";
import { mainObjects } from "../../app/navigation";
import { useBoot } from "../../app/query";
import { startCreate } from "../../app/shell/state";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { iconOf } from "../../ui/icons";
import classes from "./home.module.css";
import { Section } from "./Section";

export function OwnObjects() {
  const objects = mainObjects(useBoot()).filter((object) => object.custom && object.can.read);
  const totals = useQueries({
    queries: objects.map((object) => ({
      queryKey: [...keys.figures(object.name), "home"],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.get<RecordPage>(`/${object.plural}`, { limit: 1, fields: "version" }, { signal }),
      retry: false,
    })),
  });
  return objects.length === 0 ? null : (
    <Section title={t("home.own_objects")}>
      <ul className={classes.list}>
        {objects.map((object, index) => {
          const Icon = iconOf(object);
          const total = totals[index]?.data?.total;
          return (
            <li key={object.name} className={classes.row}>
              <Icon size={18} stroke={1.6} aria-hidden />
              <Link to="/$plural" params={{ plural: object.plural }} className="truncate">
                {object.label_plural}
              </Link>
              <span className={`num ${classes.end}`}>{total && formatNumber(total.count)}</span>
              {object.can.create && (
                <button
                  type="button"
                  className="tool"
                  data-icon
                  aria-label={t("command.create", { object: object.label })}
                  title={t("command.create", { object: object.label })}
                  onClick={() => startCreate(object.name)}
                >
                  <IconPlus size={15} />
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
