/** The first steps of a new workspace; they go away once they are done or dismissed. */
import { IconCircleCheckFilled, IconFileImport, IconKeyboard, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { RecordPage } from "../../api/types";
import { keyCaps, onMac } from "../../app/hotkeys";
import { helpOpen } from "../../app/palette/state";
import { useBoot, useObject } from "../../app/query";
import { go } from "../../app/router";
import { createSavedStore } from "../../app/store";
import { t } from "../../i18n";
import classes from "./home.module.css";

const dismissed = createSavedStore("rapport.steps.dismissed", false);
const shortcutsSeen = createSavedStore("rapport.steps.shortcuts", false);

function useCount(plural: string | undefined, name: string): number | undefined {
  const { data } = useQuery({
    queryKey: [...keys.figures(name), "first-steps"],
    queryFn: ({ signal }) =>
      api.get<RecordPage>(`/${plural}`, { limit: 2, fields: "version", total: false }, { signal }),
    enabled: plural !== undefined,
  });
  return data?.records.length;
}

export function FirstSteps() {
  const boot = useBoot();
  const person = useObject("person");
  const user = useObject("user");
  const people = useCount(person?.plural, "person");
  const users = useCount(user?.can.create ? user.plural : undefined, "user");
  const hidden = dismissed.use();
  const seen = shortcutsSeen.use();
  const steps = [
    {
      id: "import",
      icon: IconFileImport,
      done: (people ?? 0) > 1,
      shown: person?.can.import ?? false,
      run: () => go("/imports"),
    },
    {
      id: "invite",
      icon: IconUserPlus,
      done: (users ?? 0) > 1,
      shown: boot.role.admin,
      run: () => go("/settings/users"),
    },
    {
      id: "shortcuts",
      icon: IconKeyboard,
      done: seen,
      shown: true,
      run: () => {
        shortcutsSeen.set(true);
        helpOpen.set(true);
      },
    },
  ].filter((step) => step.shown);
  if (hidden || people === undefined || steps.every((step) => step.done)) {
    return null;
  }
  return (
    <section aria-label={t("home.steps")}>
      <div className={classes.stepsHead}>
        <h2>{t("home.steps")}</h2>
        <button type="button" className="tool" onClick={() => dismissed.set(true)}>
          {t("home.steps_dismiss")}
        </button>
      </div>
      <ul className={classes.steps}>
        {steps.map(({ id, icon: Icon, done, run }) => (
          <li key={id}>
            <button type="button" className={`${classes.step} ${done ? classes.done : ""}`} onClick={run}>
              {done ? <IconCircleCheckFilled size={20} /> : <Icon size={20} stroke={1.75} />}
              <span>
                <strong>{t(`home.step_${id}`)}</strong>
                <span className="dimmed">
                  {t(`home.step_${id}_text`, { palette: keyCaps("mod+k").join(onMac ? "" : "+") })}
                </span>
                {done && <span className="visually-hidden">{t("home.step_done")}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
