/** Checks the texts: nothing for human eyes stands in the components themselves, and every locale has the keys and placeholders of English. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";

const locales = "src/i18n/locales";
const read_aloud = [
  "aria-label",
  "aria-description",
  "aria-roledescription",
  "alt",
  "description",
  "label",
  "placeholder",
  "title",
];
/** Names, and signs that are the same in every language. */
const same_everywhere = /^(Rapport|Esc|Enter|Tab|Ctrl|Alt|Shift|PDF|CSV)$/;

const faults = [];

function filesIn(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending) && !name.includes(".test.") && !name.startsWith("test/"))
    .map((name) => join(folder, name));
}

function isText(value) {
  const words = value.trim();
  return /\p{L}{2}/u.test(words) && !same_everywhere.test(words);
}

/** The texts that an expression may become: itself, both ways of a choice, the fixed parts of a template. */
function textsOf(node) {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? [node] : [];
    case "TemplateLiteral":
      return node.quasis.map((part) => ({ ...part, value: part.value.cooked ?? "" }));
    case "ConditionalExpression":
      return [...textsOf(node.consequent), ...textsOf(node.alternate)];
    case "LogicalExpression":
      return [...textsOf(node.left), ...textsOf(node.right)];
    case "JSXExpressionContainer":
      return textsOf(node.expression);
    default:
      return [];
  }
}

/** Texts of a JSX element's own: between its tags, and in attributes that are shown or read aloud. */
function shownBy(node) {
  if (node.type === "JSXText") {
    return [node];
  }
  if (node.type === "JSXAttribute" && read_aloud.includes(node.name.name)) {
    return textsOf(node.value);
  }
  // Commands, menus and toasts are written as objects.
  if (node.type === "Property" && !node.computed && read_aloud.includes(node.key.name)) {
    return textsOf(node.value).filter((text) => /\s|\p{Lu}/u.test(text.value));
  }
  const children = ["JSXElement", "JSXFragment"].includes(node.type) ? node.children : [];
  return children.filter((child) => child.type === "JSXExpressionContainer").flatMap(textsOf);
}

function walk(node, visit) {
  if (Array.isArray(node)) {
    for (const entry of node) {
      walk(entry, visit);
    }
  } else if (node && typeof node === "object" && typeof node.type === "string") {
    visit(node);
    for (const part of Object.values(node)) {
      walk(part, visit);
    }
  }
}

function checkComponents() {
  for (const path of [...filesIn("src", ".tsx"), ...filesIn("src", ".ts")]) {
    const source = readFileSync(path, "utf8");
    const { program, errors } = parseSync(path, source);
    if (errors.length > 0) {
      faults.push(`${path}: ${errors[0].message}`);
    }
    walk(program, (node) => {
      for (const text of shownBy(node).filter((entry) => isText(entry.value))) {
        const line = source.slice(0, text.start).split("\n").length;
        faults.push(`${path}:${line}: “${text.value.trim()}” belongs in ${locales}`);
      }
    });
  }
}

function messagesOf(language) {
  const names = readdirSync(join(locales, "en")).filter((name) => name.endsWith(".json"));
  const entries = names.flatMap((name) => {
    try {
      return Object.entries(JSON.parse(readFileSync(join(locales, language, name), "utf8")));
    } catch (error) {
      faults.push(`${join(locales, language, name)}: ${error.message}`);
      return [];
    }
  });
  return new Map(entries);
}

/** The English texts, those with a plural in every form that the language has. */
function inForms(english, language) {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const plural = (key) => english.has(`${key}_one`) && english.has(`${key}_other`);
  return new Map(
    [...english].flatMap(([key, text]) => {
      const base = key.replace(/_(one|other)$/, "");
      return base !== key && plural(base)
        ? forms.map((form) => [`${base}_${form}`, english.get(`${base}_${form === "one" ? form : "other"}`)])
        : [[key, text]];
    }),
  );
}

const placeholders = (text) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)]
    .map(([, name]) => name)
    .sort()
    .join(", ");

function checkLocales() {
  const english = messagesOf("en");
  for (const language of readdirSync(locales).filter((name) => name !== "en")) {
    const own = messagesOf(language);
    const wanted = inForms(english, language);
    for (const [key, text] of wanted) {
      if (!own.has(key)) {
        faults.push(`${language}: there is no “${key}”`);
      } else if (placeholders(own.get(key)) !== placeholders(text)) {
        faults.push(
          `${language}: “${key}” has the values (${placeholders(own.get(key))}), not (${placeholders(text)})`,
        );
      }
    }
    for (const key of own.keys()) {
      if (!wanted.has(key)) {
        faults.push(`${language}: “${key}” is no key that English asks for`);
      }
    }
  }
}

checkComponents();
checkLocales();
for (const fault of faults) {
  console.log(fault);
}
console.log(faults.length === 0 ? "Texts: in order" : `Texts: ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
