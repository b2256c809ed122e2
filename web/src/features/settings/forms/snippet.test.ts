/** The HTML to copy: what it asks for, when it has a script, and that nothing written breaks out of it. */
import { describe, expect, it } from "vitest";
import { snippet } from "./snippet";

const words = { name: "Name", email: "E-mail", phone: "Phone", company: "Company", message: "Message", send: "Send" };
const form = { action: "https://crm.example/public/leads/1", takes: ["message"], consent: "", timed: false };

describe("the HTML of a form", () => {
  it("asks for what the form takes, with a trap and no script", () => {
    const html = snippet(form, words);
    expect(html).toContain('name="message"');
    expect(html).toContain('name="website"');
    for (const absent of ["phone", "company", "consent", "stamp", "<script"]) {
      expect(html).not.toContain(absent);
    }
  });
  it("fetches a stamp where time is measured", () => {
    expect(snippet({ ...form, timed: true }, words)).toContain("form.elements.stamp.value");
  });
  it("escapes what was written", () => {
    const html = snippet({ ...form, consent: '</label><script>alert("x")</script>' }, words);
    expect(html).not.toContain("<script>");
    expect(html).toContain("&lt;script&gt;alert(&quot;x&quot;)");
  });
});
