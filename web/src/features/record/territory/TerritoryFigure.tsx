/** Where a company belongs: the way down the tree, and whether somebody chose it by hand. */
import { IconPin } from "@tabler/icons-react";
import { updateRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { path_sign, pathOf } from "../../../ui/territories/tree";
import { useTerritories } from "../../../ui/territories/useTerritories";
import type { PartProps } from "../parts";
import classes from "../record.module.css";
import own from "./territory.module.css";

export function TerritoryFigure({ object, record }: PartProps) {
  const pinned = record.territory_pinned === true;
  const id = typeof record.territory === "string" ? record.territory : undefined;
  const { data } = useTerritories(id !== undefined);
  const field = object.fields.find((entry) => entry.name === "territory");
  if (!field || field.hidden || field.unusable || (!id && !pinned)) {
    return null;
  }
  const path = id ? pathOf(data ?? [], id).join(path_sign) : t("territories.none_by_hand");
  const release = () =>
    void updateRecord(object, record, { territory_pinned: false }, { label: t("territories.released") }).catch(
      () => {},
    );
  return (
    <div className={classes.figure}>
      <dt>{field.label}</dt>
      <dd className={own.place}>
        <span title={path}>{path}</span>
        {pinned && (
          <span className={own.pinned} title={t("territories.pinned_why")}>
            <IconPin size={13} aria-hidden /> {t("territories.pinned")}
          </span>
        )}
        {pinned && object.can.update && !record.deleted_at && (
          <button type="button" className={own.release} title={t("territories.release_why")} onClick={release}>
            {t("territories.release")}
          </button>
        )}
      </dd>
    </div>
  );
}
