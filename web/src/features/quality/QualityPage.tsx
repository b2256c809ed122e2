/** Data quality: what is missing, outdated, undeliverable or badly formatted, each with its list and its correction. */
import { IconAdjustments, IconArrowDownRight, IconArrowUpRight, IconCheck, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { BulkResult, ObjectMeta } from "../../api/types";
import { explain, showProblem } from "../../app/problems";
import { findObject, refreshObject, useBoot } from "../../app/query";
import { offerUndo } from "../../app/undo";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { Empty } from "../../ui/empty/Empty";
import { iconOf } from "../../ui/icons";
import { ChecksForm } from "./ChecksForm";
import { type FixName, fixes, refreshBoard, type Tile, useBoard } from "./data";
import { FixDialog } from "./FixDialog";
import classes from "./quality.module.css";

function titleOfTile(object: ObjectMeta, tile: Tile, months: number): string {
  if (tile.check === "missing") {
    const field = object.fields.find((entry) => entry.name === tile.field);
    return t("quality.missing", { field: field?.label ?? tile.field ?? "" });
  }
  if (tile.check === "outdated") {
    return t("quality.outdated", { count: months });
  }
  const options = object.fields.find((entry) => entry.name === "flaws")?.options;
  return options?.find((option) => option.value === tile.flaw)?.label ?? tile.flaw ?? "";
}

function Trend({ tile }: { tile: Tile }) {
  if (typeof tile.before !== "number" || tile.before === tile.count) {
    return null;
  }
  const more = tile.count - tile.before;
  const Arrow = more > 0 ? IconArrowUpRight : IconArrowDownRight;
  return (
    <span className={classes.trend} data-worse={more > 0 || undefined}>
      <Arrow size={14} aria-hidden /> {t(more > 0 ? "quality.more" : "quality.fewer", { count: Math.abs(more) })}
    </span>
  );
}

interface CardProps {
  object: ObjectMeta;
  tile: Tile;
  months: number;
  mayCorrect: boolean;
  onFix: (fix: FixName) => void;
}

function Card({ object, tile, months, mayCorrect, onFix }: CardProps) {
  const title = titleOfTile(object, tile, months);
  const fix = tile.flaw ? fixes[tile.flaw] : undefined;
  const confirm = async () => {
    try {
      const set = { confirmed_at: new Date().toISOString() };
      const done = await api.post<BulkResult>(`/${object.plural}/bulk`, { filter: tile.filter, set });
      refreshObject(object.name);
      await refreshBoard();
      offerUndo(done.batch, t("quality.confirmed_all", { count: done.updated }), [], refreshBoard);
    } catch (error) {
      showProblem(error);
    }
  };
  return (
    <li className={classes.tile} data-clean={tile.count === 0 || undefined}>
      <Link to="/$plural" params={{ plural: object.plural }} search={{ filter: tile.filter }} className={classes.open}>
        <span className={classes.count}>
          {tile.exact ? "" : "≈ "}
          {formatNumber(tile.count)}
        </span>
        <span>{title}</span>
      </Link>
      <div className={classes.foot}>
        <Trend tile={tile} />
        {tile.count === 0 && (
          <span className={classes.trend}>
            <IconCheck size={14} aria-hidden /> {t("quality.clean")}
          </span>
        )}
        {tile.count > 0 && mayCorrect && fix && (
          <button type="button" className="tool" data-outline onClick={() => onFix(fix)}>
            {t(`quality.fix_${fix}`)}
          </button>
        )}
        {tile.count > 0 && mayCorrect && tile.check === "outdated" && (
          <button type="button" className="tool" data-outline onClick={() => void confirm()}>
            {t("quality.confirm_all")}
          </button>
        )}
      </div>
    </li>
  );
}

function Duplicates({ object }: { object: ObjectMeta }) {
  const { data } = useQuery({
    queryKey: [...keys.figures(object.name), "duplicates"],
    queryFn: ({ signal }) => api.get<{ total: number }>("/duplicates", { object: object.name, limit: 1 }, { signal }),
    enabled: object.can.merge,
    retry: false,
  });
  return data ? (
    <li className={classes.tile} data-clean={data.total === 0 || undefined}>
      <Link to="/duplicates" search={{ object: object.name }} className={classes.open}>
        <span className={classes.count}>{formatNumber(data.total)}</span>
        <span>{t("quality.duplicates")}</span>
      </Link>
    </li>
  ) : null;
}

export function QualityPage() {
  const { role } = useBoot();
  const { data, error, refetch } = useBoard();
  const [fixing, setFixing] = useState<{ object: ObjectMeta; fix: FixName } | null>(null);
  const [asking, setAsking] = useState(false);
  const mayConfigure = role.admin || role.rights.special?.includes("configure") === true;
  useEffect(() => {
    document.title = t("app.title", { page: t("nav.quality") });
  }, []);
  const names = [...new Set(data?.tiles.map((tile) => tile.object))];
  return (
    <>
      <header className="page-header">
        <h1>{t("nav.quality")}</h1>
        <div className="end">
          {mayConfigure && data && (
            <button type="button" className="tool" data-outline onClick={() => setAsking(true)}>
              <IconAdjustments size={15} /> {t("quality.checks")}
            </button>
          )}
        </div>
      </header>
      <div className={`page-body ${classes.page}`}>
        {error && !data ? (
          <Empty
            icon={IconShieldCheck}
            title={t("quality.failed")}
            text={explain(error)}
            action={{ label: t("error.retry"), run: () => void refetch() }}
          />
        ) : null}
        {data && names.length === 0 && <Empty icon={IconShieldCheck} title={t("quality.nothing")} />}
        {names.map((name) => {
          const object = findObject(name);
          const Icon = object && iconOf(object);
          return object && Icon ? (
            <section key={name} className={classes.section} aria-label={object.label_plural}>
              <h2>
                <Icon size={16} aria-hidden /> {object.label_plural}
              </h2>
              <ul className={classes.tiles}>
                {data?.tiles
                  .filter((tile) => tile.object === name)
                  .map((tile) => (
                    <Card
                      key={tile.filter}
                      object={object}
                      tile={tile}
                      months={data.checks.months}
                      mayCorrect={object.can.bulk && object.can.update}
                      onFix={(fix) => setFixing({ object, fix })}
                    />
                  ))}
                <Duplicates object={object} />
              </ul>
            </section>
          ) : null;
        })}
      </div>
      {fixing && <FixDialog {...fixing} onClose={() => setFixing(null)} />}
      {asking && data && <ChecksForm checks={data.checks} onClose={() => setAsking(false)} />}
    </>
  );
}
