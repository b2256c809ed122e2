/** The question whether unsaved changes may be lost. */
import { Button } from "@mantine/core";
import { t } from "../../i18n";
import { Dialog } from "../../ui/Dialog";
import form from "../../ui/form/form.module.css";
import { leaving } from "../unsaved";

export function LeaveDialog() {
  const asked = leaving.use();
  return asked ? (
    <Dialog onClose={() => asked.answer(false)} title={t("form.leave_title")}>
      <p>{t("form.leave_text")}</p>
      <div className={form.foot}>
        <div className={form.end}>
          <Button variant="default" onClick={() => asked.answer(true)}>
            {t("form.leave_go")}
          </Button>
          <Button data-autofocus onClick={() => asked.answer(false)}>
            {t("form.leave_stay")}
          </Button>
        </div>
      </div>
    </Dialog>
  ) : null;
}
