/** Whose record it is, and giving it to somebody else. */
import { Popover } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTitle } from "../../api/titles";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { Avatar } from "../../ui/Avatar";
import { RecordPicker } from "../../ui/fields/RecordPicker";
import classes from "./record.module.css";

export function OwnerPicker({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const owner = typeof record.owner === "string" ? record.owner : null;
  const title = useTitle("user", owner);
  const [open, setOpen] = useState(false);
  const name = owner ? (title?.title ?? "") : t("record.no_owner");
  const set = (id: string | null) => {
    setOpen(false);
    if (id !== owner) {
      void updateRecord(object, record, { owner: id }).catch(() => {});
    }
  };
  return (
    <Popover opened={open} onChange={setOpen} width={260} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={`tool ${classes.owner}`}
          disabled={!object.can.update}
          aria-label={t("record.owner_is", { name })}
          onClick={() => setOpen(!open)}
        >
          {owner ? <Avatar name={name} /> : <IconUserPlus size={16} stroke={1.75} aria-hidden />}
          <span className="truncate">{name}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <RecordPicker
          objects={["user"]}
          label={t("record.owner")}
          value={owner ? [{ object: "user", id: owner }] : []}
          onChange={(links) => set(links.at(-1)?.id ?? null)}
          autoFocus
        />
      </Popover.Dropdown>
    </Popover>
  );
}
