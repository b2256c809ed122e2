/** Says that a record may exist twice, and leads to the comparison. */

import { IconCopyCheck, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { isEmpty } from "../../ui/fields/kind";
import type { Likeness } from "../../ui/form/duplicates";
import classes from "./record.module.css";

const telling = ["text", "emails", "phones", "links", "address"];

export function DuplicateHint({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const [closed, setClosed] = useState(false);
  const values = Object.fromEntries(
    object.fields
      .filter((field) => telling.includes(field.kind) && !field.system && !isEmpty(record[field.name]))
      .map((field) => [field.name, record[field.name]]),
  );
  const { data } = useQuery({
    queryKey: [...keys.record(object.name, record.id), "like", record.version],
    queryFn: () => api.post<{ duplicates: Likeness[] }>(`/${object.plural}/check?except=${record.id}`, values),
    enabled:
      object.can.merge && !object.timeline && !object.internal && !record.deleted_at && Object.keys(values).length > 0,
    staleTime: 300_000,
    retry: false,
  });
  const found = (data?.duplicates ?? []).filter((entry) => entry.id !== record.id && entry.confidence >= 0.75);
  if (found.length === 0 || closed) {
    return null;
  }
  const ids = [record.id, ...found.slice(0, 3).map((entry) => entry.id)].join(",");
  return (
    <div className={classes.hint} role="status">
      <Link to="/duplicates/$id" params={{ id: "compare" }} search={{ object: object.name, ids }}>
        <IconCopyCheck size={15} aria-hidden />
        <span className="truncate">
          {t("record.maybe_duplicates", { count: found.length, title: found[0]?.title ?? "" })}
        </span>
        <span className={classes.hintMore}>{t("record.compare")}</span>
      </Link>
      <button type="button" className="tool" data-icon aria-label={t("app.close")} onClick={() => setClosed(true)}>
        <IconX size={14} />
      </button>
    </div>
  );
}
