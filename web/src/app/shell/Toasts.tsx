/** The stack of messages at the bottom of the page; they wait while the pointer or the focus is on them. */
import { IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { t } from "../../i18n";
import { closeToast, type Toast, toasts } from "../toasts";
import { Works } from "./Works";

const shown_ms = 6000;

function ToastRow({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || toast.kind === "error") {
      return;
    }
    const timer = setTimeout(() => closeToast(toast.id), shown_ms);
    return () => clearTimeout(timer);
  }, [held, toast]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pausing on hover is a convenience, focus does the same
    <div
      className="toast"
      data-kind={toast.kind}
      role={toast.kind === "error" ? "alert" : "status"}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {toast.actions.map((action) => (
        <button
          type="button"
          key={action.label}
          onClick={() => {
            closeToast(toast.id);
            action.run();
          }}
        >
          {action.label}
        </button>
      ))}
      <button type="button" aria-label={t("app.close")} onClick={() => closeToast(toast.id)}>
        <IconX size={14} />
      </button>
    </div>
  );
}

export function Toasts() {
  const list = toasts.use();
  return (
    <section className="toasts" aria-label={t("app.messages")}>
      <Works />
      {list.map((toast) => (
        <ToastRow key={toast.id} toast={toast} />
      ))}
    </section>
  );
}
