/** Takes events of a calendar's file in as meetings, and says what became of them. */
import { IconCalendarDown } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { api } from "../../api/client";
import { showProblem } from "../../app/problems";
import { refreshObject } from "../../app/query";
import { showToast } from "../../app/toasts";
import { t } from "../../i18n";

interface TakenIn {
  created: number;
  updated: number;
  unchanged: number;
  left_out: { title: string; reason: string }[];
  batch: string;
}

export function ImportCalendar() {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const take = async (file: File) => {
    setBusy(true);
    try {
      const taken = await api.upload<TakenIn>("/meetings/ics", {}, new Blob([file], { type: "text/calendar" }));
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
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".ics,text/calendar"
        hidden
        aria-label={t("ics.import")}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) {
            void take(file);
          }
        }}
      />
      <button
        type="button"
        className="tool"
        data-outline
        disabled={busy}
        aria-label={t("ics.import")}
        title={t("ics.import")}
        onClick={() => input.current?.click()}
      >
        <IconCalendarDown size={15} /> <span className="visually-hidden">{t("ics.import")}</span>
      </button>
    </>
  );
}
