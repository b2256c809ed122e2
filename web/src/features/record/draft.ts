/** A text that is being written about a record: kept while the window lives, until it is sent. */
import { useState } from "react";

export function useDraft(activity: string, values: object): [string, (text: string) => void] {
  const key = `rapport.draft.${activity}.${JSON.stringify(values)}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  const change = (next: string) => {
    setText(next);
    next ? sessionStorage.setItem(key, next) : sessionStorage.removeItem(key);
  };
  return [text, change];
}
