/** Choosing a password: long is what counts, nothing else is demanded. */
import { PasswordInput } from "@mantine/core";
import { t } from "../../i18n";
import classes from "./auth.module.css";

/** As the server has it; it is the server that refuses, in the reader's words. */
const password_min = 15;
const steps = [8, password_min, 20, 25];

export function NewPassword({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error?: string;
}) {
  const reached = steps.filter((length) => value.length >= length).length;
  return (
    <div>
      <PasswordInput
        size="md"
        label={t("auth.new_password")}
        description={t("auth.password_rule", { count: password_min })}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("auth.show_password") }}
      />
      <div
        className={classes.strength}
        data-color={reached >= 3 ? "green" : reached === 2 ? "teal" : "orange"}
        aria-hidden="true"
      >
        {steps.map((length, index) => (
          <i key={length} data-on={index < reached ? "" : undefined} />
        ))}
      </div>
    </div>
  );
}
