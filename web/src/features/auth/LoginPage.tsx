/** Log-in. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client";
import { explain } from "../../app/problems";
import { t } from "../../i18n";
import { AuthFrame } from "./AuthFrame";
import classes from "./auth.module.css";
import { enter } from "./enter";
import { type Entered, SecondStep } from "./SecondStep";

export function LoginPage() {
  const { next } = useSearch({ strict: false }) as { next?: string };
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [second, setSecond] = useState<Entered | null>(null);
  const setup = useQuery({ queryKey: ["setup"], queryFn: () => api.get<{ mail: boolean }>("/setup") });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const entered = await api.post<Entered>("/session", { email: email.trim(), password });
      if (entered.challenge) {
        setSecond(entered);
      } else {
        await enter(next);
      }
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  if (second?.challenge) {
    const over = (said: string) => {
      setSecond(null);
      setPassword("");
      setBusy(false);
      setProblem(said);
    };
    return <SecondStep challenge={second.challenge} setUp={second.set_up === true} next={next} onOver={over} />;
  }
  return (
    <AuthFrame title={t("auth.log_in_title")} text={t("auth.log_in_text")}>
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        {problem && (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        )}
        <TextInput
          size="md"
          type="email"
          label={t("auth.email")}
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
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
        <Button type="submit" size="md" loading={busy}>
          {t("auth.log_in")}
        </Button>
      </form>
      {setup.data?.mail && (
        <p>
          <Link to="/forgot">{t("auth.forgot")}</Link>
        </p>
      )}
    </AuthFrame>
  );
}
