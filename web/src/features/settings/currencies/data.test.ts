/** Rates as people write them. */
import { describe, expect, it } from "vitest";
import { rateOf } from "./data";

describe("a rate", () => {
  it("is read with the decimal mark of the reader, exactly", () => {
    expect(rateOf("1.0812", "en-GB")).toBe("1.0812");
    expect(rateOf(" 1,0812 ", "de-DE")).toBe("1.0812");
    expect(rateOf("1.0812", "de-DE")).toBe("1.0812");
    expect(rateOf("17,234.5", "en-US")).toBe("17234.5");
    expect(rateOf("17.234,5", "de-DE")).toBe("17234.5");
    expect(rateOf("123456789.12345678", "en-US")).toBe("123456789.12345678");
  });

  it("is not guessed", () => {
    for (const text of ["", "0", "0.00", "-1", "1,081", "1e3", "abc", "1.123456789", "1.2.3"]) {
      expect(rateOf(text, "en-US")).toBeUndefined();
    }
  });
});
