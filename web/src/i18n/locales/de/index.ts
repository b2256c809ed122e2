/** German: the texts, the words of the standard objects and fields, and sentences for what the server refuses. */
import type { Dictionary, Messages } from "../../index";
import words from "./objects.json";
import problems from "./problems.json";

const files = import.meta.glob<Messages>(["./*.json", "!./objects.json", "!./problems.json"], {
  eager: true,
  import: "default",
});

const dictionary: Dictionary = {
  messages: Object.assign({}, ...Object.values(files)),
  words: words as unknown as Dictionary["words"],
  problems,
};

export default dictionary;
