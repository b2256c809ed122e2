/** What is shown instead of a page: while it loads, when it is missing, when it failed. */
import { IconAlertTriangle, IconCompass } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { t } from "../i18n";
import { Empty } from "../ui/empty/Empty";
import { explain } from "./problems";

export function PagePending() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return shown ? (
    <div className="page-column" role="status" aria-label={t("app.loading")}>
      {[220, 480, 400, 440, 320].map((width) => (
        <p key={width} style={{ marginBlock: 18 }}>
          <span className="skeleton" style={{ width }} />
        </p>
      ))}
    </div>
  ) : null;
}

export function PageMissing() {
  return (
    <main className="page-body">
      <Empty
        icon={IconCompass}
        heading={1}
        title={t("error.missing_title")}
        text={t("error.missing_text")}
        action={{ label: t("error.home"), href: "/" }}
      />
    </main>
  );
}

export function PageError({ error, reset }: { error: unknown; reset?: () => void }) {
  const retry = () => {
    reset?.();
    window.location.reload();
  };
  return (
    <div className="page-body" role="alert">
      <Empty
        icon={IconAlertTriangle}
        heading={1}
        title={t("error.page_title")}
        text={explain(error)}
        action={{ label: t("error.retry"), run: retry }}
      />
    </div>
  );
}
