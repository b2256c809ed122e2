/** Who moves when the tree is changed, asked before it is. */
import { Button, Modal } from "@mantine/core";
import { t } from "../../../i18n";
import { formatNumber } from "../../../i18n/format";
import type { Moves } from "./data";
import classes from "./territories.module.css";

interface Props {
  moves: Moves;
  busy: boolean;
  onGo: () => void;
  onClose: () => void;
}

const none = () => t("territories.none");

export function MovesDialog({ moves, busy, onGo, onClose }: Props) {
  const told = moves.moves.reduce((sum, step) => sum + step.count, 0);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("territories.moves", { count: moves.moved })}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <ul className={classes.moves}>
        {moves.moves.map(({ from, to, count }) => (
          <li key={`${from?.id} ${to?.id}`}>
            <span>
              {from ? from.name : none()} → {to ? to.name : none()}
            </span>
            <strong>{formatNumber(count)}</strong>
          </li>
        ))}
        {moves.moved > told && (
          <li>
            <span className="dimmed">{t("territories.moves_more")}</span>
            <strong>{formatNumber(moves.moved - told)}</strong>
          </li>
        )}
      </ul>
      <p className="dimmed">
        {[
          t("territories.moves_of", { total: formatNumber(moves.total) }),
          moves.pinned > 0 && t("territories.moves_pinned", { count: moves.pinned }),
          t("territories.moves_undo"),
        ]
          .filter(Boolean)
          .join(" ")}
      </p>
      <div className={classes.buttons}>
        <Button onClick={onGo} loading={busy} data-autofocus>
          {t("territories.moves_go")}
        </Button>
        <button type="button" className="tool" onClick={onClose}>
          {t("app.cancel")}
        </button>
      </div>
    </Modal>
  );
}
