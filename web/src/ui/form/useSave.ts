/** The saving of a form: what is wrong gets the cursor, the server's problems go to their fields, nothing is sent twice. */
import { useRef, useState } from "react";
import { focusProblem } from "./FormFields";
import type { RecordForm, Values } from "./recordForm";

/** `read` gives what is to be sent, or nothing when the form itself finds problems; `send` sends it and goes on. */
export function useSave(form: RecordForm, read: () => Values | undefined, send: (values: Values) => Promise<void>) {
  const box = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    const values = read();
    if (!values || busy) {
      focusProblem(box.current);
      return;
    }
    setBusy(true);
    try {
      await send(values);
    } catch (error) {
      form.fail(error);
      focusProblem(box.current);
    } finally {
      setBusy(false);
    }
  };
  return { box, busy, save };
}
