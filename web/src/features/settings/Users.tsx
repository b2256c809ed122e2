/** The people who work here: invited by a link, given a role and a team, shut out without losing what they wrote. */
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { IconEye, IconLink, IconShieldCheck, IconShieldOff, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import type { ObjectMeta, RapportRecord, Rights } from "../../api/types";
import { showProblem } from "../../app/problems";
import { queryClient, useBoot, useObject } from "../../app/query";
import { showToast } from "../../app/toasts";
import { viewAs } from "../../app/viewing";
import { createRecord, updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { Avatar } from "../../ui/Avatar";
import { CopyBox } from "../../ui/CopyBox";
import { Dialog } from "../../ui/Dialog";
import { FormProblem } from "../../ui/form/FormProblem";
import { problemsOf } from "../../ui/form/recordForm";
import { useSending } from "../../ui/form/useSave";
import { useAll, useMay } from "./data";
import { Listed, Title } from "./parts";
import classes from "./settings.module.css";

const factorsKey = ["second-factors"] as const;

interface Invitation {
  link: string;
  expires_at: string;
  mailed: boolean;
}

function options(records: RapportRecord[] | undefined): { value: string; label: string }[] {
  return (records ?? []).map((record) => ({ value: record.id, label: String(record.name ?? "") }));
}

/** Nobody sees as an administrator. */
function isAdmin(roles: RapportRecord[] | undefined, user: RapportRecord): boolean {
  const rights = roles?.find((role) => role.id === user.role)?.rights as Rights | undefined;
  return rights?.admin === true;
}

export function Users() {
  const object = useObject("user");
  const users = useAll("user");
  const roles = useAll("role");
  const teams = useAll("team");
  const manages = useMay("manage_users");
  const factors = useQuery({
    queryKey: factorsKey,
    queryFn: async () => (await api.get<{ users: string[] }>("/second_factors")).users,
    enabled: manages,
  });
  const [adding, setAdding] = useState(false);
  const [invitation, setInvitation] = useState<{ name: string; invitation: Invitation } | null>(null);
  const [removing, setRemoving] = useState<RapportRecord | null>(null);
  const invite = async (user: RapportRecord) => {
    try {
      setInvitation({
        name: String(user.name ?? ""),
        invitation: await api.post<Invitation>(`/users/${user.id}/invite`),
      });
    } catch (error) {
      showProblem(error, { retry: () => void invite(user) });
    }
  };
  if (!object) {
    return null;
  }
  return (
    <>
      <Title name="users">
        {object.can.create && (
          <button type="button" className="tool" data-primary onClick={() => setAdding(true)}>
            <IconUserPlus size={15} /> {t("settings.invite")}
          </button>
        )}
      </Title>
      <Listed query={users}>
        {(records) => (
          <ul className={classes.rows}>
            {records.map((user) => (
              <UserRow
                key={user.id}
                object={object}
                user={user}
                roles={options(roles.data)}
                teams={options(teams.data)}
                onInvite={() => void invite(user)}
                isAdmin={isAdmin(roles.data, user)}
                hasFactor={factors.data?.includes(user.id) === true}
                onRemoveFactor={() => setRemoving(user)}
              />
            ))}
          </ul>
        )}
      </Listed>
      {adding && (
        <AddUser
          object={object}
          roles={options(roles.data)}
          teams={options(teams.data)}
          onClose={() => setAdding(false)}
          onAdded={(user) => {
            setAdding(false);
            void invite(user);
          }}
        />
      )}
      {removing && <RemoveFactor user={removing} onClose={() => setRemoving(null)} />}
      {invitation && (
        <Dialog onClose={() => setInvitation(null)} title={t("settings.invited", { name: invitation.name })}>
          <p className={classes.text}>
            {t(invitation.invitation.mailed ? "settings.invited_mailed" : "settings.invited_text", {
              date: formatDate(invitation.invitation.expires_at),
            })}
          </p>
          <CopyBox value={invitation.invitation.link} label={t("settings.invite_link")} />
        </Dialog>
      )}
    </>
  );
}

interface RowProps {
  object: ObjectMeta;
  user: RapportRecord;
  roles: { value: string; label: string }[];
  teams: { value: string; label: string }[];
  onInvite: () => void;
  isAdmin: boolean;
  hasFactor: boolean;
  onRemoveFactor: () => void;
}

function UserRow({ object, user, roles, teams, onInvite, isAdmin, hasFactor, onRemoveFactor }: RowProps) {
  const boot = useBoot();
  // Everybody may change their own record: that alone says nothing about the others.
  const manages = useMay("manage_users") && object.can.update;
  const views = useMay("view_as");
  const name = String(user.name ?? "");
  const self = user.id === boot.user.id;
  const active = user.active !== false;
  const set = (values: { [field: string]: string | boolean | null }, label?: string) =>
    void updateRecord(object, user, values, { label }).catch(() => {});
  const roleName = (id: string | null) => roles.find((role) => role.value === id)?.label ?? "";
  return (
    <li data-off={!active || undefined}>
      <Avatar name={name} size="md" />
      <span className={classes.rowMain}>
        <strong>
          {name} {self && <span className="dimmed">({t("settings.you")})</span>}
        </strong>
        <span className="dimmed truncate">{String(user.email ?? "")}</span>
      </span>
      <Select
        size="xs"
        w={150}
        allowDeselect={false}
        data={roles}
        value={typeof user.role === "string" ? user.role : null}
        disabled={!manages || self}
        aria-label={t("settings.role_of", { name })}
        onChange={(role) => role !== user.role && set({ role }, t("settings.role_set", { name, role: roleName(role) }))}
      />
      <Select
        size="xs"
        w={140}
        clearable
        placeholder={t("settings.no_team")}
        data={teams}
        value={typeof user.team === "string" ? user.team : null}
        disabled={!manages}
        aria-label={t("settings.team_of", { name })}
        onChange={(team) => set({ team })}
      />
      <Switch
        size="xs"
        checked={active}
        disabled={!manages || self}
        aria-label={t("settings.active_named", { name })}
        label={t("settings.active")}
        onChange={(event) =>
          set(
            { active: event.currentTarget.checked },
            t(event.currentTarget.checked ? "settings.activated" : "settings.deactivated", { name }),
          )
        }
      />
      {views && (
        <button
          type="button"
          className="tool"
          data-icon
          onClick={() => void viewAs(user.id).catch((error) => showProblem(error))}
          disabled={!active || self || isAdmin}
          aria-label={t("viewing.begin", { name })}
          title={t("viewing.begin", { name })}
        >
          <IconEye size={16} />
        </button>
      )}
      <button
        type="button"
        className="tool"
        data-icon
        onClick={onRemoveFactor}
        disabled={!manages || !hasFactor || self}
        aria-label={t(hasFactor ? "security.remove_of" : "security.none_of", { name })}
        title={t(hasFactor ? "security.remove_of" : "security.none_of", { name })}
      >
        {hasFactor ? <IconShieldCheck size={16} /> : <IconShieldOff size={16} />}
      </button>
      <button
        type="button"
        className="tool"
        data-icon
        onClick={onInvite}
        disabled={!manages || !active}
        aria-label={t("settings.invite_again", { name })}
        title={t("settings.invite_again", { name })}
      >
        <IconLink size={16} />
      </button>
    </li>
  );
}

/** Asks once more: whoever holds the password comes in without the second factor afterwards. */
function RemoveFactor({ user, onClose }: { user: RapportRecord; onClose: () => void }) {
  const name = String(user.name ?? "");
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await api.delete(`/users/${user.id}/second_factor`);
      showToast(t("security.removed_of", { name }));
      onClose();
    } catch (error) {
      showProblem(error);
      setBusy(false);
    } finally {
      void queryClient.invalidateQueries({ queryKey: factorsKey });
    }
  };
  return (
    <Dialog onClose={onClose} title={t("security.remove_of", { name })}>
      <p className={classes.text}>{t("security.remove_of_text")}</p>
      <Button color="red" loading={busy} onClick={() => void remove()} data-autofocus>
        {t("security.remove")}
      </Button>
    </Dialog>
  );
}

