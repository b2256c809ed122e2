/** The saving of forms: nothing is sent twice, the server's problems go to their fields, what is wrong gets the cursor. */
import { useRef, useState } from "react";
import { focusProblem } from "./FormFields";
import { type Problems, problemsOf, type RecordForm, type Values } from "./recordForm";

/** Sends one thing at a time; `refused` hears why it was not taken, where that is not said already. */
export function useOneAtATime(refused: (error: unknown) => void = () => {}) {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const send = async (work: () => Promise<unknown>) => {
    if (running.current) {
      return;
    }
    running.current = true;
    setBusy(true);
    try {
      await work();
    } catch (error) {
      refused(error);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, send };
}

/**
 * A form with inputs of its own. `read` tells by input what the server finds wrong, under `""` what belongs to none;
 * `refuse` shows what the form itself finds wrong.
 */
export function useSending(read: (error: unknown) => Problems = (error) => problemsOf(error, [])) {
  const box = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<Problems>({});
  const refuse = (found: Problems) => {
    setProblems(found);
    focusProblem(box.current);
  };
  const { busy, send } = useOneAtATime((error) => refuse(read(error)));
  const sendAnew = (work: () => Promise<unknown>) => {
    setProblems({});
    return send(work);
  };
  return { box, busy, problems, setProblems, refuse, send: sendAnew };
}

/** A form over a record's fields. `take` gives what is to be sent, or nothing when the form finds problems; `send` sends it and goes on. */
export function useSave(form: RecordForm, take: () => Values | undefined, send: (values: Values) => Promise<void>) {
  const box = useRef<HTMLFormElement>(null);
  const once = useOneAtATime((error) => {
    form.fail(error);
    focusProblem(box.current);
  });
  const save = async () => {
    const values = take();
    if (values) {
      await once.send(() => send(values));
    } else {
      focusProblem(box.current);
    }
  };
  return { box, busy: once.busy, save };
}
