/** Free slots of several people, what stands in the way of a time, and what a day shades. */
import { describe, expect, it } from "vitest";
import { freeSlots, hindrances, outside, type PersonTimes } from "./freeBusy";

const zone = "Europe/Berlin";
const times = (day: string, from: string, to: string) => ({
  starts_at: `2026-11-${day}T${from}:00Z`,
  ends_at: `2026-11-${day}T${to}:00Z`,
});
const person = (user: string, working: string[][], busy: string[][] = []): PersonTimes => ({
  user,
  working: working.map(([day = "", from = "", to = ""]) => times(day, from, to)),
  busy: busy.map(([day = "", from = "", to = "", id]) => ({
    ...times(day, from, to),
    meeting: id ? { id, title: id } : null,
  })),
  all: true,
  holidays: [{ date: "2026-11-25", name: "Repentance Day" }],
  time_zone: zone,
});
const ann = person(
  "ann",
  [
    ["23", "08:00", "16:00"],
    ["24", "08:00", "16:00"],
  ],
  [["23", "09:00", "11:00"]],
);
const bob = person(
  "bob",
  [
    ["23", "10:00", "18:00"],
    ["24", "10:00", "12:00"],
  ],
  [["23", "12:15", "14:00", "known"]],
);
const from = Date.parse("2026-11-23T07:10:00Z");

describe("free slots", () => {
  it("are working time of everybody, busy to nobody", () => {
    const slots = freeSlots([ann, bob], { from, minutes: 60, most: 9, zone });
    expect(slots.map(({ starts_at }) => starts_at.slice(8, 16))).toEqual([
      "23T11:00",
      "23T14:00",
      "24T10:00",
      "24T11:00",
    ]);
  });
  it("begin after now and do not mind the meeting itself", () => {
    const later = Date.parse("2026-11-23T11:10:00Z");
    const slots = freeSlots([ann, bob], { from: later, minutes: 120, most: 1, except: "known", zone });
    expect(slots).toEqual(
      [times("23", "11:30", "13:30")].map((time) => ({
        starts_at: time.starts_at.replace("Z", ".000Z"),
        ends_at: time.ends_at.replace("Z", ".000Z"),
      })),
    );
  });
  it("are none when hours never meet", () => {
    expect(freeSlots([ann, person("eve", [])], { from, minutes: 30, most: 5, zone })).toEqual([]);
  });
});

describe("hindrances", () => {
  it("tell who is busy, not at work or on holiday", () => {
    expect(hindrances([ann, bob], times("23", "10:30", "11:30"), undefined, zone).map(({ user }) => user)).toEqual([
      "ann",
    ]);
    expect(hindrances([ann, bob], times("23", "13:00", "13:30"), "known", zone)).toEqual([]);
    expect(hindrances([bob], times("24", "12:00", "13:00"), undefined, zone)).toEqual([
      { user: "bob", holiday: undefined },
    ]);
    expect(hindrances([bob], times("25", "12:00", "13:00"), undefined, zone)[0]?.holiday).toBe("Repentance Day");
  });
});

describe("a day", () => {
  it("is shaded outside of working hours", () => {
    expect(outside(ann.working, "2026-11-23", zone)).toEqual([
      { from: 0, to: 540 },
      { from: 1020, to: 1440 },
    ]);
    expect(outside(ann.working, "2026-11-25", zone)).toEqual([{ from: 0, to: 1440 }]);
    expect(
      outside([{ starts_at: "2026-11-22T12:00:00Z", ends_at: "2026-11-25T12:00:00Z" }], "2026-11-23", zone),
    ).toEqual([]);
  });
});
