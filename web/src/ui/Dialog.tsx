/** A dialog that is open as long as it is there: Escape closes it, and the cursor goes back to what opened it. */
import { Modal, type ModalProps } from "@mantine/core";
import { t } from "../i18n";
import { useReturnFocus } from "./returnFocus";

export function Dialog(props: Omit<ModalProps, "opened">) {
  useReturnFocus();
  return <Modal opened closeButtonProps={{ "aria-label": t("app.close") }} {...props} />;
}
