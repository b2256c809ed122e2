/** Names of key presses and how well words fit a command. */
import { describe, expect, it } from "vitest";
import { keyCaps, pressName } from "./hotkeys";
import { matchScore } from "./palette/match";

const key = (name: string, more: Partial<KeyboardEvent> = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe("hotkeys", () => {
  it.each([
    ["k", { ctrlKey: true }, "mod+k"],
    ["?", { shiftKey: true }, "?"],
    ["ArrowLeft", { shiftKey: true }, "shift+arrowleft"],
    [" ", {}, "space"],
    ["D", { shiftKey: true }, "shift+d"],
  ])("%s", (name, more, expected) => {
    expect(pressName(key(name, more))).toBe(expected);
  });
  it("shows caps", () => {
    expect(keyCaps("g p")).toEqual(["G", "P"]);
    expect(keyCaps("mod+shift+enter")).toEqual(["Ctrl", "Shift", "↵"]);
  });
  it("finds commands by the beginnings of words and by letters", () => {
    expect(matchScore("New person", "new p")).toBeGreaterThan(matchScore("Show new people", "new p"));
    expect(matchScore("Recycle bin", "bin")).toBeGreaterThan(0);
    expect(matchScore("Recycle bin", "rbn")).toBeGreaterThan(0);
    expect(matchScore("Recycle bin", "xyz")).toBe(0);
  });
});
