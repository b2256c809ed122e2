/** What the workspace knows: its objects, each with a page of its own, and the way to a new one. */
import { TextInput } from "@mantine/core";
import { IconChevronRight, IconPlus, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { ObjectMeta } from "../../api/types";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { iconOf } from "../../ui/icons";
import { useMay } from "./data";
import { Title } from "./parts";
import classes from "./settings.module.css";

const NewObject = lazy(() => import("./designer/NewObject"));

export function Objects() {
  const { objects } = useBoot();
  const can = useMay("configure");
  const [search, setSearch] = useState("");
  const [making, setMaking] = useState(false);
  const query = search.trim().toLowerCase();
  const found = objects
    .filter(
      (object) =>
        !object.internal && `${object.label} ${object.label_plural} ${object.name}`.toLowerCase().includes(query),
    )
    .sort((a, b) => Number(b.custom ?? false) - Number(a.custom ?? false));
  return (
    <>
      <Title name="objects">
        {can && (
          <button type="button" className="tool" data-primary onClick={() => setMaking(true)}>
            <IconPlus size={15} /> {t("designer.new_object")}
          </button>
        )}
      </Title>
      <TextInput
        size="xs"
        className={classes.text}
        leftSection={<IconSearch size={13} />}
        placeholder={t("settings.find_object")}
        aria-label={t("settings.find_object")}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ul className={classes.rows}>
        {found.map((object) => (
          <ObjectRow key={object.name} object={object} />
        ))}
      </ul>
      {can && <p className="dimmed">{t("settings.objects_files")}</p>}
      {making && (
        <Suspense>
          <NewObject onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </>
  );
}

function ObjectRow({ object }: { object: ObjectMeta }) {
  const Icon = iconOf(object);
  const count = object.fields.filter((field) => !field.hidden && !field.system).length;
  return (
    <li className={classes.objectRow}>
      <Link to="/settings/objects/$name" params={{ name: object.name }} className={classes.objectHead}>
        <Icon size={18} stroke={1.5} aria-hidden />
        <span className={classes.rowMain}>
          <strong>{object.label_plural}</strong>
          <span className="dimmed truncate">{object.description}</span>
        </span>
        {object.custom && (
          <span className="chip" data-color="violet">
            <span>{t("settings.custom")}</span>
          </span>
        )}
        <span className="dimmed num">{t("settings.n_fields", { count })}</span>
        <code>{object.name}</code>
        <IconChevronRight size={15} aria-hidden />
      </Link>
    </li>
  );
}
