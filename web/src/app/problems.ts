/** Errors in the reader's words. */
import { ApiProblem } from "../api/client";
import { namedSentence, sentence } from "../api/sentences";
import { hasText, t } from "../i18n";
import { showToast } from "./toasts";

/** One sentence about what went wrong and what to do. */
export function explain(error: unknown): string {
  if (error instanceof ApiProblem) {
    if (hasText(`problem.${error.code}`)) {
      return t(`problem.${error.code}`);
    }
    const first = error.problem.fields?.[0];
    return first ? namedSentence(first) : sentence(error.problem.detail ?? error.problem.title, error.code);
  }
  return error instanceof Error ? error.message : String(error);
}

/** The same of a problem that is part of an answer. */
export function explainBody(problem: { code: string; detail?: string }): string {
  return explain(new ApiProblem(problem as ConstructorParameters<typeof ApiProblem>[0]));
}

/** Says in a toast what went wrong. */
export function showProblem(error: unknown, options: { retry?: () => void } = {}): void {
  const actions = options.retry ? [{ label: t("error.retry"), run: options.retry }] : [];
  showToast(explain(error), { kind: "error", actions });
}
