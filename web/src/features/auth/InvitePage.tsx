/** An invitation is taken up by choosing a password. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ApiProblem, api } from "../../api/client";
import { explain } from "../../app/problems";
import { router } from "../../app/router";
import { t } from "../../i18n";
import { AuthFrame } from "./AuthFrame";
import classes from "./auth.module.css";
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
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [second, setSecond] = useState<Entered | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const entered = await api.post<Entered>(path, { password });
      if (entered.challenge) {
        setSecond(entered);
      } else {
        await enter();
      }
    } catch (failure) {
      setProblem(failure);
      setBusy(false);
    }
  };
  if (second?.challenge) {
    // The invitation is used up; what remains is the log-in.
    const over = () => router.history.push("/login");
    return <SecondStep challenge={second.challenge} setUp={second.set_up === true} onOver={over} />;
  }
  if (error) {
    return (
      <AuthFrame title={t("auth.invite_bad")} text={t("auth.invite_bad_text")}>
        <p className={classes.problem} role="alert">
          {explain(error)}
        </p>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title={t(data?.reset ? "auth.reset_title" : "auth.invite_title", { name: data?.name })}
      text={t(data?.reset ? "auth.reset_text" : "auth.invite_text", { email: data?.email })}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        {problem !== null && (
          <p className={classes.problem} role="alert">
            {explain(problem)}
          </p>
        )}
        <input type="hidden" autoComplete="username" value={data?.email ?? ""} readOnly />
        <NewPassword
          value={password}
          onChange={setPassword}
          error={problem instanceof ApiProblem ? problem.field("password") : undefined}
        />
        <Button type="submit" size="md" loading={busy} disabled={!data}>
          {t("auth.start")}
        </Button>
      </form>
    </AuthFrame>
  );
}
