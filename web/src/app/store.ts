/** A tiny store outside React: a value, a way to change it, a hook to follow it. */
import { useSyncExternalStore } from "react";

export interface Store<T> {
  get: () => T;
  set: (next: T | ((value: T) => T)) => void;
  subscribe: (listener: () => void) => () => void;
  use: () => T;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const get = () => value;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get,
    subscribe,
    set: (next) => {
      const changed = typeof next === "function" ? (next as (value: T) => T)(value) : next;
      if (changed !== value) {
        value = changed;
        for (const listener of listeners) {
          listener();
        }
      }
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}

/** A store kept in this browser. */
export function createSavedStore<T>(key: string, initial: T): Store<T> {
  let saved = initial;
  try {
    const text = localStorage.getItem(key);
    saved = text === null ? initial : (JSON.parse(text) as T);
  } catch {
    saved = initial;
  }
  const store = createStore(saved);
  store.subscribe(() => {
    try {
      localStorage.setItem(key, JSON.stringify(store.get()));
    } catch {
      // A full or forbidden storage loses a preference, nothing else.
    }
  });
  return store;
}
