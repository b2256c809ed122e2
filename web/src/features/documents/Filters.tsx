/** What narrows the page of documents: words, kind, owner, end; and its order. */
import { NativeSelect } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RecordPage } from "../../api/types";
import { mainObjects } from "../../app/navigation";
import { findObject, useBoot } from "../../app/query";
import { t } from "../../i18n";
import { RecordPicker } from "../../ui/fields/RecordPicker";
import classes from "./documents.module.css";
import { aboutOf, ends, type Shown, sorts } from "./query";

const wait_ms = 180;
const users_max = 200;

function useColleagues() {
  const object = findObject("user");
  return useQuery({
    queryKey: [...keys.pages("user"), "owners"],
    queryFn: async () => {
      const query = { fields: "name", filter: "active == true", sort: "name", limit: users_max, total: false };
      return (await api.get<RecordPage>(`/${object?.plural}`, query)).records;
    },
    enabled: object !== undefined,
  });
}

interface Props {
  documents: ObjectMeta;
  shown: Shown;
  onChange: (change: Partial<Shown>) => void;
}

/** The words, sent a moment after the last letter. */
function Words({ shown, onChange }: Omit<Props, "documents">) {
  const [words, setWords] = useState(shown.q ?? "");
  const [sent, setSent] = useState(shown.q);
  if (sent !== shown.q) {
    setSent(shown.q);
    setWords(shown.q ?? "");
  }
  useEffect(() => {
    if (words === (shown.q ?? "")) {
      return;
    }
    const timer = setTimeout(() => {
      setSent(words || undefined);
      onChange({ q: words || undefined });
    }, wait_ms);
    return () => clearTimeout(timer);
  }, [words, shown.q, onChange]);
  return (
    <label className={classes.words}>
      <IconSearch size={16} aria-hidden />
      <input
        type="search"
        id="documents-search"
        aria-label={t("documents.search")}
        placeholder={t("documents.search")}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
    </label>
  );
}

/** What documents are about: an object, and one record of it. */
function About({ shown, onChange }: Omit<Props, "documents">) {
  const boot = useBoot();
  const { object, record } = aboutOf(shown);
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={t("documents.about")}
        data={[
          { value: "", label: t("documents.about_any") },
          ...mainObjects(boot).map(({ name, label_plural }) => ({
            value: name,
            label: t("documents.about_of", { objects: label_plural }),
          })),
        ]}
        value={object ?? ""}
        onChange={(event) => onChange({ about: event.currentTarget.value || undefined })}
      />
      {object && (
        <div className={classes.record}>
          <RecordPicker
            size="xs"
            objects={[object]}
            ariaLabel={t("documents.about_record")}
            placeholder={t("documents.about_record")}
            value={record ? [record] : []}
            onChange={([link]) => onChange({ about: link ? `${link.object}:${link.id}` : object })}
          />
        </div>
      )}
    </>
  );
}

export function Filters({ documents, shown, onChange }: Props) {
  const { user } = useBoot();
  const colleagues = (useColleagues().data ?? []).filter(({ id }) => id !== user.id);
  const kinds = documents.fields.find((field) => field.name === "kind")?.options ?? [];
  const has = (name: string) => documents.fields.some((field) => field.name === name);
  const choices = [
    has("kind") && {
      name: "kind" as const,
      label: t("documents.kind"),
      data: [
        { value: "", label: t("documents.kind_any") },
        ...kinds.map((option) => ({ value: option.value, label: option.label })),
      ],
    },
    {
      name: "owner" as const,
      label: t("documents.owner"),
      data: [
        { value: "", label: t("documents.owner_any") },
        { value: "me", label: t("documents.owner_me") },
        ...colleagues.map((one) => ({ value: one.id, label: String(one.name ?? "") })),
      ],
    },
    has("expires_on") && {
      name: "ends" as const,
      label: t("documents.ends"),
      data: ["any", ...Object.keys(ends)].map((value) => ({
        value: value === "any" ? "" : value,
        label: t(`documents.ends_${value}`),
      })),
    },
    {
      name: "sort" as const,
      label: t("documents.sort"),
      data: Object.keys(sorts).map((value) => ({
        value: value === "changed" ? "" : value,
        label: t(`documents.sort_${value}`),
      })),
    },
  ].filter((choice) => choice !== false);
  return (
    <search className={classes.filters} aria-label={t("documents.filters")}>
      <Words shown={shown} onChange={onChange} />
      <About shown={shown} onChange={onChange} />
      {choices.map(({ name, label, data }) => (
        <NativeSelect
          key={name}
          size="xs"
          aria-label={label}
          data={data}
          value={shown[name] ?? ""}
          disabled={name === "sort" && Boolean(shown.q)}
          onChange={(event) => onChange({ [name]: event.currentTarget.value || undefined })}
        />
      ))}
    </search>
  );
}
