/** Adds a task from one line: "Call Ann fri 15:30 !". Says while typing what it understood. */
import { IconPlus } from "@tabler/icons-react";
import { type Ref, useState } from "react";
import type { ObjectMeta } from "../../api/types";
import { useBoot } from "../../app/query";
import { createRecord } from "../../app/write";
import { t } from "../../i18n";
import { formatDateTime } from "../../i18n/format";
import { readQuick } from "./sections";
import classes from "./tasks.module.css";

export function QuickAdd({
  object,
  assignee,
  ref,
}: {
  object: ObjectMeta;
  assignee: string;
  ref: Ref<HTMLInputElement>;
}) {
  const boot = useBoot();
  const [line, setLine] = useState("");
  const quick = readQuick(line);
  const options = object.fields.find((field) => field.name === "priority")?.options ?? [];
  const high = options.find((option) => ["high", "urgent"].includes(option.value))?.value;
  const add = async () => {
    if (quick.title === "") {
      return;
    }
    setLine("");
    const values = {
      [object.title]: quick.title,
      [assignee]: boot.user.id,
      ...(quick.due_at ? { due_at: quick.due_at } : {}),
      ...(quick.priority && high ? { priority: high } : {}),
    };
    await createRecord(object, values).catch(() => setLine(line));
  };
  return (
    <form
      className={classes.quick}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <IconPlus size={16} aria-hidden />
      <input
        ref={ref}
        value={line}
        onChange={(event) => setLine(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        placeholder={t("tasks.quick_placeholder")}
        aria-label={t("tasks.add")}
        autoComplete="off"
      />
      <span className="dimmed" role="status">
        {quick.title !== "" && quick.due_at ? formatDateTime(quick.due_at) : ""}
        {quick.priority && ` · ${t("tasks.important")}`}
      </span>
      <button type="submit" className="tool" data-outline disabled={quick.title === ""}>
        {t("tasks.add_short")}
      </button>
    </form>
  );
}
