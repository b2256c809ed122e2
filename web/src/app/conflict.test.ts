/** What meets when two people change one record, and that nothing of either is lost. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem, api } from "../api/client";
import type { Field, ObjectMeta, RapportRecord } from "../api/types";
import { changedByOthers, clashing, conflicts } from "./conflict";
import { toasts } from "./toasts";
import { updateRecord } from "./write";

const field = (name: string, more: Partial<Field> = {}): Field =>
  ({ name, label: name, kind: "text", ...more }) as Field;
const object = {
  name: "person",
  plural: "people",
  label: "Person",
  title: "name",
  fields: [field("name"), field("job"), field("city"), field("score", { kind: "formula" })],
} as unknown as ObjectMeta;
const seen: RapportRecord = { id: "p1", version: 1, name: "Ada", job: "Poet", city: "London", score: 1 };

const stale = (current: RapportRecord) =>
  new ApiProblem({ title: "Stale", status: 412, code: "stale", current } as unknown as ApiProblem["problem"]);

/** A server that holds a record of a version and refuses others. */
function server(held: RapportRecord) {
  const record: RapportRecord = { ...held };
  vi.spyOn(api, "patch").mockImplementation(async (_, values, options) => {
    if (options?.version !== record.version) {
      throw stale({ ...record });
    }
    Object.assign(record, values, { version: Number(record.version) + 1 });
    return { record: { ...record }, batch: "b" } as never;
  });
  return record;
}

const asked = async () => {
  await vi.waitFor(() => expect(conflicts.get()).toHaveLength(1));
  const first = conflicts.get()[0];
  if (!first) {
    throw new Error("nothing is asked");
  }
  return first;
};

beforeEach(() => {
  conflicts.set([]);
  toasts.set([]);
});

describe("conflict", () => {
  it("is only what both changed differently", () => {
    const before = { job: "Poet", city: "London" };
    expect(clashing(before, { job: "Dean" }, { job: "Poet", city: "Bath" })).toEqual([]);
    expect(clashing(before, { job: "Dean" }, { job: "Dean", city: "Bath" })).toEqual([]);
    expect(clashing(before, { job: "Dean", city: "Rome" }, { job: "Duke", city: "London" })).toEqual(["job"]);
    expect(clashing({ job: null }, { job: "Dean" }, { job: "" })).toEqual([]);
  });

  it("names what the other changed, without what the program works out", () => {
    const theirs = { ...seen, city: "Bath", score: 7, version: 2 };
    expect(changedByOthers(object.fields, seen, { job: "Dean" }, theirs).map(({ name }) => name)).toEqual(["city"]);
  });

  it("keeps both when they changed different fields, and says so", async () => {
    const record = server({ ...seen, city: "Bath", version: 2 });
    await updateRecord(object, seen, { job: "Dean" });
    expect(record).toMatchObject({ job: "Dean", city: "Bath", version: 3 });
    expect(conflicts.get()).toEqual([]);
    expect(toasts.get().at(-1)?.text).toContain("city");
  });

  it("asks about what both changed and sends only what is to be mine", async () => {
    const record = server({ ...seen, job: "Duke", city: "Bath", version: 2 });
    const saving = updateRecord(object, seen, { job: "Dean", city: "Rome", name: "Ada L." });
    const question = await asked();
    expect(question.fields).toEqual(["job", "city"]);
    question.answer({ job: "Dean", name: "Ada L." });
    await saving;
    expect(record).toMatchObject({ job: "Dean", city: "Bath", name: "Ada L." });
  });

  it("asks again when a third change came meanwhile", async () => {
    const record = server({ ...seen, job: "Duke", version: 2 });
    const saving = updateRecord(object, seen, { job: "Dean" });
    const question = await asked();
    Object.assign(record, { job: "Earl", version: 3 });
    question.answer({ job: "Dean" });
    await vi.waitFor(() => expect(conflicts.get()[0]?.before).toEqual({ job: "Duke" }));
    conflicts.get()[0]?.answer({ job: "Dean" });
    await saving;
    expect(record.job).toBe("Dean");
  });

  it("sends nothing when theirs stays", async () => {
    const record = server({ ...seen, job: "Duke", version: 2 });
    const saving = updateRecord(object, seen, { job: "Dean" });
    (await asked()).answer({});
    expect(await saving).toMatchObject({ job: "Duke" });
    expect(record.version).toBe(2);
  });

  it("keeps what was typed when the question is put off", async () => {
    server({ ...seen, job: "Duke", version: 2 });
    const saving = updateRecord(object, seen, { job: "Dean" });
    (await asked()).answer(undefined);
    await expect(saving).rejects.toMatchObject({ code: "stale" });
    const toast = toasts.get().at(-1);
    expect(toast?.kind).toBe("error");
    toast?.actions[0]?.run();
    expect((await asked()).mine).toEqual({ job: "Dean" });
  });
});
