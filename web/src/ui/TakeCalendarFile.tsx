/** A button that takes a calendar's file: its events go where the page says. */
import { IconCalendarDown } from "@tabler/icons-react";
import { useRef, useState } from "react";

interface Props {
  label: string;
  /** The label stands beside the picture. */
  written?: boolean;
  disabled?: boolean;
  /** Why it is disabled. */
  why?: string;
  onFile: (events: Blob) => Promise<void>;
}

export function TakeCalendarFile({ label, written = false, disabled = false, why, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const take = async (file: File) => {
    setBusy(true);
    await onFile(new Blob([file], { type: "text/calendar" }));
    setBusy(false);
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".ics,text/calendar"
        hidden
        aria-label={label}
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
        disabled={disabled || busy}
        title={why ?? (written ? undefined : label)}
        onClick={() => input.current?.click()}
      >
        <IconCalendarDown size={15} /> <span className={written ? undefined : "visually-hidden"}>{label}</span>
      </button>
    </>
  );
}
