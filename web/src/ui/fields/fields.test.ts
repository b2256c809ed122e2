/** Every kind reads back what it writes, and reads what people write. */
import { describe, expect, it } from "vitest";
import type { Field, FieldValue, Kind } from "../../api/types";
import { isEmpty, sameValue } from "./kind";
import { withoutBlank } from "./labelled";
import { celLiteral, quote } from "./operators";
import { instantOf, parseDay, parseDuration, parseInstant, parseNumber, wallClock } from "./parse";
import { isEditable, kindOf, valueKind } from "./registry";
import { splitWords } from "./select";

const id = "0190f2a4-7c1e-7c3a-9c55-0d9e8a4f7b11";
const other = "0190f2a4-7c1e-7c3a-9c55-0d9e8a4f7b22";
const options = [
  { value: "won", label: "Won", color: "green" },
  { value: "lost", label: "Lost, sadly" },
];

const samples: { [kind in Kind]: FieldValue[] } = {
  text: ["Ann", "Ünïcödé ß; with, marks"],
  long_text: ["One\n\n**two**"],
  integer: [0, 5, -12_000_000],
  decimal: [0.5, -1234.5678, 1e6],
  percent: [12.5, 0],
  money: [
    { amount: 1234.5, currency: "EUR" },
    { amount: -7, currency: "JPY" },
    { amount: 1234, currency: "USD" },
  ],
  date: ["2026-11-22", "1899-01-01"],
  date_time: ["2026-11-22T00:40:48.123456Z"],
  duration: [0, 59, 5400, 90_061.5, -60],
  boolean: [true, false],
  select: ["won"],
  multi_select: [["won", "lost"]],
  rating: [1, 5],
  emails: [
    [
      { value: "a@b.co", label: "work", primary: true },
      { value: "c@d.eu", label: null, primary: false },
    ],
    [
      { value: "a@b.co", label: null, primary: false },
      { value: "c@d.eu", label: "home", primary: true },
    ],
  ],
  phones: [[{ value: "+49 30 123456", label: "mobile", primary: true }]],
  links: [[{ value: "https://example.com/a?b=c", label: "website", primary: true }]],
  address: [
    { street: "12 High St", city: "Berlin", region: null, postal_code: "10115", country: "DE" },
    {
      street: "1 Rue X, 2e",
      city: "Paris",
      region: "IDF",
      postal_code: null,
      country: "FR",
      latitude: 48.85,
      longitude: 2.35,
    },
  ],
  reference: [id],
  references: [[id, other]],
  about: [
    [
      { object: "person", id },
      { object: "company", id: other },
    ],
  ],
  user: [id],
  files: [[{ id: "ab".repeat(32), name: "a.pdf", size: 123, type: "application/pdf" }]],
  json: [{ a: [1, null, "x"] }, { deep: { b: true } }],
  auto_number: ["INV-2026-00042"],
  rank: [3, "a0V"],
  formula: [12.25],
  rollup: [{ amount: 10, currency: "EUR" }],
  actor: [`user:${id}`],
};

function fieldOf(kind: Kind): Field {
  const result = kind === "rollup" ? "money" : kind === "formula" ? "decimal" : undefined;
  return { name: "f", label: "F", kind, options, target: "company", result };
}

describe("field kinds", () => {
  for (const [kind, values] of Object.entries(samples) as [Kind, FieldValue[]][]) {
    it(`${kind} reads back what it writes`, () => {
      const field = fieldOf(kind);
      for (const value of values) {
        const text = kindOf(field).toText(field, value);
        const back = kindOf(field).fromText(field, text);
        expect(back.ok, `${text}: ${JSON.stringify(back)}`).toBe(true);
        expect(back.ok && sameValue(back.value, value), `${text} → ${JSON.stringify(back)}`).toBe(true);
      }
    });
    it(`${kind} knows nothing from empty text`, () => {
      const field = fieldOf(kind);
      expect(kindOf(field).toText(field, null)).toBe("");
      const back = kindOf(field).fromText(field, " ");
      expect(back.ok && isEmpty(back.value)).toBe(true);
    });
    it(`${kind} has operators with a text`, () => {
      expect(kindOf(fieldOf(kind)).operators.length).toBeGreaterThan(1);
    });
  }
  it("says which fields people may write", () => {
    expect(isEditable(fieldOf("text"))).toBe(true);
    expect(isEditable({ ...fieldOf("text"), read_only: true })).toBe(false);
    expect(isEditable(fieldOf("formula"))).toBe(false);
    expect(isEditable(fieldOf("auto_number"))).toBe(false);
    expect(valueKind(fieldOf("rollup"))).toBe("money");
  });
});

