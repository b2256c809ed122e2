/** What a view is called, and who sees it. */
import { Button, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { View } from "../../api/types";
import { t } from "../../i18n";
import { Dialog } from "../Dialog";

export const sharings = ["private", "team", "everyone"] as const;

interface Props {
  title: string;
  start: string;
  sharing: boolean;
  /** What other views of the list are called. */
  taken: string[];
  onDone: (name: string, shared: NonNullable<View["shared"]>) => void;
  onClose: () => void;
}

const same = (one: string, other: string) => one.trim().toLocaleLowerCase() === other.trim().toLocaleLowerCase();

/** The name, with a number behind it when another view has it. */
export function freeViewName(name: string, taken: string[]): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name} ${number}`;
    if (!taken.some((other) => same(other, free))) {
      return free;
    }
  }
}

export function NameDialog({ title, start, sharing, taken, onDone, onClose }: Props) {
  const [name, setName] = useState(start);
  const [shared, setShared] = useState<NonNullable<View["shared"]>>("private");
  const twin = name.trim() === "" ? undefined : taken.find((other) => same(other, name));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() && !twin) {
      onDone(name.trim(), shared);
      onClose();
    }
  };
  return (
    <Dialog onClose={onClose} title={title} size="sm">
      <form onSubmit={submit} style={{ display: "grid", gap: 12 }}>
        <TextInput
          label={t("view.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
          error={twin && t("view.name_taken", { name: twin })}
          data-autofocus
          required
          maxLength={120}
        />
        {sharing && (
          <Select
            label={t("view.who")}
            data={sharings.map((value) => ({ value, label: t(`view.who_${value}`) }))}
            value={shared}
            allowDeselect={false}
            onChange={(value) => setShared((value as (typeof sharings)[number]) ?? "private")}
          />
        )}
        <div style={{ display: "flex", justifyContent: "flex-end", gap: 8 }}>
          <Button variant="default" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="submit">{t("app.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
