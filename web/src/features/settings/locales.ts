/** The languages and formats a person can choose: those with texts first, then formats of other places with English texts. */
import { t } from "../../i18n";
import { wordLocale } from "../../i18n/format";
import { languages } from "../../i18n/language";

const spoken = ["en", "de", "de-AT", "de-CH", "en-AU", "en-CA", "en-GB", "en-IE", "en-IN", "en-NZ", "en-ZA"];
const formats =
  "cs-CZ da-DK el-GR es-ES es-MX et-EE fi-FI fr-BE fr-CA fr-CH fr-FR hr-HR hu-HU it-CH it-IT ja-JP ko-KR lt-LT lv-LV nb-NO nl-BE nl-NL pl-PL pt-BR pt-PT ro-RO sk-SK sl-SI sv-SE tr-TR uk-UA zh-CN".split(
    " ",
  );

/** "Deutsch (Schweiz)": in its own language, so that its readers find it whatever is spoken now. */
function ownName(locale: string): string {
  const [language = "en", region] = locale.split("-");
  const name = new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
  const place = region && new Intl.DisplayNames(language, { type: "region" }).of(region);
  return place ? `${name} (${place})` : name;
}

function formatName(locale: string): string {
  const names = new Intl.DisplayNames(wordLocale(), { type: "language", languageDisplay: "standard" });
  return t("settings.locale_formats", { place: names.of(locale) ?? locale });
}

/** The choices, with the present value among them. */
export function localeChoices(present: string | null): { value: string; label: string }[] {
  const others = formats
    .map((value) => ({ value, label: formatName(value) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const choices = [...spoken.map((value) => ({ value, label: ownName(value) })), ...others];
  if (!present || choices.some((choice) => choice.value === present)) {
    return choices;
  }
  return [{ value: present, label: nameOf(present) }, ...choices];
}

/** The name of any locale, or what was typed when it is none. */
function nameOf(locale: string): string {
  try {
    return languages.includes(locale.split("-")[0] ?? "") ? ownName(locale) : formatName(locale);
  } catch {
    return locale;
  }
}
