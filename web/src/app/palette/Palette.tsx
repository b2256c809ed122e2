/** The command palette: commands of this page and of the program, records found by the server while typing. `>` commands, `@` people, `#` companies, `?` shortcuts. */
import { Modal } from "@mantine/core";
import { IconArrowRight, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import {
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { subtitleOf } from "../../api/titles";
import type { ObjectMeta, SearchHit } from "../../api/types";
import { t } from "../../i18n";
import { RecordMark } from "../../ui/RecordMark";
import { hasDialogBelow, useTopmost } from "../../ui/topmost";
import { type Command, useActiveCommands } from "../commands";
import { keyCaps } from "../hotkeys";
import { mainObjects, recordAddress } from "../navigation";
import { useBoot } from "../query";
import { recentRecords } from "../recent";
import { go } from "../router";
import { matchScore } from "./match";
import { helpOpen, paletteOpen } from "./state";

interface Row {
  id: string;
  section: string;
  title: string;
  subtitle?: string | null;
  icon: ReactNode;
  keys?: string;
  run: () => void;
}

const results_max = 8;
const recent_max = 5;

type Mode = "all" | "commands" | "people" | "companies";
const modes: { [sign: string]: Mode } = { ">": "commands", "@": "people", "#": "companies" };

/** "prop: mill" looks for "mill" among the properties: the object whose name begins like that, and the words behind it. */
function narrowed(text: string, objects: ObjectMeta[]): { object: ObjectMeta; words: string } | undefined {
  const [, begun = "", words = ""] = text.match(/^\s*([^:]{2,}):(.*)$/) ?? [];
  const name = begun.trim().toLocaleLowerCase();
  const object = name
    ? objects.find((entry) =>
        [entry.label_plural, entry.label, entry.plural].some((word) => word.toLocaleLowerCase().startsWith(name)),
      )
    : undefined;
  return object && { object, words: words.trim() };
}

function close(): void {
  paletteOpen.set(null);
}

function commandRow(command: Command): Row {
  const Icon = command.icon;
  const icon = Icon ? <Icon size={16} stroke={1.75} /> : <IconArrowRight size={16} />;
  return { id: command.id, section: command.section, title: command.title, icon, keys: command.keys, run: command.run };
}

function useRecordRows(
  words: string,
  mode: Mode,
  among: ObjectMeta | undefined,
): { rows: Row[]; busy: boolean; nothing?: boolean } {
  const boot = useBoot();
  const recent = recentRecords.use();
  const query = useDeferredValue(words);
  const objects = mode === "people" || mode === "companies" ? mode : among?.plural;
  const wanted = mode !== "commands" && query.length > 0;
  const { data, isFetching } = useQuery({
    queryKey: [...keys.search(query), objects ?? ""],
    queryFn: ({ signal }) =>
      api.get<{ results: SearchHit[] }>("/search", { q: query, objects, limit: results_max }, { signal }),
    enabled: wanted,
    placeholderData: (before) => before,
    staleTime: 10_000,
  });
  const row = (hit: SearchHit, section: string): Row[] => {
    const object = boot.objects.find((entry) => entry.name === hit.object || entry.plural === hit.object);
    if (!object) {
      return [];
    }
    const icon = <RecordMark object={object} title={hit.title} />;
    return [
      {
        id: `record.${object.name}.${hit.id}`,
        section,
        title: hit.title,
        subtitle: hit.excerpt ?? subtitleOf(hit.object, hit.subtitle) ?? object.label,
        icon,
        run: () => go(recordAddress(object, hit.id)),
      },
    ];
  };
  if (!wanted) {
    const shown = mode === "all" ? recent.slice(0, recent_max) : [];
    return { rows: shown.flatMap((hit) => row(hit, t("palette.recent"))), busy: false };
  }
  const rows = (data?.results ?? []).flatMap((hit) => row(hit, t("palette.records")));
  if (mode === "all") {
    const run = () =>
      go(`/search?q=${encodeURIComponent(words)}${among ? `&objects=${encodeURIComponent(among.plural)}` : ""}`);
    rows.push({
      id: "search.all",
      section: t("palette.records"),
      title: t("palette.all_results", { query: words }),
      icon: <IconSearch size={16} />,
      run,
    });
  }
  return { rows, busy: isFetching, nothing: !isFetching && data?.results.length === 0 };
}

function useCommandRows(words: string, mode: Mode): Row[] {
  const commands = useActiveCommands();
  return useMemo(() => {
    if (mode !== "all" && mode !== "commands") {
      return [];
    }
    return commands
      .filter((command) => !command.hidden)
      .map((command) => ({ command, score: matchScore(`${command.title} ${command.words ?? ""}`, words) }))
      .filter((entry) => entry.score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, words ? 12 : 60)
      .map((entry) => commandRow(entry.command));
  }, [commands, words, mode]);
}

function PaletteRow({
  row,
  active,
  id,
  onRun,
  onHover,
}: {
  row: Row;
  active: boolean;
  id: string;
  onRun: () => void;
  onHover: () => void;
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) {
      element.current?.scrollIntoView({ block: "nearest" });
    }
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the input keeps the focus and hears the keys
    <div
      ref={element}
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      className="palette-row"
      onClick={onRun}
      onMouseMove={onHover}
    >
      {row.icon}
      <span className="truncate">{row.title}</span>
      {row.subtitle && <span className="dimmed truncate">{row.subtitle}</span>}
      {row.keys && (
        <span className="caps" aria-hidden="true">
          {keyCaps(row.keys).map((cap) => (
            <kbd key={cap}>{cap}</kbd>
          ))}
        </span>
      )}
    </div>
  );
}

export default function Palette({ start }: { start: string }) {
  const [text, setText] = useState(start);
  const [at, setAt] = useState(0);
  const list = useId();
  const topmost = useTopmost();
  const mode = modes[text[0] ?? ""] ?? "all";
  const boot = useBoot();
  const only = mode === "all" ? narrowed(text, mainObjects(boot)) : undefined;
  const words = only ? only.words : (mode === "all" ? text : text.slice(1)).trim();
  const records = useRecordRows(words, mode, only?.object);
  const commands = useCommandRows(only ? only.object.label_plural : words, mode);
  const rows = [...records.rows, ...commands];
  const chosen = Math.min(at, rows.length - 1);
  const run = (row: Row | undefined) => {
    if (row) {
      close();
      row.run();
    }
  };
  const change = (next: string) => {
    if (next === "?" && !hasDialogBelow()) {
      close();
      helpOpen.set(true);
      return;
    }
    setText(next);
    setAt(0);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || (event.ctrlKey && event.key === "n")) {
      event.preventDefault();
      setAt((chosen + 1) % Math.max(1, rows.length));
    } else if (event.key === "ArrowUp" || (event.ctrlKey && event.key === "p")) {
      event.preventDefault();
      setAt((chosen - 1 + rows.length) % Math.max(1, rows.length));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(rows[chosen]);
    } else if (event.key === "Escape" && text) {
      event.preventDefault();
      event.stopPropagation();
      change("");
    }
  };
  return (
    <Modal.Root opened onClose={close} size={600} yOffset="12vh" closeOnEscape={text === "" && topmost}>
      <Modal.Overlay />
      <Modal.Content aria-label={t("palette.title")} radius={12}>
        <input
          className="palette-input"
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={rows.length > 0 ? `${list}-${chosen}` : undefined}
          aria-label={t("palette.title")}
          placeholder={t(mode === "commands" ? "palette.placeholder_commands" : "palette.placeholder")}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          onKeyDown={keyDown}
          data-autofocus
          // biome-ignore lint/a11y/noAutofocus: it opens to be typed into, from the first key on
          autoFocus
          spellCheck={false}
          autoComplete="off"
        />
        <div
          id={list}
          role="listbox"
          aria-label={t("palette.results")}
          aria-busy={records.busy}
          className="palette-list"
        >
          {rows.map((row, index) => (
            <div key={row.id} role="presentation">
              {row.section !== rows[index - 1]?.section && (
                <p className="nav-title" role="presentation">
                  {row.section}
                </p>
              )}
              <PaletteRow
                row={row}
                active={index === chosen}
                id={`${list}-${index}`}
                onRun={() => run(row)}
                onHover={() => setAt(index)}
              />
            </div>
          ))}
          {rows.length === 0 && !records.busy && (
            <p className="dimmed" style={{ padding: 16 }}>
              {t("palette.nothing", { query: words })}
            </p>
          )}
        </div>
        {records.nothing && (
          <p className="palette-hint" data-nothing role="status">
            {t(mode === "all" && !only ? "palette.looked" : "palette.looked_some")}
          </p>
        )}
        <p className="palette-hint">{t("palette.hint")}</p>
        <p className="visually-hidden" role="status">
          {t("palette.count", { count: rows.length })}
        </p>
      </Modal.Content>
    </Modal.Root>
  );
}
