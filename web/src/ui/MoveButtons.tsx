/** Moves an entry of a list one place up or down. */
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";

interface Props {
  first: boolean;
  last: boolean;
  /** What is read aloud of each. */
  up: string;
  down: string;
  onMove: (by: -1 | 1) => void;
}

export function MoveButtons({ first, last, up, down, onMove }: Props) {
  return (
    <>
      <button type="button" className="tool" data-icon disabled={first} aria-label={up} onClick={() => onMove(-1)}>
        <IconArrowUp size={14} />
      </button>
      <button type="button" className="tool" data-icon disabled={last} aria-label={down} onClick={() => onMove(1)}>
        <IconArrowDown size={14} />
      </button>
    </>
  );
}
