/** Name of the list, its views, the button for a new record. */
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, memo, Suspense, useState } from "react";
import type { ObjectMeta, View } from "../../api/types";
import { listPath } from "../../app/navigation";
import { pinView } from "../../app/pins";
import { useBoot } from "../../app/query";
import { startCreate } from "../../app/shell/state";
import { t } from "../../i18n";
import { iconOf } from "../../ui/icons";
import { ViewTabs } from "../../ui/views/ViewTabs";
import classes from "./list.module.css";
import type { ListChange, ListState } from "./state";
import { createView, deleteView, renameView, shareView } from "./viewActions";

const OpensFirst = lazy(() => import("./OpensFirst"));

interface Props {
  object: ObjectMeta;
  state: ListState;
  set: (change: ListChange) => void;
}

export const ListHeader = memo(function ListHeader({ object, state, set }: Props) {
  const boot = useBoot();
  const [first, setFirst] = useState<View | null>(null);
  const navigate = useNavigate();
  const Icon = state.deleted ? IconTrash : iconOf(object);
  const create = async (name: string, shared: NonNullable<View["shared"]>) => {
    const id = await createView(object, name, state, shared);
    if (id) {
      void navigate({ to: listPath(object), search: { view: id } });
    }
  };
  const remove = async (view: View) => {
    set({ view: null });
    await deleteView(view);
  };
  const mine = (view: View) =>
    boot.role.admin || view.created_by === `user:${boot.user.id}` || view.owner === boot.user.id || !view.created_by;
  return (
    <header className="page-header">
      <h1>
        <Icon size={18} stroke={1.75} />
        <span className="truncate">
          {state.deleted ? t("list.bin_of", { objects: object.label_plural }) : object.label_plural}
        </span>
      </h1>
      {!state.deleted && (
        <ViewTabs
          path={listPath(object)}
          all={t("view.all")}
          views={state.views}
          current={state.view}
          canEdit={mine}
          onCreate={(name, shared) => void create(name, shared)}
          onRename={(view, name) => void renameView(view, name)}
          onShare={(view, shared) => void shareView(view, shared)}
          onDelete={(view) => void remove(view)}
          isPinned={(view) => boot.user.pins?.includes(view.id) ?? false}
          onPin={(view, pinned) => void pinView(boot, view, pinned)}
          onOpensFirst={boot.role.admin || boot.role.rights.special?.includes("configure") ? setFirst : undefined}
        />
      )}
      {first && (
        <Suspense>
          <OpensFirst object={object} view={first} onClose={() => setFirst(null)} />
        </Suspense>
      )}
      <div className="end">
        {object.can.create && !state.deleted && (
          <button
            type="button"
            className={`tool ${classes.create}`}
            data-primary
            onClick={() => startCreate(object.name)}
            aria-keyshortcuts="c"
            title={`${t("command.create", { object: object.label })} (C)`}
          >
            <IconPlus size={15} /> {t("nav.new")}
          </button>
        )}
      </div>
    </header>
  );
});
