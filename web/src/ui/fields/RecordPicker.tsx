/** Finds records by typing: one or several, of one object or of many; can make a new one on the way. */
import { Combobox, Loader, Pill, PillsInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { rememberTitles, subtitleOf, titleOf, useTitle } from "../../api/titles";
import type { Boot, ObjectMeta, RapportRecord, RecordLink, RecordPage, SearchHit } from "../../api/types";
import { findObject, queryClient } from "../../app/query";
import { t } from "../../i18n";
import { iconOf } from "../icons";
import { RecordMark } from "../RecordMark";
import classes from "./fields.module.css";

interface Props {
  /** The objects to choose from; none means all that stand in navigation. */
  objects: string[];
  value: RecordLink[];
  onChange: (value: RecordLink[]) => void;
  multiple?: boolean;
  label?: ReactNode;
  description?: ReactNode;
  ariaLabel?: string;
  error?: ReactNode;
  withAsterisk?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
  disabled?: boolean;
  /** Opens the list at once. */
  open?: boolean;
  /** Offers to make a record of what was typed. */
  onCreate?: (object: ObjectMeta, text: string) => void;
  size?: "xs" | "sm";
}

/** Records whose titles match what is typed; the newest when nothing is. */
async function findRecords(objects: ObjectMeta[], query: string): Promise<SearchHit[]> {
  const only = objects.length === 1 ? objects[0] : undefined;
  if (query.trim() !== "" && !(only && (only.search?.length ?? 0) === 0)) {
    const plurals = objects.map((object) => object.plural).join(",");
    const answer = await api.get<{ results: SearchHit[] }>("/search", { q: query, objects: plurals, limit: 12 });
    for (const hit of answer.results) {
      rememberTitles({ [hit.object]: { [hit.id]: { id: hit.id, title: hit.title, subtitle: hit.subtitle } } });
    }
    return answer.results;
  }
  const object = only ?? objects[0];
  if (!object) {
    return [];
  }
  const field = object.fields.find((entry) => entry.name === object.title);
  const filter = query.trim() && field ? `${field.name}.contains('${query.replace(/[\\']/g, "\\$&")}')` : undefined;
  const fields = [object.title, object.subtitle].filter(Boolean).join(",");
  const page = await api.get<RecordPage>(`/${object.plural}`, {
    filter,
    fields,
    sort: only?.internal ? object.title : "-updated_at",
    limit: 12,
    total: false,
  });
  return page.records.map((record: RapportRecord) => ({ object: object.name, ...titleOf(object, record) }));
}

export function useRecordSearch(objects: string[], query: string, enabled: boolean) {
  const [text] = useDebouncedValue(query, 120);
  const metas = objectsOf(objects);
  const found = useQuery({
    queryKey: ["pick", objects.join(","), text],
    queryFn: () => findRecords(metas, text),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  // What is found may still be that of what was typed before.
  return { ...found, settled: text === query && !found.isPlaceholderData && !found.isPending };
}

function objectsOf(names: string[]): ObjectMeta[] {
  const all = queryClient.getQueryData<Boot>(keys.boot)?.objects ?? [];
  return names.length > 0
    ? all.filter((object) => names.includes(object.name))
    : all.filter((object) => !object.internal && !object.timeline);
}

function Chosen({ link, onRemove, disabled }: { link: RecordLink; onRemove: () => void; disabled?: boolean }) {
  const title = useTitle(link.object, link.id);
  const text = title?.title ?? (title === null ? t("field.unknown_record") : "…");
  return (
    <Pill
      size="sm"
      withRemoveButton={!disabled}
      onRemove={onRemove}
      removeButtonProps={{ "aria-label": t("field.remove", { value: text }) }}
    >
      {text}
    </Pill>
  );
}

function Hit({ hit, many }: { hit: SearchHit; many: boolean }) {
  const object = findObject(hit.object);
  const Icon = object && many ? iconOf(object) : undefined;
  return (
    <span className={classes.hit}>
      {Icon ? <Icon size={16} stroke={1.5} /> : <RecordMark object={hit.object} title={hit.title} />}
      <span className="truncate">{hit.title}</span>
      {hit.subtitle && <span className={`${classes.quiet} truncate`}>{subtitleOf(hit.object, hit.subtitle)}</span>}
    </span>
  );
}

export function RecordPicker(props: Props) {
  const [query, setQuery] = useState("");
  const combobox = useCombobox({ defaultOpened: props.open, onDropdownClose: () => combobox.resetSelectedOption() });
  const { data, isFetching, isError } = useRecordSearch(props.objects, query, combobox.dropdownOpened);
  const chosen = new Set(props.value.map((link) => link.id));
  const hits = (data ?? []).filter((hit) => !chosen.has(hit.id));
  const target = props.objects.length === 1 ? findObject(props.objects[0] ?? "") : undefined;
  const mayCreate = props.onCreate && target?.can.create && query.trim() !== "";
  const submit = (choice: string) => {
    if (choice === "$new" && target) {
      props.onCreate?.(target, query.trim());
    } else {
      const hit = hits.find((entry) => entry.id === choice);
      if (hit) {
        const link = { object: hit.object, id: hit.id };
        props.onChange(props.multiple ? [...props.value, link] : [link]);
      }
    }
    setQuery("");
    if (!props.multiple) {
      combobox.closeDropdown();
    }
  };
  const remove = (link: RecordLink) => props.onChange(props.value.filter((entry) => entry.id !== link.id));
  const keyDown = (event: React.KeyboardEvent) => {
    const last = props.value.at(-1);
    if (event.key === "Backspace" && query === "" && last) {
      event.preventDefault();
      remove(last);
    }
  };
  return (
    <Combobox store={combobox} onOptionSubmit={submit} transitionProps={{ duration: 0 }}>
      <Combobox.DropdownTarget>
        <PillsInput
          size={props.size ?? "xs"}
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={props.label}
          description={props.description}
          error={props.error}
          withAsterisk={props.withAsterisk}
          disabled={props.disabled}
          rightSection={isFetching && query ? <Loader size={12} /> : undefined}
          onClick={() => combobox.openDropdown()}
        >
          <Pill.Group>
            {props.value.map((link) => (
              <Chosen key={link.id} link={link} onRemove={() => remove(link)} disabled={props.disabled} />
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                aria-label={props.ariaLabel}
                value={query}
                placeholder={props.value.length === 0 ? (props.placeholder ?? t("field.find_record")) : undefined}
                autoFocus={props.autoFocus}
                data-autofocus={props.autoFocus || undefined}
                disabled={props.disabled}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => combobox.closeDropdown()}
                onKeyDown={keyDown}
                onChange={(event) => {
                  setQuery(event.currentTarget.value);
                  combobox.openDropdown();
                  combobox.updateSelectedOptionIndex();
                }}
                autoComplete="off"
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={!data && !isError}>
        <Combobox.Options className={classes.options} aria-label={props.ariaLabel}>
          {hits.map((hit) => (
            <Combobox.Option value={hit.id} key={hit.id}>
              <Hit hit={hit} many={props.objects.length !== 1} />
            </Combobox.Option>
          ))}
          {mayCreate && (
            <Combobox.Option value="$new">
              <span className={classes.hit}>
                <IconPlus size={16} /> {t("field.create_named", { object: target?.label ?? "", name: query.trim() })}
              </span>
            </Combobox.Option>
          )}
          {hits.length === 0 && !mayCreate && (
            <Combobox.Empty>{t(isError ? "field.search_failed" : "field.nothing_found")}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
