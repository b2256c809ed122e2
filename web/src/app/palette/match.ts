/** How well typed words fit a title: every word must begin a word of it, or its letters must follow one another. */

/** 0 when it does not fit; more is better. */
export function matchScore(title: string, words: string): number {
  const text = title.toLocaleLowerCase();
  const query = words.toLocaleLowerCase().trim();
  if (!query) {
    return 1;
  }
  if (text.startsWith(query)) {
    return 100 - Math.min(20, text.length / 10);
  }
  const parts = text.split(/[\s:›]+/);
  if (query.split(/\s+/).every((word) => parts.some((part) => part.startsWith(word)))) {
    return 60;
  }
  if (text.includes(query)) {
    return 40;
  }
  let at = 0;
  for (const sign of query.replace(/\s/g, "")) {
    at = text.indexOf(sign, at) + 1;
    if (at === 0) {
      return 0;
    }
  }
  return query.length > 2 ? 10 : 0;
}
