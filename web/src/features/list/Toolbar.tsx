/** Filter, sort, columns, quick search, import and export above a list. */
import { Menu } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconArrowsSort,
  IconColumns3,
  IconDots,
  IconFileExport,
  IconFileImport,
  IconFilter,
  IconSearch,
  IconTrash,
  IconUserShare,
} from "@tabler/icons-react";
import { memo, useEffect, useRef, useState } from "react";
import { address } from "../../api/client";
import type { ObjectMeta } from "../../api/types";
import { useCommands } from "../../app/commands";
import { findObject, useBoot } from "../../app/query";
import { go } from "../../app/router";
import { mayUseSensitive } from "../../app/sensitive";
import { t } from "../../i18n";
import { FilterChips } from "../../ui/filters/FilterChips";
import { FilterPanel } from "../../ui/filters/FilterPanel";
import { showsShared, switchShared } from "../../ui/filters/shared";
import { readSort } from "../../ui/grid/columns";
import type { ListQuery } from "../../ui/grid/rows";
import { Panel } from "../../ui/Panel";
import { ColumnChooser } from "../../ui/views/ColumnChooser";
import { TableGroupMenu } from "../../ui/views/GroupMenu";
import { SortPanel } from "../../ui/views/SortPanel";
import { TypeSwitch, typeIcons } from "../../ui/views/TypeSwitch";
import { typesOf } from "../../ui/views/types";
import { ChangedChip } from "./ChangedChip";
import { density } from "./density";
import classes from "./list.module.css";
import type { ListChange, ListState } from "./state";

interface Props {
  object: ObjectMeta;
  state: ListState;
  set: (change: ListChange) => void;
  query: ListQuery;
  filterOpen: boolean;
  filterField: string | undefined;
  onFilterOpen: (open: boolean) => void;
  phone: boolean;
}

const words_ms = 200;

function QuickSearch({
  object,
  words,
  onWords,
}: {
  object: ObjectMeta;
  words: string;
  onWords: (words: string) => void;
}) {
  const [text, setText] = useState(words);
  const sent = useRef(words);
  useEffect(() => {
    if (words !== sent.current) {
      sent.current = words;
      setText(words);
    }
  }, [words]);
  useEffect(() => {
    if (text === sent.current) {
      return;
    }
    const timer = setTimeout(() => {
      sent.current = text;
      onWords(text);
    }, words_ms);
    return () => clearTimeout(timer);
  }, [text, onWords]);
  const label = t("list.search_in", { objects: object.label_plural });
  return (
    <label className={classes.search}>
      <IconSearch size={14} />
      <input
        id="list-search"
        type="search"
        placeholder={t("nav.search")}
        aria-label={label}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </label>
  );
}

/** Downloads what the list shows, in one of the formats. */
export function exportAddress(query: ListQuery, format: string, filter = query.filter, clear?: true): string {
  const fields = query.fields.filter((name) => name !== "version").join(",");
  return address(`/${query.object.plural}/export`, { format, filter, sort: query.sort, fields, clear });
}

export function exportFormats(object: ObjectMeta): string[] {
  return object.fields.some((field) => field.kind === "emails" || field.kind === "phones")
    ? ["csv", "xlsx", "vcf", "jsonl"]
    : ["csv", "xlsx", "jsonl"];
}

