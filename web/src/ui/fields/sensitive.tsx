/** Stands where the value of a sensitive field is not shown. */
import { t } from "../../i18n";
import classes from "./fields.module.css";

export function Dots() {
  return (
    <span className={classes.quiet}>
      <span aria-hidden>••••••</span>
      <span className="visually-hidden">{t("field.not_shown")}</span>
    </span>
  );
}
