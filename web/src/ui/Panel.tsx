/** A small window at its button. Lists that its inputs open belong to it: choosing from them does not close it. */
import { Popover, type PopoverProps } from "@mantine/core";
import { type ReactElement, type ReactNode, useEffect, useRef } from "react";

interface Props {
  label: string;
  opened: boolean;
  onChange: (opened: boolean) => void;
  position?: PopoverProps["position"];
  /** The button that opens it. */
  target: ReactElement;
  children: ReactNode;
}

/** Everything that floats above the page stands in one of these. */
const floating = "[data-portal], [data-mantine-shared-portal-node]";

export function Panel({ label, opened, onChange, position = "bottom-start", target, children }: Props) {
  const anchor = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!opened) {
      return;
    }
    const press = (event: PointerEvent) => {
      const on = event.target as HTMLElement;
      if (on.isConnected && !on.closest(floating) && !anchor.current?.contains(on)) {
        onChange(false);
      }
    };
    document.addEventListener("pointerdown", press, true);
    return () => document.removeEventListener("pointerdown", press, true);
  }, [opened, onChange]);
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      position={position}
      closeOnClickOutside={false}
      trapFocus
      returnFocus
      withRoles={false}
    >
      <Popover.Target>
        <span ref={anchor} style={{ display: "inline-flex" }}>
          {target}
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={label}>
        {opened && children}
      </Popover.Dropdown>
    </Popover>
  );
}
