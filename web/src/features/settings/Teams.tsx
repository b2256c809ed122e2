/** The tree of teams, with their leads and how many belong to each. */
import { Menu } from "@mantine/core";
import { IconDots, IconPencil, IconPlus, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { useObject } from "../../app/query";
import { startCreate } from "../../app/shell/state";
import { deleteRecords } from "../../app/write";
import { t } from "../../i18n";
import { Empty } from "../../ui/empty/Empty";
import { RecordTitleText } from "../../ui/fields/reference";
import { useAll } from "./data";
import { Listed, Title } from "./parts";
import classes from "./settings.module.css";

const EditRecord = lazy(() => import("../../ui/form/EditRecord"));

interface Node {
  team: RapportRecord;
  depth: number;
}

/** The teams in the order of the tree; a team whose parent is missing or which is its own ancestor stands at the top. */
export function teamTree(teams: RapportRecord[]): Node[] {
  const known = new Set(teams.map((team) => team.id));
  const nodes: Node[] = [];
  const seen = new Set<string>();
  const add = (team: RapportRecord, depth: number) => {
    if (!seen.has(team.id)) {
      seen.add(team.id);
      nodes.push({ team, depth });
      for (const child of teams.filter((entry) => entry.parent === team.id)) {
        add(child, depth + 1);
      }
    }
  };
  for (const team of teams.filter((entry) => typeof entry.parent !== "string" || !known.has(entry.parent))) {
    add(team, 0);
  }
  for (const team of teams) {
    add(team, 0);
  }
  return nodes;
}

export function Teams() {
  const object = useObject("team");
  const teams = useAll("team");
  const users = useAll("user");
  const [editing, setEditing] = useState<RapportRecord | null>(null);
  if (!object) {
    return null;
  }
  const members = (id: string) => (users.data ?? []).filter((user) => user.team === id).length;
  return (
    <>
      <Title name="teams">
        {object.can.create && (
          <button type="button" className="tool" data-primary onClick={() => startCreate("team")}>
            <IconPlus size={15} /> {t("form.new", { object: object.label })}
          </button>
        )}
      </Title>
      <Listed query={teams}>
        {(records) =>
          records.length === 0 ? (
            <Empty icon={IconUsersGroup} title={t("settings.teams_none")} text={t("settings.teams_text")} />
          ) : (
            <ul className={classes.rows}>
              {teamTree(records).map(({ team, depth }) => (
                <li key={team.id} style={{ paddingInlineStart: 12 + depth * 24 }}>
                  <span className={classes.rowMain}>
                    <strong>{String(team.name ?? "")}</strong>
                    <span className="dimmed">{t("settings.members", { count: members(team.id) })}</span>
                  </span>
                  {typeof team.lead === "string" && <RecordTitleText object="user" id={team.lead} plain />}
                  <TeamMenu object={object} team={team} onEdit={() => setEditing(team)} />
                </li>
              ))}
            </ul>
          )
        }
      </Listed>
      {editing && (
        <Suspense>
          <EditRecord object={object} record={editing} onClose={() => setEditing(null)} />
        </Suspense>
      )}
    </>
  );
}

function TeamMenu({ object, team, onEdit }: { object: ObjectMeta; team: RapportRecord; onEdit: () => void }) {
  const name = String(team.name ?? "");
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="tool" data-icon aria-label={t("settings.actions_for", { name })}>
          <IconDots size={16} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {object.can.update && (
          <Menu.Item leftSection={<IconPencil size={14} />} onClick={onEdit}>
            {t("app.edit")}
          </Menu.Item>
        )}
        {object.can.create && (
          <Menu.Item leftSection={<IconPlus size={14} />} onClick={() => startCreate("team", { parent: team.id })}>
            {t("settings.team_below")}
          </Menu.Item>
        )}
        {object.can.delete && (
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={14} />}
            onClick={() => void deleteRecords(object, [team.id], name).catch(() => {})}
          >
            {t("app.delete")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
