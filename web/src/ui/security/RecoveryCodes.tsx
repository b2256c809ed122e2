/** Recovery codes, shown this once: to be copied, downloaded or written down. */
import { Button } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { t } from "../../i18n";
import classes from "./security.module.css";

export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const [copied, setCopied] = useState(false);
  const text = `${codes.join("\n")}\n`;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className={classes.recovery}>
      <p>{t("security.codes_once")}</p>
      <ol className={classes.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className={classes.buttons}>
        <button type="button" className="tool" data-outline onClick={() => void copy()}>
          {copied ? <IconCheck size={15} /> : <IconCopy size={15} />} {t(copied ? "settings.copied" : "settings.copy")}
        </button>
        <a
          className="tool"
          data-outline
          download="rapport-recovery-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        >
          <IconDownload size={15} /> {t("security.download")}
        </a>
      </div>
      <span className="visually-hidden" role="status">
        {copied ? t("settings.copied") : ""}
      </span>
      <Button onClick={onKept} data-autofocus>
        {t("security.codes_kept")}
      </Button>
    </div>
  );
}
