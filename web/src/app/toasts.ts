/** Short messages at the bottom of the page: what happened, and how to take it back. */
import { createStore } from "./store";

export interface Toast {
  id: number;
  text: string;
  /** Errors stay until they are closed. */
  kind: "info" | "error";
  actions: { label: string; run: () => void }[];
}

const shown_max = 3;
let next = 1;

export const toasts = createStore<Toast[]>([]);

/** Shows a message and gives its number. */
export function showToast(text: string, options: Partial<Pick<Toast, "kind" | "actions">> = {}): number {
  const toast: Toast = { id: next++, text, kind: options.kind ?? "info", actions: options.actions ?? [] };
  toasts.set((list) => [...list, toast].slice(-shown_max));
  return toast.id;
}

export function closeToast(id: number): void {
  toasts.set((list) => list.filter((toast) => toast.id !== id));
}
