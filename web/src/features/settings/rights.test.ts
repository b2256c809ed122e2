/** Rights of roles: one change at a time, everything else as it was. */
import { describe, expect, it } from "vitest";
import type { Rights } from "../../api/types";
import { hasOwn, isCondition, rightsOf, withField, withoutOwn, withRight, withSpecial } from "./rights";

const rights: Rights = {
  objects: {
    "*": { read: "all", create: true, update: "own", delete: "none" },
    person: { read: "country == 'DE'", create: false, update: "own", delete: "none", fields: { birthday: "none" } },
  },
  special: ["export"],
};

describe("rights", () => {
  it("of an object are its own, else those of all others", () => {
    expect(rightsOf(rights, "person").create).toBe(false);
    expect(rightsOf(rights, "company")).toEqual({ read: "all", create: true, update: "own", delete: "none" });
    expect(rightsOf({}, "company").read).toBe("none");
  });
  it("change one at a time; a new entry begins as that of all others", () => {
    const next = withRight(rights, "company", "delete", "own");
    expect(next.objects?.company).toEqual({ read: "all", create: true, update: "own", delete: "own" });
    expect(next.objects?.person).toEqual(rights.objects?.person);
    expect(hasOwn(rights, "company")).toBe(false);
    expect(hasOwn(withoutOwn(next, "company"), "company")).toBe(false);
  });
  it("of fields are kept only where they are narrower", () => {
    const next = withField(rights, "person", "salary", "read");
    expect(next.objects?.person?.fields).toEqual({ birthday: "none", salary: "read" });
    expect(withField(next, "person", "birthday", "write").objects?.person?.fields).toEqual({ salary: "read" });
  });
  it("that are special are given once", () => {
    expect(withSpecial(rights, "export", true).special).toEqual(["export"]);
    expect(withSpecial(rights, "export", false).special).toEqual([]);
  });
  it("may be conditions", () => {
    expect([isCondition("own"), isCondition("country == 'DE'"), isCondition(undefined)]).toEqual([false, true, false]);
  });
});
