/** The workspace's form: only what differs is sent, an empty name is not. */
import { describe, expect, it } from "vitest";
import { companyChanges, companyOf, companyProblems, currencies, timeZones, withPresent } from "./company";

const known = {
  name: "Nordlicht",
  base_currency: "EUR",
  default_country: "DE",
  time_zone: "Europe/Berlin",
  second_factor_required: false,
};

describe("the workspace's form", () => {
  it("takes what can be set", () => {
    expect(companyOf({ ...known, version: "1.0.0" } as typeof known)).toEqual(known);
  });
  it("sends what differs", () => {
    expect(companyChanges(known, { ...known, name: " Nordlicht " })).toEqual({});
    expect(companyChanges(known, { ...known, name: "Südlicht ", time_zone: "UTC" })).toEqual({
      name: "Südlicht",
      time_zone: "UTC",
    });
  });
  it("asks for a name of a length that can be kept", () => {
    expect(companyProblems(known)).toEqual({});
    expect(companyProblems({ ...known, name: "  " })).toHaveProperty("name");
    expect(companyProblems({ ...known, name: "ü".repeat(101) })).toHaveProperty("name");
  });
  it("shows values that this browser does not know", () => {
    const choices = [{ value: "EUR", label: "Euro" }];
    expect(withPresent(choices, "EUR")).toBe(choices);
    expect(withPresent(choices, "")).toBe(choices);
    expect(withPresent(choices, "XTS")[0]).toEqual({ value: "XTS", label: "XTS" });
  });
  it("offers currencies and time zones once each", () => {
    expect(currencies().find((choice) => choice.value === "EUR")?.label).toBe("EUR – Euro");
    const zones = timeZones().map((choice) => choice.value);
    expect(zones).toContain("UTC");
    expect(new Set(zones).size).toBe(zones.length);
  });
});
