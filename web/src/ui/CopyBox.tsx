/** A secret or an address that is shown once, with the button that copies it. */
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { t } from "../i18n";

/**
 * An address of a program that was not told its public one leads nowhere but on its own machine: it is shown as the reader
 * reached the program.
 */
function withinReach(text: string): string {
  const local = "http://localhost:";
  const own = text.startsWith(local) && new URL(text);
  return own ? window.location.origin + own.pathname + own.search + own.hash : text;
}

export function CopyBox({ value: told, label }: { value: string; label: string }) {
  const value = withinReach(told);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <div className="copy-box">
      <input
        readOnly
        value={value}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
        data-autofocus
      />
      <button type="button" className="tool" data-primary onClick={() => void copy()}>
        {copied ? <IconCheck size={15} /> : <IconCopy size={15} />} {t(copied ? "settings.copied" : "settings.copy")}
      </button>
      <span className="visually-hidden" role="status">
        {copied ? t("settings.copied") : ""}
      </span>
    </div>
  );
}
