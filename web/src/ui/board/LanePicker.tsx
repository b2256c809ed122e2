/** The lanes as a row of buttons above a board on a phone, where one lane fills the screen. */
import { useEffect, useRef } from "react";
import type { Field } from "../../api/types";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import classes from "./board.module.css";
import { LaneName } from "./Lane";
import type { LaneState } from "./useBoard";

interface Props {
  lanes: LaneState[];
  field: Field;
  current: string | undefined;
  onPick: (lane: string) => void;
}

export function LanePicker({ lanes, field, current, onPick }: Props) {
  const box = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another lane is in sight
  useEffect(() => {
    const button = box.current?.querySelector<HTMLElement>("[aria-current]");
    if (box.current && button) {
      box.current.scrollLeft = button.offsetLeft - (box.current.clientWidth - button.offsetWidth) / 2;
    }
  }, [current]);
  return (
    <nav ref={box} className={classes.picker} aria-label={t("board.lanes")}>
      {lanes.map(({ lane, count }) => (
        <button
          key={lane.key}
          type="button"
          className="tool"
          data-on={lane.key === current ? "" : undefined}
          aria-current={lane.key === current ? "true" : undefined}
          onClick={() => onPick(lane.key)}
        >
          <LaneName lane={lane} field={field} />
          {count !== undefined && <span className={classes.count}>{formatNumber(count)}</span>}
        </button>
      ))}
    </nav>
  );
}
