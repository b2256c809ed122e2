/** What the quick search of a list looks into. */
import { describe, expect, it } from "vitest";
import type { ObjectMeta } from "../../api/types";
import { person } from "../../test/objects";
import { wordsFilter } from "./quick";

const property = {
  ...person,
  name: "property",
  title: "label",
  custom: true,
  search: ["label", "street", "safe_code", "price"],
  fields: [
    { name: "label", kind: "text", label: "Label" },
    { name: "street", kind: "text", label: "Street" },
    { name: "plot", kind: "text", label: "Plot" },
    { name: "safe_code", kind: "text", label: "Code of the safe", sensitive: true },
    { name: "price", kind: "integer", label: "Price" },
  ],
} as ObjectMeta;

describe("the quick search", () => {
  it("looks into the texts of an own object that search looks into, and into nothing sensitive", () => {
    expect(wordsFilter(property, " mill ")).toBe(
      'label.contains("mill") || street.contains("mill")'.replaceAll('"', "'"),
    );
  });
  it("is nothing without words", () => {
    expect(wordsFilter(property, "  ")).toBe("");
  });
});
