/** Filters are written as CEL and read back the same; what no operator stands for is kept as it is. */
import { describe, expect, it } from "vitest";
import { findTestObject, person } from "../../test/objects";
import { CelError, namesIn, parseCel, printCel } from "./cel";
import { type Condition, type Group, joinFilters, type Node, operatorsOf, readFilter, writeFilter } from "./model";
import { showsShared, switchShared } from "./shared";

const read = (source: string) => readFilter(source, person, findTestObject);
const write = (node: Node) => writeFilter(node, person, findTestObject);
const condition = (path: string, operator: string, value: Condition["value"] = null): Condition => ({
  type: "condition",
  path,
  operator,
  value,
});
const all = (...items: Node[]): Group => ({ type: "group", join: "all", items });
const any = (...items: Node[]): Group => ({ type: "group", join: "any", items });

/** A fitting value for each operator of each field. */
function sample(path: string, operator: string): Condition | null {
  const field = person.fields.find((entry) => entry.name === path);
  const found = field && operatorsOf(field).find((entry) => entry.name === operator);
  if (!field || !found) {
    return null;
  }
  const one =
    { integer: 5, date: "2026-03-01", date_time: "2026-03-01T10:00:00Z", select: "lead" }[field.kind as string] ??
    "it's \\ 1";
  const values = { none: null, text: "Müller & 'Co'", value: one, values: [one, one], days: 30, range: [one, one] };
  return condition(path, operator, values[found.operand]);
}

describe("filter builder and CEL", () => {
  const cases = person.fields.flatMap((field) =>
    operatorsOf(field).map((operator) => [field.name, operator.name] as const),
  );
  it.each(cases)("%s %s survives the round trip", (path, operator) => {
    const made = sample(path, operator) as Condition;
    const source = write(made);
    expect(source).not.toBe("");
    const [item] = read(source).items;
    expect(write(item as Node)).toBe(source);
    expect(item?.type).toBe("condition");
  });

  it("keeps nested groups", () => {
    const filter = all(
      condition("lifecycle", "any_of", ["lead", "customer"]),
      any(
        condition("company.name", "contains", "GmbH"),
        all(condition("score", "more", 3), condition("do_not_call", "no")),
      ),
    );
    const source = write(filter);
    expect(source).toBe(
      "lifecycle in ['lead', 'customer'] && (company.name.contains('GmbH') || (score > 3 && do_not_call == false))",
    );
    expect(read(source)).toEqual(filter);
  });

  it("reads a range among other conditions", () => {
    const filter = all(condition("score", "between", [1, 5]), condition("owner", "is_me"));
    expect(write(filter)).toBe("(score >= 1 && score <= 5) && owner == me");
    expect(read(write(filter))).toEqual(filter);
  });

  it("understands other spellings", () => {
    expect(read('emails.exists(e, e.value.endsWith("@x.com"))').items).toEqual([
      condition("emails", "ends_with", "@x.com"),
    ]);
    expect(read("  lifecycle=='lead'&&(score>-2) ").items).toEqual([
      condition("lifecycle", "is", "lead"),
      condition("score", "more", -2),
    ]);
  });

  it("keeps what it cannot show as an expression", () => {
    const source = "deals.exists(d, d.amount > 1000) && lifecycle == 'lead'";
    expect(read(source).items).toEqual([
      { type: "expression", source: "deals.exists(d, d.amount > 1000)" },
      condition("lifecycle", "is", "lead"),
    ]);
    expect(write(read(source))).toBe(source);
    expect(write(read("score + 1 > 3 ? true : false"))).toBe("score + 1 > 3 ? true : false");
  });

  it("leaves out what is not complete", () => {
    expect(
      write(
        all(condition("name", "contains", ""), condition("score", "between", [1]), condition("score", "equals", 0)),
      ),
    ).toBe("score == 0");
  });

  it("joins filters with brackets where they are needed", () => {
    expect(joinFilters("a == 1 || b == 2", "", "c == 3")).toBe("(a == 1 || b == 2) && c == 3");
  });

  it("says where text is wrong", () => {
    expect(() => parseCel("name == 'x' &&")).toThrow(CelError);
    try {
      parseCel("name == ) 1");
    } catch (error) {
      expect((error as CelError).position).toBe(8);
    }
  });

  it("tells the names that an expression reads", () => {
    const source = "!(a.size() > 1) && (b ? c in [d, 'x'] : company.e == me) || has(f)";
    expect(namesIn(parseCel(source))).toEqual(["a", "b", "c", "d", "company", "me", "f"]);
  });

  it.each([
    "a - (b - c) * 2",
    "!(a && b) || c",
    "x.y.exists(e, e.v == 'q\\n')",
    "-a + 1.50",
    "a in [1, 2]",
    "(a ? b : c) ? d : e",
  ])("prints %s as it was read", (source) => {
    expect(printCel(parseCel(source))).toBe(source);
  });
});

describe("what is shared with the reader", () => {
  it.each(["", "name == 'A'", "status == 'lead' || name == 'A'"])("is put in and taken out of %s", (before) => {
    const start = before && write(read(before));
    const shown = switchShared(start, person, findTestObject);
    expect(showsShared(start, person, findTestObject)).toBe(false);
    expect(showsShared(shown, person, findTestObject)).toBe(true);
    expect(switchShared(shown, person, findTestObject)).toBe(start);
  });
});
