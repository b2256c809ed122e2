/** Reactions: what a click makes of those that are shown. */
import { describe, expect, it } from "vitest";
import { hasText, t } from "../../i18n";
import { emojiName, emojis, quick, type Reaction, toggled } from "./reactions";

const of = (emoji: string, users: string[], mine: string | null = null): Reaction => ({ emoji, users, mine });

describe("reactions", () => {
  it("are added, joined, left, and gone with the last one", () => {
    const first = toggled([], "👍", "me");
    expect(first).toEqual([of("👍", ["me"], "")]);
    const joined = toggled([of("🎉", ["ann"])], "🎉", "me");
    expect(joined).toEqual([of("🎉", ["ann", "me"], "")]);
    expect(toggled([of("🎉", ["ann", "me"], "r1")], "🎉", "me")).toEqual([of("🎉", ["ann"])]);
    expect(toggled([of("🎉", ["me"], "r1"), of("👍", ["ann"])], "🎉", "me")).toEqual([of("👍", ["ann"])]);
  });
  it("have a name each, and a few are at hand", () => {
    expect(quick).toHaveLength(3);
    for (const [emoji, name] of Object.entries(emojis)) {
      expect(hasText(`reaction.${name}`), emoji).toBe(true);
    }
    expect(emojiName("👍")).toBe(t("reaction.thumbs_up"));
  });
});
