/** Records in the cache are found and changed in every shape that answers are kept in. */
import { describe, expect, it } from "vitest";
import { recordsIn, withRecord } from "./cached";

const a = { id: "a", name: "A" };
const b = { id: "b", name: "B" };
const rename = (known: typeof a) => ({ ...known, name: "X" });

describe("cached records", () => {
  it("are found in pages, pages of pages and lists", () => {
    expect(recordsIn({ records: [a, b] })).toEqual([a, b]);
    expect(recordsIn({ pages: [{ records: [a] }, { records: [b] }], pageParams: [] })).toEqual([a, b]);
    expect(recordsIn([a])).toEqual([a]);
    expect(recordsIn(undefined)).toEqual([]);
    expect(recordsIn({ groups: [] })).toEqual([]);
  });
  it("are changed where they stand, and nothing else is touched", () => {
    const pages = { pages: [{ records: [a] }, { records: [b] }], pageParams: [undefined] };
    const next = withRecord(pages, "b", rename as never) as typeof pages;
    expect(next.pages[1]?.records[0]?.name).toBe("X");
    expect(next.pages[0]).toBe(pages.pages[0]);
    expect(withRecord([a, b], "a", rename as never)).toEqual([{ id: "a", name: "X" }, b]);
    const timeline = { pages: [{ entries: [{ key: "1", record: a }, { key: "2" }] }] };
    expect(withRecord(timeline, "a", rename as never)).toEqual({
      pages: [{ entries: [{ key: "1", record: { id: "a", name: "X" } }, { key: "2" }] }],
    });
  });
  it("stay the very same when the record is not among them", () => {
    const page = { records: [a] };
    expect(withRecord(page, "z", rename as never)).toBe(page);
    expect(withRecord(undefined, "z", rename as never)).toBeUndefined();
  });
});
