/** Names of objects and fields: whatever people write gives a name that the server takes. */
import { describe, expect, it } from "vitest";
import { freeName, nameFault, nameOf, optionsOf, pluralFault, pluralOf } from "./names";

describe("names", () => {
  it.each([
    ["Größe (cm)", "groesse_cm"],
    ["Status", "status"],
    ["  Asking price – net  ", "asking_price_net"],
    ["Señor Ñandú", "senor_nandu"],
    ["2nd owner", "field_2nd_owner"],
    ["東京", "field"],
    ["x".repeat(60), "x".repeat(40)],
    ["a__b", "a_b"],
    ["Straße & Nr.", "strasse_nr"],
  ])("%s is %s", (label, name) => {
    expect(nameOf(label)).toBe(name);
    expect(nameFault(name)).toBeUndefined();
  });
  it("are free of what is taken or reserved", () => {
    expect(freeName("status", ["name"])).toBe("status");
    expect(freeName("status", ["status", "status_2"])).toBe("status_3");
    expect(freeName("today", [])).toBe("today_2");
  });
  it.each([
    ["Status", "shape"],
    ["a__b", "shape"],
    ["a_", "shape"],
    ["1st", "shape"],
    ["", "shape"],
    ["a".repeat(41), "long"],
    ["id", "reserved"],
    ["my_teams", "reserved"],
    ["name", "taken"],
    ["price", undefined],
  ])("%s: %s", (name, fault) => {
    expect(nameFault(name, ["name"])).toBe(fault);
  });
  it("of lists are addresses", () => {
    expect([pluralFault("imports"), pluralFault("pg_tables"), pluralFault("people", ["people"])]).toEqual([
      "reserved",
      "reserved",
      "taken",
    ]);
    expect(pluralFault("properties")).toBeUndefined();
  });
});

describe("plurals", () => {
  it.each([
    ["Property", "en", "Properties"],
    ["Box", "en", "Boxes"],
    ["Day", "en", "Days"],
    ["Contract", "en", "Contracts"],
    ["Branch", "en", "Branches"],
    ["", "en", ""],
    ["Immobilie", "de", "Immobilien"],
    ["Rechnung", "de", "Rechnungen"],
    ["Fahrer", "de", "Fahrer"],
    ["Auto", "de", "Autos"],
    ["Projekt", "de", "Projekte"],
  ])("%s (%s): %s", (label, language, plural) => {
    expect(pluralOf(label, language)).toBe(plural);
  });
});

describe("options", () => {
  it("have different values whatever they are called", () => {
    expect(optionsOf(["Offen", "offen!", "In Arbeit"])).toEqual([
      { value: "offen", label: "Offen" },
      { value: "offen_2", label: "offen!" },
      { value: "in_arbeit", label: "In Arbeit" },
    ]);
  });
});
