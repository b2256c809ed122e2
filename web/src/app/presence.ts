/** Who else looks at a record, and at which field they write: said by this window, heard over the event stream. */
import { useEffect, useMemo } from "react";
import { api } from "../api/client";
import type { LivePresence, ObjectMeta } from "../api/types";
import { createStore } from "./store";

export interface Other {
  user: string;
  /** The field that is being written, as far as one may know it. */
  editing: string | null;
  /** When it is no longer believed. */
  until: number;
}

interface Answer {
  people: { user: string; editing: string | null }[];
  stays: number;
}

const window_id = crypto.randomUUID();
const again_ms = 20_000;
const stays_ms = 45_000;
const gather_ms = 250;

/** Everybody but the reader, by record. */
export const others = createStore<{ [record: string]: Other[] }>({});

/** What this window says of itself. */
const own = createStore<{ record: string; editing: string | null } | null>(null);

function put(record: string, change: (list: Other[]) => Other[]): void {
  others.set((all) => ({ ...all, [record]: change(all[record] ?? []) }));
}

/** Somebody came, went, or began to write. */
export function hear(told: LivePresence, now = Date.now()): void {
  if (others.get()[told.id] === undefined) {
    return;
  }
  put(told.id, (list) => {
    const rest = list.filter((one) => one.user !== told.user && one.until > now);
    const one = { user: told.user, editing: told.editing, until: now + stays_ms };
    return told.here ? [...rest, one].sort((a, b) => a.user.localeCompare(b.user)) : rest;
  });
}

/** Forgets who left without a word. */
export function forgetGone(record: string, now = Date.now()): void {
  if (others.get()[record]?.some((one) => one.until <= now)) {
    put(record, (list) => list.filter((one) => one.until > now));
  }
}

async function say(plural: string, record: string, here: boolean): Promise<void> {
  const mine = own.get();
  const editing = mine?.record === record ? mine.editing : null;
  try {
    const body = { window: window_id, editing: here ? editing : null, here };
    const answer = await api.post<Answer>(`/${plural}/${record}/presence`, body, { keepalive: !here });
    const until = Date.now() + answer.stays * 1000;
    if (here && others.get()[record] !== undefined) {
      put(record, () => answer.people.map((one) => ({ ...one, until })));
    }
  } catch {
    // Without it the page is whole; whoever is there is told again in a moment.
  }
}

/** Says that this window shows a record, for as long as it does and somebody may be looking. */
export function usePresence({ plural }: ObjectMeta, record: string): void {
  useEffect(() => {
    put(record, (list) => list);
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      if (document.visibilityState === "visible") {
        void say(plural, record, true);
      }
      forgetGone(record);
    };
    const soon = () => {
      clearTimeout(gathering);
      gathering = setTimeout(tell, gather_ms);
    };
    soon();
    const timer = setInterval(tell, again_ms);
    const stop = own.subscribe(soon);
    const leave = () => void say(plural, record, false);
    document.addEventListener("visibilitychange", soon);
    window.addEventListener("pagehide", leave);
    return () => {
      clearTimeout(gathering);
      clearInterval(timer);
      stop();
      document.removeEventListener("visibilitychange", soon);
      window.removeEventListener("pagehide", leave);
      leave();
      others.set(({ [record]: _, ...rest }) => rest);
    };
  }, [plural, record]);
}

/** Says which field is being written, while it is. */
export function useEditing(record: string, field: string, editing: boolean): void {
  useEffect(() => {
    if (!editing) {
      return;
    }
    own.set({ record, editing: field });
    return () => own.set((mine) => (mine?.record === record && mine.editing === field ? null : mine));
  }, [record, field, editing]);
}

const nobody: Other[] = [];

/** The others at a record. */
export function useOthers(record: string, self: string): Other[] {
  const list = others.use()[record];
  return useMemo(() => list?.filter((one) => one.user !== self) ?? nobody, [list, self]);
}
