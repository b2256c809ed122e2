/** Keyboard shortcuts: finds the command of what was pressed, sequences such as `g p` included. */
import { useEffect } from "react";
import { hasText, t } from "../i18n";
import { activeCommands } from "./commands";

const sequence_ms = 1200;

export const onMac = typeof navigator !== "undefined" && /mac|iphone|ipad/i.test(navigator.platform);

/** The name of a key press as commands write it: `mod+shift+k`. */
export function pressName(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const mod = onMac ? event.metaKey : event.ctrlKey;
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const letter = /^[a-z0-9]$/.test(key) || key.length > 1;
  const parts = [mod && "mod", event.altKey && "alt", event.shiftKey && letter && "shift", key];
  return parts.filter(Boolean).join("+");
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) {
    return false;
  }
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** How long a menu that closes takes to give the cursor back. */
const menu_ms = 40;

/** Does something once no menu is open: it would stand over what comes, and take the cursor from it. */
function afterMenus(work: () => void): void {
  if (!document.querySelector("[role=menu]")) {
    work();
    return;
  }
  document.body.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
  setTimeout(work, menu_ms);
}

/** Listens for the shortcuts of every active command. */
export function useHotkeys(): void {
  useEffect(() => {
    let first = "";
    let at = 0;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) {
        return;
      }
      const name = pressName(event);
      const chain = first && event.timeStamp - at < sequence_ms ? `${first} ${name}` : "";
      const busy = typing(event.target);
      // Keys belong to what stands over the page: a dialog, a menu.
      const dialog = document.querySelector("[role=dialog][aria-modal=true], [role=menu]");
      const commands = activeCommands().filter(
        (command) => command.keys && (command.whileTyping || (!busy && !dialog)),
      );
      const command =
        (chain && commands.find((entry) => entry.keys === chain)) || commands.find((entry) => entry.keys === name);
      first = "";
      if (command) {
        event.preventDefault();
        afterMenus(command.run);
      } else if (!busy && commands.some((entry) => entry.keys?.startsWith(`${name} `))) {
        first = name;
        at = event.timeStamp;
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

const signs: { [key: string]: string } = {
  enter: "↵",
  arrowup: "↑",
  arrowdown: "↓",
  arrowleft: "←",
  arrowright: "→",
  backspace: "⌫",
};
const mac_signs: { [key: string]: string } = { mod: "⌘", shift: "⇧", alt: "⌥" };

/** What stands on the key: a sign, its name in the reader's language, or its letter. */
function capOf(key: string): string {
  const sign = (onMac ? mac_signs[key] : undefined) ?? signs[key];
  return sign ?? (hasText(`key.${key}`) ? t(`key.${key}`) : key.toUpperCase());
}

/** The keys of a shortcut as they are shown, each one cap: `g p` → ["G", "P"]. */
export function keyCaps(keys: string): string[] {
  return keys.split(/[ +]/).map(capOf);
}
