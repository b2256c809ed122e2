/** The first answer that a lead waits for. */
import { expect, test } from "vitest";
import { answerOf, isOpen } from "./data";

const now = Date.parse("2030-05-02T12:00:00Z");
const lead = { id: "1", status: "new", first_response_due: "2030-05-02T13:00:00Z" };

test("an answer is due until its time, then late", () => {
  expect(answerOf(lead, now)).toEqual({ state: "due", at: lead.first_response_due });
  expect(answerOf(lead, now + 3_600_001)?.state).toBe("late");
});

test("nothing is owed once it was answered, without a time, or when the lead is closed", () => {
  expect(answerOf({ ...lead, first_response_at: "2030-05-02T11:00:00Z" }, now)).toBeUndefined();
  expect(answerOf({ ...lead, first_response_due: null }, now)).toBeUndefined();
  expect(answerOf({ ...lead, status: "disqualified" }, now)).toBeUndefined();
});

test("a qualified lead is open no longer", () => {
  const statuses = ["new", "working", "nurturing", "qualified", "disqualified"];
  const open = statuses.filter((status) => isOpen({ ...lead, status }));
  expect(open).toEqual(["new", "working", "nurturing"]);
});
