/** Timelines: days, folded runs of changes, what a run did in the end. */
import { describe, expect, it } from "vitest";
import { setRegion } from "../../i18n/format";
import { netFields, type TimelineEntry, timelineRows } from "./rows";

const note = (at: string): TimelineEntry => ({ key: `n${at}`, at, kind: "note", object: "note", record: { id: "1" } });
const change = (
  at: string,
  actor: string,
  fields: { [name: string]: [string | null, string | null] } = { a: ["x", "y"] },
  op = "update",
): TimelineEntry => ({
  key: `c${at}`,
  at,
  kind: "change",
  object: "person",
  change: { seq: 1, batch: "b", at, actor, op, record: "1", fields },
});

setRegion("en", "Europe/Berlin");

describe("timeline rows", () => {
  it("begin a new day by the reader's clock", () => {
    const rows = timelineRows([
      note("2026-11-22T08:00:00Z"),
      note("2026-11-21T23:30:00Z"),
      note("2026-11-21T20:00:00Z"),
    ]);
    expect(rows.map((row) => (row.type === "day" ? row.day : row.type))).toEqual([
      "2026-11-22",
      "entry",
      "entry",
      "2026-11-21",
      "entry",
    ]);
  });
  it("fold changes of one person made one shortly after the other", () => {
    const rows = timelineRows([
      change("2026-11-22T09:20:00Z", "user:1"),
      change("2026-11-22T09:00:00Z", "user:1"),
      change("2026-11-22T08:00:00Z", "user:1"),
      change("2026-11-22T07:55:00Z", "user:2"),
      change("2026-11-22T07:54:00Z", "user:2", {}, "create"),
    ]);
    expect(
      rows.filter((row) => row.type === "changes").map((row) => row.type === "changes" && row.entries.length),
    ).toEqual([2, 1, 1, 1]);
  });
  it("have keys of their own", () => {
    const rows = timelineRows([
      note("2026-11-22T08:00:00Z"),
      change("2026-11-22T07:00:00Z", "user:1"),
      note("2026-11-20T08:00:00Z"),
    ]);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });
  it("say what a run did in the end", () => {
    const run = [
      change("2026-11-22T09:20:00Z", "u", { a: ["2", "3"], b: ["q", "p"] }),
      change("2026-11-22T09:10:00Z", "u", { a: ["1", "2"], b: ["p", "q"], c: [null, "new"] }),
    ];
    expect(netFields(run)).toEqual({ a: ["1", "3"], c: [null, "new"] });
  });
});
