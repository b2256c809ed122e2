/** The order of a list: chosen, or newest first. */
import { describe, expect, it } from "vitest";
import { company, person } from "../../test/objects";
import { orderOf } from "./columns";

describe("the order of a list", () => {
  it("is the chosen one", () => {
    expect(orderOf(person, "name,-created_at")).toBe("name,-created_at");
  });
  it("is newest first when none is chosen", () => {
    expect(orderOf(person, "")).toBe("-created_at");
  });
  it("is left to the server where nobody may see when records were made", () => {
    expect(orderOf(company, "")).toBe("");
  });
});
