/** Shown when the list differs from its view: keep the change, make a view of it, or go back. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ObjectMeta, View } from "../../api/types";
import { listPath } from "../../app/navigation";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { freeViewName, NameDialog } from "../../ui/views/NameDialog";
import classes from "./list.module.css";
import type { ListChange, ListState } from "./state";
import { createView, saveView } from "./viewActions";

interface Props {
  object: ObjectMeta;
  state: ListState;
  set: (change: ListChange) => void;
}

export function ChangedChip({ object, state, set }: Props) {
  const boot = useBoot();
  const navigate = useNavigate();
  const [naming, setNaming] = useState(false);
  const { view } = state;
  const mine = view && (boot.role.admin || view.created_by === `user:${boot.user.id}` || view.owner === boot.user.id);
  const save = async () => {
    if (view && (await saveView(view, state))) {
      set({ view: view.id });
    }
  };
  const taken = state.views.map((entry) => entry.name);
  const saveAs = async (name: string, shared: NonNullable<View["shared"]>) => {
    const id = await createView(object, name, state, shared);
    if (id) {
      void navigate({ to: listPath(object), search: { view: id } });
    }
  };
  return (
    <span className={classes.changed} role="status">
      <span className="dimmed">{t("view.changed")}</span>
      {mine && (
        <button type="button" className="tool" onClick={() => void save()}>
          {view.shared && view.shared !== "private" ? t("view.save_all") : t("view.save")}
        </button>
      )}
      <button type="button" className="tool" onClick={() => setNaming(true)}>
        {t("view.save_new")}
      </button>
      <button type="button" className="tool" onClick={() => set({ view: view?.id ?? null })}>
        {t("view.reset")}
      </button>
      {naming && (
        <NameDialog
          title={t("view.save_new")}
          start={freeViewName(t("view.untitled", { objects: object.label_plural }), taken)}
          sharing
          taken={taken}
          onClose={() => setNaming(false)}
          onDone={(name, shared) => void saveAs(name, shared)}
        />
      )}
    </span>
  );
}
