/** For whom the list of an object begins with a view: nobody, everyone or one team. */
import { Button, Radio } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RecordPage, View } from "../../api/types";
import { t } from "../../i18n";
import { Dialog } from "../../ui/Dialog";
import { openFirst } from "./viewActions";

interface Props {
  object: ObjectMeta;
  view: View;
  onClose: () => void;
}

export default function OpensFirst({ object, view, onClose }: Props) {
  const { data } = useQuery({
    queryKey: [...keys.pages("team"), "names"],
    queryFn: () => api.get<RecordPage>("/teams", { fields: "name", sort: "name", limit: 200 }),
  });
  const present = !view.opens_first ? "" : view.shared === "team" ? String(view.team ?? "") : String(view.shared);
  const [chosen, setChosen] = useState(present);
  const save = async () => {
    if (await openFirst(view, chosen)) {
      onClose();
    }
  };
  return (
    <Dialog onClose={onClose} title={t("view.opens_first")} size="sm">
      <Radio.Group
        label={t("view.opens_first_for", { objects: object.label_plural, view: view.name })}
        description={t("view.opens_first_text")}
        value={chosen}
        onChange={setChosen}
      >
        <div style={{ display: "grid", gap: 8, marginBlock: 12 }}>
          <Radio value="" label={t("view.opens_first_nobody")} />
          <Radio value="everyone" label={t("view.who_everyone")} />
          {data?.records.map((team) => (
            <Radio key={team.id} value={team.id} label={t("view.opens_first_team", { team: String(team.name) })} />
          ))}
        </div>
      </Radio.Group>
      <div style={{ display: "flex", justifyContent: "flex-end", gap: 8 }}>
        <Button size="xs" variant="default" onClick={onClose}>
          {t("app.cancel")}
        </Button>
        <Button size="xs" onClick={() => void save()}>
          {t("app.save")}
        </Button>
      </div>
    </Dialog>
  );
}
