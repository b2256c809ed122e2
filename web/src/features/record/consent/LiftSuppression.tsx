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
import { useSending } from "../../../ui/form/useSave";
import { refreshConsent } from "./data";

export function LiftSuppression({ id, onClose }: { id: string; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const { busy, problems, send } = useSending();
  const lift = async () => {
    const written = await api.post<Written>(`/suppressions/${id}/lift`, { reason });
    const object = findObject("suppression");
    if (object) {
      patchRecord(object, written.record);
    }
    offerUndo(written.batch, t("consent.lifted"));
    refreshConsent();
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={t("consent.lift_title")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send(lift);
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
          error={problems[""]}
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
