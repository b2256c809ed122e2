/** Takes events of a calendar's file in as meetings, and says what became of them. */
import { api } from "../../api/client";
import { showProblem } from "../../app/problems";
import { refreshObject } from "../../app/query";
import { showToast } from "../../app/toasts";
import { t } from "../../i18n";
import { TakeCalendarFile } from "../../ui/TakeCalendarFile";

interface TakenIn {
  created: number;
  updated: number;
  unchanged: number;
  left_out: { title: string; reason: string }[];
  batch: string;
}

async function take(events: Blob): Promise<void> {
  try {
    const taken = await api.upload<TakenIn>("/meetings/ics", {}, events);
    refreshObject("meeting");
    const { created, updated, unchanged, left_out } = taken;
    const text = t("ics.taken", { created, updated, unchanged });
    const first = left_out[0];
    showToast(
      first
        ? `${text} ${t("ics.left_out", { count: left_out.length, title: first.title, reason: first.reason })}`
        : text,
    );
  } catch (error) {
    showProblem(error);
  }
}

export function ImportCalendar() {
  return <TakeCalendarFile label={t("ics.import")} onFile={take} />;
}
