/** The tree: each territory with who looks after it and how many companies it has, in the order in which rules are tried. */
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ObjectMeta, RapportRecord } from "../../../api/types";
import { t } from "../../../i18n";
import { RecordTitleText } from "../../../ui/fields/reference";
import { MoveButtons } from "../../../ui/MoveButtons";
import { territoryTree } from "../../../ui/territories/tree";
import { countBelow, useCounts } from "./data";
import classes from "./territories.module.css";

interface Props {
  object: ObjectMeta;
  territories: RapportRecord[];
  chosen: string | undefined;
  onOpen: (id: string) => void;
  onAdd: (below: string) => void;
  onMove: (siblings: RapportRecord[], territory: RapportRecord, by: -1 | 1) => void;
}

export function TerritoryList({ object, territories, chosen, onOpen, onAdd, onMove }: Props) {
  const { data: counts } = useCounts();
  return (
    <ul className={classes.tree}>
      {territoryTree(territories).map(({ territory, depth, siblings }) => {
        const name = String(territory.name ?? "");
        const at = siblings.indexOf(territory);
        return (
          <li key={territory.id} data-chosen={territory.id === chosen || undefined}>
            <div className={classes.name} style={{ paddingInlineStart: depth * 20 }}>
              <button
                type="button"
                className={classes.open}
                aria-expanded={territory.id === chosen}
                onClick={() => onOpen(territory.id)}
              >
                {name}
              </button>
              <span className="dimmed">
                {typeof territory.rule === "string" ? <code>{territory.rule}</code> : t("territories.folder")}
              </span>
            </div>
            {typeof territory.lead === "string" && <RecordTitleText object="user" id={territory.lead} plain />}
            {counts && (
              <Counts
                territory={territory}
                own={counts.get(territory.id) ?? 0}
                all={countBelow(territories, counts, territory.id)}
              />
            )}
            {object.can.update && (
              <span className={classes.acts}>
                <MoveButtons
                  first={at === 0}
                  last={at === siblings.length - 1}
                  up={t("territories.up", { name })}
                  down={t("territories.down", { name })}
                  onMove={(by) => onMove(siblings, territory, by)}
                />
                <button
                  type="button"
                  className="tool"
                  data-icon
                  aria-label={t("territories.add_below", { name })}
                  title={t("territories.add_below", { name })}
                  onClick={() => onAdd(territory.id)}
                >
                  <IconPlus size={14} />
                </button>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Counts({ territory, own, all }: { territory: RapportRecord; own: number; all: number }) {
  const filter = `territory == '${territory.id}'`;
  return (
    <span className={classes.counts}>
      <Link to="/$plural" params={{ plural: "companies" }} search={{ filter }}>
        {t("territories.companies", { count: own })}
      </Link>
      {all > own && <span className="dimmed">{t("territories.companies_below", { count: all })}</span>}
    </span>
  );
}
