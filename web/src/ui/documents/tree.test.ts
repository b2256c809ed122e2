/** The tree of folders. */
import { describe, expect, it } from "vitest";
import { cleanPath, countedFolders, foldersOf, visibleFolders } from "./tree";

const documents = [
  { id: "1", folder: "Contracts/2026" },
  { id: "2", folder: " Contracts // 2026/ " },
  { id: "3", folder: "Contracts-old" },
  { id: "4", folder: null },
  { id: "5", folder: "Contracts/2025/Annex" },
];

describe("folders", () => {
  it("stand in the order of the tree, with how much they hold", () => {
    expect(foldersOf(documents).map(({ path, depth, count }) => `${depth} ${path} ${count}`)).toEqual([
      "0  5",
      "1 Contracts 3",
      "2 Contracts/2025 1",
      "3 Contracts/2025/Annex 1",
      "2 Contracts/2026 2",
      "1 Contracts-old 1",
    ]);
    expect(foldersOf([]).map(({ path }) => path)).toEqual([""]);
  });
  it("are counted from figures alone", () => {
    const named = documents.map(({ folder }) => ({ folder: folder ?? "", count: 2 }));
    expect(countedFolders(named).map(({ path, depth, count }) => `${depth} ${path} ${count}`)).toEqual([
      "0  10",
      "1 Contracts 6",
      "2 Contracts/2025 2",
      "3 Contracts/2025/Annex 2",
      "2 Contracts/2026 4",
      "1 Contracts-old 2",
    ]);
    expect(countedFolders([])).toEqual([{ path: "", name: "", depth: 0, count: 0 }]);
    const mixed = ["Offers/2026", "offers/2026", "OFFERS/2025"].map((folder) => ({ folder, count: 1 }));
    expect(countedFolders(mixed).map(({ path, count }) => `${path} ${count}`)).toEqual([
      " 3",
      "Offers 3",
      "Offers/2025 1",
      "Offers/2026 2",
    ]);
  });
  it("are in sight below those that are open, and on the way to the chosen one", () => {
    const [, ...folders] = countedFolders(documents.map(({ folder }) => ({ folder: folder ?? "", count: 1 })));
    const seen = (chosen: string | undefined, open: string[]) =>
      visibleFolders(folders, chosen, (path) => open.includes(path)).map(
        ({ path, above }) => `${path}${above ? " +" : ""}`,
      );
    expect(seen(undefined, [])).toEqual(["Contracts +", "Contracts-old"]);
    expect(seen(undefined, ["Contracts", "Contracts/2025"])).toEqual([
      "Contracts +",
      "Contracts/2025 +",
      "Contracts/2025/Annex",
      "Contracts/2026",
      "Contracts-old",
    ]);
    expect(seen("Contracts/2025/Annex", [])).toEqual([
      "Contracts +",
      "Contracts/2025 +",
      "Contracts/2025/Annex",
      "Contracts-old",
    ]);
    expect(seen(undefined, ["Contracts/2025"])).toEqual(["Contracts +", "Contracts-old"]);
  });
  it("have clean paths", () => {
    expect(cleanPath(" / a //b  c/ ")).toBe("a/b c");
  });
});
