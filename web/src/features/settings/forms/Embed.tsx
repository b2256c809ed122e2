/** The HTML of a form to copy, and the same form to try: what is sent there is a real enquiry. */
import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { RapportRecord } from "../../../api/types";
import { t } from "../../../i18n";
import { useOneAtATime } from "../../../ui/form/useSave";
import settings from "../settings.module.css";
import { listOf, textOf } from "./draft";
import classes from "./forms.module.css";
import { snippet } from "./snippet";

const words = () => ({
  name: t("forms.field_name"),
  email: t("forms.field_email"),
  phone: t("forms.field_phone"),
  company: t("forms.field_company"),
  message: t("forms.field_message"),
  send: t("forms.send"),
});

export function Embed({ form }: { form: RapportRecord }) {
  const path = `/public/leads/${form.id}`;
  const consent = textOf(form.consent_wording);
  const takes = listOf(form.takes);
  const timed = typeof form.least_seconds === "number" && form.least_seconds > 0;
  const html = snippet({ action: window.location.origin + path, takes, consent, timed }, words());
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(html);
    setCopied(true);
  };
  return (
    <>
      <section className={classes.part} aria-labelledby="forms-html">
        <h3 id="forms-html">{t("forms.html")}</h3>
        <p className="dimmed">{t("forms.html_text")}</p>
        {timed && listOf(form.origins).length === 0 && <p className="dimmed">{t("forms.html_origins")}</p>}
        <Textarea
          size="xs"
          readOnly
          autosize
          minRows={4}
          maxRows={14}
          spellCheck={false}
          classNames={{ input: classes.code }}
          aria-label={t("forms.html")}
          value={html}
          onFocus={(event) => event.currentTarget.select()}
        />
        <div className={classes.buttons}>
          <button type="button" className="tool" onClick={() => void copy()}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}{" "}
            {t(copied ? "settings.copied" : "settings.copy")}
          </button>
        </div>
      </section>
      {form.active === true && <Try path={path} takes={takes} consent={consent} timed={timed} />}
    </>
  );
}

interface TryProps {
  path: string;
  takes: string[];
  consent: string;
  timed: boolean;
}

/** Sends as a visitor would, without the session. */
function Try({ path, takes, consent, timed }: TryProps) {
  const [said, setSaid] = useState("");
  const stamp = useRef<Promise<string> | null>(null);
  const { busy, send } = useOneAtATime(() => setSaid(t("forms.try_failed", { detail: "" })));
  const begin = () => {
    if (timed) {
      stamp.current ??= fetch(path, { credentials: "omit" })
        .then((answer) => answer.json() as Promise<{ stamp: string }>)
        .then((shown) => shown.stamp);
    }
  };
  const post = async (box: HTMLFormElement) => {
    const values = Object.fromEntries([...new FormData(box)].map(([name, value]) => [name, String(value)]));
    const sealed = stamp.current ? await stamp.current : undefined;
    const body = JSON.stringify({ ...values, ...(sealed ? { stamp: sealed } : {}), page: window.location.href });
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(path, { method: "POST", headers, body, credentials: "omit" });
    if (answer.ok) {
      box.reset();
      stamp.current = null;
      setSaid(t("forms.try_sent"));
      return;
    }
    const problem = (await answer.json()) as { detail?: string; fields?: { message: string }[] };
    setSaid(t("forms.try_failed", { detail: problem.fields?.[0]?.message ?? problem.detail ?? "" }));
  };
  return (
    <section className={classes.part} aria-labelledby="forms-try">
      <h3 id="forms-try">{t("forms.try")}</h3>
      <p className="dimmed">{t("forms.try_text")}</p>
      <form
        className={settings.form}
        aria-labelledby="forms-try"
        onFocus={begin}
        onSubmit={(event) => {
          event.preventDefault();
          const box = event.currentTarget;
          void send(() => post(box));
        }}
      >
        <TextInput size="xs" name="name" label={t("forms.field_name")} />
        <TextInput size="xs" name="email" type="email" required label={t("forms.field_email")} />
        {takes.includes("phone") && <TextInput size="xs" name="phone" label={t("forms.field_phone")} />}
        {takes.includes("company") && <TextInput size="xs" name="company" label={t("forms.field_company")} />}
        {takes.includes("message") && <Textarea size="xs" name="message" label={t("forms.field_message")} />}
        {consent && <Checkbox size="xs" name="consent" label={consent} />}
        <p role="status" className={classes.said}>
          {said}
        </p>
        <div className={classes.buttons}>
          <Button type="submit" variant="default" loading={busy}>
            {t("forms.send")}
          </Button>
        </div>
      </form>
    </section>
  );
}
