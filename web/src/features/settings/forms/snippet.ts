/** The HTML that a web page needs to send enquiries: a form that works without scripts, with one only where the form wants a stamp. */

export interface SnippetForm {
  /** Address that the form is sent to. */
  action: string;
  takes: string[];
  consent: string;
  /** Whether the time until it is sent is measured. */
  timed: boolean;
}

/** What the form is called in the language of its page. */
export interface SnippetWords {
  name: string;
  email: string;
  phone: string;
  company: string;
  message: string;
  send: string;
}

const escapes: { [char: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const safe = (text: string) => text.replace(/[&<>"]/g, (char) => escapes[char] ?? char);

function input(name: string, label: string, more: string) {
  return `  <p><label>${safe(label)}<br><input name="${name}"${more}></label></p>`;
}

/** The form as HTML; what administrators wrote is escaped. */
export function snippet(form: SnippetForm, words: SnippetWords): string {
  const has = (field: string) => form.takes.includes(field);
  const lines = [
    `<form method="post" action="${safe(form.action)}" accept-charset="utf-8">`,
    input("name", words.name, ' autocomplete="name" maxlength="250" required'),
    input("email", words.email, ' type="email" autocomplete="email" maxlength="250" required'),
    has("phone") && input("phone", words.phone, ' type="tel" autocomplete="tel" maxlength="250"'),
    has("company") && input("company", words.company, ' autocomplete="organization" maxlength="250"'),
    has("message") &&
      `  <p><label>${safe(words.message)}<br><textarea name="message" rows="5" maxlength="8000"></textarea></label></p>`,
    form.consent && `  <p><label><input type="checkbox" name="consent"> ${safe(form.consent)}</label></p>`,
    '  <p hidden><label>Website <input name="website" tabindex="-1" autocomplete="off"></label></p>',
    form.timed && '  <input type="hidden" name="stamp">',
    `  <p><button>${safe(words.send)}</button></p>`,
    "</form>",
    form.timed && "<script>",
    form.timed && "  {",
    form.timed && "    const form = document.currentScript.previousElementSibling;",
    form.timed &&
      "    fetch(form.action).then((answer) => answer.json()).then(({ stamp }) => (form.elements.stamp.value = stamp));",
    form.timed && "  }",
    form.timed && "</script>",
  ];
  return lines.filter(Boolean).join("\n");
}
