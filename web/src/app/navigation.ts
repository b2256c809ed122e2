/** Where things stand: addresses of records and lists, the order of objects in the navigation. */
import type { Boot, ObjectMeta } from "../api/types";

const first = ["person", "company", "lead", "deal", "quote"];

/** The objects that have a list page of their own, in the order of the navigation. */
export function mainObjects(boot: Boot): ObjectMeta[] {
  const shown = boot.objects.filter(
    (object) => !object.internal && (!object.timeline || object.custom) && !isLink(object),
  );
  const rank = (object: ObjectMeta) => (first.includes(object.name) ? first.indexOf(object.name) : first.length);
  return shown.sort((a, b) => rank(a) - rank(b));
}

/** Whether the reader may import into, or merge the records of, anything at all. */
export function mayOn(boot: Boot, what: "import" | "merge"): boolean {
  return boot.objects.some((object) => !object.internal && object.can[what]);
}

/** Activities: notes, calls, meetings … whose home is the timeline. */
export function activityObjects(boot: Boot): ObjectMeta[] {
  return boot.objects.filter((object) => !object.internal && object.timeline && !object.custom);
}

const links = [
  ...["affiliation", "relationship", "tag", "preference", "suppression", "stage", "stage_change"],
  ...["product_family", "price", "tax_rate", "deal_line", "quote_line"],
];

/** Objects that only join two others (who works where), or belong to one, are shown on those. */
function isLink(object: ObjectMeta): boolean {
  return links.includes(object.name);
}

export function recordAddress(object: Pick<ObjectMeta, "plural">, id: string): string {
  return `/${object.plural}/${id}`;
}

/** Objects with a page of their own at the plain address: one's own tasks, documents in their folders. */
const own_page = ["task", "document"];

/** The address of an object's list. */
export function listPath(object: Pick<ObjectMeta, "name" | "plural">): string {
  return own_page.includes(object.name) ? `/${object.plural}/all` : `/${object.plural}`;
}

/** The page of documents, where there are documents. */
export function documentsObject(boot: Boot): ObjectMeta | undefined {
  return boot.objects.find((object) => object.name === "document" && !object.internal);
}

/** The address of the calendar of meetings, where there are meetings. */
export function calendarPath(boot: Boot): string | undefined {
  const meeting = boot.objects.find((object) => object.name === "meeting" && !object.internal);
  return meeting && `${listPath(meeting)}?type=calendar`;
}
