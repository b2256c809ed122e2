/** An invitation is taken up by choosing a password. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { router } from "../../app/router";
import { t } from "../../i18n";
import { AuthForm, Problem, useSending } from "./AuthForm";
import { AuthFrame } from "./AuthFrame";
import { enter } from "./enter";
import { NewPassword } from "./NewPassword";
import { type Entered, SecondStep } from "./SecondStep";

export function InvitePage() {
  const { token = "" } = useParams({ strict: false }) as { token?: string };
  const path = `/invitations/${encodeURIComponent(token)}`;
  const { data, error } = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => api.get<{ name: string; email: string; reset: boolean }>(path),
    retry: false,
  });
  const [password, setPassword] = useState("");
  const [second, setSecond] = useState<Entered | null>(null);
  const sending = useSending(async () => {
    const entered = await api.post<Entered>(path, { password });
    if (entered.challenge) {
      setSecond(entered);
    } else {
      await enter();
    }
  });
  if (second?.challenge) {
    // The invitation is used up; what remains is the log-in.
    const over = () => router.history.push("/login");
    return <SecondStep challenge={second.challenge} setUp={second.set_up === true} onOver={over} />;
  }
  if (error) {
    return (
      <AuthFrame title={t("auth.invite_bad")} text={t("auth.invite_bad_text")}>
        <Problem of={error} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title={t(data?.reset ? "auth.reset_title" : "auth.invite_title", { name: data?.name })}
      text={t(data?.reset ? "auth.reset_text" : "auth.invite_text", { email: data?.email })}
    >
      <AuthForm sending={sending} button={t("auth.start")} disabled={!data}>
        <input type="hidden" autoComplete="username" value={data?.email ?? ""} readOnly />
        <NewPassword value={password} onChange={setPassword} error={sending.wrong("password")} />
      </AuthForm>
    </AuthFrame>
  );
}
