/** What stands in place of a list without records: why, and what can be done. */
import type { ObjectMeta } from "../../api/types";
import { startCreate } from "../../app/shell/state";
import { t } from "../../i18n";
import { Empty } from "../../ui/empty/Empty";
import { iconOf } from "../../ui/icons";
import type { ListState } from "./state";

export function EmptyList({ object, state, onClear }: { object: ObjectMeta; state: ListState; onClear: () => void }) {
  const names = { object: object.label, objects: object.label_plural };
  if (state.deleted) {
    return <Empty icon={iconOf(object)} title={t("list.bin_empty")} text={t("list.bin_text")} />;
  }
  if (state.filter || state.words) {
    return (
      <Empty
        icon={iconOf(object)}
        title={t("list.no_match")}
        text={t("list.no_match_text", names)}
        action={{ label: t("filter.clear"), run: onClear }}
      />
    );
  }
  return (
    <Empty
      icon={iconOf(object)}
      title={t("list.empty", names)}
      text={object.description ?? t("list.empty_text", names)}
      action={
        object.can.create ? { label: t("command.create", names), run: () => startCreate(object.name) } : undefined
      }
      secondary={object.can.import ? { label: t("list.import"), href: `/imports?object=${object.name}` } : undefined}
    />
  );
}
