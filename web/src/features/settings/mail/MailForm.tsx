/** The server, the sender and the password, which comes back from nowhere. */
import { Button, PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { api } from "../../../api/client";
import { queryClient } from "../../../app/query";
import { showToast } from "../../../app/toasts";
import { t } from "../../../i18n";
import { focusProblem } from "../../../ui/form/FormFields";
import { type Problems, problemsOf } from "../../../ui/form/recordForm";
import classes from "../settings.module.css";
import { empty_settings, type MailSettings, type MailSetUp, setUpKey, usual_ports } from "./data";

const protections = ["tls", "starttls", "none"] as const;
const texts = ["user", "password", "sender_name", "sender_address", "reply_to"] as const;
const fields = ["host", "port", "security", ...texts, "authority"].map((name) => ({ name }));

export function MailForm({ known }: { known: MailSetUp }) {
  const before = known.settings ?? empty_settings;
  const [draft, setDraft] = useState({ ...before, port: String(before.port), password: "" });
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  const change = (part: Partial<typeof draft>) => {
    setDraft((now) => ({ ...now, ...part }));
    setProblems({});
  };
  const protect = (security: MailSettings["security"]) => {
    const usual = Object.values(usual_ports).map(String).includes(draft.port);
    change({ security, ...(usual && { port: String(usual_ports[security]) }) });
  };
  const save = async () => {
    setBusy(true);
    try {
      const { password, port, ...rest } = draft;
      const settings = { ...rest, port: /^\d{1,5}$/.test(port) ? Math.min(Number(port), 65535) : 0 };
      const kept = await api.put<MailSetUp>("/mail", { settings, ...(password && { password }) });
      queryClient.setQueryData(setUpKey, kept);
      showToast(t("mail.saved"));
    } catch (error) {
      setProblems(problemsOf(error, fields));
      focusProblem(box.current);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      ref={box}
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div data-field="host">
        <TextInput
          size="xs"
          label={t("mail.host")}
          withAsterisk
          value={draft.host}
          error={problems.host}
          onChange={(event) => change({ host: event.currentTarget.value })}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <div data-field="security">
        <Select
          size="xs"
          label={t("mail.security")}
          allowDeselect={false}
          data={protections.map((value) => ({ value, label: t(`mail.security_${value}`) }))}
          value={draft.security}
          error={problems.security}
          onChange={(value) => value && protect(value as MailSettings["security"])}
        />
      </div>
      <div data-field="port">
        <TextInput
          size="xs"
          label={t("mail.port")}
          inputMode="numeric"
          withAsterisk
          value={draft.port}
          error={problems.port}
          onChange={(event) => change({ port: event.currentTarget.value })}
        />
      </div>
      <Texts draft={draft} hasPassword={known.has_password} problems={problems} onChange={change} />
      <div data-field="authority">
        <Textarea
          size="xs"
          label={t("mail.authority")}
          description={t("mail.authority_why")}
          autosize
          minRows={2}
          maxRows={6}
          value={draft.authority}
          error={problems.authority}
          onChange={(event) => change({ authority: event.currentTarget.value })}
          spellCheck={false}
        />
      </div>
      {problems[""] && (
        <p role="alert" className={classes.problem}>
          {problems[""]}
        </p>
      )}
      <div className={classes.buttons}>
        <Button type="submit" loading={busy} disabled={!draft.host.trim() || !draft.sender_address.trim()}>
          {t("app.save")}
        </Button>
      </div>
    </form>
  );
}

interface TextsProps {
  draft: { [name in (typeof texts)[number]]: string };
  hasPassword: boolean;
  problems: Problems;
  onChange: (part: { [name: string]: string }) => void;
}

function Texts({ draft, hasPassword, problems, onChange }: TextsProps) {
  return texts.map((name) => (
    <div key={name} data-field={name}>
      {name === "password" ? (
        <PasswordInput
          size="xs"
          label={t("mail.password")}
          placeholder={hasPassword ? t("mail.password_kept") : undefined}
          value={draft.password}
          error={problems.password}
          onChange={(event) => onChange({ password: event.currentTarget.value })}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": t("auth.show_password") }}
        />
      ) : (
        <TextInput
          size="xs"
          label={t(`mail.${name}`)}
          description={name === "reply_to" ? t("mail.reply_to_why") : undefined}
          withAsterisk={name === "sender_address"}
          value={draft[name]}
          error={problems[name]}
          onChange={(event) => onChange({ [name]: event.currentTarget.value })}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </div>
  ));
}
