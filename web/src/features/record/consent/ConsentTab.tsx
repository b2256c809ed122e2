/** Consent of a person: per address what may be sent and why, and the ledger with its proofs. */
import { Select } from "@mantine/core";
import { IconPlus, IconShield } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../../app/problems";
import { findObject, useBoot } from "../../../app/query";
import { t } from "../../../i18n";
import { Empty } from "../../../ui/empty/Empty";
import type { PartProps } from "../parts";
import shared from "../record.module.css";
import classes from "./consent.module.css";
import { type Reason, sentenceOf, shownAddress, state_colors, useConsent, type Verdict, wordOf } from "./data";
import { Ledger } from "./Ledger";
import { LiftSuppression } from "./LiftSuppression";
import { RecordAct, type StartedAct } from "./RecordAct";

const purposes = ["marketing", "tracking", "service", "transactional"];

export default function ConsentTab({ record }: PartProps) {
  const consent = findObject("consent");
  const [purpose, setPurpose] = useState("marketing");
  const { data, error, refetch } = useConsent(record, purpose);
  const [started, setStarted] = useState<StartedAct | null>(null);
  const [lifting, setLifting] = useState<string | null>(null);
  const mayRecord = consent?.can.create === true && !record.deleted_at;
  const verdicts = data?.channels ?? [];
  const start = (act: StartedAct["act"], verdict?: Verdict) =>
    setStarted({ act, purpose, channel: verdict?.channel, address: verdict?.address });
  if (error && !data) {
    return (
      <Empty
        icon={IconShield}
        title={t("record.related_failed")}
        text={explain(error)}
        action={{ label: t("error.retry"), run: () => void refetch() }}
      />
    );
  }
  return (
    <section aria-label={t("consent.tab")}>
      <div className={shared.relatedHead}>
        <Select
          size="xs"
          className={classes.purpose}
          aria-label={t("consent.purpose")}
          allowDeselect={false}
          data={purposes.map((value) => ({ value, label: wordOf("consent", "purpose", value) }))}
          value={purpose}
          onChange={(value) => setPurpose(value ?? "marketing")}
        />
        {mayRecord && verdicts.length > 0 && (
          <button type="button" className="tool" data-outline onClick={() => start("given")}>
            <IconPlus size={14} /> {t("consent.record")}
          </button>
        )}
      </div>
      {data && verdicts.length === 0 && (
        <Empty icon={IconShield} title={t("consent.no_address")} text={t("consent.no_address_text")} />
      )}
      <ul className={classes.channels}>
        {verdicts.map((verdict) => (
          <ChannelRow
            key={`${verdict.channel} ${verdict.address}`}
            verdict={verdict}
            address={shownAddress(record, verdict)}
            onRecord={mayRecord ? (act) => start(act, verdict) : undefined}
            onLift={setLifting}
          />
        ))}
      </ul>
      <Ledger record={record} />
      <p className={classes.foot}>
        <Link to="/$plural" params={{ plural: "consents" }}>
          {t("consent.all_consents")}
        </Link>
        {findObject("suppression") && (
          <Link to="/$plural" params={{ plural: "suppressions" }}>
            {t("consent.all_suppressions")}
          </Link>
        )}
      </p>
      {started && <RecordAct record={record} started={started} verdicts={verdicts} onClose={() => setStarted(null)} />}
      {lifting && <LiftSuppression id={lifting} onClose={() => setLifting(null)} />}
    </section>
  );
}

interface RowProps {
  verdict: Verdict;
  address: string;
  onRecord?: (act: StartedAct["act"]) => void;
  onLift: (id: string) => void;
}

function ChannelRow({ verdict, address, onRecord, onLift }: RowProps) {
  const channel = wordOf("consent", "channel", verdict.channel);
  const withdrawn = verdict.why.some((reason) => reason.code === "consent_withdrawn");
  const given = verdict.why.some((reason) => ["consent_given", "consent_confirmed"].includes(reason.code));
  return (
    <li className={classes.channel}>
      <div className={classes.where}>
        <strong>{channel}</strong>
        <span className={classes.address}>{address}</span>
      </div>
      <div className={classes.verdict}>
        <span className="chip" data-color={state_colors[verdict.state]}>
          <span>{t(`consent.state_${verdict.state}`)}</span>
        </span>
        <ul className={classes.why}>
          {verdict.why.map((reason) => (
            <Why key={`${reason.code} ${reason.id ?? reason.at ?? ""}`} reason={reason} onLift={onLift} />
          ))}
        </ul>
      </div>
      {onRecord && (
        <div className={classes.acts}>
          {!given && (
            <button
              type="button"
              className="tool"
              data-outline
              aria-label={t("consent.record_for", { channel, address })}
              onClick={() => onRecord("given")}
            >
              {t("consent.record")}
            </button>
          )}
          {!withdrawn && (
            <button
              type="button"
              className="tool"
              data-outline
              aria-label={t("consent.withdraw_for", { channel, address })}
              onClick={() => onRecord("withdrawn")}
            >
              {t("consent.withdraw")}
            </button>
          )}
        </div>
      )}
    </li>
  );
}

function Why({ reason, onLift }: { reason: Reason; onLift: (id: string) => void }) {
  const admin = useBoot().role.admin;
  const { object, id } = reason;
  const suppressed = reason.code === "suppressed" && object === "suppression";
  const plural = object && findObject(object)?.plural;
  return (
    <li>
      {sentenceOf(reason)}{" "}
      {id && plural && object !== "person" && (
        <Link to="/$plural/$id" params={{ plural, id }}>
          {t("consent.proof")}
        </Link>
      )}{" "}
      {admin && suppressed && id && (
        <button type="button" className={classes.lift} onClick={() => onLift(id)}>
          {t("consent.lift")}
        </button>
      )}
    </li>
  );
}
