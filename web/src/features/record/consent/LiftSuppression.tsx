/** An administrator lifts a suppression and says why; history keeps both. */
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { api } from "../../../api/client";
import type { Written } from "../../../api/types";
import { findObject, patchRecord } from "../../../app/query";
import { offerUndo } from "../../../app/undo";
import { t } from "../../../i18n";
import { Dialog } from "../../../ui/Dialog";
import formClasses from "../../../ui/form/form.module.css";
import { type Problems, problemsOf } from "../../../ui/form/recordForm";
import { refreshConsent } from "./data";

export function LiftSuppression({ id, onClose }: { id: string; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);
  const lift = async () => {
    setBusy(true);
    try {
      const written = await api.post<Written>(`/suppressions/${id}/lift`, { reason });
      const object = findObject("suppression");
      if (object) {
        patchRecord(object, written.record);
      }
      offerUndo(written.batch, t("consent.lifted"));
      refreshConsent();
      onClose();
    } catch (error) {
      setProblems(problemsOf(error, []));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={t("consent.lift_title")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void lift();
        }}
      >
        <Textarea
          size="xs"
          label={t("consent.lift_reason")}
          description={t("consent.lift_text")}
          autosize
          minRows={2}
          data-autofocus
          value={reason}
          error={problems.reason ?? problems[""]}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={formClasses.foot}>
          <div className={formClasses.end}>
            <Button type="button" variant="default" onClick={onClose}>
              {t("app.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={reason.trim() === ""}>
              {t("consent.lift")}
            </Button>
          </div>
        </div>
      </form>
    </Dialog>
  );
}
