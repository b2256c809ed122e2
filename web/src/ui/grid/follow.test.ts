/** Which range is asked for next, and which place is displayed until it arrives. */
import { describe, expect, it } from "vitest";
import { type Ask, type Display, hold_ms, type IsLoaded, nextAsk, nextDisplay, patience_ms, stretched } from "./follow";
import type { Sight } from "./scroll";

const sight = (from: number): Sight => ({ top: from * 34, from, to: from + 20 });
const asked = (from: number, at: number): Ask => ({ ...sight(from), at, rows: [from, from + 20] });
const all = () => true;
const none = () => false;
/** Loaded are the rows of these places. */
const only =
  (...places: number[]) =>
  (from: number, to: number) =>
    places.some((place) => from >= place && to <= place + 20);

describe("what is asked for next", () => {
  it("is the place the list is at", () => {
    expect(nextAsk(undefined, sight(0), none, 5)).toEqual({ ...sight(0), at: 5, rows: [0, 20] });
  });
  it("is nothing while the last range is on its way", () => {
    expect(nextAsk(asked(0, 0), sight(900), none, patience_ms - 1)).toBeNull();
  });
  it("is the newest place once the last range is there, or is late", () => {
    expect(nextAsk(asked(0, 0), sight(50_000), only(0), 20)?.from).toBe(50_000);
    expect(nextAsk(asked(0, 0), sight(50_000), none, patience_ms)?.from).toBe(50_000);
  });
  it("is nothing at rest", () => {
    expect(nextAsk(asked(7, 0), sight(7), none, 9000)).toBeNull();
    expect(nextAsk(asked(7, 0), sight(7), all, 9000)).toBeNull();
  });
  it("is more when there is more in sight", () => {
    expect(nextAsk(asked(7, 0), { ...sight(7), to: 60 }, all, 9000)?.rows).toEqual([7, 60]);
  });
  it("reaches ahead the way the list moves, but not past a jump", () => {
    expect(stretched(1000, 1030, 50, 100)).toEqual([1000, 1180]);
    expect(stretched(1000, 1030, -50, 50)).toEqual([700, 1030]);
    expect(stretched(1000, 1030, 100, 50)).toEqual([1000, 1430]);
    expect(stretched(9000, 9030, 9000, 50)).toEqual([9000, 9030]);
  });
});

describe("what is displayed", () => {
  const start: Display = { shown: sight(0), seen: 0, since: null };
  const show = (before: Display, asks: Ask[], target: Sight, isLoaded: IsLoaded, now: number, hold = hold_ms) =>
    nextDisplay(before, asks, target, isLoaded, now, hold);

  it("is the target when its rows are there", () => {
    expect(show(start, [], sight(500), all, 30)).toEqual({ shown: sight(500), seen: 30, since: null });
  });
  it("is the target at the very first, with or without rows", () => {
    expect(show(start, [], sight(0), none, 10).shown).toEqual(sight(0));
  });
  it("stays for a moment while the rows of the target are on their way", () => {
    const held = show(start, [], sight(500), only(0), 1000);
    expect(held).toEqual({ shown: sight(0), seen: 0, since: 1000 });
    expect(show(held, [], sight(600), only(0), 1000 + hold_ms - 1).shown).toEqual(sight(0));
    expect(show(held, [], sight(600), only(0), 1000 + hold_ms).shown).toEqual(sight(600));
  });
  it("does not stay where its own rows are gone", () => {
    expect(show(start, [], sight(500), none, 1000).shown).toEqual(sight(500));
  });
  it("follows a moving list from one range that arrived to the next", () => {
    const asks = [asked(300, 40), asked(700, 80)];
    const first = show(start, asks.slice(0, 1), sight(600), only(0, 300), 100);
    expect(first).toEqual({ shown: asks[0], seen: 40, since: 100 });
    const second = show(first, asks, sight(900), only(0, 300, 700), 150);
    expect(second).toEqual({ shown: asks[1], seen: 80, since: 150 });
    expect(show(second, asks, sight(900), only(0, 300, 700), 151).shown).toEqual(asks[1]);
  });
  it("never goes back to a place before the one last shown", () => {
    const shown: Display = { shown: sight(900), seen: 200, since: null };
    expect(show(shown, [asked(300, 40)], sight(5000), only(300, 900), 210).shown).toEqual(sight(900));
  });
  it("does not pass through older places once the list is at rest", () => {
    const asks = [asked(300, 40), asked(700, 80)];
    expect(show(start, asks, sight(700), only(0, 300), 100).shown).toEqual(sight(0));
  });
  it("comes back from empty rows to a range that arrives late", () => {
    const empty: Display = { shown: sight(700), seen: 0, since: 1000 };
    expect(show(empty, [asked(300, 1200)], sight(800), only(300), 1500).shown).toEqual(asked(300, 1200));
  });
  it("is always the target where nothing may stand in", () => {
    expect(show(start, [asked(300, 40)], sight(600), only(0, 300), 100, 0).shown).toEqual(sight(600));
  });
});
