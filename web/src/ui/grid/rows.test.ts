/** Where a long list ends, when its total is an estimate. */
import { describe, expect, it } from "vitest";
import type { RapportRecord, RecordPage } from "../../api/types";
import { type Bounds, narrowed, page_rows, rowsWithin, unbounded } from "./rows";

function page(length: number, next: string | null = length === page_rows ? "on" : null): RecordPage {
  const records = Array.from({ length }, (_, at) => ({ id: String(at) }) as RapportRecord);
  return { records, next, total: { count: 0, exact: false } } as RecordPage;
}

const about = (count: number) => ({ count, exact: false });

describe("the end of a list", () => {
  it("is the server's when it counted", () => {
    expect(rowsWithin({ count: 7, exact: true }, unbounded)).toBe(7);
  });

  it("is the estimate until pages say otherwise", () => {
    expect(rowsWithin(about(20_000), narrowed(unbounded, new Map([[0, page(100)]])))).toBe(20_000);
  });

  it("is nowhere while nothing is known", () => {
    expect(rowsWithin(about(0), unbounded)).toBe(0);
  });

  it("is known from a page that is not full, or has no next one", () => {
    expect(narrowed(unbounded, new Map([[3, page(40)]]))).toEqual({ least: 340, most: 340 });
    expect(narrowed(unbounded, new Map([[3, page(100, null)]]))).toEqual({ least: 400, most: 400 });
  });

  it("lies further on when the estimate was too low", () => {
    const bounds = narrowed(unbounded, new Map([[9, page(100)]]));
    expect(rowsWithin(about(900), bounds)).toBe(1_100);
  });

  it("is found in a few steps when the estimate was much too high", () => {
    const end = 12_345;
    const at = (index: number) => page(Math.max(0, Math.min(page_rows, end - index * page_rows)));
    let bounds: Bounds = narrowed(unbounded, new Map([[0, at(0)]]));
    let steps = 0;
    for (; bounds.least !== bounds.most && steps < 50; steps++) {
      const last = Math.floor((rowsWithin(about(500_000), bounds) - 1) / page_rows);
      bounds = narrowed(bounds, new Map([[last, at(last)]]));
    }
    expect(bounds).toEqual({ least: end, most: end });
    expect(steps).toBeLessThan(20);
  });

  it("moves when the list grows or shrinks", () => {
    const known = { least: 340, most: 340 };
    expect(narrowed(known, new Map([[3, page(100)]]))).toEqual({ least: 400, most: Number.POSITIVE_INFINITY });
    expect(narrowed(known, new Map([[2, page(20)]]))).toEqual({ least: 220, most: 220 });
  });
});
