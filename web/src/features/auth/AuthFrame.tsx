/** The frame of the pages before log-in: a calm column in the middle. */
import { type ReactNode, useEffect } from "react";
import { t } from "../../i18n";
import classes from "./auth.module.css";

export function AuthFrame({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  useEffect(() => {
    document.title = t("app.title", { page: title });
  }, [title]);
  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <img src="/icon.svg" alt="" width={40} height={40} />
        <h1>{title}</h1>
        {text && <p className="dimmed">{text}</p>}
        {children}
      </div>
    </main>
  );
}
