/** Shows Markdown as React elements: paragraphs, headings, lists, quotes, code, emphasis, links. No HTML ever passes through. */
import { Fragment, memo, type ReactNode } from "react";
import classes from "./timeline.module.css";

const inline =
  /(`[^`\n]+`)|(\*\*[^*\n]+\*\*|__[^_\n]+__)|(\*[^*\s][^*\n]*\*|(?<![\p{L}\p{N}])_[^_\s][^_\n]*_(?![\p{L}\p{N}]))|(~~[^~\n]+~~)|\[([^\]\n]+)\]\(([^\s)]+)\)|(https?:\/\/[^\s<>()]+[^\s<>().,;:!?'"])/gu;

function safeHref(href: string): string | undefined {
  return /^(https?:\/\/|mailto:|tel:)/i.test(href) ? href : undefined;
}

function Anchor({ href, children }: { href: string; children: ReactNode }) {
  const safe = safeHref(href);
  return safe ? (
    <a href={safe} className="link" target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  ) : (
    children
  );
}

/** One line of text with its emphasis and links. */
export function inlineParts(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(inline)) {
    parts.push(text.slice(end, match.index));
    const [whole, code, strong, emphasis, struck, label, href, url] = match;
    const key = match.index;
    if (code) {
      parts.push(<code key={key}>{code.slice(1, -1)}</code>);
    } else if (strong) {
      parts.push(<strong key={key}>{inlineParts(strong.slice(2, -2))}</strong>);
    } else if (emphasis) {
      parts.push(<em key={key}>{inlineParts(emphasis.slice(1, -1))}</em>);
    } else if (struck) {
      parts.push(<s key={key}>{inlineParts(struck.slice(2, -2))}</s>);
    } else {
      parts.push(
        <Anchor key={key} href={href ?? url ?? ""}>
          {label ?? url}
        </Anchor>,
      );
    }
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== "");
}

function Lines({ lines }: { lines: string[] }) {
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
    <Fragment key={index}>
      {index > 0 && <br />}
      {inlineParts(line)}
    </Fragment>
  ));
}

interface Block {
  kind: "text" | "heading" | "bullets" | "numbers" | "quote" | "code" | "rule";
  lines: string[];
}

const starts: { kind: Block["kind"]; pattern: RegExp }[] = [
  { kind: "heading", pattern: /^#{1,6}\s+/ },
  { kind: "bullets", pattern: /^\s*[-*+]\s+/ },
  { kind: "numbers", pattern: /^\s*\d{1,4}[.)]\s+/ },
  { kind: "quote", pattern: /^>\s?/ },
];

/** Splits Markdown into blocks. */
export function blocks(source: string): Block[] {
  const list: Block[] = [];
  let fence = false;
  let last: Block | undefined;
  for (const line of source.replaceAll("\r\n", "\n").split("\n")) {
    if (/^```/.test(line)) {
      fence = !fence;
      last = fence ? { kind: "code", lines: [] } : undefined;
      if (last) {
        list.push(last);
      }
    } else if (fence) {
      last?.lines.push(line);
    } else if (line.trim() === "") {
      last = undefined;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      list.push({ kind: "rule", lines: [] });
      last = undefined;
    } else {
      const start = starts.find((entry) => entry.pattern.test(line));
      const kind = start?.kind ?? "text";
      const text = start ? line.replace(start.pattern, "") : line;
      if (last && last.kind === kind && kind !== "heading") {
        last.lines.push(text);
      } else if (last && !start && (last.kind === "bullets" || last.kind === "numbers")) {
        last.lines[last.lines.length - 1] += ` ${text.trim()}`;
      } else {
        last = { kind, lines: [text] };
        list.push(last);
      }
    }
  }
  return list;
}

function BlockView({ block }: { block: Block }) {
  const items = block.lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
    <li key={index}>
      {inlineParts(line.replace(/^\[([ xX])\]\s/, (_, mark: string) => (mark === " " ? "☐ " : "☑ ")))}
    </li>
  ));
  switch (block.kind) {
    case "heading":
      return (
        <p>
          <strong>{inlineParts(block.lines[0] ?? "")}</strong>
        </p>
      );
    case "bullets":
      return <ul>{items}</ul>;
    case "numbers":
      return <ol>{items}</ol>;
    case "quote":
      return (
        <blockquote>
          <Lines lines={block.lines} />
        </blockquote>
      );
    case "code":
      return <pre>{block.lines.join("\n")}</pre>;
    case "rule":
      return <hr />;
    default:
      return (
        <p>
          <Lines lines={block.lines} />
        </p>
      );
  }
}

export const Markdown = memo(function Markdown({ source }: { source: string }) {
  return (
    <div className={classes.markdown}>
      {blocks(source).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no identity but their place
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
});
