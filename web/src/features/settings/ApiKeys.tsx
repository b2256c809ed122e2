/** Keys with which programs use the API: bound to a role, shown once, revoked at any time. */
import { Button, Select, TextInput } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "../../api/client";
import type { RapportRecord } from "../../api/types";
import { refreshObject, useObject } from "../../app/query";
import { deleteRecords } from "../../app/write";
import { t } from "../../i18n";
import { formatDate, formatRelative } from "../../i18n/format";
import { CopyBox } from "../../ui/CopyBox";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/empty/Empty";
import { instantOf } from "../../ui/fields/parse";
import { RecordTitleText } from "../../ui/fields/reference";
import { FormProblem } from "../../ui/form/FormProblem";
import { problemsOf } from "../../ui/form/recordForm";
import { useSending } from "../../ui/form/useSave";
import { useAll } from "./data";
import { Listed, Title } from "./parts";
import classes from "./settings.module.css";

export function ApiKeys() {
  const object = useObject("api_key");
  const list = useAll("api_key", "-created_at");
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState<{ name: string; key: string } | null>(null);
  if (!object) {
    return null;
  }
  return (
    <>
      <Title name="api_keys">
        {object.can.create && (
          <button type="button" className="tool" data-primary onClick={() => setMaking(true)}>
            <IconPlus size={15} /> {t("form.new", { object: object.label })}
          </button>
        )}
      </Title>
      <Listed query={list}>
        {(records) =>
          records.length === 0 ? (
            <Empty icon={IconKey} title={t("settings.keys_none")} text={t("settings.keys_text")} />
          ) : (
            <ul className={classes.rows}>
              {records.map((record) => (
                <li key={record.id}>
                  <IconKey size={18} stroke={1.5} aria-hidden />
                  <span className={classes.rowMain}>
                    <strong>{String(record.name ?? "")}</strong>
                    <span className="dimmed">{factsOf(record)}</span>
                  </span>
                  {typeof record.role === "string" && <RecordTitleText object="role" id={record.role} plain />}
                  {object.can.delete && (
                    <button
                      type="button"
                      className="tool"
                      data-outline
                      onClick={() => void deleteRecords(object, [record.id], String(record.name ?? "")).catch(() => {})}
                      aria-label={t("settings.key_revoke_named", { name: String(record.name ?? "") })}
                    >
                      {t("settings.key_revoke")}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Listed>
      {making && (
        <NewKey
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false);
            setShown(made);
            refreshObject("api_key");
          }}
        />
      )}
      {shown && (
        <Dialog
          onClose={() => setShown(null)}
          title={t("settings.key_made", { name: shown.name })}
          closeOnClickOutside={false}
        >
          <p className={classes.text}>{t("settings.key_once")}</p>
          <CopyBox value={shown.key} label={t("settings.key")} />
        </Dialog>
      )}
    </>
  );
}

function factsOf(record: RapportRecord): string {
  const parts = [
    typeof record.prefix === "string" ? `${record.prefix}…` : "",
    typeof record.last_used_at === "string"
      ? t("settings.key_used", { time: formatRelative(record.last_used_at) })
      : t("settings.key_unused"),
    typeof record.expires_at === "string" ? t("settings.key_expires", { date: formatDate(record.expires_at) }) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

function NewKey({ onClose, onMade }: { onClose: () => void; onMade: (made: { name: string; key: string }) => void }) {
  const object = useObject("api_key");
  const roles = useAll("role");
  const [name, setName] = useState("");
  const [role, setRole] = useState<string | null>(null);
  const [expires, setExpires] = useState("");
  const { box, busy, problems, send } = useSending((error) => problemsOf(error, object?.fields ?? []));
  const make = async () => {
    const end = expires ? { expires_at: instantOf(expires, "23:59") } : {};
    const answer = await api.post<{ key: string }>("/api_keys", { name: name.trim(), role, ...end });
    onMade({ name: name.trim(), key: answer.key });
  };
  return (
    <Dialog onClose={onClose} title={t("form.new", { object: object?.label ?? "" })}>
      <form
        ref={box}
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void send(make);
        }}
      >
        <TextInput
          size="xs"
          label={t("settings.key_name")}
          description={t("settings.key_name_text")}
          data-autofocus
          value={name}
          error={problems.name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="off"
        />
        <Select
          size="xs"
          label={t("settings.user_role")}
          description={t("settings.key_role_text")}
          allowDeselect={false}
          data={(roles.data ?? []).map((entry) => ({ value: entry.id, label: String(entry.name ?? "") }))}
          value={role}
          error={problems.role}
          onChange={setRole}
        />
        <TextInput
          size="xs"
          type="date"
          label={t("settings.key_expiry")}
          value={expires}
          error={problems.expires_at}
          onChange={(event) => setExpires(event.currentTarget.value)}
        />
        <FormProblem text={problems[""]} />
        <Button type="submit" loading={busy} disabled={name.trim() === "" || !role}>
          {t("settings.key_make")}
        </Button>
      </form>
    </Dialog>
  );
}
