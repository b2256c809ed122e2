/** Texts: plural forms, values, and that every key used anywhere has a text. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { formatBytes, formatDuration, formatMoney, formatRelative, setRegion } from "./format";
import { hasText, setMessages, t } from "./index";

afterEach(() => setMessages("en", {}));

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      return sources(path);
    }
    return /\.tsx?$/.test(name) && !name.includes(".test.") ? [path] : [];
  });
}

describe("t", () => {
  it("chooses the plural form and writes numbers", () => {
    expect(t("list.selected", { count: 1 })).toBe("1 selected");
    expect(t("list.selected", { count: 12403 })).toBe("12,403 selected");
  });
  it("uses the plural rules of the language", () => {
    setMessages("pl", { x_one: "{{count}} plik", x_few: "{{count}} pliki", x_many: "{{count}} plików" });
    expect([1, 3, 5].map((count) => t("x", { count }))).toEqual(["1 plik", "3 pliki", "5 plików"]);
  });
  it("falls back to English, then to the key", () => {
    setMessages("de", { "app.close": "Schließen" });
    expect([t("app.close"), t("app.save"), t("no.such.key")]).toEqual(["Schließen", "Save", "no.such.key"]);
  });
  it("leaves out values that are missing", () => {
    expect(t("palette.nothing", {})).toBe("Nothing found for “”");
  });
  it("has a text for every key in the sources", () => {
    const missing = new Set<string>();
    for (const path of sources(join(process.cwd(), "src"))) {
      for (const [, key = ""] of readFileSync(path, "utf8").matchAll(/\bt\(\s*"([a-z0-9_.]+)"/g)) {
        if (!hasText(key)) {
          missing.add(key);
        }
      }
    }
    expect([...missing]).toEqual([]);
  });
});

describe("formats", () => {
  it("writes amounts, sizes, lengths of time and distances", () => {
    setRegion("en-GB", "Europe/Berlin");
    expect(formatMoney(1234.5, "EUR")).toBe("€1,234.50");
    expect(formatMoney(1234, "not a currency")).toBe("1,234 not a currency");
    expect(formatBytes(1_536_000)).toBe("1.5 MB");
    expect([formatBytes(1), formatBytes(45)]).toEqual(["1 byte", "45 bytes"]);
    expect(formatDuration(5400)).toBe("1 h 30 min");
    expect(formatRelative("2026-01-01T00:00:00Z", Date.parse("2026-01-03T00:00:00Z"))).toBe("2 days ago");
  });
});
