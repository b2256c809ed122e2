/** The menu of a card: one for the whole board, opened at the card's button. Moving is always possible from here. */
import { Menu } from "@mantine/core";
import { IconArrowsDiagonal, IconLayoutSidebarRight } from "@tabler/icons-react";
import type { Field, RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { LaneName } from "./Lane";
import { keyOf, type Lane } from "./lanes";

export interface MenuAt {
  record: RapportRecord;
  /** The button it belongs to. */
  button: HTMLElement;
}

interface Props {
  at: MenuAt;
  field: Field;
  lanes: Lane[];
  /** Whether the card can be moved, and to where. */
  movable: boolean;
  takes: (lane: Lane) => boolean;
  onMove: (record: RapportRecord, lane: Lane) => void;
  onOpen: (record: RapportRecord) => void;
  onPeek: ((record: RapportRecord) => void) | undefined;
  onClose: (moved: boolean) => void;
}

export function CardMenu({ at, field, lanes, movable, takes, onMove, onOpen, onPeek, onClose }: Props) {
  const { record, button } = at;
  const box = button.getBoundingClientRect();
  const here = keyOf(record[field.name]);
  const run = (work: () => void, moved = false) => {
    onClose(moved);
    work();
  };
  return (
    <Menu
      opened
      onChange={(opened) => !opened && onClose(false)}
      position="bottom-end"
      width={230}
      withinPortal
      returnFocus={false}
      closeOnItemClick={false}
    >
      <Menu.Target>
        <span
          aria-hidden="true"
          style={{
            position: "fixed",
            top: box.top,
            left: box.left,
            width: box.width,
            height: box.height,
            pointerEvents: "none",
          }}
        />
      </Menu.Target>
      <Menu.Dropdown mah="min(420px, 70vh)" style={{ overflowY: "auto" }}>
        <Menu.Item leftSection={<IconArrowsDiagonal size={15} />} onClick={() => run(() => onOpen(record))}>
          {t("list.open")}
        </Menu.Item>
        {onPeek && (
          <Menu.Item leftSection={<IconLayoutSidebarRight size={15} />} onClick={() => run(() => onPeek(record))}>
            {t("board.peek")}
          </Menu.Item>
        )}
        {movable && (
          <>
            <Menu.Divider />
            <Menu.Label>{t("board.move_to")}</Menu.Label>
            {lanes.map((lane) => (
              <Menu.RadioItem
                key={lane.key}
                value={lane.key}
                checked={lane.key === here}
                disabled={lane.key !== here && !takes(lane)}
                onChange={() => run(() => onMove(record, lane), lane.key !== here)}
              >
                <span style={{ display: "flex", alignItems: "center", gap: 8, minWidth: 0 }}>
                  <LaneName lane={lane} field={field} />
                </span>
              </Menu.RadioItem>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
