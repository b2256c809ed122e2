/** Rules are read, written and said so that nothing of them is lost. */
import { describe, expect, it } from "vitest";
import { placeOf, readRule, ruleInWords, usualRules, writeRule } from "./rule";

describe("rules", () => {
  it("are written as they were read", () => {
    for (const text of [
      "FREQ=DAILY",
      "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=5",
      "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231",
      "FREQ=MONTHLY;BYMONTHDAY=-1",
      "FREQ=YEARLY",
    ]) {
      const rule = readRule(text);
      expect(rule && writeRule(rule)).toBe(text);
    }
  });

  it("beyond the choices stay as they are", () => {
    for (const text of [
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
      "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1",
      "FREQ=MONTHLY;BYDAY=1MO,2TU",
    ]) {
      expect(readRule(text)).toBeUndefined();
      expect(ruleInWords(text)).toBe(text);
    }
  });

  it("are said in words", () => {
    expect(ruleInWords("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")).toBe("Every weekday");
    expect(ruleInWords("FREQ=MONTHLY;BYDAY=-1FR;COUNT=5")).toBe("Every month on the last Friday, 5 times");
    expect(ruleInWords("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,TU")).toBe("Every 2 weeks on Tuesday and Thursday");
    expect(ruleInWords("FREQ=MONTHLY;BYMONTHDAY=22")).toBe("Every month on day 22");
    expect(ruleInWords("FREQ=DAILY;INTERVAL=3")).toBe("Every 3 days");
  });

  it("are offered for the day they begin on", () => {
    expect(placeOf("2026-11-27")).toEqual({ weekday: "FR", nth: 4, last: true, monthDay: 27 });
    expect(placeOf("2026-11-01")).toEqual({ weekday: "SU", nth: 1, last: false, monthDay: 1 });
    const offered = usualRules("2026-11-27").map(writeRule);
    expect(offered).toContain("FREQ=MONTHLY;BYDAY=-1FR");
    expect(offered).toContain("FREQ=MONTHLY;BYDAY=4FR");
    expect(usualRules("2026-10-30").map(writeRule)).not.toContain("FREQ=MONTHLY;BYDAY=5FR");
  });
});
