/** What waits, what went, what failed and why. A mail cannot be taken back; one that waits can be cancelled. */
import { Button, NativeSelect } from "@mantine/core";
import { IconRefresh, IconX } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../../api/client";
import { showProblem } from "../../../app/problems";
import { queryClient } from "../../../app/query";
import { t } from "../../../i18n";
import { formatDateTime } from "../../../i18n/format";
import { Listed } from "../parts";
import classes from "../settings.module.css";
import { loadOutgoing, type OutgoingMail, outgoingKey } from "./data";

const states = ["", "waiting", "failed", "sent", "cancelled"] as const;
const open_states = ["waiting", "held", "failed"];

async function act(path: string, body: object = {}) {
  try {
    await api.post(`/mail/outgoing/${path}`, body);
  } catch (error) {
    showProblem(error);
  } finally {
    await queryClient.invalidateQueries({ queryKey: outgoingKey });
  }
}

export function Outgoing() {
  const [state, setState] = useState("");
  const query = useInfiniteQuery({
    queryKey: [...outgoingKey, state],
    queryFn: ({ pageParam }) => loadOutgoing(state, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 5000,
  });
  const ledger = query.data?.pages[0]?.ledger;
  const mails = query.data?.pages.flatMap((page) => page.mails);
  return (
    <section aria-labelledby="mail-outgoing">
      <h3 id="mail-outgoing">{t("mail.outgoing")}</h3>
      {ledger && <p className="dimmed">{t("mail.ledger", { ...ledger })}</p>}
      {ledger && ledger.held > 0 && <Held count={ledger.held} />}
      <div className={classes.after}>
        <NativeSelect
          size="xs"
          w={180}
          aria-label={t("mail.state")}
          value={state}
          data={states.map((value) => ({ value, label: t(`mail.state_${value || "all"}`) }))}
          onChange={(event) => setState(event.currentTarget.value)}
        />
      </div>
      <div className={classes.after}>
        <Listed query={{ data: mails, error: query.error, refetch: query.refetch }}>
          {(rows) =>
            rows.length === 0 ? (
              <p className="dimmed">{t("mail.none")}</p>
            ) : (
              <ul className={classes.rows}>
                {rows.map((mail) => (
                  <Row key={mail.id} mail={mail} />
                ))}
              </ul>
            )
          }
        </Listed>
      </div>
      {query.hasNextPage && (
        <Button variant="default" className={classes.after} onClick={() => void query.fetchNextPage()}>
          {t("mail.more")}
        </Button>
      )}
    </section>
  );
}

function Held({ count }: { count: number }) {
  return (
    <div role="alert" className={`${classes.problem} ${classes.after}`}>
      <p>{t("mail.held", { count })}</p>
      <div className={`${classes.buttons} ${classes.after}`}>
        <Button size="xs" variant="default" onClick={() => void act("release", { send: true })}>
          {t("mail.release")}
        </Button>
        <Button size="xs" variant="default" onClick={() => void act("release", { send: false })}>
          {t("mail.drop")}
        </Button>
      </div>
    </div>
  );
}

function Row({ mail }: { mail: OutgoingMail }) {
  const kind = t(`mail.kind_${mail.kind}`);
  const what = { kind, address: mail.address };
  const open = open_states.includes(mail.status);
  const when =
    mail.status === "waiting" && mail.attempts > 0
      ? t("mail.next_try", { at: formatDateTime(mail.due_at) })
      : formatDateTime(mail.ended_at ?? mail.queued_at);
  return (
    <li>
      <span className={classes.rowMain}>
        <strong>
          {kind} · {mail.address}
        </strong>
        <span className="dimmed">
          {t(`mail.status_${mail.status}`)} · {when}
          {mail.unsure && ` · ${t("mail.unsure")}`}
        </span>
        {mail.answer && mail.status !== "sent" && <span className={classes.answer}>{mail.answer}</span>}
      </span>
      {open && (
        <>
          <button
            type="button"
            className="tool"
            data-icon
            aria-label={t("mail.retry_named", what)}
            title={t("mail.retry")}
            onClick={() => void act(`${mail.id}/retry`)}
          >
            <IconRefresh size={16} />
          </button>
          <button
            type="button"
            className="tool"
            data-icon
            aria-label={t("mail.cancel_named", what)}
            title={t("mail.cancel")}
            onClick={() => void act(`${mail.id}/cancel`)}
          >
            <IconX size={16} />
          </button>
        </>
      )}
    </li>
  );
}
