/** Sends what was edited, pasted, filled or cleared in the grid: one batch, one undo. */
import type { ObjectMeta } from "../../api/types";
import { patchRecord } from "../../app/query";
import { showToast } from "../../app/toasts";
import { bulk, updateRecord } from "../../app/write";
import { t } from "../../i18n";
import type { CellChange } from "../../ui/grid/cells";

export async function saveCells(object: ObjectMeta, changes: CellChange[]): Promise<void> {
  const [first, ...more] = changes;
  if (!first) {
    showToast(t("grid.nothing_changed"));
    return;
  }
  try {
    if (more.length === 0) {
      await updateRecord(object, first.record, first.values);
      return;
    }
    const before = changes.map(({ record, values }) => ({
      id: record.id,
      ...Object.fromEntries(Object.keys(values).map((name) => [name, record[name] ?? null])),
    }));
    for (const { record, values } of changes) {
      patchRecord(object, { id: record.id, ...values });
    }
    const cells = changes.reduce((sum, change) => sum + Object.keys(change.values).length, 0);
    const update = changes.map(({ record, values }) => ({ ...values, id: record.id }));
    await bulk(object, { update }, t("grid.cells_changed", { count: cells })).catch((error) => {
      for (const values of before) {
        patchRecord(object, values);
      }
      throw error;
    });
  } catch {
    // Already said in a toast; the old values are back in their cells.
  }
}