const read = (kind: Kind, text: string) => {
  const field = { ...fieldOf(kind), open: kind === "multi_select" };
  const back = kindOf(field).fromText(field, text);
  return back.ok ? back.value : undefined;
};

describe("reading what people write", () => {
  it("numbers", () => {
    expect(
      ["1.234,56", "1,234.56", "1 234.5", "(12)", "-3,5", "12 %", "1,234", "0,123", "1.5e3"].map(parseNumber),
    ).toEqual([1234.56, 1234.56, 1234.5, -12, -3.5, 12, 1234, 0.123, 1500]);
    expect(["", "x", "1x", "--"].map(parseNumber)).toEqual([undefined, undefined, undefined, undefined]);
  });
  it("days", () => {
    const day = (text: string) => parseDay(text, "2026-11-22", false);
    expect(["2026-1-5", "22.11.2026", "22/11/26", "11/25/2026", "5 Mar", "March 5, 2027"].map(day)).toEqual([
      "2026-01-05",
      "2026-11-22",
      "2026-11-22",
      "2026-11-25",
      "2026-03-05",
      "2027-03-05",
    ]);
    expect(["tomorrow", "+3", "in 2 weeks", "fri", "next monday", "sunday"].map(day)).toEqual([
      "2026-11-23",
      "2026-11-25",
      "2026-12-06",
      "2026-11-27",
      "2026-11-23",
      "2026-11-29",
    ]);
    expect(["31.02.2026", "soon", ""].map(day)).toEqual([undefined, undefined, undefined]);
  });
  it("instants in the person's time zone, across the change of clocks", () => {
    expect(instantOf("2026-07-01", "12:00", "Europe/Berlin")).toBe("2026-07-01T10:00:00.000Z");
    expect(instantOf("2026-12-01", "12:00", "Europe/Berlin")).toBe("2026-12-01T11:00:00.000Z");
    expect(wallClock("2026-07-01T10:00:00Z", "Europe/Berlin")).toBe("2026-07-01T12:00");
    expect(parseInstant("tomorrow 9:30", "2026-11-22", "UTC")).toBe("2026-11-23T09:30:00.000Z");
    expect(parseInstant("22.11.2026 3pm", "2026-11-22", "UTC")).toBe("2026-11-22T15:00:00.000Z");
  });
  it("lengths of time", () => {
    expect(["1:30", "90 min", "1h 30m", "45s", "20", "1.5h"].map(parseDuration)).toEqual([
      5400, 5400, 5400, 45, 1200, 5400,
    ]);
    expect(parseDuration("long")).toBeUndefined();
  });
  it("money, choices, words", () => {
    expect(read("money", "1.234,50 €")).toEqual({ amount: 1234.5, currency: "EUR" });
    expect(read("money", "USD 12")).toEqual({ amount: 12, currency: "USD" });
    expect(read("money", "$5")).toEqual({ amount: 5, currency: "USD" });
    expect(read("select", "lost, SADLY")).toBe("lost");
    expect(read("select", "gone")).toBeUndefined();
    expect(read("multi_select", "vip, new")).toEqual(["vip", "new"]);
    expect(splitWords('a; "b; c"; d')).toEqual(["a", "b; c", "d"]);
  });
  it("addresses of people and places", () => {
    expect(read("emails", "Ann Lee <ANN@x.com>, b@y.org")).toEqual([
      { value: "ann@x.com", label: null, primary: true },
      { value: "b@y.org", label: null, primary: false },
    ]);
    expect(read("emails", "nobody")).toBeUndefined();
    expect(read("address", "12 High St, 10115 Berlin, Germany")).toMatchObject({
      street: "12 High St",
      city: "Berlin",
      postal_code: "10115",
      country: "DE",
    });
    expect(withoutBlank([{ value: " " }, { value: " a@b.co " }])).toEqual([{ value: "a@b.co", primary: true }]);
    expect(withoutBlank([{ value: "" }])).toBeNull();
  });
});

describe("filter operands", () => {
  it("are CEL literals", () => {
    expect(quote("O'Neil \\ co")).toBe("'O\\'Neil \\\\ co'");
    expect(celLiteral(fieldOf("date"), "2026-11-22")).toBe("date('2026-11-22')");
    expect(celLiteral(fieldOf("date_time"), "2026-11-22T00:00:00Z")).toBe("timestamp('2026-11-22T00:00:00Z')");
    expect(celLiteral(fieldOf("money"), { amount: 12.5, currency: "EUR" })).toBe("12.5");
    expect(celLiteral(fieldOf("duration"), 90)).toBe("duration('90s')");
    expect(celLiteral(fieldOf("text"), null)).toBe("null");
  });
});
