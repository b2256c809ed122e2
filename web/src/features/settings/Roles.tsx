/** Roles: what their users and keys may see and do, object by object. Each change is kept at once and can be undone. */
import { Switch, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { ObjectMeta, RapportRecord, Rights } from "../../api/types";
import { useBoot, useObject } from "../../app/query";
import { createRecord, deleteRecords, updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { useAll } from "./data";
import { Listed, RecordTabs, Title } from "./parts";
import { RightsMatrix } from "./RightsMatrix";
import { specials, withSpecial } from "./rights";
import classes from "./settings.module.css";

export function Roles() {
  const object = useObject("role");
  const roles = useAll("role");
  const [chosen, setChosen] = useState<string | null>(null);
  if (!object) {
    return null;
  }
  const add = async () => {
    const rights = { objects: { "*": { read: "all", create: true, update: "own", delete: "own" } }, special: [] };
    const taken = new Set((roles.data ?? []).map((role) => role.name));
    let name = t("settings.role_new");
    for (let number = 2; taken.has(name); number++) {
      name = `${t("settings.role_new")} ${number}`;
    }
    const role = await createRecord(object, { name, rights }).catch(() => undefined);
    setChosen(role?.id ?? null);
  };
  return (
    <>
      <Title name="roles">
        {object.can.create && (
          <button type="button" className="tool" data-primary onClick={() => void add()}>
            <IconPlus size={15} /> {t("form.new", { object: object.label })}
          </button>
        )}
      </Title>
      <Listed query={roles}>
        {(records) => {
          const role = records.find((entry) => entry.id === chosen) ?? records[0];
          return (
            <>
              <RecordTabs records={records} chosen={role} onChoose={setChosen} />
              {role && <RoleForm key={role.id} object={object} role={role} />}
            </>
          );
        }}
      </Listed>
    </>
  );
}

/** A text that is kept when it is left. */
function OwnText({ object, role, field }: { object: ObjectMeta; role: RapportRecord; field: "name" | "description" }) {
  const [draft, setDraft] = useState(String(role[field] ?? ""));
  const save = () => {
    const value = draft.trim();
    if (value !== String(role[field] ?? "") && (value || field !== "name")) {
      void updateRecord(object, role, { [field]: value || null }).catch(() => setDraft(String(role[field] ?? "")));
    }
  };
  return (
    <TextInput
      size="xs"
      label={t(`settings.role_${field}`)}
      value={draft}
      disabled={!object.can.update}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}

function RoleForm({ object, role }: { object: ObjectMeta; role: RapportRecord }) {
  const boot = useBoot();
  const rights = (role.rights ?? {}) as Rights;
  const name = String(role.name ?? "");
  const own = role.id === boot.role.id;
  const save = async (next: Rights) => {
    await updateRecord(
      object,
      role,
      { rights: next as { [key: string]: unknown } },
      { label: t("settings.rights_changed", { name }) },
    );
  };
  const quietly = (next: Rights) => void save(next).catch(() => {});
  return (
    <section aria-label={name}>
      <div className={classes.roleHead}>
        <OwnText object={object} role={role} field="name" />
        <OwnText object={object} role={role} field="description" />
        {object.can.delete && !own && (
          <button
            type="button"
            className="tool"
            onClick={() => void deleteRecords(object, [role.id], name).catch(() => {})}
          >
            <IconTrash size={15} /> {t("app.delete")}
          </button>
        )}
      </div>
      <Switch
        size="xs"
        className={classes.switchRow}
        label={t("settings.admin")}
        description={t("settings.admin_text")}
        checked={rights.admin === true}
        disabled={!object.can.update || own}
        onChange={(event) => quietly({ ...rights, admin: event.currentTarget.checked })}
      />
      <Switch
        size="xs"
        className={classes.switchRow}
        label={t("settings.role_second_factor")}
        description={t("settings.role_second_factor_text")}
        checked={rights.second_factor === true}
        disabled={!object.can.update}
        onChange={(event) => quietly({ ...rights, second_factor: event.currentTarget.checked })}
      />
      {rights.admin === true ? (
        <p className="dimmed">{t("settings.admin_all")}</p>
      ) : (
        <>
          <RightsMatrix rights={rights} onChange={save} disabled={!object.can.update} />
          <fieldset className={classes.specials} disabled={!object.can.update}>
            <legend>{t("settings.specials")}</legend>
            {specials.map((special) => (
              <Switch
                key={special}
                size="xs"
                label={t(`settings.special_${special}`)}
                checked={rights.special?.includes(special) === true}
                onChange={(event) => quietly(withSpecial(rights, special, event.currentTarget.checked))}
              />
            ))}
          </fieldset>
        </>
      )}
    </section>
  );
}
