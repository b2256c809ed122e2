/** Commands: one object feeds the button, the shortcut and the palette. Pages add theirs while they are shown. */
import type { ComponentType } from "react";
import { useEffect, useRef } from "react";
import { createStore } from "./store";

export interface Command {
  /** Stable and unique: `record.delete`. */
  id: string;
  title: string;
  /** Heading in the palette and in the shortcut list. */
  section: string;
  icon?: ComponentType<{ size?: number; stroke?: number }>;
  /** `c`, `mod+k`, `shift+d`, `g p` (one after the other). `mod` is ⌘ on a Mac and Ctrl elsewhere. */
  keys?: string;
  /** Other words that find it. */
  words?: string;
  /** Not in the palette: only a shortcut. */
  hidden?: boolean;
  /** Works while typing in a field too. */
  whileTyping?: boolean;
  disabled?: boolean;
  run: () => void;
}

interface Entry {
  owner: symbol;
  commands: Command[];
}

const registry = createStore<Entry[]>([]);

/** Every command that can be run now; those of the innermost part of the page first. */
export function activeCommands(): Command[] {
  const seen = new Set<string>();
  return registry
    .get()
    .flatMap((entry) => entry.commands)
    .filter((command) => !command.disabled && !seen.has(command.id) && seen.add(command.id));
}

export function useActiveCommands(): Command[] {
  registry.use();
  return activeCommands();
}

/** Offers commands while the component is shown. */
export function useCommands(commands: Command[]): void {
  const owner = useRef(Symbol("commands"));
  const text = commands
    .map((command) => `${command.id}|${command.title}|${command.keys}|${command.disabled}`)
    .join("\n");
  const latest = useRef(commands);
  latest.current = commands;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text says whether the commands differ; their functions are read when run
  useEffect(() => {
    const mine = owner.current;
    const stable = latest.current.map((command, index) => ({
      ...command,
      run: () => (latest.current.find((entry) => entry.id === command.id) ?? latest.current[index])?.run(),
    }));
    registry.set((list) => [{ owner: mine, commands: stable }, ...list.filter((entry) => entry.owner !== mine)]);
    return () => registry.set((list) => list.filter((entry) => entry.owner !== mine));
  }, [text]);
}
