/** Owner and team for the records of an object that was made without. */
import type { ObjectMeta } from "../../../api/types";
import { changeObject } from "../../../app/definitions";
import { showProblem } from "../../../app/problems";
import { t } from "../../../i18n";

export async function giveOwners(object: ObjectMeta): Promise<void> {
  const label = t("designer.object_changed", { objects: object.label_plural });
  await changeObject(object.name, { owned: true }, label).catch(showProblem);
}
