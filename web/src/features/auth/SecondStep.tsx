/** The second step of a log-in: the code of the app or a recovery code; where it is required, first the set-up. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiProblem, api } from "../../api/client";
import { explain } from "../../app/problems";
import { t } from "../../i18n";
import { CodeInput } from "../../ui/security/CodeInput";
import { type Offer, OfferView } from "../../ui/security/Offer";
import { RecoveryCodes } from "../../ui/security/RecoveryCodes";
import { AuthFrame } from "./AuthFrame";
import classes from "./auth.module.css";
import { enter } from "./enter";

/** What a right password is answered with. */
export interface Entered {
  challenge?: string;
  set_up?: boolean;
}

interface Props {
  challenge: string;
  setUp: boolean;
  next?: string;
  /** The challenge is over: back to the password. */
  onOver: (problem: string) => void;
}

export function SecondStep({ challenge, setUp, next, onOver }: Props) {
  const [code, setCode] = useState("");
  const [recovery, setRecovery] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const offer = useQuery({
    queryKey: ["second-factor-offer", challenge],
    queryFn: () => api.post<Offer>("/session/set_up", { challenge }),
    enabled: setUp,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const answer = await api.post<{ recovery_codes?: string[] }>("/session/code", { challenge, code });
      if (answer.recovery_codes) {
        setCodes(answer.recovery_codes);
      } else {
        await enter(next);
      }
    } catch (failure) {
      if (failure instanceof ApiProblem && failure.status === 401) {
        return onOver(explain(failure));
      }
      setProblem(failure);
      setCode("");
      setBusy(false);
    }
  };
  if (codes) {
    return (
      <AuthFrame title={t("security.codes")}>
        <RecoveryCodes codes={codes} onKept={() => void enter(next)} />
      </AuthFrame>
    );
  }
  const wrong = problem instanceof ApiProblem ? problem.field("code") : undefined;
  return (
    <AuthFrame
      title={t(setUp ? "security.set_up" : "security.second_step")}
      text={t(setUp ? "security.required_text" : recovery ? "security.recovery_text" : "security.second_step_text")}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        {problem !== null && !wrong && (
          <p className={classes.problem} role="alert">
            {explain(problem)}
          </p>
        )}
        {offer.error && (
          <p className={classes.problem} role="alert">
            {explain(offer.error)}
          </p>
        )}
        {offer.data && <OfferView offer={offer.data} />}
        <CodeInput value={code} onChange={setCode} recovery={recovery} error={wrong} />
        <Button type="submit" size="md" loading={busy} disabled={code.trim() === ""}>
          {t(setUp ? "security.confirm" : "auth.log_in")}
        </Button>
        {!setUp && (
          <button
            type="button"
            className="tool"
            onClick={() => {
              setRecovery(!recovery);
              setCode("");
              setProblem(null);
            }}
          >
            {t(recovery ? "security.use_app" : "security.use_recovery")}
          </button>
        )}
      </form>
    </AuthFrame>
  );
}