function MoreMenu({ object, state, set, query }: Pick<Props, "object" | "state" | "set" | "query">) {
  const chosen = density.use();
  const usable = mayUseSensitive(useBoot());
  const clear = usable && object.fields.some((field) => field.sensitive && query.fields.includes(field.name));
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <button type="button" className="tool" data-icon aria-label={t("app.more")}>
          <IconDots size={16} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {object.can.import && (
          <Menu.Item leftSection={<IconFileImport size={15} />} onClick={() => go(`/imports?object=${object.name}`)}>
            {t("list.import")}
          </Menu.Item>
        )}
        {object.can.export && (
          <>
            <Menu.Divider />
            <Menu.Label>{t("list.export")}</Menu.Label>
            {exportFormats(object).map((format) => (
              <Menu.Item
                key={format}
                component="a"
                href={exportAddress(query, format)}
                download
                leftSection={<IconFileExport size={15} />}
              >
                {t(`list.export_${format}`)}
              </Menu.Item>
            ))}
            {clear && (
              <Menu.Item
                component="a"
                href={exportAddress(query, "csv", query.filter, true)}
                download
                leftSection={<IconFileExport size={15} />}
              >
                {t("list.export_clear")}
              </Menu.Item>
            )}
          </>
        )}
        <Menu.Divider />
        <Menu.Label>{t("list.density")}</Menu.Label>
        {(["compact", "comfortable"] as const).map((name) => (
          <Menu.RadioItem
            key={name}
            value={name}
            checked={chosen === name}
            closeMenuOnClick
            onChange={() => density.set(name)}
          >
            {t(`list.density_${name}`)}
          </Menu.RadioItem>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => set({ deleted: !state.deleted })}>
          {t(state.deleted ? "list.bin_leave" : "list.bin")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useToolCommands(props: Props): void {
  const { object, query, onFilterOpen, set, state } = props;
  const section = t("section.list");
  useCommands([
    {
      id: "list.filter",
      title: t("filter.title"),
      section,
      icon: IconFilter,
      keys: "f",
      run: () => onFilterOpen(true),
    },
    {
      id: "list.shared",
      title: t("filter.shared"),
      section,
      icon: IconUserShare,
      disabled: object.internal,
      run: () => set({ filter: switchShared(state.filter, object, findObject) }),
    },
    {
      id: "list.search",
      title: t("list.search_in", { objects: object.label_plural }),
      section,
      icon: IconSearch,
      keys: "mod+f",
      whileTyping: true,
      run: () => document.getElementById("list-search")?.focus(),
    },
    {
      id: "list.density",
      title: t("list.density_switch"),
      section,
      icon: IconAdjustmentsHorizontal,
      run: () => density.set((value) => (value === "compact" ? "comfortable" : "compact")),
    },
    {
      id: "list.bin",
      title: t(state.deleted ? "list.bin_leave" : "list.bin"),
      section,
      icon: IconTrash,
      run: () => set({ deleted: !state.deleted }),
    },
    ...(state.deleted ? [] : typesOf(object)).map((type) => ({
      id: `list.type.${type}`,
      title: `${t("view.type")}: ${t(`view.type_${type}`)}`,
      section,
      icon: typeIcons[type],
      disabled: type === state.type,
      run: () => set({ type }),
    })),
    ...(object.can.export ? exportFormats(object) : []).map((format) => ({
      id: `list.export.${format}`,
      title: `${t("list.export")}: ${t(`list.export_${format}`)}`,
      section,
      icon: IconFileExport,
      run: () => window.location.assign(exportAddress(query, format)),
    })),
  ]);
}

export const Toolbar = memo(function Toolbar(props: Props) {
  const { object, state, set, query, filterOpen, onFilterOpen, phone } = props;
  const [sortOpen, setSortOpen] = useState(false);
  const [columnsOpen, setColumnsOpen] = useState(false);
  const columnsName = t(state.type === "board" ? "board.card_fields" : "view.columns");
  useToolCommands(props);
  const sorted = readSort(state.sort).length;
  const shared = showsShared(state.filter, object, findObject);
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t("list.tools")}>
      {!state.deleted && (
        <TypeSwitch
          object={object}
          type={state.type}
          group={state.group}
          starts={state.starts}
          ends={state.ends}
          onType={(type) => set({ type })}
          onBy={set}
        />
      )}
      <Panel
        label={t("filter.title")}
        opened={filterOpen}
        onChange={onFilterOpen}
        target={
          <button
            type="button"
            className="tool"
            data-on={state.filter ? "" : undefined}
            aria-keyshortcuts="f"
            aria-haspopup="dialog"
            aria-expanded={filterOpen}
            onClick={() => onFilterOpen(!filterOpen)}
          >
            <IconFilter size={15} /> {t("filter.title")}
          </button>
        }
      >
        <FilterPanel
          object={object}
          filter={state.filter}
          startWith={props.filterField}
          onChange={(filter) => set({ filter })}
        />
      </Panel>
      {!object.internal && !state.deleted && (
        <button
          type="button"
          className="tool"
          data-icon
          data-on={shared || undefined}
          aria-pressed={shared}
          aria-label={t("filter.shared")}
          title={t("filter.shared")}
          onClick={() => set({ filter: switchShared(state.filter, object, findObject) })}
        >
          <IconUserShare size={15} />
        </button>
      )}
      {state.type === "table" && !state.deleted && (
        <TableGroupMenu
          object={object}
          group={state.group}
          onGroup={(group) => set({ group })}
          onClosed={(closed) => set({ closed })}
        />
      )}
      {state.type !== "calendar" && state.type !== "map" && (
        <Panel
          label={t("view.sort")}
          opened={sortOpen}
          onChange={setSortOpen}
          target={
            <button
              type="button"
              className="tool"
              data-on={sorted > 0 ? "" : undefined}
              aria-haspopup="dialog"
              aria-expanded={sortOpen}
              onClick={() => setSortOpen(!sortOpen)}
            >
              <IconArrowsSort size={15} /> {sorted > 0 ? t("view.sorted", { count: sorted }) : t("view.sort")}
            </button>
          }
        >
          <SortPanel object={object} sort={state.sort} onChange={(sort) => set({ sort })} />
        </Panel>
      )}
      {(state.type === "board" || (!phone && state.type === "table")) && (
        <Panel
          label={columnsName}
          opened={columnsOpen}
          onChange={setColumnsOpen}
          target={
            <button
              type="button"
              className="tool"
              aria-haspopup="dialog"
              aria-expanded={columnsOpen}
              onClick={() => setColumnsOpen(!columnsOpen)}
            >
              <IconColumns3 size={15} /> {columnsName}
            </button>
          }
        >
          <ColumnChooser object={object} columns={state.columns} onChange={(columns) => set({ columns })} />
        </Panel>
      )}
      <div className={classes.chips}>
        {state.filter && (
          <FilterChips
            object={object}
            filter={state.filter}
            onChange={(filter) => set({ filter })}
            onOpen={() => onFilterOpen(true)}
          />
        )}
        {state.changed && <ChangedChip object={object} state={state} set={set} />}
      </div>
      <div className={classes.end}>
        <QuickSearch object={object} words={state.words} onWords={(words) => set({ words })} />
        <MoreMenu object={object} state={state} set={set} query={query} />
      </div>
    </div>
  );
});
