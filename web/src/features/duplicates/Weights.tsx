/** How sure a pair is, field by field: what agreed, what did not, and how much each says. */
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { reasonText } from "../../ui/form/duplicates";
import classes from "./duplicates.module.css";

export interface Weight {
  reason: string;
  /** Positive for, negative against; one more doubles the odds. */
  bits: number;
}

export function Weights({ weights }: { weights: Weight[] }) {
  if (weights.length === 0) {
    return null;
  }
  return (
    <details className={classes.weights}>
      <summary>{t("duplicates.weights")}</summary>
      <table>
        <caption className="dimmed">{t("duplicates.weights_text")}</caption>
        <tbody>
          {weights.map((weight) => (
            <tr key={weight.reason}>
              <th scope="row">{reasonText(weight.reason)}</th>
              <td className="num">
                {weight.bits > 0 ? "+" : ""}
                {formatNumber(weight.bits)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
