/** The form of the pages before log-in: what went wrong, the inputs, one button; sent once at a time. */
import { Button, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ApiProblem } from "../../api/client";
import { explain } from "../../app/problems";
import { t } from "../../i18n";
import classes from "./auth.module.css";

export interface Sending {
  busy: boolean;
  problem: unknown;
  submit: () => Promise<void>;
  /** What the server says of one input. */
  wrong: (field: string) => string | undefined;
  /** Lets the form be sent again, and says why it has to be. */
  again: (problem: unknown) => void;
}

/** Sends; who succeeded leaves the page, so that it stays busy until then. */
export function useSending(send: () => Promise<void>): Sending {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const again = (said: unknown) => {
    setProblem(said);
    setBusy(false);
  };
  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await send();
    } catch (failure) {
      again(failure);
    }
  };
  const wrong = (field: string) => (problem instanceof ApiProblem ? problem.field(field) : undefined);
  return { busy, problem, submit, wrong, again };
}

export function Problem({ of }: { of: unknown }) {
  return (
    <p className={classes.problem} role="alert">
      {explain(of)}
    </p>
  );
}

export function EmailInput({
  value,
  onChange,
  error,
  autoFocus,
}: {
  value: string;
  onChange: (value: string) => void;
  error?: string;
  autoFocus?: boolean;
}) {
  return (
    <TextInput
      size="md"
      type="email"
      label={t("auth.email")}
      autoComplete="username"
      required
      withAsterisk={false}
      autoFocus={autoFocus}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export function AuthForm({
  sending,
  button,
  disabled,
  children,
  below,
}: {
  sending: Sending;
  button: string;
  disabled?: boolean;
  children: ReactNode;
  below?: ReactNode;
}) {
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void sending.submit();
      }}
    >
      {sending.problem !== null && <Problem of={sending.problem} />}
      {children}
      <Button type="submit" size="md" loading={sending.busy} disabled={disabled}>
        {button}
      </Button>
      {below}
    </form>
  );
}
