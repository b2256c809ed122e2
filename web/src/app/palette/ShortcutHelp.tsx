/** All shortcuts that work now, by section. */
import { t } from "../../i18n";
import { boardShortcuts } from "../../ui/board/cardKeys";
import { calendarShortcuts } from "../../ui/calendar/calendarKeys";
import { Dialog } from "../../ui/Dialog";
import { ganttShortcuts } from "../../ui/gantt/ganttKeys";
import { gridShortcuts } from "../../ui/grid/keys";
import { useActiveCommands } from "../commands";
import { keyCaps } from "../hotkeys";
import classes from "./ShortcutHelp.module.css";
import { helpOpen } from "./state";

export default function ShortcutHelp() {
  const commands = useActiveCommands().filter((command) => command.keys);
  const rows = [
    ...commands.map((command) => ({
      id: command.id,
      title: command.title,
      section: command.section,
      keys: command.keys ?? "",
    })),
    ...gridShortcuts.map((entry) => ({
      id: entry.text,
      title: t(entry.text),
      section: t("section.grid"),
      keys: entry.keys,
    })),
    ...boardShortcuts.map((entry) => ({
      id: entry.text,
      title: t(entry.text),
      section: t("section.board"),
      keys: entry.keys,
    })),
    ...calendarShortcuts.map((entry) => ({
      id: entry.text,
      title: t(entry.text),
      section: t("section.calendar"),
      keys: entry.keys,
    })),
    ...ganttShortcuts.map((entry) => ({
      id: entry.text,
      title: t(entry.text),
      section: t("view.type_timeline"),
      keys: entry.keys,
    })),
  ];
  const sections = [...new Set(rows.map((row) => row.section))];
  return (
    <Dialog onClose={() => helpOpen.set(false)} title={t("command.shortcuts")} size="lg">
      <div className={classes.columns}>
        {sections.map((section) => (
          <section key={section} className={classes.section}>
            <h2>{section}</h2>
            <dl>
              {rows
                .filter((row) => row.section === section)
                .map((row) => (
                  <div key={row.id}>
                    <dt>{row.title}</dt>
                    <dd>
                      {keyCaps(row.keys).map((cap, index) => (
                        // biome-ignore lint/suspicious/noArrayIndexKey: caps of one shortcut never move
                        <kbd key={index}>{cap}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
