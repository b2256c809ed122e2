/** Commands that work on every page: going places, making records, undo, theme, signing out. */
import type { MantineColorScheme } from "@mantine/core";
import {
  IconActivity,
  IconArrowBackUp,
  IconBell,
  IconCalendar,
  IconCheckbox,
  IconCopyCheck,
  IconDeviceDesktop,
  IconFileImport,
  IconHome,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSearch,
  IconSettings,
  IconShieldCheck,
  IconSun,
} from "@tabler/icons-react";
import { api } from "../api/client";
import type { Boot, ObjectMeta } from "../api/types";
import { t } from "../i18n";
import { iconOf } from "../ui/icons";
import type { Command } from "./commands";
import { calendarPath, documentsObject, mainObjects, mayOn } from "./navigation";
import { helpOpen, openPalette } from "./palette/state";
import { showProblem } from "./problems";
import { go } from "./router";
import { startCreate } from "./shell/state";
import { undoLast } from "./undo";

/** Ends the session and starts afresh at the log-in page. */
export async function signOut(): Promise<void> {
  try {
    await api.delete("/session");
    window.location.assign("/login");
  } catch (error) {
    showProblem(error, { retry: () => void signOut() });
  }
}

/** `g` and a letter that no other object has taken. */
function goKeys(objects: ObjectMeta[]): Map<string, string> {
  const taken = new Set(["h", "n", "a", "t", "k", "i", "d", "q", "s"]);
  const keys = new Map<string, string>();
  for (const object of objects) {
    const letter = [...object.plural].find((sign) => /[a-z]/.test(sign) && !taken.has(sign));
    if (letter) {
      taken.add(letter);
      keys.set(object.name, `g ${letter}`);
    }
  }
  return keys;
}

function goCommands(boot: Boot): Command[] {
  const section = t("section.go");
  const documents = documentsObject(boot);
  const main = mainObjects(boot).filter((object) => object.name !== "task");
  const objects = documents ? [...main, documents] : main;
  const keys = goKeys(objects);
  const calendar = calendarPath(boot);
  const place = (id: string, icon: Command["icon"], href: string, letter: string): Command => ({
    id: `go.${id}`,
    title: t(`nav.${id}`),
    section,
    icon,
    keys: `g ${letter}`,
    run: () => go(href),
  });
  return [
    place("home", IconHome, "/", "h"),
    place("notifications", IconBell, "/notifications", "n"),
    place("activity", IconActivity, "/activity", "a"),
    place("tasks", IconCheckbox, "/tasks", "t"),
    ...(calendar ? [place("calendar", IconCalendar, calendar, "k")] : []),
    ...objects.map((object) => ({
      id: `go.${object.plural}`,
      title: object.label_plural,
      section,
      icon: iconOf(object),
      // "property" finds "Properties", as the singular begins otherwise than the plural in many languages.
      words: object.label,
      keys: keys.get(object.name),
      run: () => go(`/${object.plural}`),
    })),
    ...(mayOn(boot, "import") ? [place("imports", IconFileImport, "/imports", "i")] : []),
    ...(mayOn(boot, "merge") ? [place("duplicates", IconCopyCheck, "/duplicates", "d")] : []),
    place("quality", IconShieldCheck, "/quality", "q"),
    place("settings", IconSettings, "/settings", "s"),
  ];
}

function createCommands(boot: Boot): Command[] {
  return boot.objects
    .filter(
      (object) => !object.internal && object.can.create && object.name !== "document" && object.name !== "comment",
    )
    .map((object) => ({
      id: `create.${object.name}`,
      title: t("command.create", { object: object.label }),
      section: t("section.create"),
      icon: IconPlus,
      words: object.label_plural,
      run: () => startCreate(object.name),
    }));
}

/** What `c` makes: a record of the list that is open, else a person. */
function createHere(boot: Boot): Command {
  return {
    id: "create.here",
    title: t("command.create_here"),
    section: t("section.create"),
    keys: "c",
    hidden: true,
    run: () => {
      const plural = window.location.pathname.split("/")[1];
      const here = boot.objects.find((object) => object.plural === plural && !object.internal && object.can.create);
      startCreate(here?.name ?? "person");
    },
  };
}

export function globalCommands(boot: Boot, setScheme: (scheme: MantineColorScheme) => void): Command[] {
  const view = t("section.view");
  const general = t("section.general");
  return [
    {
      id: "app.palette",
      title: t("command.palette"),
      section: general,
      icon: IconSearch,
      keys: "mod+k",
      hidden: true,
      whileTyping: true,
      run: () => openPalette(),
    },
    {
      id: "app.find",
      title: t("command.search_page"),
      section: general,
      icon: IconSearch,
      keys: "/",
      run: () => openPalette(),
    },
    {
      id: "app.undo",
      title: t("command.undo"),
      section: general,
      icon: IconArrowBackUp,
      keys: "mod+z",
      run: () => void undoLast(),
    },
    {
      id: "app.help",
      title: t("command.shortcuts"),
      section: general,
      icon: IconKeyboard,
      keys: "?",
      run: () => helpOpen.set(true),
    },
    ...goCommands(boot),
    createHere(boot),
    ...createCommands(boot),
    { id: "theme.light", title: t("command.theme_light"), section: view, icon: IconSun, run: () => setScheme("light") },
    { id: "theme.dark", title: t("command.theme_dark"), section: view, icon: IconMoon, run: () => setScheme("dark") },
    {
      id: "theme.auto",
      title: t("command.theme_auto"),
      section: view,
      icon: IconDeviceDesktop,
      run: () => setScheme("auto"),
    },
    { id: "app.sign_out", title: t("command.sign_out"), section: general, icon: IconLogout, run: () => void signOut() },
  ];
}
