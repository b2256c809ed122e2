/** Conditions of forms: what is known is decided, what is not stays open. */
import { describe, expect, it } from "vitest";
import type { Field } from "../../api/types";
import { holds, isRequired, isVisible } from "./conditions";

const values = {
  status: "Done",
  amount: { amount: 12, currency: "EUR" },
  tags: ["vip"],
  emails: [{ value: "Ann@x.com", primary: true }],
  due: "2026-01-01",
  empty: null,
};

describe("conditions of forms", () => {
  it.each([
    ["status == 'done'", true],
    ["status != 'done'", false],
    ["status in ['open', 'done']", true],
    ["amount > 10 && amount.currency == 'EUR'", true],
    ["'vip' in tags && !('new' in tags)", true],
    ["emails.exists(e, e.value.endsWith('@x.com'))", true],
    ["emails.primary == 'ann@x.com'", true],
    ["empty == null", true],
    ["empty > 5", false],
    ["!(empty > 5)", true],
    ["has(status)", true],
    ["due < date('2026-02-01')", true],
    ["tags.size() == 1 ? status == 'done' : false", true],
    ["amount + 1 > 12", true],
    ["company.country == 'FR'", undefined],
    ["company.country == 'FR' && status == 'open'", false],
    ["company.country == 'FR' || status == 'done'", true],
    ["status ==", undefined],
  ])("%s", (source, expected) => {
    expect(holds(source, values)).toBe(expected);
  });

  it("show and require fields; what cannot be told is shown and not required", () => {
    const field: Field = {
      name: "reason",
      label: "Reason",
      kind: "text",
      visible_if: "status == 'lost'",
      required_if: "status == 'lost'",
    };
    const fields: Field[] = [field, { name: "status", label: "Status", kind: "select" }];
    expect(isVisible(field, fields, {})).toBe(false);
    expect(isVisible(field, fields, { status: "lost" })).toBe(true);
    expect(isRequired(field, fields, { status: "lost" })).toBe(true);
    expect(isRequired(field, fields, {})).toBe(false);
    const open = { ...field, visible_if: "owner.team == 'x'", required_if: "owner.team == 'x'" };
    expect([isVisible(open, fields, {}), isRequired(open, fields, {})]).toEqual([true, false]);
  });
});
