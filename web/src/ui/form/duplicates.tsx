/** Warns, while a new record is written, that it may exist already. */
import { useDebouncedValue } from "@mantine/hooks";
import { IconCopyCheck } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/client";
import type { ObjectMeta } from "../../api/types";
import { hasText, t } from "../../i18n";
import { formatPercent } from "../../i18n/format";
import { finished } from "../fields/Field";
import { isEmpty } from "../fields/kind";
import classes from "./form.module.css";
import type { Values } from "./recordForm";

export interface Likeness {
  id: string;
  title: string;
  subtitle?: string | null;
  confidence: number;
  reasons: string[];
}

/** A reason in the reader's words; the server's own when there are none. */
export function reasonText(reason: string): string {
  const key = `duplicate.reason_${reason.toLowerCase().replace(/[^a-z]+/g, "_")}`;
  return hasText(key) ? t(key) : reason;
}

const telling = ["text", "emails", "phones", "links", "address"];

/** Records that look like the one being written. */
export function useLikeRecords(object: ObjectMeta, values: Values): Likeness[] {
  const known: Values = {};
  for (const field of object.fields) {
    const value = finished({ field }, values[field.name]);
    if (!field.system && telling.includes(field.kind) && !isEmpty(value)) {
      known[field.name] = value;
    }
  }
  const [text] = useDebouncedValue(JSON.stringify(known), 350);
  const { data } = useQuery({
    queryKey: ["like", object.name, text],
    queryFn: () => api.post<{ duplicates: Likeness[] }>(`/${object.plural}/check`, JSON.parse(text)),
    enabled: text !== "{}" && !object.timeline && !object.internal,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return text === "{}" ? [] : (data?.duplicates ?? []).slice(0, 4);
}

export function LikeRecords({ object, found, onOpen }: { object: ObjectMeta; found: Likeness[]; onOpen: () => void }) {
  return (
    <div role="status" className={found.length > 0 ? classes.twins : undefined}>
      {found.length > 0 && (
        <>
          <strong>
            <IconCopyCheck size={14} style={{ verticalAlign: "-2px" }} aria-hidden />{" "}
            {t("form.maybe_exists", { count: found.length })}
          </strong>
          <ul>
            {found.map((entry) => (
              <li key={entry.id}>
                <Link to="/$plural/$id" params={{ plural: object.plural, id: entry.id }} onClick={onOpen}>
                  {entry.title}
                </Link>
                {entry.subtitle && <span className="truncate">{entry.subtitle}</span>}
                <span>
                  {formatPercent(Math.round(entry.confidence * 100))} · {entry.reasons.map(reasonText).join(", ")}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
