/** The feed of activity: folding, counting what is new, words. */
import { beforeEach, describe, expect, it } from "vitest";
import { keys } from "../../api/keys";
import { queryClient } from "../../app/query";
import { setRegion } from "../../i18n/format";
import { also, type Entry, fresh, type Part, partsOf, rowsOf, sentence } from "./feed";

const part = (more: Partial<Part> = {}): Part => ({
  object: "person",
  op: "create",
  count: 1,
  more: false,
  records: [{ id: "1", object: "person", title: "Ann", subtitle: null }],
  ...more,
});
const entry = (at: string, parts: Part[], more: Partial<Entry> = {}): Entry => ({
  batch: `b${at}`,
  at: `2026-11-22T${at}:00Z`,
  actor: "user:1",
  verb: "changed",
  undone: false,
  parts,
  ...more,
});
const update = (before: string, after: string) => part({ op: "update", fields: { phone: [before, after] } });

setRegion("en", "Europe/Berlin");

beforeEach(() => {
  const person = {
    name: "person",
    label: "Person",
    label_plural: "People",
    fields: [{ name: "phone", label: "Phone" }],
  };
  queryClient.setQueryData(keys.boot, { objects: [person] });
});

describe("the feed", () => {
  it("folds what one person changed in one record shortly after", () => {
    const rows = rowsOf([
      entry("10:20", [update("b", "c")]),
      entry("10:00", [update("a", "b")]),
      entry("09:00", [update("x", "a")]),
      entry("08:50", [update("w", "x")], { actor: "user:2" }),
    ]);
    expect(rows.map((row) => (row.type === "day" ? row.day : row.entry.parts[0]?.fields?.phone))).toEqual([
      "2026-11-22",
      ["a", "c"],
      ["x", "a"],
      ["w", "x"],
    ]);
  });
  it("counts what is new", () => {
    const shown = [entry("10:00", [part()]), entry("09:00", [part()])];
    expect(fresh([entry("10:05", [part()]), ...shown], shown)).toBe(1);
    expect(fresh([entry("10:05", [part()]), entry("08:00", [part()])], shown)).toBe(1);
    expect(fresh(shown, shown)).toBe(0);
    expect(fresh([entry("10:05", [part()])], [])).toBe(1);
  });
  it("says what was done", () => {
    const say = (one: Entry) => sentence(one, partsOf(one)[0] as Part, "Ann");
    expect(say(entry("10:00", [update("a", "b")]))).toBe("Ann changed Phone:");
    expect(say(entry("10:00", [part({ op: "delete" })]))).toBe("Ann deleted");
    expect(say(entry("10:00", [part({ count: 1240 })], { verb: "imported" }))).toBe("Ann imported 1,240 People");
    expect(say(entry("10:00", [part({ op: "delete", count: 3 })], { verb: "merged" }))).toBe(
      "Ann merged 3 People into",
    );
    const many = part({ op: "update", count: 51, more: true, names: ["phone"] });
    expect(say(entry("10:00", [many]))).toBe("Ann changed Phone of 51+ People");
    expect(also(part({ count: 300 }))).toBe("created: 300 People");
  });
});
