/** Every act of consent of a person, newest first, each with its proof: when, how, in which words. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { RapportRecord, RecordPage } from "../../../api/types";
import { t } from "../../../i18n";
import { formatDateTime } from "../../../i18n/format";
import { quote } from "../../../ui/fields/operators";
import shared from "../record.module.css";
import classes from "./consent.module.css";
import { wordOf } from "./data";

const act_colors: { [act: string]: string } = { given: "green", confirmed: "teal", withdrawn: "red" };

export function Ledger({ record }: { record: RapportRecord }) {
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [...keys.pages("consent"), "of", record.id],
    queryFn: ({ pageParam }) =>
      api.get<RecordPage>("/consents", {
        filter: `person == ${quote(record.id)}`,
        sort: "-at",
        limit: 50,
        cursor: pageParam,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    retry: false,
  });
  const acts = data?.pages.flatMap((page) => page.records) ?? [];
  if (acts.length === 0) {
    return null;
  }
  return (
    <>
      <div className={shared.relatedHead}>
        <h2>{t("consent.ledger")}</h2>
      </div>
      <ol className={classes.ledger}>
        {acts.map((act) => (
          <Act key={act.id} act={act} />
        ))}
      </ol>
      {hasNextPage && (
        <button type="button" className="tool" onClick={() => void fetchNextPage()}>
          {t("record.more")}
        </button>
      )}
    </>
  );
}

function Act({ act }: { act: RapportRecord }) {
  const word = (field: string) => wordOf("consent", field, act[field]);
  const text = (field: string) => (typeof act[field] === "string" ? (act[field] as string) : "");
  const about = [word("channel"), text("address"), word("purpose"), text("topic")].filter(Boolean).join(" · ");
  const how = [word("source"), text("source_detail"), word("legal_basis")].filter(Boolean).join(" · ");
  return (
    <li>
      <span className="chip" data-color={act_colors[text("act")] ?? "gray"}>
        <span>{word("act")}</span>
      </span>
      <div className={classes.act}>
        <Link to="/$plural/$id" params={{ plural: "consents", id: act.id }}>
          {text("at") ? formatDateTime(text("at")) : word("act")}
        </Link>
        <span>{about}</span>
        <span className="dimmed">{how}</span>
        {text("wording") && <q className={classes.wording}>{text("wording")}</q>}
      </div>
    </li>
  );
}
