/** The server's sentences in German: by sentence, by code, with the field's label, and unchanged where nothing is known. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setMessages } from "../i18n";
import german from "../i18n/locales/de";
import { fieldSentence, namedSentence, sentence } from "./sentences";

const crates = join(process.cwd(), "../crates");

function rust(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? rust(path) : path.endsWith(".rs") ? [readFileSync(path, "utf8")] : [];
  });
}

const missing = { field: "given_name", code: "required", message: "Given name is needed." };

describe("English", () => {
  it("says what the server said", () => {
    expect([sentence("No.", "forbidden"), fieldSentence(missing), namedSentence(missing)]).toEqual([
      "No.",
      "Given name is needed.",
      "Given name is needed.",
    ]);
  });
});

describe("German", () => {
  beforeEach(() => setMessages("de", german.messages, german));
  afterEach(() => setMessages("en", {}));

  it("has a sentence of its own, one for the code, or the server's", () => {
    expect(sentence("The e-mail address or the password is wrong.", "not_authenticated")).toBe(
      "Die E-Mail-Adresse oder das Passwort ist falsch.",
    );
    expect(sentence("Use at least 12 characters; a few unrelated words work well.")).toBe(
      "Verwenden Sie mindestens 12 Zeichen; ein paar Wörter ohne Zusammenhang eignen sich gut.",
    );
    expect(sentence("Your role may not create people.", "forbidden")).toBe(german.problems.forbidden);
    expect(sentence("Something new.", "something_new")).toBe("Something new.");
  });
  it("names a field where it does not stand beside it", () => {
    expect(namedSentence(missing)).toBe("Vorname: Diese Angabe wird benötigt.");
    expect(
      namedSentence({
        field: "emails[0].value",
        code: "bad_email",
        message: "E-mails: “x” is no e-mail address. Write it like name@example.com.",
      }),
    ).toBe("E-Mail-Adressen: „x“ ist keine E-Mail-Adresse. Schreiben Sie sie wie name@example.com.");
    expect(fieldSentence({ field: "parent", code: "not_valid", message: "A company cannot be its own parent." })).toBe(
      "Ein Unternehmen kann nicht seine eigene Muttergesellschaft sein.",
    );
  });
  it("reads reasons of several sentences", () => {
    expect(sentence("Column “Mail”: E-mails: “x” is neither yes nor no. The same as row 4.")).toBe(
      "Spalte „Mail“: „x“ ist weder Ja noch Nein. Wie Zeile 4.",
    );
  });
  it("has a text for every code", () => {
    const codes = /pub enum Code \{([\s\S]*?)\n\}/.exec(
      readFileSync(join(crates, "model/src/problem.rs"), "utf8"),
    )?.[1];
    const variants = [...(codes ?? "").matchAll(/^ {4}([A-Z]\w+),/gm)].map(([, name = ""]) =>
      name.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase(),
    );
    expect(variants.length).toBeGreaterThan(10);
    expect(variants.filter((code) => !(code in german.problems))).toEqual([]);
  });
  it("has a text for every fault of a field", () => {
    const source = ["model", "engine", "api", "contacts"]
      .flatMap((crate) => rust(join(crates, crate, "src")))
      .join("\n");
    const found = [
      /\bproblem\(\s*field,\s*"(\w+)"/g,
      /\bfault\(\s*[^;"]{0,60},\s*"(\w+)",/g,
      /\bcode: "(\w+)"\.to_owned\(\)/g,
      /bad_parameter\([^;"]{0,60},\s*"(\w+)",/g,
    ].flatMap((pattern) => [...source.matchAll(pattern)].map(([, code = ""]) => code));
    expect(new Set(found).size).toBeGreaterThan(25);
    expect([...new Set(found)].filter((code) => !(`field.${code}` in german.problems))).toEqual([]);
  });
});
