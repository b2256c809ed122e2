/** How far an import is, in a word. */
import { t } from "../../i18n";
import { formatPercent } from "../../i18n/format";
import { type Import, isBusy } from "./model";

const colours: { [status: string]: string } = {
  mapping: "blue",
  checking: "blue",
  checked: "violet",
  running: "blue",
  done: "green",
  failed: "red",
  cancelled: "gray",
  undone: "gray",
};

export function StatusChip({ entry }: { entry: Import }) {
  const status = entry.undone ? "undone" : entry.status;
  return (
    <span className="chip" data-color={colours[status] ?? "gray"}>
      <span>
        {t(`imports.status_${status}`)}
        {isBusy(entry.status) && ` ${formatPercent(Math.round((entry.progress ?? 0) * 100))}`}
      </span>
    </span>
  );
}
