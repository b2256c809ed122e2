/** Which lanes a board has, and which card lies in which. */
import { describe, expect, it } from "vitest";
import type { RapportRecord } from "../../api/types";
import { person } from "../../test/objects";
import { countNow, type Guest, hiddenLanes, type LaneList, laneBeside, lanes_max, lanesOf, place } from "./lanes";

const names = { yes: "Yes", no: "No", none: "None" };
const field = (name: string) => {
  const found = person.fields.find((entry) => entry.name === name);
  if (!found) {
    throw new Error(name);
  }
  return found;
};
const lifecycle = field("lifecycle");
const card = (id: string, value: string | null, more = {}): RapportRecord => ({ id, lifecycle: value, ...more });
const list = (key: string, records: RapportRecord[], fetched = 100): LaneList => ({ key, records, fetched });
const empty = new Map<string, Guest>();
const ids = (cards: RapportRecord[] | undefined) => cards?.map((entry) => entry.id);

describe("lanes", () => {
  it("are the options in their order, then words that are no option any more, then those without one", () => {
    const lanes = lanesOf(
      lifecycle,
      [
        { value: "customer", count: 4, sum: 12 },
        { value: "gone", count: 1 },
      ],
      names,
    );
    expect(lanes.map((lane) => [lane.key, lane.label, lane.count])).toEqual([
      ["lead", "Lead", 0],
      ["customer", "Customer", 4],
      ["gone", "gone", 1],
      ["", "None", 0],
    ]);
    expect(lanes.map((lane) => lane.filter)).toEqual([
      "lifecycle == 'lead'",
      "lifecycle == 'customer'",
      "lifecycle == 'gone'",
      "lifecycle == null",
    ]);
    expect(lanes.map((lane) => lane.offered)).toEqual([true, true, false, true]);
    expect(lanes[1]?.sum).toBe(12);
  });
  it("of a required field have none for those without a value, unless there are some", () => {
    const required = { ...lifecycle, required: true };
    expect(lanesOf(required, [], names).map((lane) => lane.key)).toEqual(["lead", "customer"]);
    expect(lanesOf(required, [{ value: null, count: 2 }], names).at(-1)).toMatchObject({ key: "", count: 2 });
  });
  it("of yes and no are two, and a third where neither was said", () => {
    const call = field("do_not_call");
    expect(lanesOf(call, [{ value: false, count: 3 }], names).map((lane) => lane.filter)).toEqual([
      "do_not_call == true",
      "do_not_call == false",
    ]);
    expect(lanesOf(call, [{ value: null, count: 3 }], names)).toHaveLength(3);
  });
  it("of people are the values that occur, most first, capped; the rest is counted", () => {
    const groups = Array.from({ length: lanes_max + 6 }, (_, at) => ({ value: `user-${at}`, count: 90 - at }));
    const lanes = lanesOf(field("owner"), groups, names);
    expect(lanes).toHaveLength(lanes_max + 1);
    expect(lanes[0]).toMatchObject({ key: "user-0", label: undefined, filter: "owner == 'user-0'" });
    expect(hiddenLanes(field("owner"), groups)).toBe(6);
    expect(hiddenLanes(lifecycle, groups)).toBe(0);
  });
  it("have an unknown count when the server told only the largest", () => {
    const groups = Array.from({ length: 50 }, (_, at) => ({ value: `company-${at}`, count: 90 - at }));
    expect(lanesOf(field("company"), groups, names, true).at(-1)).toMatchObject({ key: "", count: undefined });
  });
});

describe("cards", () => {
  it("lie in the lane of their list", () => {
    const { cards, guests } = place(
      [list("lead", [card("a", "lead")]), list("customer", [card("b", "customer")])],
      empty,
      "lifecycle",
      [],
      200,
    );
    expect(ids(cards.get("lead"))).toEqual(["a"]);
    expect(ids(cards.get("customer"))).toEqual(["b"]);
    expect(guests.size).toBe(0);
  });
  it("that have another value now lie in its lane at once, where the order wants them", () => {
    const lists = [
      list("lead", [card("a", "customer", { score: 5 }), card("c", "lead", { score: 1 })]),
      list("customer", [card("x", "customer", { score: 9 }), card("y", "customer", { score: 2 })]),
    ];
    const sort = [{ field: "score", descending: true }];
    const { cards, guests } = place(lists, empty, "lifecycle", sort, 200);
    expect(ids(cards.get("lead"))).toEqual(["c"]);
    expect(ids(cards.get("customer"))).toEqual(["x", "a", "y"]);
    expect(guests.get("a")).toMatchObject({ from: "lead", to: "customer", at: 200 });
  });
  it("stay with their new lane until its list has been fetched again", () => {
    const guests = new Map([["a", { record: card("a", "customer"), from: "lead", to: "customer", at: 200 }]]);
    const gone = place([list("lead", [], 300), list("customer", [], 150)], guests, "lifecycle", [], 310);
    expect(ids(gone.cards.get("customer"))).toEqual(["a"]);
    const known = place(
      [list("lead", [], 300), list("customer", [card("a", "customer")], 320)],
      gone.guests,
      "lifecycle",
      [],
      330,
    );
    expect(ids(known.cards.get("customer"))).toEqual(["a"]);
    expect(known.guests.size).toBe(0);
    const elsewhere = place([list("lead", [], 300), list("customer", [], 320)], gone.guests, "lifecycle", [], 330);
    expect(ids(elsewhere.cards.get("customer"))).toEqual([]);
  });
  it("go back when the change was refused", () => {
    const guests = new Map([["a", { record: card("a", "customer"), from: "lead", to: "customer", at: 200 }]]);
    const { cards } = place([list("lead", [card("a", "lead")]), list("customer", [])], guests, "lifecycle", [], 210);
    expect(ids(cards.get("lead"))).toEqual(["a"]);
    expect(ids(cards.get("customer"))).toEqual([]);
  });
  it("are shown once, however many lists know them", () => {
    const lists = [
      list("lead", [card("a", "customer")]),
      list("customer", [card("a", "customer"), card("a", "customer")]),
    ];
    expect(ids(place(lists, empty, "lifecycle", [], 1).cards.get("customer"))).toEqual(["a"]);
  });
  it("are counted where they lie now", () => {
    const [lead, customer] = lanesOf(lifecycle, [{ value: "lead", count: 7 }], names);
    const guests = new Map([["a", { record: card("a", "customer"), from: "lead", to: "customer", at: 200 }]]);
    expect(lead && countNow(lead, guests, 100)).toBe(6);
    expect(customer && countNow(customer, guests, 100)).toBe(1);
    expect(lead && countNow(lead, guests, 300)).toBe(7);
  });
});

describe("the lane beside", () => {
  const lanes = lanesOf(lifecycle, [{ value: "gone", count: 1 }], names);
  it("is the next that takes cards", () => {
    expect(laneBeside(lanes, "lead", 1, () => true)?.key).toBe("customer");
    expect(laneBeside(lanes, "customer", 1, (lane) => lane.offered)?.key).toBe("");
    expect(laneBeside(lanes, "lead", -1, () => true)).toBeUndefined();
  });
});
