/** The keyboard of the grid as a table, and what cell operations change. */
import { describe, expect, it } from "vitest";
import { person } from "../../test/objects";
import { type CellSource, changesOfClear, changesOfFill, changesOfPaste } from "./cells";
import { readCells, writeCells } from "./clipboard";
import { gridColumns, readColumns, readSort, writeColumns, writeSort } from "./columns";
import { editAction, moveAction, type Press } from "./keys";
import { nextPages, pagesAround } from "./rows";
import { drawnRows, height_max_px, rowsInPlace, scaleOf, sightAt, windowAt } from "./scroll";
import { isSelected, nothing, selectedCount, selectionFilter, toggle } from "./selection";

function press(text: string): Press {
  const parts = text.split("+");
  const key = parts.at(-1) ?? "";
  return {
    key: key === "Space" ? " " : key,
    shift: parts.includes("shift"),
    mod: parts.includes("mod"),
    alt: parts.includes("alt"),
  };
}

describe("keyboard", () => {
  it.each([
    ["ArrowDown", { do: "move", rows: 1, columns: 0, extend: false }],
    ["shift+ArrowRight", { do: "move", rows: 0, columns: 1, extend: true }],
    ["mod+ArrowUp", { do: "edge", to: "top", extend: false }],
    ["mod+shift+ArrowRight", { do: "edge", to: "row-end", extend: true }],
    ["Home", { do: "edge", to: "row-start", extend: false }],
    ["mod+End", { do: "edge", to: "last", extend: false }],
    ["PageDown", { do: "page", direction: 1, extend: false }],
    ["Tab", { do: "next", direction: 1 }],
    ["shift+Tab", { do: "next", direction: -1 }],
    ["Enter", { do: "edit" }],
    ["F2", { do: "edit" }],
    ["a", { do: "edit", text: "a" }],
    ["ß", { do: "edit", text: "ß" }],
    ["Space", { do: "peek" }],
    ["shift+Space", { do: "select-row" }],
    ["Delete", { do: "clear" }],
    ["Backspace", { do: "clear" }],
    ["mod+a", { do: "select-all" }],
    ["mod+d", { do: "fill-down" }],
    ["mod+Enter", { do: "open" }],
    ["Escape", { do: "cancel" }],
    ["mod+c", null],
    ["mod+k", null],
    ["alt+ArrowLeft", null],
    ["F5", null],
  ])("moving, %s", (text, action) => {
    expect(moveAction(press(text as string), false)).toEqual(action);
  });

  it("opens the record from its name", () => {
    expect(moveAction(press("Enter"), true)).toEqual({ do: "open" });
  });

  it.each([
    ["Enter", false, { do: "commit", rows: 1, columns: 0 }],
    ["shift+Enter", false, { do: "commit", rows: -1, columns: 0 }],
    ["Tab", false, { do: "commit", rows: 0, columns: 1 }],
    ["shift+Tab", false, { do: "commit", rows: 0, columns: -1 }],
    ["Escape", false, { do: "cancel" }],
    ["Enter", true, null],
    ["mod+Enter", true, { do: "commit", rows: 1, columns: 0 }],
    ["x", false, null],
    ["ArrowLeft", false, null],
  ])("editing, %s, several lines %s", (text, multiline, action) => {
    expect(editAction(press(text as string), multiline as boolean)).toEqual(action);
  });
});

describe("cells", () => {
  const columns = gridColumns(person, [{ field: "job_title" }, { field: "score" }, { field: "created_at" }]);
  const records = [
    { id: "1", name: "Ada", job_title: "Boss", score: 5 },
    { id: "2", name: "Bob", job_title: null, score: 1 },
    { id: "3", name: "Cid", job_title: "Boss", score: null },
  ];
  const source: CellSource = { columns, get: (index) => records[index], canUpdate: true };
  const values = (changes: { record: { id: string }; values: object }[]) =>
    changes.map((change) => [change.record.id, change.values]);

  it("fills down and leaves what is the same", () => {
    expect(values(changesOfFill(source, { rows: [0, 2], columns: [1, 2] }))).toEqual([
      ["2", { job_title: "Boss", score: 5 }],
      ["3", { score: 5 }],
    ]);
  });
  it("never clears what is required or read-only", () => {
    expect(values(changesOfClear(source, { rows: [0, 0], columns: [0, 3] }))).toEqual([
      ["1", { job_title: null, score: null }],
    ]);
  });
  it("pastes a block from the first cell, and one cell everywhere", () => {
    expect(
      values(
        changesOfPaste(source, { rows: [1, 1], columns: [1, 1] }, [
          ["Cook", "7"],
          ["Waiter", "not a number"],
        ]),
      ),
    ).toEqual([
      ["2", { job_title: "Cook", score: 7 }],
      ["3", { job_title: "Waiter" }],
    ]);
    expect(changesOfPaste(source, { rows: [0, 2], columns: [2, 2] }, [["9"]])).toHaveLength(3);
  });
  it("changes nothing for those who may not", () => {
    expect(changesOfClear({ ...source, canUpdate: false }, { rows: [0, 2], columns: [0, 2] })).toEqual([]);
  });
  it("survives the clipboard", () => {
    const cells = [
      ["plain", 'with "quotes"', "two\nlines"],
      ["", "tab\there", "ü"],
    ];
    expect(readCells(writeCells(cells))).toEqual(cells);
    expect(readCells("a\tb\r\nc\td\r\n")).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });
});

