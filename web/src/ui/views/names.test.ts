/** What a new view is called. */
import { describe, expect, it } from "vitest";
import { freeViewName } from "./NameDialog";

describe("the name of a new view", () => {
  it("is one that no other view of the list has", () => {
    expect(freeViewName("My People", [])).toBe("My People");
    expect(freeViewName("My People", ["my people ", "My People 2"])).toBe("My People 3");
  });
});
