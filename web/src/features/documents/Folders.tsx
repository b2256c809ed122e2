/** The folders of all documents in sight, with how many lie in each: a tree beside the list, a choice above it on phones. */
import { NativeSelect } from "@mantine/core";
import { IconChevronRight, IconFolder, IconFolderOff, IconFolders } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { visibleFolders } from "../../ui/documents/tree";
import type { Tree } from "./data";
import classes from "./documents.module.css";
import { type Shown, top } from "./query";

interface Props {
  /** Nothing while it is on its way: its place is kept. */
  tree: Tree | undefined;
  shown: Shown;
  onChoose: (folder: string | undefined) => void;
}

/** As many folders are all open at first. */
const open_max = 24;

export function Folders({ tree, shown, onChoose }: Props) {
  const { folders, loose: unfiled, more } = tree ?? { folders: [], loose: 0, more: false };
  const [all, ...rest] = folders;
  const [toggled, setToggled] = useState<string[]>([]);
  const few = rest.length <= open_max;
  const isOpen = (path: string) => few !== toggled.includes(path);
  const toggle = (path: string) =>
    setToggled(toggled.includes(path) ? toggled.filter((known) => known !== path) : [...toggled, path]);
  const total = more ? undefined : all?.count;
  const loose = unfiled > 0 && rest.length > 0;
  return (
    <>
      <nav className={classes.folders} aria-label={t("documents.folders")}>
        <Place shown={shown} name={t("documents.all")} count={total} icon={<IconFolders size={16} aria-hidden />} />
        {visibleFolders(rest, shown.folder, isOpen).map(({ path, name, count, depth, above }) => (
          <div key={path} className={classes.branch} style={{ "--depth": depth - 1 } as React.CSSProperties}>
            {above ? (
              <button
                type="button"
                className={classes.toggle}
                aria-expanded={isOpen(path)}
                aria-label={t("documents.below", { name: path })}
                onClick={() => toggle(path)}
              >
                <IconChevronRight size={14} aria-hidden />
              </button>
            ) : (
              <span className={classes.toggle} />
            )}
            <Place shown={shown} folder={path} name={name} count={count} icon={<IconFolder size={16} aria-hidden />} />
          </div>
        ))}
        {loose && (
          <Place
            shown={shown}
            folder={top}
            name={t("folder.top")}
            count={unfiled}
            icon={<IconFolderOff size={16} aria-hidden />}
          />
        )}
        {more && <p className="dimmed">{t("documents.folders_more", { count: rest.length })}</p>}
      </nav>
      <NativeSelect
        className={classes.choice}
        size="sm"
        aria-label={t("documents.folders")}
        value={shown.folder ?? ""}
        onChange={(event) => onChoose(event.currentTarget.value || undefined)}
        data={[
          { value: "", label: counted(t("documents.all"), total) },
          ...rest.map(({ path, count }) => ({ value: path, label: counted(path, count) })),
          ...(loose ? [{ value: top, label: counted(t("folder.top"), unfiled) }] : []),
        ]}
      />
    </>
  );
}

function counted(name: string, count: number | undefined): string {
  return count === undefined ? name : `${name} (${formatNumber(count)})`;
}

interface PlaceProps {
  shown: Shown;
  folder?: string;
  name: string;
  count?: number;
  icon: React.ReactNode;
}

function Place({ shown, folder, name, count, icon }: PlaceProps) {
  return (
    <Link
      to="."
      search={{ ...shown, folder }}
      className={classes.folder}
      title={folder === top ? undefined : folder}
      activeOptions={{ exact: true }}
    >
      {icon}
      <span className="truncate">{name}</span>
      {count !== undefined && <span className="dimmed num">{formatNumber(count)}</span>}
    </Link>
  );
}
