/** Who else is at a record: only where this window looks, and not for ever. */
import { beforeEach, describe, expect, it } from "vitest";
import { forgetGone, hear, others } from "./presence";

const told = { object: "person", id: "p1", user: "ann", editing: null, here: true };

beforeEach(() => others.set({ p1: [] }));

describe("presence", () => {
  it("keeps who came until they leave or say nothing for a while", () => {
    hear(told, 1000);
    hear({ ...told, user: "ben", editing: "job_title" }, 20_000);
    expect(others.get().p1?.map((one) => one.user)).toEqual(["ann", "ben"]);
    forgetGone("p1", 50_000);
    expect(others.get().p1).toMatchObject([{ user: "ben", editing: "job_title" }]);
    hear({ ...told, user: "ben", here: false }, 51_000);
    expect(others.get().p1).toEqual([]);
  });

  it("takes no notice of records that are not shown", () => {
    hear({ ...told, id: "p2" });
    expect(others.get()).toEqual({ p1: [] });
  });
});
