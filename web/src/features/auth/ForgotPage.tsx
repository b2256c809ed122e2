/** A forgotten password: the answer is the same for every address. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { t } from "../../i18n";
import { AuthForm, EmailInput, useSending } from "./AuthForm";
import { AuthFrame } from "./AuthFrame";

export function ForgotPage() {
  const [email, setEmail] = useState("");
  const [asked, setAsked] = useState(false);
  const sending = useSending(async () => {
    await api.post("/password_reset", { email: email.trim() });
    setAsked(true);
  });
  return (
    <AuthFrame title={t("auth.forgot_title")} text={t("auth.forgot_text")}>
      {asked ? (
        <p role="status">{t("auth.forgot_asked")}</p>
      ) : (
        <AuthForm sending={sending} button={t("auth.forgot_send")}>
          <EmailInput value={email} onChange={setEmail} autoFocus />
        </AuthForm>
      )}
      <p>
        <Link to="/login">{t("auth.back_to_log_in")}</Link>
      </p>
    </AuthFrame>
  );
}
