/** Says above every page as whom it is seen, with the way back. */
import { useEffect } from "react";
import { t } from "../../i18n";
import { showProblem } from "../problems";
import { useBoot } from "../query";
import { followOtherWindows, stopViewing } from "../viewing";

export function Viewing() {
  const boot = useBoot();
  useEffect(followOtherWindows, []);
  return boot.viewing ? (
    <div className="banner" data-fixed role="status">
      <span>{t("viewing.as", { name: boot.user.name })}</span>
      <button
        type="button"
        className="tool"
        data-outline
        onClick={() => void stopViewing().catch((error) => showProblem(error))}
      >
        {t("viewing.stop")}
      </button>
    </div>
  ) : null;
}
