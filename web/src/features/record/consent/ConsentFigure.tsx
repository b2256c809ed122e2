/** Over which channels a person may get marketing, in the strip below the header. */
import { IconBan, IconCheck } from "@tabler/icons-react";
import { t } from "../../../i18n";
import type { PartProps } from "../parts";
import classes from "../record.module.css";
import { sentenceOf, state_colors, useConsent, type Verdict, wordOf } from "./data";

/** One verdict per channel: that of the first address that may be written to, else of the first. */
function byChannel(verdicts: Verdict[]): Verdict[] {
  const channels = [...new Set(verdicts.map((entry) => entry.channel))];
  return channels.flatMap((channel) => {
    const own = verdicts.filter((entry) => entry.channel === channel);
    return own.find((entry) => entry.allowed) ?? own.find((entry) => entry.state === "refused") ?? own[0] ?? [];
  });
}

export function ConsentFigure({ record }: PartProps) {
  const { data } = useConsent(record);
  // That nobody was asked is no news.
  const told = byChannel(data?.channels ?? []).filter((entry) => entry.state !== "unknown");
  if (told.length === 0) {
    return null;
  }
  return (
    <div className={classes.figure}>
      <dt>{t("consent.figure")}</dt>
      <dd className={classes.figureChips}>
        {told.map((entry) => {
          const Icon = entry.allowed ? IconCheck : IconBan;
          return (
            <span
              key={entry.channel}
              className="chip"
              data-color={state_colors[entry.state]}
              title={entry.why.map(sentenceOf).join(" ")}
            >
              <Icon size={12} aria-hidden />
              <span>{wordOf("consent", "channel", entry.channel)}</span>
              <span className="visually-hidden">{t(`consent.state_${entry.state}`)}</span>
            </span>
          );
        })}
      </dd>
    </div>
  );
}
