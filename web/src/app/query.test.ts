/** What a known change leaves alone: lists that do not hold the record stay out of date when they were. */
import { afterEach, describe, expect, it } from "vitest";
import { keys } from "../api/keys";
import { person } from "../test/objects";
import { patchRecord, queryClient } from "./query";

afterEach(() => queryClient.clear());

describe("patchRecord", () => {
  it("changes the lists that hold the record and none of the others", async () => {
    const [holds, lacks] = [1, 2].map((page) => keys.page("person", "", page));
    queryClient.setQueryData(holds ?? [], { records: [{ id: "a", name: "Ann" }] });
    queryClient.setQueryData(lacks ?? [], { records: [{ id: "b", name: "Ben" }] });
    await queryClient.invalidateQueries({ queryKey: keys.pages("person") });
    patchRecord(person, { id: "a", name: "Anna" });
    expect(queryClient.getQueryData(holds ?? [])).toEqual({ records: [{ id: "a", name: "Anna" }] });
    expect(queryClient.getQueryState(lacks ?? [])?.isInvalidated).toBe(true);
  });
});
