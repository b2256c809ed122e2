/** Which input a refusal belongs to: the server names the field of the definition, its sentence says which part of it. */
import { ApiProblem } from "../../../api/client";
import { namedSentence, sentence } from "../../../api/sentences";
import type { FieldProblem } from "../../../api/types";
import { explain } from "../../../app/problems";

export type Problems = { [input: string]: string };

/** The server's words for each part of a field's definition; the first that fits counts. */
const field_parts: [RegExp, string][] = [
  [/^its formula|`formula` go together/, "formula"],
  [/^the filter of its roll-up/, "rollup_filter"],
  [/roll-up needs a `field`|roll-up reads|roll-up cannot be made of|its `result` must be the kind/, "rollup_field"],
  [/roll-up/, "rollup"],
  [/^its default/, "default"],
  [/pattern/, "pattern"],
  [/inverse/, "inverse"],
  [/`target`/, "target"],
  [/option/, "options"],
  [/`unique`/, "unique"],
  [/^its `validation`/, "validation"],
  [/`validation_message`/, "validation_message"],
  [/^its `visible_if`/, "visible_if"],
  [/^its `required_if`/, "required_if"],
  [/`label` is empty/, "label"],
  [/`result`|is calculated/, "result"],
  [/is reserved|is no name|is too long|already has a field|was taken out of use|two fields of this name/, "name"],
];

const object_parts: [RegExp, string][] = [
  [/plural `|two objects have the plural|or a list/, "plural"],
  [/`label_plural`/, "label_plural"],
  [/`label`/, "label"],
  [/`title`/, "title"],
  [/`subtitle`/, "subtitle"],
  [/`search`/, "search"],
  [/`columns`/, "columns"],
  [/colour/, "color"],
  [/already an object|two objects named|is reserved|is no name|is too long/, "name"],
];

/** Faults of the definition name the field they stand in, other problems the part that is wrong. */
function partOf(entry: FieldProblem, name: string, inputs: string[], parts: [RegExp, string][]): string {
  const fault = entry.code === "bad_schema";
  if (!fault && inputs.includes(entry.field)) {
    return entry.field;
  }
  if (fault && entry.field !== "" && entry.field !== name) {
    return "";
  }
  const found = parts.find(([said]) => said.test(entry.message))?.[1];
  return found && inputs.includes(found) ? found : "";
}

/** What the server says, by input; under `""` what belongs to none of them. */
function problemsBy(error: unknown, name: string, inputs: string[], parts: [RegExp, string][]): Problems {
  if (!(error instanceof ApiProblem)) {
    return { "": explain(error) };
  }
  const detail = error.problem.detail ?? "";
  const entries = error.problem.fields?.length
    ? error.problem.fields
    : [{ field: "", code: error.code, message: detail }];
  const problems: Problems = {};
  for (const entry of entries) {
    const at = partOf(entry, name, inputs, parts);
    const text = at === "" && !error.problem.fields?.length ? explain(error) : textOf(entry, name);
    problems[at] = problems[at] ? `${problems[at]} ${text}` : text;
  }
  return problems;
}

/** The sentence in the reader's language, beginning with a capital letter or with the other field that it is about. */
function textOf(entry: FieldProblem, name: string): string {
  if (entry.code !== "bad_schema") {
    return namedSentence(entry);
  }
  const text = sentence(entry.message, "field.bad_schema");
  return entry.field && entry.field !== name ? `${entry.field}: ${text}` : text.charAt(0).toUpperCase() + text.slice(1);
}

const field_inputs = [...new Set(field_parts.map(([, input]) => input))];
const object_inputs = [...new Set(object_parts.map(([, input]) => input))];

/** What is wrong with a field's definition, by its inputs. A fault of another field is told under `""`. */
export function fieldProblems(error: unknown, name: string): Problems {
  return problemsBy(error, name, field_inputs, field_parts);
}

/** What is wrong with an object's definition, by its inputs. */
export function objectProblems(error: unknown): Problems {
  return problemsBy(error, "", object_inputs, object_parts);
}
