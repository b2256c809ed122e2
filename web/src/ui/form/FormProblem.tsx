/** What is wrong with a form as a whole, told at once to who cannot see it. */
import classes from "./problem.module.css";

/** `apart` leaves room above, where the form has no gaps of its own. */
export function FormProblem({ text, apart = false }: { text: string | undefined; apart?: boolean }) {
  return text ? (
    <p role="alert" className={classes.problem} data-apart={apart || undefined}>
      {text}
    </p>
  ) : null;
}
