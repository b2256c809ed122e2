/** The first run: the company's name and the first administrator. */
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { t } from "../../i18n";
import { AuthForm, EmailInput, useSending } from "./AuthForm";
import { AuthFrame } from "./AuthFrame";
import { enter } from "./enter";
import { NewPassword } from "./NewPassword";

const empty = { company: "", name: "", email: "", password: "" };

export function SetupPage() {
  const { data } = useQuery({ queryKey: keys.setup, queryFn: () => api.get<{ needed: boolean }>("/setup"), gcTime: 0 });
  const [values, setValues] = useState(empty);
  const sending = useSending(async () => {
    await api.post("/setup", { ...values, email: values.email.trim() });
    await enter();
  });
  if (data && !data.needed && !sending.busy) {
    return <Navigate to="/login" replace />;
  }
  const set = (field: keyof typeof empty) => (value: string) => setValues((known) => ({ ...known, [field]: value }));
  const input = (field: "company" | "name", autoComplete: string) => (
    <TextInput
      size="md"
      label={t(`auth.${field}`)}
      autoComplete={autoComplete}
      required
      withAsterisk={false}
      autoFocus={field === "company"}
      value={values[field]}
      error={sending.wrong(field)}
      onChange={(event) => set(field)(event.currentTarget.value)}
    />
  );
  return (
    <AuthFrame title={t("auth.setup_title")} text={t("auth.setup_text")}>
      <AuthForm sending={sending} button={t("auth.start")}>
        {input("company", "organization")}
        {input("name", "name")}
        <EmailInput value={values.email} onChange={set("email")} error={sending.wrong("email")} />
        <NewPassword value={values.password} onChange={set("password")} error={sending.wrong("password")} />
      </AuthForm>
    </AuthFrame>
  );
}
