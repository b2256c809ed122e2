/** One's own second factor: set up with an app, new recovery codes, another app, removal. */
import { Button, PasswordInput } from "@mantine/core";
import { IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client";
import { queryClient } from "../../app/query";
import { showToast } from "../../app/toasts";
import { t } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { Dialog } from "../../ui/Dialog";
import { FormProblem } from "../../ui/form/FormProblem";
import { problemsOf } from "../../ui/form/recordForm";
import { useSending } from "../../ui/form/useSave";
import { CodeInput } from "../../ui/security/CodeInput";
import { type Offer, OfferView } from "../../ui/security/Offer";
import { RecoveryCodes } from "../../ui/security/RecoveryCodes";
import { Listed } from "./parts";
import classes from "./settings.module.css";

interface Status {
  enabled: boolean;
  since: string | null;
  codes_left: number;
  required: boolean;
}
type Deed = "begin" | "codes" | "remove";

const path = "/session/second_factor";
const statusKey = ["second-factor"] as const;
/** So few that new ones are due. */
const few_codes = 3;

export function SecondFactor() {
  const query = useQuery({ queryKey: statusKey, queryFn: async () => [await api.get<Status>(path)] });
  const [deed, setDeed] = useState<Deed | null>(null);
  return (
    <section aria-labelledby="settings-second-factor">
      <h3 id="settings-second-factor">{t("security.second_factor")}</h3>
      <Listed query={query}>
        {([status]) =>
          status && (
            <ul className={classes.rows}>
              <li className={classes.wrapping}>
                {status.enabled ? (
                  <IconShieldCheck size={20} stroke={1.5} aria-hidden />
                ) : (
                  <IconShieldOff size={20} stroke={1.5} aria-hidden />
                )}
                <span className={classes.rowMain}>
                  <strong>{t(status.enabled ? "security.on" : "security.off")}</strong>
                  <span className="dimmed">{factsOf(status)}</span>
                </span>
                <Actions status={status} onChoose={setDeed} />
              </li>
            </ul>
          )
        }
      </Listed>
      {deed && <DeedDialog deed={deed} enabled={query.data?.[0]?.enabled === true} onClose={() => setDeed(null)} />}
    </section>
  );
}

function factsOf(status: Status): string {
  if (!status.enabled) {
    return t(status.required ? "security.off_required" : "security.off_text");
  }
  const since = status.since ? t("security.since", { date: formatDate(status.since) }) : "";
  const left = t(status.codes_left <= few_codes ? "security.codes_few" : "security.codes_left", {
    count: status.codes_left,
  });
  return [since, left].filter(Boolean).join(" · ");
}

function Actions({ status, onChoose }: { status: Status; onChoose: (deed: Deed) => void }) {
  if (!status.enabled) {
    return (
      <button type="button" className="tool" data-primary onClick={() => onChoose("begin")}>
        {t("security.set_up")}
      </button>
    );
  }
  return (
    <span className={classes.buttons}>
      <button type="button" className="tool" data-outline onClick={() => onChoose("codes")}>
        {t("security.new_codes")}
      </button>
      <button type="button" className="tool" data-outline onClick={() => onChoose("begin")}>
        {t("security.other_app")}
      </button>
      {!status.required && (
        <button type="button" className="tool" data-outline onClick={() => onChoose("remove")}>
          {t("security.remove")}
        </button>
      )}
    </span>
  );
}

const titles: { [deed in Deed]: string } = {
  begin: "security.set_up",
  codes: "security.new_codes",
  remove: "security.remove",
};

/** One deed from beginning to end: who one is, the app, the recovery codes. */
function DeedDialog({ deed, enabled, onClose }: { deed: Deed; enabled: boolean; onClose: () => void }) {
  const [offer, setOffer] = useState<Offer | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const done = () => {
    void queryClient.invalidateQueries({ queryKey: statusKey });
    void queryClient.invalidateQueries({ queryKey: ["sessions"] });
    onClose();
  };
  const finish = async (step: string, code: string) => {
    const answer = await api.post<{ recovery_codes: string[] }>(`${path}/${step}`, { code });
    if (step === "remove") {
      showToast(t("security.removed"));
      done();
    } else {
      setCodes(answer.recovery_codes);
    }
  };
  return (
    <Dialog onClose={done} title={t(codes ? "security.codes" : titles[deed])} closeOnClickOutside={codes === null}>
      {codes ? (
        <RecoveryCodes codes={codes} onKept={done} />
      ) : deed === "begin" && !offer ? (
        <Prove
          enabled={enabled}
          onProved={async (password, code) =>
            setOffer(await api.post<Offer>(path, enabled ? { password, code } : { password }))
          }
        />
      ) : (
        <Confirm offer={offer} deed={deed} onCode={(code) => finish(deed === "begin" ? "confirm" : deed, code)} />
      )}
    </Dialog>
  );
}

/** The password, and with a factor already its code: a browser left open is not enough. */
function Prove({
  enabled,
  onProved,
}: {
  enabled: boolean;
  onProved: (password: string, code: string) => Promise<void>;
}) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const { busy, problems, send } = useSending((error) => problemsOf(error, [{ name: "current" }, { name: "code" }]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(() => onProved(password, code));
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <p className="dimmed">{t("security.prove")}</p>
      <PasswordInput
        size="xs"
        label={t("settings.password_current")}
        autoComplete="current-password"
        data-autofocus
        value={password}
        error={problems.current}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("settings.password_show") }}
      />
      {enabled && <CodeInput size="xs" autoFocus={false} value={code} onChange={setCode} error={problems.code} />}
      <FormProblem text={problems[""]} />
      <Button type="submit" loading={busy} disabled={password === "" || (enabled && code === "")}>
        {t("security.continue")}
      </Button>
    </form>
  );
}

function Confirm({
  offer,
  deed,
  onCode,
}: {
  offer: Offer | null;
  deed: Deed;
  onCode: (code: string) => Promise<void>;
}) {
  const [code, setCode] = useState("");
  const { busy, problems, send } = useSending((error) => {
    setCode("");
    return problemsOf(error, [{ name: "code" }]);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(() => onCode(code));
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {offer && <OfferView offer={offer} />}
      {!offer && <p className="dimmed">{t(deed === "codes" ? "security.new_codes_text" : "security.remove_text")}</p>}
      <CodeInput size="xs" value={code} onChange={setCode} error={problems.code} />
      <FormProblem text={problems[""]} />
      <Button type="submit" loading={busy} disabled={code.trim() === ""} color={deed === "remove" ? "red" : undefined}>
        {t(deed === "remove" ? "security.remove" : deed === "codes" ? "security.new_codes" : "security.confirm")}
      </Button>
    </form>
  );
}
