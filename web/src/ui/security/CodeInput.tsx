/** The field for a code: of the app, which telephones offer by themselves, or a recovery code. */
import { TextInput } from "@mantine/core";
import { t } from "../../i18n";

interface Props {
  value: string;
  onChange: (value: string) => void;
  recovery?: boolean;
  error?: string;
  size?: string;
  autoFocus?: boolean;
}

export function CodeInput({ value, onChange, recovery = false, error, size = "md", autoFocus = true }: Props) {
  return (
    <TextInput
      key={recovery ? "recovery" : "app"}
      size={size}
      label={t(recovery ? "security.recovery_code" : "security.code")}
      autoComplete={recovery ? "off" : "one-time-code"}
      inputMode={recovery ? "text" : "numeric"}
      autoCapitalize="none"
      spellCheck={false}
      maxLength={recovery ? 40 : 7}
      required
      withAsterisk={false}
      autoFocus={autoFocus}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
