/** A dialog that is open as long as it is there: Escape closes it when it is the topmost, and the cursor goes back to what opened it. */
import { Modal, type ModalProps } from "@mantine/core";
import { t } from "../i18n";
import { useReturnFocus } from "./returnFocus";
import { useTopmost } from "./topmost";

export function Dialog({ closeOnEscape = true, ...props }: Omit<ModalProps, "opened">) {
  useReturnFocus();
  const topmost = useTopmost();
  return (
    <Modal
      opened
      closeButtonProps={{ "aria-label": t("app.close") }}
      {...props}
      closeOnEscape={closeOnEscape && topmost}
    />
  );
}
