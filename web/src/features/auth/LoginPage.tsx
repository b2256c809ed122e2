/** Log-in. */
import { PasswordInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { t } from "../../i18n";
import { AuthForm, EmailInput, useSending } from "./AuthForm";
import { AuthFrame } from "./AuthFrame";
import { enter } from "./enter";
import { type Entered, SecondStep } from "./SecondStep";

export function LoginPage() {
  const { next } = useSearch({ strict: false }) as { next?: string };
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [second, setSecond] = useState<Entered | null>(null);
  const setup = useQuery({ queryKey: ["setup"], queryFn: () => api.get<{ mail: boolean }>("/setup") });
  const sending = useSending(async () => {
    const entered = await api.post<Entered>("/session", { email: email.trim(), password });
    if (entered.challenge) {
      setSecond(entered);
    } else {
      await enter(next);
    }
  });
  if (second?.challenge) {
    const over = (problem: unknown) => {
      setSecond(null);
      setPassword("");
      sending.again(problem);
    };
    return <SecondStep challenge={second.challenge} setUp={second.set_up === true} next={next} onOver={over} />;
  }
  return (
    <AuthFrame title={t("auth.log_in_title")} text={t("auth.log_in_text")}>
      <AuthForm sending={sending} button={t("auth.log_in")}>
        <EmailInput value={email} onChange={setEmail} autoFocus />
        <PasswordInput
          size="md"
          label={t("auth.password")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("auth.show_password") }}
        />
      </AuthForm>
      {setup.data?.mail && (
        <p>
          <Link to="/forgot">{t("auth.forgot")}</Link>
        </p>
      )}
    </AuthFrame>
  );
}
