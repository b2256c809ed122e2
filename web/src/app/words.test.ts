/** The words of the data model: every entry still says what the shipped definitions say, and none is missing. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Boot } from "../api/types";
import { setMessages } from "../i18n";
import german from "../i18n/locales/de";
import { person } from "../test/objects";
import { inOwnWords } from "./words";

const crates = join(process.cwd(), "../crates");
const text = (source: string, key: string) => {
  const found = new RegExp(`\\b${key} = ("(?:[^"\\\\]|\\\\.)*")`).exec(source)?.[1];
  return found === undefined ? undefined : (JSON.parse(found) as string);
};

/** What one definition says, by place; one that adds to an object is named as that. */
function placesOf(path: string): [string, string | undefined][] {
  const [head = "", ...fields] = readFileSync(path, "utf8").split("[[fields]]");
  const object = basename(path, ".toml");
  const places: [string, string | undefined][] = [
    [object, text(head, "label")],
    [`${object}:plural`, text(head, "label_plural")],
    [`${object}:description`, text(head, "description")],
  ];
  for (const field of fields) {
    const options = /^options = \[([\s\S]*?)^\]/m.exec(field)?.[1] ?? "";
    const inverse = /^inverse = \{(.*)\}/m.exec(field)?.[1] ?? "";
    const own = field.replace(options, "").replace(inverse, "");
    const place = `${object}.${text(own, "name")}`;
    const group = text(own, "group");
    places.push(
      [place, text(own, "label")],
      [`${place}:help`, text(own, "help")],
      [`${place}:inverse`, text(inverse, "label")],
      [`${place}:validation`, text(own, "validation_message")],
      [`${place}:default`, text(own, "kind") === "text" ? text(own, "default") : undefined],
      [`*:group.${group}`, group],
      ...options
        .split("\n")
        .map((line): [string, string | undefined] => [`${place}.${text(line, "value")}`, text(line, "label")]),
    );
  }
  return places;
}

/** Fields that every object has, and the roles of a new workspace: both stand in the sources. */
function builtIn(): [string, string | undefined][] {
  const fields = readFileSync(join(crates, "model/src/object.rs"), "utf8");
  const roles = /FIRST_ROLES[\s\S]*?\n\];/.exec(readFileSync(join(crates, "api/src/accounts.rs"), "utf8"))?.[0] ?? "";
  return [
    ...[...fields.matchAll(/system\("(\w+)", Kind::\w+, "([^"]+)"\)/g)].map(([, name, label]): [string, string] => [
      `*.${name}`,
      label ?? "",
    ]),
    ...[...roles.matchAll(/\(\s*"(\w+)",\s*"([^"]+)",/g)].flatMap(([, name = "", why = ""]): [string, string][] => [
      [`*:role.${name}`, name],
      [`*:role.${name}:description`, why],
    ]),
  ];
}

function shippedPlaces(): { [place: string]: string } {
  const folders = ["engine/objects", "contacts/objects", "sales/objects", "sales/additions"].map((folder) =>
    join(crates, folder),
  );
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const places = [...files.flatMap(placesOf), ...builtIn()];
  return Object.fromEntries(places.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

afterEach(() => setMessages("en", {}));

describe("German words", () => {
  it("stand beside the English that is shipped, one for each place", () => {
    const english = Object.fromEntries(Object.entries(german.words).map(([place, [word]]) => [place, word]));
    const places = shippedPlaces();
    expect(Object.keys(places).length).toBeGreaterThan(400);
    expect(english).toEqual(places);
  });
  it("replace shipped words only", () => {
    setMessages("de", german.messages, german);
    const fields = [
      { name: "job_title", kind: "text" as const, label: "Job title", help: "Ours" },
      { name: "birthday", kind: "date" as const, label: "Day of joy" },
      { name: "owner", kind: "user" as const, label: "Owner", system: true },
    ];
    const boot = { role: { name: "Member" }, objects: [{ ...person, label: "Person", fields }] } as unknown as Boot;
    const { role, objects } = inOwnWords(boot);
    expect(role.name).toBe("Mitglied");
    expect(objects[0]?.label_plural).toBe("Personen");
    expect(objects[0]?.fields.map((field) => field.label)).toEqual(["Position", "Day of joy", "Zuständig"]);
    expect(objects[0]?.fields[0]?.help).toBe("Ours");
  });
});
