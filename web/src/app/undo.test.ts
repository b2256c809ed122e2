/** The undo stack: newest first, twenty at most, what is undone can be done again. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem, api } from "../api/client";
import { toasts } from "./toasts";
import { offerUndo, undoable, undoBatch, undoLast } from "./undo";

beforeEach(() => {
  undoable.set([]);
  toasts.set([]);
});

describe("undo", () => {
  it("keeps the last twenty changes, newest first", () => {
    for (let number = 1; number <= 25; number++) {
      offerUndo(`b${number}`, `change ${number}`);
    }
    expect(undoable.get()).toHaveLength(20);
    expect(undoable.get()[0]?.batch).toBe("b25");
    expect(toasts.get()).toHaveLength(3);
  });

  it("takes back the newest and offers to redo it", async () => {
    const post = vi.spyOn(api, "post").mockResolvedValue({ batch: "u1", undone: 1, kept: [] });
    offerUndo("b1", "first");
    offerUndo("b2", "second");
    await undoLast();
    expect(post).toHaveBeenCalledWith("/undo/b2");
    expect(undoable.get().map((entry) => entry.batch)).toEqual(["b1"]);
    const last = toasts.get().at(-1);
    expect(last?.text).toBe("Undone: second");
    last?.actions[0]?.run();
    expect(post).toHaveBeenLastCalledWith("/undo/u1");
  });

  it("says what was kept because others changed it since", async () => {
    vi.spyOn(api, "post").mockResolvedValue({
      batch: "u1",
      undone: 1,
      kept: [{ object: "person", id: "1", field: "name", reason: "changed since" }],
    });
    await undoBatch("b1");
    expect(toasts.get().at(-1)?.text).toBe("Undone, except one value that was changed since");
  });

  it("shows a refusal as an error with another try", async () => {
    vi.spyOn(api, "post").mockRejectedValue(new ApiProblem({ title: "No", status: 0, code: "offline" }));
    await undoBatch("b1");
    expect(toasts.get().at(-1)).toMatchObject({
      kind: "error",
      text: "The server cannot be reached. Check the connection and try again.",
    });
    expect(toasts.get().at(-1)?.actions[0]?.label).toBe("Try again");
  });

  it("says that there is nothing to undo", async () => {
    await undoLast();
    expect(toasts.get().at(-1)?.text).toBe("Nothing to undo");
  });
});
