/** A forgotten password: the answer is the same for every address. */
import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client";
import { explain } from "../../app/problems";
import { t } from "../../i18n";
import { AuthFrame } from "./AuthFrame";
import classes from "./auth.module.css";

export function ForgotPage() {
  const [email, setEmail] = useState("");
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await api.post("/password_reset", { email: email.trim() });
      setAsked(true);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <AuthFrame title={t("auth.forgot_title")} text={t("auth.forgot_text")}>
      {asked ? (
        <p role="status">{t("auth.forgot_asked")}</p>
      ) : (
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
          <Button type="submit" size="md" loading={busy}>
            {t("auth.forgot_send")}
          </Button>
        </form>
      )}
      <p>
        <Link to="/login">{t("auth.back_to_log_in")}</Link>
      </p>
    </AuthFrame>
  );
}
