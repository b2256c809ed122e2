/** Lines: how they move, what is read of what is typed or pasted. */
import { describe, expect, it } from "vitest";
import { moved, readCell, readPasted } from "./data";

const lines = [10, 20, 30].map((position) => ({ id: `l${position}`, position }));

describe("lines", () => {
  it("change places with their neighbour, and only those that moved are written", () => {
    expect(moved(lines, "l20", -1)).toEqual([
      { id: "l20", position: 10 },
      { id: "l10", position: 20 },
    ]);
    expect(moved(lines, "l30", 1)).toEqual([]);
    expect(moved(lines, "l10", -1)).toEqual([]);
  });
  it("of equal positions get their own when one moves", () => {
    const same = ["a", "b", "c"].map((id) => ({ id, position: 10 }));
    expect(moved(same, "c", -1)).toEqual([
      { id: "c", position: 20 },
      { id: "b", position: 30 },
    ]);
  });
  it("read what is typed into a cell", () => {
    const line = { id: "x", unit_price: { amount: 5, currency: "USD" } };
    expect(readCell("quantity", "2,5", line, "EUR")).toEqual({ quantity: 2.5 });
    expect(readCell("unit_price", "9.90", line, "EUR")).toEqual({ unit_price: { amount: 9.9, currency: "USD" } });
    expect(readCell("unit_price", "9", { id: "x" }, "EUR")).toEqual({ unit_price: { amount: 9, currency: "EUR" } });
    expect(readCell("discount", "", line, "EUR")).toEqual({ discount: null });
    expect(readCell("quantity", "many", line, "EUR")).toBeUndefined();
    expect(readCell("name", " Work ", line, "EUR")).toEqual({ name: "Work" });
  });
  it("take rows of a spreadsheet, without its headings", () => {
    const rows = [
      ["Article", "Quantity", "Price"],
      ["Pump", "3", "19,90 €"],
      ["Hose", "", ""],
      ["", "5"],
    ];
    expect(readPasted(rows)).toEqual([
      { name: "Pump", quantity: 3, price: 19.9 },
      { name: "Hose", quantity: undefined, price: undefined },
    ]);
    expect(readPasted([["Work"]])).toEqual([{ name: "Work", quantity: undefined, price: undefined }]);
  });
});
