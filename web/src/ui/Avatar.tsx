/** Initials in a coloured circle (a square for organisations): the same name always has the same colour. */

const colours = ["red", "orange", "yellow", "green", "teal", "blue", "indigo", "violet", "pink"];

function colourOf(text: string): string {
  let hash = 0;
  for (const sign of text) {
    hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) >>> 0;
  }
  return colours[hash % colours.length] ?? "blue";
}

/** "Ada Lovelace" → "AL". */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = [...(words[0] ?? "")][0] ?? "";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

export function Avatar({ name, size, square }: { name: string; size?: "md" | "lg"; square?: boolean }) {
  return (
    <span
      className="avatar"
      data-color={colourOf(name)}
      data-size={size}
      data-square={square ? "" : undefined}
      data-initials={initials(name)}
      aria-hidden="true"
    />
  );
}
