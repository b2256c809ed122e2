/** A button that takes a calendar's file: its events go where the page says. */
import { IconCalendarDown } from "@tabler/icons-react";
import { useState } from "react";
import { useFileChooser } from "./useFileChooser";

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
  const [busy, setBusy] = useState(false);
  const take = async (file: File) => {
    setBusy(true);
    await onFile(new Blob([file], { type: "text/calendar" }));
    setBusy(false);
  };
  const { choose, chooser } = useFileChooser(([file]) => file && void take(file), {
    accept: ".ics,text/calendar",
    label,
  });
  return (
    <>
      {chooser}
      <button
        type="button"
        className="tool"
        data-outline
        disabled={disabled || busy}
        title={why ?? (written ? undefined : label)}
        onClick={choose}
      >
        <IconCalendarDown size={15} /> <span className={written ? undefined : "visually-hidden"}>{label}</span>
      </button>
    </>
  );
}
