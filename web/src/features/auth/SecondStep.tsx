/** The second step of a log-in: the code of the app or a recovery code; where it is required, first the set-up. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem, api } from "../../api/client";
import { t } from "../../i18n";
import { CodeInput } from "../../ui/security/CodeInput";
import { type Offer, OfferView } from "../../ui/security/Offer";
import { RecoveryCodes } from "../../ui/security/RecoveryCodes";
import { AuthForm, Problem, useSending } from "./AuthForm";
import { AuthFrame } from "./AuthFrame";
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
  /** The challenge is over, and why: back to the password. */
  onOver: (problem: unknown) => void;
}

export function SecondStep({ challenge, setUp, next, onOver }: Props) {
  const [code, setCode] = useState("");
  const [recovery, setRecovery] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const offer = useQuery({
    queryKey: ["second-factor-offer", challenge],
    queryFn: () => api.post<Offer>("/session/set_up", { challenge }),
    enabled: setUp,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const sending = useSending(async () => {
    try {
      const answer = await api.post<{ recovery_codes?: string[] }>("/session/code", { challenge, code });
      if (answer.recovery_codes) {
        setCodes(answer.recovery_codes);
      } else {
        await enter(next);
      }
    } catch (failure) {
      if (failure instanceof ApiProblem && failure.status === 401) {
        return onOver(failure);
      }
      setCode("");
      throw failure;
    }
  });
  if (codes) {
    return (
      <AuthFrame title={t("security.codes")}>
        <RecoveryCodes codes={codes} onKept={() => void enter(next)} />
      </AuthFrame>
    );
  }
  const wrong = sending.wrong("code");
  const other = (
    <button
      type="button"
      className="tool"
      onClick={() => {
        setRecovery(!recovery);
        setCode("");
        sending.again(null);
      }}
    >
      {t(recovery ? "security.use_app" : "security.use_recovery")}
    </button>
  );
  return (
    <AuthFrame
      title={t(setUp ? "security.set_up" : "security.second_step")}
      text={t(setUp ? "security.required_text" : recovery ? "security.recovery_text" : "security.second_step_text")}
    >
      <AuthForm
        sending={wrong ? { ...sending, problem: null } : sending}
        button={t(setUp ? "security.confirm" : "auth.log_in")}
        disabled={code.trim() === ""}
        below={!setUp && other}
      >
        {offer.error && <Problem of={offer.error} />}
        {offer.data && <OfferView offer={offer.data} />}
        <CodeInput value={code} onChange={setCode} recovery={recovery} error={wrong} />
      </AuthForm>
    </AuthFrame>
  );
}
