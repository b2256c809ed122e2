/** Markdown: what people write in notes; nothing dangerous gets through. */
import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { blocks, Markdown } from "./Markdown";

const html = (source: string) => render(<Markdown source={source} />).container.firstElementChild?.innerHTML;

describe("Markdown", () => {
  it("knows paragraphs, emphasis, lists, quotes and code", () => {
    expect(html("a **b** *c* `d`\ne")).toBe("<p>a <strong>b</strong> <em>c</em> <code>d</code><br>e</p>");
    expect(html("- one\n- two\n\n1. x")).toBe("<ul><li>one</li><li>two</li></ul><ol><li>x</li></ol>");
    expect(html("> said\n\n```\na < b\n```")).toBe("<blockquote>said</blockquote><pre>a &lt; b</pre>");
    expect(html("snake_case_name and 2*3*4")).toContain("snake_case_name");
    expect(blocks("# Title\ntext").map((block) => block.kind)).toEqual(["heading", "text"]);
  });
  it("links only to safe addresses", () => {
    expect(html("[a](https://x.com) and https://y.org.")).toContain('href="https://x.com"');
    expect(html("https://y.org.")).toContain('href="https://y.org"');
    expect(html("[a](javascript:alert(1))")).not.toContain("href");
    expect(html("<script>alert(1)</script>")).toBe("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
  });
});
