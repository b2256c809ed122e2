/** One's password, and the browsers one is logged in with. */
import { Button, PasswordInput } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ApiProblem, api } from "../../api/client";
import { explain, showProblem } from "../../app/problems";
import { queryClient } from "../../app/query";
import { showToast } from "../../app/toasts";
import { t } from "../../i18n";
import { formatRelative } from "../../i18n/format";
import { Listed, Title } from "./parts";
import { SecondFactor } from "./SecondFactor";
import classes from "./settings.module.css";

interface Session {
  id: string;
  created_at: string;
  seen_at?: string;
  address?: string | null;
  agent?: string | null;
  current: boolean;
}

const sessionsKey = ["sessions"] as const;

export function Security() {
  return (
    <>
      <Title name="security" />
      <Password />
      <SecondFactor />
      <Sessions />
    </>
  );
}

function Password() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [problems, setProblems] = useState<{ current?: string; next?: string }>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const save = async () => {
    setBusy(true);
    setProblems({});
    try {
      await api.put("/session/password", { current, new: next });
      setCurrent("");
      setNext("");
      showToast(t("settings.password_changed"));
      void queryClient.invalidateQueries({ queryKey: sessionsKey });
    } catch (error) {
      const wrong =
        error instanceof ApiProblem
          ? (error.field("current") ?? (error.status === 401 || error.status === 403 ? explain(error) : undefined))
          : undefined;
      setProblems(
        wrong
          ? { current: wrong }
          : { next: error instanceof ApiProblem ? (error.field("new") ?? explain(error)) : explain(error) },
      );
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-labelledby="settings-password">
      <h3 id="settings-password">{t("settings.password")}</h3>
      <form
        ref={form}
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <input type="text" autoComplete="username" hidden readOnly />
        <PasswordInput
          size="xs"
          label={t("settings.password_current")}
          autoComplete="current-password"
          value={current}
          error={problems.current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("settings.password_show") }}
        />
        <PasswordInput
          size="xs"
          label={t("settings.password_new")}
          description={t("settings.password_rule")}
          autoComplete="new-password"
          value={next}
          error={problems.next}
          onChange={(event) => setNext(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("settings.password_show") }}
        />
        <div>
          <Button type="submit" loading={busy} disabled={current === "" || next === ""}>
            {t("settings.password_change")}
          </Button>
        </div>
      </form>
    </section>
  );
}

/** "Firefox on Linux" from what a browser says of itself. */
export function browserName(agent: string): string {
  const browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((name) => agent.includes(`${name}/`));
  const system = [
    ["Android", "Android"],
    ["iPhone", "iPhone"],
    ["iPad", "iPad"],
    ["Windows", "Windows"],
    ["Mac OS", "macOS"],
    ["Linux", "Linux"],
  ].find(([sign]) => agent.includes(sign ?? ""))?.[1];
  const names: { [name: string]: string } = { Edg: "Edge", OPR: "Opera" };
  const shown = browser ? (names[browser] ?? browser) : "";
  return shown && system
    ? t("settings.browser_on", { browser: shown, system })
    : shown || system || agent || t("settings.browser_unknown");
}

function Sessions() {
  const query = useQuery({
    queryKey: sessionsKey,
    queryFn: async () => (await api.get<{ sessions: Session[] }>("/sessions")).sessions,
  });
  const end = async (session: Session) => {
    queryClient.setQueryData<Session[]>(sessionsKey, (known) => known?.filter((entry) => entry.id !== session.id));
    try {
      await api.delete(`/sessions/${session.id}`);
      showToast(t("settings.session_ended"));
    } catch (error) {
      void query.refetch();
      showProblem(error);
    }
  };
  const endOthers = async () => {
    try {
      const { ended } = await api.delete<{ ended: number }>("/sessions");
      showToast(t("settings.sessions_ended", { count: ended }));
    } catch (error) {
      showProblem(error);
    } finally {
      void query.refetch();
    }
  };
  return (
    <section aria-labelledby="settings-sessions">
      <h3 id="settings-sessions">{t("settings.sessions")}</h3>
      <Listed query={query}>
        {(sessions) => (
          <ul className={classes.rows}>
            {sessions.map((session) => {
              const agent = session.agent ?? "";
              const Icon = /Mobile|iPhone|Android/.test(agent) ? IconDeviceMobile : IconDeviceDesktop;
              return (
                <li key={session.id}>
                  <Icon size={20} stroke={1.5} aria-hidden />
                  <span className={classes.rowMain}>
                    <strong>{browserName(agent)}</strong>
                    <span className="dimmed">
                      {[
                        session.address,
                        t("settings.seen", { time: formatRelative(session.seen_at ?? session.created_at) }),
                      ]
                        .filter(Boolean)
                        .join(" · ")}
                    </span>
                  </span>
                  {session.current ? (
                    <span className="chip" data-color="green">
                      <span>{t("settings.this_session")}</span>
                    </span>
                  ) : (
                    <button
                      type="button"
                      className="tool"
                      data-outline
                      onClick={() => void end(session)}
                      aria-label={t("settings.session_end_named", { name: browserName(agent) })}
                    >
                      {t("settings.session_end")}
                    </button>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </Listed>
      {(query.data?.length ?? 0) > 1 && (
        <div className={classes.after}>
          <button type="button" className="tool" data-outline onClick={() => void endOthers()}>
            {t("settings.sessions_end_others")}
          </button>
        </div>
      )}
    </section>
  );
}
