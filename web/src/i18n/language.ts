/** Which language the UI speaks: the signed-in person's, else the browser's. Languages other than English are loaded when they are needed. */
import { useSyncExternalStore } from "react";
import { currentLanguage, type Dictionary, setMessages } from "./index";

const loaders: { [language: string]: () => Promise<{ default: Dictionary }> } = {
  de: () => import("./locales/de"),
};

/** Every language that there are texts in. */
export const languages = ["en", ...Object.keys(loaders)];

/** The first of the locales whose language there are texts in; English when there is none. */
export function languageOf(locales: readonly string[]): string {
  const wanted = locales.map((locale) => locale.toLowerCase().split(/[-_]/)[0] ?? "");
  return wanted.find((language) => languages.includes(language)) ?? "en";
}

function chosen(locale: string | null | undefined): string {
  return languageOf(locale ? [locale] : navigator.languages);
}

const listeners = new Set<() => void>();
let latest = 0;

/** Begins to load the language that is most likely wanted, while the server is asked for the person's own. */
export function prepare(): void {
  void loaders[chosen(null)]?.().catch(() => {});
}

/** Speaks the language of that locale, or the browser's when there is none; English when its texts cannot be loaded. */
export async function speak(locale: string | null | undefined): Promise<void> {
  const language = chosen(locale);
  const turn = ++latest;
  const dictionary = await loaders[language]?.().then(
    (loaded) => loaded.default,
    () => undefined,
  );
  const spoken = dictionary ? language : "en";
  if (turn !== latest || spoken === currentLanguage()) {
    return;
  }
  setMessages(spoken, dictionary?.messages ?? {}, dictionary);
  document.documentElement.lang = spoken;
  for (const listener of listeners) {
    listener();
  }
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The language of the texts; the component is drawn again when it changes. */
export function useLanguage(): string {
  return useSyncExternalStore(listen, currentLanguage);
}
