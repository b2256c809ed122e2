/** Mentions: when the list of colleagues opens, what stands in the text, who is told. */
import { describe, expect, it } from "vitest";
import { mentionAt, mentionedIds, withMention } from "./mentions";

describe("mentions", () => {
  it("begin with an @ at the start of a word", () => {
    const at = (text: string) => mentionAt(text, text.length)?.words;
    expect(at("@")).toBe("");
    expect(at("Hello @An")).toBe("An");
    expect(at("Hello\n@An")).toBe("An");
    expect(at("@Ann Lee")).toBe("Ann Lee");
    expect(at("ann@example")).toBeUndefined();
    expect(at("@Ann Lee is")).toBeUndefined();
    expect(at("@ Ann")).toBeUndefined();
    expect(at("no mention")).toBeUndefined();
  });

  it("are completed where the caret stands", () => {
    expect(withMention("Ask @be please", 4, 7, "Ben Ray")).toEqual({ text: "Ask @Ben Ray please", caret: 13 });
  });

  it("count while their name stands in the text", () => {
    const people = [
      { id: "1", name: "Ann Lee" },
      { id: "2", name: "Ben Ray" },
    ];
    expect(mentionedIds("Thanks @Ben Ray", people)).toEqual(["2"]);
  });
});
