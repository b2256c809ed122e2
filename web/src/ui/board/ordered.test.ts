/** Which values make the lanes where they stand in an order. */
import { describe, expect, it } from "vitest";
import { person } from "../../test/objects";
import { lanesOf } from "./lanes";
import { heldTo, inPlace } from "./ordered";

const one = "01900000-0000-7000-8000-00005a1e0000";

describe("ordered lanes", () => {
  it("are those of what the filter holds them to", () => {
    expect(heldTo(`pipeline == '${one}'`, "pipeline")).toBe(one);
    expect(heldTo(`amount > 5 && (pipeline == '${one}')`, "pipeline")).toBe(one);
    expect(heldTo(`pipeline == '${one}' || amount > 5`, "pipeline")).toBeUndefined();
    expect(heldTo(`pipeline != '${one}'`, "pipeline")).toBeUndefined();
    expect(heldTo("", "pipeline")).toBeUndefined();
  });
  it("stand by position within what they share", () => {
    const stages = [
      { id: "a", pipeline: "q", position: 1 },
      { id: "b", pipeline: "p", position: 20 },
      { id: "c", pipeline: "p", position: 3 },
    ];
    expect(inPlace(stages, "pipeline").map((stage) => stage.id)).toEqual(["c", "b", "a"]);
  });
  it("are all there, also the empty ones, without one for nothing", () => {
    const company = person.fields.find((field) => field.name === "company");
    const ordered = [
      { value: "x", label: "First", color: "blue" },
      { value: "y", label: "Second" },
    ];
    const names = { yes: "Yes", no: "No", none: "None" };
    const groups = [{ value: "y", count: 2, sum: 10, weighted: 5 }];
    const lanes = company ? lanesOf(company, groups, names, false, ordered) : [];
    expect(lanes.map((lane) => [lane.label, lane.count, lane.weighted, lane.offered])).toEqual([
      ["First", 0, undefined, true],
      ["Second", 2, 5, true],
    ]);
  });
});