describe("rows", () => {
  it("asks for the first page and those in sight", () => {
    expect(pagesAround(0, 30)).toEqual([0]);
    expect(pagesAround(180, 210)).toEqual([0, 1, 2]);
    expect(pagesAround(150_070, 150_100)).toEqual([0, 1500, 1501]);
  });
  it("waits for pages asked for before, the latest of them, until they are there", () => {
    const none = () => false;
    expect(nextPages([0, 5, 6], [0, 9], none)).toEqual([0, 9, 5, 6]);
    expect(nextPages([0, 9, 5, 6], [0, 20], (page) => page === 9)).toEqual([0, 20, 5, 6]);
    expect(nextPages([0, 8, 7, 6, 5, 4, 3, 2], [0, 9], none)).toEqual([0, 9, 8, 7, 6, 5, 4, 3]);
    const same = [0, 5];
    expect(nextPages(same, [0, 5], none)).toBe(same);
  });
  it("scales a million rows below the browsers' limit and reaches both ends", () => {
    const { height, scale } = scaleOf(1_000_000, 34, 600);
    expect((height - 600) * scale).toBeCloseTo(34_000_000 - 600, 3);
    expect(height).toBe(height_max_px);
    const top = 34_000_000 - 600;
    const end = windowAt(sightAt(top, 1_000_000, 34, 600), 1_000_000, 34, drawnRows(34, 600));
    expect(end.to).toBe(999_999);
    expect(end.offset + (1_000_000 - end.anchor) * 34).toBe(600);
    expect(windowAt(sightAt(0, 1_000_000, 34, 600), 1_000_000, 34, drawnRows(34, 600)).from).toBe(0);
  });
  it("leaves rows where they are while the list moves a little", () => {
    const at = (top: number) => windowAt(sightAt(top, 9000, 34, 600), 9000, 34, drawnRows(34, 600));
    expect([at(40_000).anchor, at(44_000).anchor]).toEqual([1024, 1024]);
    expect(at(40_000).offset - at(44_000).offset).toBe(4000);
  });
  it("keeps every element in its place until the list rests", () => {
    const place = { anchor: 0, offset: 0 };
    expect(rowsInPlace({ ...place, from: 10, to: 13 }, 4, 10)).toEqual([10, 11, 12, 13]);
    expect(rowsInPlace({ ...place, from: 12, to: 15 }, 4, 10)).toEqual([14, 15, 12, 13]);
    expect(rowsInPlace({ ...place, from: 8, to: 11 }, 4, 10)).toEqual([10, 11, 8, 9]);
    expect(rowsInPlace({ ...place, from: 12, to: 15 }, 4, 12)).toEqual([12, 13, 14, 15]);
    expect(rowsInPlace({ ...place, from: 12, to: 13 }, 4, 10)).toEqual([12, 13]);
  });
  it("selects some, or all but some", () => {
    const some = toggle(nothing, ["a", "b"], true);
    expect([selectedCount(some, 9), isSelected(some, "a"), isSelected(some, "c")]).toEqual([2, true, false]);
    expect(selectionFilter(some, "x == 1")).toBe("id in ['a', 'b']");
    const most = toggle({ all: true, ids: new Set() }, ["a"], false);
    expect([selectedCount(most, 9), isSelected(most, "a"), isSelected(most, "c")]).toEqual([8, false, true]);
    expect(selectionFilter(most, "x == 1 || y == 2")).toBe("(x == 1 || y == 2) && !(id in ['a'])");
  });
  it("writes columns and sort into the address and back", () => {
    const columnText = "name,job_title:220,score";
    expect(writeColumns(readColumns(columnText))).toBe(columnText);
    expect(writeSort(readSort("-score,name"))).toBe("-score,name");
  });
});
