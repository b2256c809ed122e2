/** Refusals stand at the input they belong to. */
import { describe, expect, it } from "vitest";
import { ApiProblem } from "../../../api/client";
import type { FieldProblem } from "../../../api/types";
import { fieldProblems, objectProblems } from "./problems";

function refused(...fields: FieldProblem[]): ApiProblem {
  return new ApiProblem({ title: "Invalid", status: 422, code: "invalid", detail: "Not so.", fields });
}
const fault = (field: string, message: string): FieldProblem => ({ field, code: "bad_schema", message });

describe("refusals of a field", () => {
  it.each([
    ["its formula: `pric` is not known.", "formula"],
    ["its pattern needs `{number}` once.", "pattern"],
    ["it needs `options`, each with a value and a label.", "options"],
    ["the filter of its roll-up: `x` is not known.", "rollup_filter"],
    ["its roll-up needs a `field`.", "rollup_field"],
    ["its default does not fit. That is no number.", "default"],
    ["its inverse: `1` is no name", "inverse"],
    ["values of this kind cannot be `unique`.", "unique"],
    ["its `visible_if`: `x` is not known.", "visible_if"],
    ["`id` is reserved; choose another name, like `id_value`.", "name"],
  ])("%s stands at %s", (message, input) => {
    expect(Object.keys(fieldProblems(refused(fault("price", message)), "price"))).toEqual([input]);
  });
  it("of a field that is called like an input stand at the right one", () => {
    expect(Object.keys(fieldProblems(refused(fault("label", "its formula: no.")), "label"))).toEqual(["formula"]);
  });
  it("about other fields name them", () => {
    expect(fieldProblems(refused(fault("tax", "its formula: `price` is not known.")), "price")).toEqual({
      "": "tax: its formula: `price` is not known.",
    });
  });
  it("without fields stand where their sentence belongs", () => {
    const problem = { title: "Conflict", status: 409, code: "conflict", detail: "Company already has a field `name`." };
    expect(Object.keys(fieldProblems(new ApiProblem(problem), "name"))).toEqual(["name"]);
    expect(fieldProblems(new Error("lost"), "name")).toEqual({ "": "lost" });
  });
});

describe("refusals of an object", () => {
  it("stand at the part they name", () => {
    const reserved = { field: "plural", code: "reserved", message: "`files` is an address of the API already." };
    expect(Object.keys(objectProblems(refused(reserved)))).toEqual(["plural"]);
    expect(Object.keys(objectProblems(refused(fault("", "`search` names `x`, which holds no text."))))).toEqual([
      "search",
    ]);
  });
});
