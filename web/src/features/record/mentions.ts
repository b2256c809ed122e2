/** Mentions in a text: where one is being typed, how it stands in the text, who is mentioned in the end. */

export interface Mention {
  id: string;
  name: string;
}

const words_max = 40;

/** The mention being typed at the caret: where its `@` stands and what follows it; none within a word or an address. */
export function mentionAt(text: string, caret: number): { start: number; words: string } | null {
  const before = text.slice(0, caret);
  const start = before.lastIndexOf("@");
  const words = before.slice(start + 1);
  if (start < 0 || words.length > words_max || /[\n@]|\s{2}|^\s/.test(words) || /\S/.test(before[start - 1] ?? "")) {
    return null;
  }
  // Two words are a name; a third begins the sentence.
  return words.split(" ").length > 2 ? null : { start, words: words.trim() };
}

/** The text with the mention completed, and where the caret stands behind it. */
export function withMention(text: string, start: number, caret: number, name: string): { text: string; caret: number } {
  const head = `${text.slice(0, start)}@${name} `;
  return { text: head + text.slice(caret).replace(/^ /, ""), caret: head.length };
}

/** Whom the text still mentions. */
export function mentionedIds(text: string, mentions: Mention[]): string[] {
  return mentions.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id);
}
