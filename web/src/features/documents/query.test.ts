/** Conditions of the page of documents. */
import { describe, expect, it } from "vitest";
import { aboutOf, filterOf, isNarrowed, sortOf, top } from "./query";

const id = "01900000-0000-7000-8000-000000000000";

describe("documents", () => {
  it("are found by folder, kind, owner and end together", () => {
    expect(filterOf({})).toBe("");
    expect(filterOf({ folder: top })).toBe("(folder == null)");
    expect(filterOf({ folder: "A's", kind: "offer", owner: "me", ends: "over" })).toBe(
      "(folder.startsWith('A\\'s') && (folder == 'A\\'s' || folder.startsWith('A\\'s/'))) && " +
        "(kind == 'offer') && (owner == me) && (expires_on < today)",
    );
    expect(filterOf({ ends: "toString" })).toBe("");
  });
  it("are found by what they are about: an object, or one record of it", () => {
    expect(filterOf({ about: "company" })).toBe("(about.exists(x, x.object == 'company'))");
    expect(filterOf({ about: `company:${id}` })).toBe(`(about.exists(x, x.id == '${id}'))`);
    expect(aboutOf({ about: `company:${id}` })).toEqual({ object: "company", record: { object: "company", id } });
    expect(aboutOf({ about: "company:nobody" })).toEqual({ object: "company" });
    expect(aboutOf({})).toEqual({});
  });
  it("stand in an order that there is", () => {
    expect([sortOf({}), sortOf({ sort: "name" }), sortOf({ sort: "x" })]).toEqual([
      "-updated_at",
      "name",
      "-updated_at",
    ]);
  });
  it("are all shown when nothing is asked", () => {
    expect([{}, { sort: "name" }, { q: " " }, { q: "x" }, { folder: top }].map(isNarrowed)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});
