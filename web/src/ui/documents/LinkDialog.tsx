/** The public links of a document: made with an end and, if wanted, a password; their address is shown once; taken back. */
import { Button, NativeSelect, PasswordInput } from "@mantine/core";
import { IconLinkOff, IconLock } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { explain, showProblem } from "../../app/problems";
import { showToast } from "../../app/toasts";
import { t } from "../../i18n";
import { formatDate, formatDateTime } from "../../i18n/format";
import { CopyBox } from "../CopyBox";
import { Dialog } from "../Dialog";
import { FormProblem } from "../form/FormProblem";
import { problemsOf } from "../form/recordForm";
import { useSending } from "../form/useSave";
import classes from "./links.module.css";

interface DocumentLink {
  id: string;
  created_at: string;
  expires_at: string;
  password: boolean;
  downloads: number;
  last_at: string | null;
}

const durations = [7, 30, 90, 365];
const day_ms = 86_400_000;

interface Props {
  path: string;
  title: string;
  onClose: () => void;
}

export default function LinkDialog({ path, title, onClose }: Props) {
  const client = useQueryClient();
  const key = ["links", path];
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: async () => (await api.get<{ links: DocumentLink[] }>(`${path}/links`)).links,
    staleTime: 0,
    retry: false,
  });
  const changed = () => void client.invalidateQueries({ queryKey: key });
  const remove = async (link: DocumentLink) => {
    try {
      await api.delete(`${path}/links/${link.id}`);
      showToast(t("link.removed"));
    } catch (problem) {
      showProblem(problem);
    } finally {
      changed();
    }
  };
  return (
    <Dialog onClose={onClose} title={t("link.title", { title })} size={560}>
      <p className="dimmed">{t("link.text")}</p>
      {error ? (
        <p role="alert">{explain(error)}</p>
      ) : (
        <>
          <NewLink path={path} onMade={changed} />
          {data && data.length > 0 && (
            <>
              <h3 className={classes.heading}>{t("link.links")}</h3>
              <ul className={classes.links}>
                {data.map((link) => (
                  <LinkRow key={link.id} link={link} onRemove={() => void remove(link)} />
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Dialog>
  );
}

function NewLink({ path, onMade }: { path: string; onMade: () => void }) {
  const [days, setDays] = useState("30");
  const [password, setPassword] = useState("");
  const { box, busy, problems, setProblems, send } = useSending((error) => problemsOf(error, [{ name: "password" }]));
  const [url, setUrl] = useState("");
  const make = async () => {
    const expires_at = new Date(Date.now() + Number(days) * day_ms).toISOString();
    const made = await api.post<{ url: string }>(`${path}/links`, { expires_at, password: password || null });
    setUrl(made.url);
    setPassword("");
    onMade();
  };
  if (url) {
    return (
      <div className={classes.made}>
        <p role="status">{t("link.made")}</p>
        <CopyBox value={url} label={t("link.address")} />
      </div>
    );
  }
  return (
    <form
      ref={box}
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(make);
      }}
    >
      <NativeSelect
        size="xs"
        label={t("link.days")}
        data={durations.map((count) => ({ value: String(count), label: t("link.days_of", { count }) }))}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
        data-autofocus
      />
      <PasswordInput
        size="xs"
        label={t("link.password")}
        description={t("link.password_text")}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": t("link.password_show") }}
        value={password}
        error={problems.password}
        onChange={(event) => {
          setProblems({});
          setPassword(event.currentTarget.value);
        }}
      />
      <FormProblem text={problems[""]} />
      <Button type="submit" size="xs" loading={busy}>
        {t("link.make")}
      </Button>
    </form>
  );
}

function LinkRow({ link, onRemove }: { link: DocumentLink; onRemove: () => void }) {
  const over = Date.parse(link.expires_at) < Date.now();
  const made = formatDate(link.created_at);
  const used = link.last_at
    ? t("link.downloads", { count: link.downloads, last: formatDateTime(link.last_at) })
    : t("link.unused");
  return (
    <li data-over={over || undefined}>
      <span className={classes.about}>
        <strong>
          {t(over ? "link.ended" : "link.until", { day: formatDate(link.expires_at) })}{" "}
          {link.password && <IconLock size={13} aria-label={t("link.with_password")} />}
        </strong>
        <span className="dimmed">{`${t("link.made_on", { day: made })} · ${used}`}</span>
      </span>
      <button type="button" className="tool" onClick={onRemove} aria-label={t("link.remove_of", { day: made })}>
        <IconLinkOff size={15} /> {t("link.remove")}
      </button>
    </li>
  );
}
