/** Which field makes the lanes and the days. */
import { describe, expect, it } from "vitest";
import type { Field, ObjectMeta } from "../../api/types";
import { person } from "../../test/objects";
import { dateField, endField, laneField, typesOf } from "./types";

const field = (name: string, kind: Field["kind"], more: Partial<Field> = {}): Field => ({
  name,
  kind,
  label: name,
  ...more,
});
const meeting: ObjectMeta = {
  ...person,
  name: "meeting",
  timeline: { at: "starts_at", subjects: [] },
  fields: [
    field("created_at", "date_time", { system: true, read_only: true }),
    field("booked_on", "date"),
    field("starts_at", "date_time"),
    field("ends_at", "date_time"),
    field("kind", "select"),
    field("status", "select"),
    field("valid_from", "date"),
    field("valid_to", "date"),
  ],
};

describe("the usual field", () => {
  it("of a board is the status, else the first choice", () => {
    expect(laneField(meeting, "")?.name).toBe("status");
    expect(laneField(person, "")?.name).toBe("lifecycle");
    expect(laneField(person, "owner")?.name).toBe("owner");
    expect(laneField(person, "no such field")?.name).toBe("lifecycle");
  });
  it("of a calendar is when it happens, else the first date that people write", () => {
    expect(dateField(meeting, "")?.name).toBe("starts_at");
    expect(dateField(person, "")?.name).toBe("birthday");
    expect(dateField(person, "created_at")?.name).toBe("created_at");
  });
  it("for the end belongs to that for the start", () => {
    const ends = (name: string) => endField(meeting, field(name, name === "starts_at" ? "date_time" : "date"))?.name;
    expect(ends("starts_at")).toBe("ends_at");
    expect(ends("valid_from")).toBe("valid_to");
    expect(ends("booked_on")).toBeUndefined();
  });
  it("decides what a list can be shown as", () => {
    const plain = { ...person, fields: [field("name", "text")] };
    expect(typesOf(plain)).toEqual(["table"]);
  });
});
