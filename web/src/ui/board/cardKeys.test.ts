/** Which press on a card means what. */
import { describe, expect, it } from "vitest";
import { cardAction, standingOf } from "./cardKeys";

const lanes = [[{ id: "a" }, { id: "b" }], [], [{ id: "c" }]];
const press = (key: string, shiftKey = false) => ({ key, shiftKey, ctrlKey: false, metaKey: false, altKey: false });

describe("keys on a card", () => {
  it("go up and down within the lane and stop at its ends", () => {
    expect(cardAction(press("ArrowDown"), lanes, { lane: 0, card: 0 })).toEqual({ do: "go", lane: 0, card: 1 });
    expect(cardAction(press("ArrowDown"), lanes, { lane: 0, card: 1 })).toEqual({ do: "go", lane: 0, card: 1 });
    expect(cardAction(press("End"), lanes, { lane: 0, card: 0 })).toEqual({ do: "go", lane: 0, card: 1 });
  });
  it("go sideways over empty lanes", () => {
    expect(cardAction(press("ArrowRight"), lanes, { lane: 0, card: 1 })).toEqual({ do: "go", lane: 2, card: 0 });
    expect(cardAction(press("ArrowRight"), lanes, { lane: 2, card: 0 })).toBeNull();
  });
  it("move with Shift", () => {
    expect(cardAction(press("ArrowRight", true), lanes, { lane: 0, card: 1 })).toEqual({ do: "shift", step: 1 });
    expect(cardAction(press("ArrowDown", true), lanes, { lane: 0, card: 1 })).toBeNull();
  });
  it("leave the browser its own", () => {
    expect(cardAction({ ...press("ArrowRight"), ctrlKey: true }, lanes, { lane: 0, card: 1 })).toBeNull();
    expect(cardAction(press("q"), lanes, { lane: 0, card: 1 })).toBeNull();
  });
  it("find where a card lies", () => {
    expect(standingOf(lanes, "c")).toEqual({ lane: 2, card: 0 });
    expect(standingOf(lanes, "z")).toBeUndefined();
  });
});
