/** Which language is spoken: the person's, else the browser's, else English. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { setMessages, t } from "./index";
import { languageOf, languages, speak } from "./language";

afterEach(() => setMessages("en", {}));

describe("the language", () => {
  it("is the first that there are texts in", () => {
    expect(languages).toEqual(["en", "de"]);
    expect(languageOf(["fr-CH", "de-CH", "en"])).toBe("de");
    expect(languageOf(["DE"])).toBe("de");
    expect(languageOf(["fr", "it"])).toBe("en");
    expect(languageOf([])).toBe("en");
  });
  it("follows the person, then the browser, and says so to the page", async () => {
    await speak("de-AT");
    expect([t("app.close"), document.documentElement.lang]).toEqual(["Schließen", "de"]);
    await speak("fr-FR");
    expect([t("app.close"), document.documentElement.lang]).toEqual(["Close", "en"]);
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["de-DE"]);
    await speak(null);
    expect(t("app.close")).toBe("Schließen");
  });
  it("is the one asked for last", async () => {
    await Promise.all([speak("de"), speak("en")]);
    expect(t("app.close")).toBe("Close");
  });
});