interface AddProps {
  object: ObjectMeta;
  roles: { value: string; label: string }[];
  teams: { value: string; label: string }[];
  onClose: () => void;
  onAdded: (user: RapportRecord) => void;
}

function AddUser({ object, roles, teams, onClose, onAdded }: AddProps) {
  const [values, setValues] = useState<{ name: string; email: string; role: string | null; team: string | null }>({
    name: "",
    email: "",
    role: roles.at(-1)?.value ?? null,
    team: null,
  });
  const { box, busy, problems, send } = useSending((error) => problemsOf(error, object.fields));
  const change = (part: Partial<typeof values>) => setValues((known) => ({ ...known, ...part }));
  const add = async () => {
    const sent = {
      name: values.name.trim(),
      email: values.email.trim(),
      role: values.role,
      ...(values.team ? { team: values.team } : {}),
    };
    onAdded(
      await createRecord(object, sent, { throwOnly: true, label: t("settings.user_added", { name: sent.name }) }),
    );
  };
  return (
    <Dialog onClose={onClose} title={t("settings.invite")}>
      <form
        ref={box}
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send(add);
        }}
      >
        <div data-field="name">
          <TextInput
            size="xs"
            label={t("settings.user_name")}
            data-autofocus
            withAsterisk
            value={values.name}
            error={problems.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            autoComplete="off"
          />
        </div>
        <div data-field="email">
          <TextInput
            size="xs"
            type="email"
            label={t("settings.user_email")}
            withAsterisk
            value={values.email}
            error={problems.email}
            onChange={(event) => change({ email: event.currentTarget.value })}
            autoComplete="off"
          />
        </div>
        <Select
          size="xs"
          label={t("settings.user_role")}
          withAsterisk
          allowDeselect={false}
          data={roles}
          value={values.role}
          error={problems.role}
          onChange={(role) => change({ role })}
        />
        <Select
          size="xs"
          label={t("settings.user_team")}
          clearable
          data={teams}
          value={values.team}
          error={problems.team}
          onChange={(team) => change({ team })}
        />
        <FormProblem text={problems[""]} />
        <Button
          type="submit"
          loading={busy}
          disabled={values.name.trim() === "" || values.email.trim() === "" || !values.role}
        >
          {t("settings.invite_make")}
        </Button>
      </form>
    </Dialog>
  );
}
