/** What the signed-in person may write. */
import { describe, expect, it } from "vitest";
import type { Boot, ObjectRights } from "../../api/types";
import { person } from "../../test/objects";
import { canWrite, canWriteRecord, canWriteValue } from "./writable";

const asking = (rights: ObjectRights, admin = false): Pick<Boot, "role" | "user"> => ({
  user: { id: "me", name: "Me", email: "me@example.com" },
  role: { id: "role", name: "Role", admin, rights: { objects: { person: rights } } },
});
const [lifecycle, owner, version] = ["lifecycle", "owner", "version"].map((name) => {
  const field = person.fields.find((entry) => entry.name === name);
  if (!field) {
    throw new Error(name);
  }
  return field;
}) as [(typeof person.fields)[0], (typeof person.fields)[0], (typeof person.fields)[0]];

describe("a field", () => {
  it("can be written where neither it nor the role says otherwise", () => {
    expect(canWrite(asking({ update: "all" }), person, lifecycle)).toBe(true);
    expect(canWrite(asking({ update: "all" }), person, version)).toBe(false);
    expect(canWrite(asking({ update: "all", fields: { lifecycle: "read" } }), person, lifecycle)).toBe(false);
    expect(canWrite(asking({ fields: { lifecycle: "read" } }, true), person, lifecycle)).toBe(true);
    const can = { ...person.can, update: false };
    expect(canWrite(asking({ update: "all" }), { ...person, can }, lifecycle)).toBe(false);
  });
});

describe("who writes only what is their own", () => {
  const own = asking({ update: "own" });
  it("writes those records", () => {
    expect(canWriteRecord(own, person, { id: "a", owner: "me" })).toBe(true);
    expect(canWriteRecord(own, person, { id: "a", owner: "you" })).toBe(false);
    expect(canWriteRecord(own, person, { id: "a" })).toBe(false);
    expect(canWriteRecord(asking({ update: "all" }), person, { id: "a", owner: "you" })).toBe(true);
  });
  it("cannot give them away", () => {
    expect(canWriteValue(own, person, owner, "me")).toBe(true);
    expect(canWriteValue(own, person, owner, "you")).toBe(false);
    expect(canWriteValue(own, person, lifecycle, "lead")).toBe(true);
  });
});

describe("a required field", () => {
  it("takes no emptiness", () => {
    expect(canWriteValue(asking({ update: "all" }), person, { ...lifecycle, required: true }, null)).toBe(false);
  });
});
