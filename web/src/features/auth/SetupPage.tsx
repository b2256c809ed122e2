/** The first run: the company's name and the first administrator. */
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ApiProblem, api } from "../../api/client";
import { keys } from "../../api/keys";
import { explain } from "../../app/problems";
import { t } from "../../i18n";
import { AuthFrame } from "./AuthFrame";
import classes from "./auth.module.css";
import { enter } from "./enter";
import { NewPassword } from "./NewPassword";

const empty = { company: "", name: "", email: "", password: "" };

export function SetupPage() {
  const { data } = useQuery({ queryKey: keys.setup, queryFn: () => api.get<{ needed: boolean }>("/setup"), gcTime: 0 });
  const [values, setValues] = useState(empty);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  if (data && !data.needed && !busy) {
    return <Navigate to="/login" replace />;
  }
  const wrong = (field: string) => (problem instanceof ApiProblem ? problem.field(field) : undefined);
  const set = (field: keyof typeof empty) => (value: string) => setValues((known) => ({ ...known, [field]: value }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await api.post("/setup", { ...values, email: values.email.trim() });
      await enter();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const input = (field: "company" | "name" | "email", autoComplete: string) => (
    <TextInput
      size="md"
      type={field === "email" ? "email" : "text"}
      label={t(`auth.${field}`)}
      autoComplete={autoComplete}
      required
      withAsterisk={false}
      autoFocus={field === "company"}
      value={values[field]}
      error={wrong(field)}
      onChange={(event) => set(field)(event.currentTarget.value)}
    />
  );
  return (
    <AuthFrame title={t("auth.setup_title")} text={t("auth.setup_text")}>
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        {problem !== null && (
          <p className={classes.problem} role="alert">
            {explain(problem)}
          </p>
        )}
        {input("company", "organization")}
        {input("name", "name")}
        {input("email", "username")}
        <NewPassword value={values.password} onChange={set("password")} error={wrong("password")} />
        <Button type="submit" size="md" loading={busy}>
          {t("auth.start")}
        </Button>
      </form>
    </AuthFrame>
  );
}
