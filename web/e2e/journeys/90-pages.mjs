/**
 * Every page in light, dark, on a phone and in German: shown without a fault and accessible; menus, selects and dialogs
 * opened with the keyboard alone.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { looks, until } from "../lib/journey.mjs";

/** English words that would stand alone on a German page if a text were forgotten. */
const telltales =
  "About,Add,All,Cancel,Changed,Changes,Close,Columns,Companies,Company,Created,Delete,Done,Duplicates,E-mails,Export,Family name,Files,Find a field,Given name,Home,Imports,Job title,Last contact,Later,Lifecycle,Log out,Main,Merge,More,New,Nothing found,Open tasks,Overdue,Owner,People,Phones,Profile,Records,Save,Search,Settings,Sort,Tags,Tasks,Time zone,Timeline,Today,Untitled,Users,Views,Yes".split(
    ",",
  );

const english = join(import.meta.dirname, "../../src/i18n/locales/en");
const keys = readdirSync(english).flatMap((name) => Object.keys(JSON.parse(readFileSync(join(english, name), "utf8"))));
/** What a key without a text looks like. */
const bare_key = new RegExp(`^(${[...new Set(keys.map((key) => key.split(".")[0]))].join("|")})\\.[a-z_]+$`);

async function shown(page, path) {
  await page.goto(path);
  await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => {});
  await page.locator("h1").first().waitFor({ state: "attached" });
}

async function inOrder(journey, page, name) {
  await journey.accessible(page, name);
  await journey.step(`one heading, no sideways scrolling: ${name}`, page, async () => {
    const found = await page.evaluate(() => ({
      headings: document.querySelectorAll("h1").length,
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    if (found.headings !== 1 || found.wide > 1) {
      throw new Error(JSON.stringify(found));
    }
  });
}

/** Fails on keys without a text and on telltale English, also in what is only read aloud. */
async function inGerman(journey, page, name) {
  await journey.step(`German: ${name}`, page, async () => {
    const found = await page.evaluate(() => ({
      language: document.documentElement.lang,
      texts: [
        ...document.body.innerText.split("\n"),
        ...[...document.querySelectorAll("[aria-label], [placeholder], [title]")].flatMap((element) =>
          ["aria-label", "placeholder", "title"].map((attribute) => element.getAttribute(attribute) ?? ""),
        ),
      ].map((text) => text.trim()),
    }));
    const foreign = found.texts.filter(
      (text) => telltales.includes(text) || bare_key.test(text) || text.includes("{{"),
    );
    if (found.language !== "de" || foreign.length > 0) {
      throw new Error(`${found.language}: ${[...new Set(foreign)].join(" | ")}`);
    }
  });
}

async function fitsNarrow(journey, paths) {
  const narrow = await journey.open("/people");
  await journey.step("the page fits 320 pixels, as at 400 % zoom", narrow, async () => {
    await narrow.setViewportSize({ width: 320, height: 640 });
    for (const path of paths) {
      await narrow.goto(path);
      await narrow.locator("h1").first().waitFor({ state: "attached" });
      const wide = await narrow.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (wide > 1) {
        throw new Error(`${path} is ${wide} pixels too wide`);
      }
    }
  });
}

/** A person chooses German in the profile; everything follows at once, and back again. */
async function germanPages(journey, pages, ids) {
  const page = await journey.open("/settings/profile");
  const choose = async (name, language, next) => {
    await page.getByRole("combobox", { name }).click();
    await page.getByRole("option", { name: language, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: next }).waitFor();
  };
  await journey.step("German is chosen in the profile", page, () => choose("Language", "Deutsch", "Einstellungen"));
  for (const look of ["light", "phone"]) {
    const own = await journey.open("/", { look });
    for (const [name, path] of Object.entries(pages)) {
      await shown(own, path);
      await inOrder(journey, own, `${name}, German, ${look}`);
      await inGerman(journey, own, `${name}, ${look}`);
    }
    await opened(journey, own, `German, ${look}`, ids);
  }
  await seenAs(journey, ids.colleague);
  await journey.step("and English again", page, () => choose("Sprache", "English", "Settings"));
  const user = (await journey.api(page, "GET", "/boot")).user.id;
  await journey.api(page, "PATCH", `/users/${user}`, { locale: null });
}

/** The pages of a colleague whose language is German, with the banner that says through whose eyes they are seen. */
async function seenAs(journey, user) {
  const page = await journey.open("/");
  await journey.api(page, "POST", "/session/view_as", { user });
  for (const look of Object.keys(looks)) {
    const own = await journey.open("/", { look });
    await shown(own, "/companies");
    await own.getByText("Sie sehen das als Ole Onlooker.", { exact: false }).waitFor();
    await inOrder(journey, own, `seen as somebody else, German, ${look}`);
    await inGerman(journey, own, `seen as somebody else, ${look}`);
  }
  await journey.api(page, "DELETE", "/session/view_as");
}

/** What lies over a page, how it is reached with the keyboard, and what shows that it is there. */
const layersOf = ({ company }) => ({
  "a menu": {
    path: "/companies",
    opener: (page) => page.getByRole("button", { name: /^(More|Mehr)$/ }).last(),
    open: (page) => page.getByRole("menu"),
    inside: (page) => page.getByRole("menu").getByRole("menuitem").first(),
  },
  "a select": {
    path: "/settings/objects/person?tab=lists",
    opener: (page) => page.getByRole("combobox", { name: /^(Second line|Zweite Zeile)$/ }),
    open: (page) => page.getByRole("listbox"),
    key: "ArrowDown",
  },
  "a dialog": {
    path: "/tasks",
    opener: (page) =>
      page
        .getByRole("button", { name: /^(New|Neu|New Task|Aufgabe anlegen)$/ })
        .filter({ visible: true })
        .first(),
    open: (page) => page.getByRole("dialog"),
  },
  "the dialog of sharing": {
    path: `/companies/${company}`,
    opener: (page) => page.getByRole("button", { name: /^(Shared with one more|Mit einem weiteren geteilt)$/ }),
    open: (page) => page.getByRole("dialog"),
  },
  "colleagues in the calendar": {
    path: "/meetings?type=calendar&span=week",
    opener: (page) => page.getByRole("button", { name: /^(Colleagues|Kollegen)$/ }),
    open: (page) => page.getByRole("dialog"),
  },
});

/** Its key opens, the focus goes where it belongs, Escape closes and gives the focus back. */
async function opened(journey, page, look, ids) {
  for (const [name, layer] of Object.entries(layersOf(ids))) {
    await shown(page, layer.path);
    await journey.step(`the keyboard opens ${name}, ${look}`, page, async () => {
      await layer.opener(page).focus();
      await page.keyboard.press(layer.key ?? "Enter");
      await layer.open(page).first().waitFor();
      if (layer.inside) {
        const first = layer.inside(page);
        await until(() => first.evaluate((entry) => entry === document.activeElement), "the first entry has the focus");
      }
    });
    await journey.accessible(page, `${name}, open, ${look}`);
    await journey.step(`Escape closes ${name}, ${look}`, page, async () => {
      await page.keyboard.press("Escape");
      await until(async () => (await layer.open(page).count()) === 0, "it is closed");
      const back = () => layer.opener(page).evaluate((element) => element === document.activeElement);
      await until(back, "the focus is where it was");
    });
  }
}

/** Records for the pages: this journey runs by itself, too. */
async function records(journey, page) {
  const make = async (plural, values) => (await journey.api(page, "POST", `/${plural}`, values)).record;
  const top = await make("companies", { name: "Osprey Holding", kind: "customer", employees: 900 });
  const company = await make("companies", { name: "Osprey Optics", kind: "partner", employees: 20, parent: top.id });
  const boss = await make("people", { given_name: "Olga", family_name: "Osprey", company: company.id });
  const person = await make("people", {
    given_name: "EMIL",
    family_name: "OSPREY",
    company: company.id,
    reports_to: boss.id,
    emails: ["emil@osprey.example"],
    phones: ["030 1234567"],
  });
  const end = ({ id }) => [{ object: "person", id }];
  await make("documents", { name: "Lens terms", folder: "Osprey/2026", expires_on: "2030-01-31", about: end(person) });
  await make("relationships", { subject: end(person), kind: "influences", related: end(boss) });
  await make("calls", { subject: "Lenses", about: end(person), started_at: new Date(Date.now() - 9e9).toISOString() });
  const due_at = new Date(Date.now() + 9e7).toISOString();
  const steps = { checklist: [{ text: "Measure", done: true }], recurrence: "FREQ=WEEKLY" };
  const task = await make("tasks", { title: "Send the lenses", about: end(person), due_at, ...steps });
  const ends_at = new Date(Date.now() + 93_600_000).toISOString();
  const meeting = await make("meetings", { title: "Fitting", starts_at: due_at, ends_at, attendees: [person.id] });
  const columns = ["name", "kind", "employees"].map((field) => ({ field }));
  const view = await make("views", { name: "Ospreys", object: "company", group: "kind", columns });
  const { user } = await journey.api(page, "GET", "/boot");
  await journey.api(page, "PATCH", `/users/${user.id}`, { pins: [view.id] });
  const amount = { amount: 4_800, currency: "EUR" };
  const lead = await make("leads", { title: "Osprey enquiry", company: top.id, person: person.id });
  const deal = await make("deals", { name: "Osprey lenses", company: top.id, person: person.id, amount });
  const price = { amount: 129, currency: "EUR" };
  const product = await make("products", { name: "Osprey lens", sku: "OL-1", price });
  const price_list = await make("price_lists", { name: "Opticians" });
  await make("prices", { price_list: price_list.id, product: product.id, unit_price: price });
  await make("deal_lines", { deal: deal.id, product: product.id, quantity: 3 });
  const { quote } = await journey.api(page, "POST", `/deals/${deal.id}/quote`, {});
  const role = await make("roles", { name: "Onlooker", rights: { objects: { "*": { read: "own" } } } });
  const onlooker = { name: "Ole Onlooker", email: "ole@osprey.example", role: role.id, active: true, locale: "de" };
  const colleague = await make("users", onlooker);
  await make("shares", { about: [{ object: "company", id: top.id }], user: colleague.id });
  const ids = { person, company: top, task, meeting, view, colleague, deal, lead, quote, product, price_list };
  return Object.fromEntries(Object.entries(ids).map(([name, record]) => [name, record.id]));
}

export async function run(journey) {
  const probe = await journey.open("/");
  const ids = await records(journey, probe);
  const { person, company, task, meeting, view, deal, lead, quote, product, price_list } = ids;
  const pages = {
    home: "/",
    people: "/people",
    companies: "/companies",
    // Of one object: what other journeys named in English is data, not a forgotten text.
    activity: "/activity?object=meeting",
    notifications: "/notifications?show=all",
    groups: `/companies?view=${view}`,
    tasks: "/tasks",
    task: `/tasks/${task}`,
    meeting: `/meetings/${meeting}`,
    board: "/tasks/all?type=board",
    calendar: "/meetings?type=calendar&span=month",
    week: "/meetings?type=calendar&span=week",
    agenda: "/meetings?type=calendar&span=agenda",
    timeline: "/meetings?type=timeline&span=week",
    map: "/companies?type=map",
    person: `/people/${person}`,
    company: `/companies/${company}`,
    relations: `/people/${person}?tab=relations`,
    tree: `/companies/${company}?tab=relations`,
    consent: `/people/${person}?tab=consent`,
    suppressions: "/suppressions",
    leads: "/leads",
    "board of leads": "/leads?type=board&group=status",
    lead: `/leads/${lead}`,
    deals: "/deals",
    "table of deals": "/deals?type=table&view=all",
    "closing days": "/deals?type=calendar&view=all&group=expected_close",
    deal: `/deals/${deal}`,
    stages: `/deals/${deal}?tab=stages`,
    lines: `/deals/${deal}?tab=lines`,
    quotes: "/quotes",
    quote: `/quotes/${quote}`,
    products: "/products",
    product: `/products/${product}`,
    "price list": `/price_lists/${price_list}?tab=price.price_list`,
    pipelines: "/pipelines",
    search: "/search?q=person",
    documents: "/documents",
    imports: "/imports",
    duplicates: "/duplicates",
    quality: "/quality",
    settings: "/settings",
    users: "/settings/users",
    mail: "/settings/mail",
    profile: "/settings/profile",
    object: "/settings/objects/company",
    missing: "/nothing-here",
  };
  for (const look of Object.keys(looks)) {
    const page = await journey.open("/", { look });
    for (const [name, path] of Object.entries(pages)) {
      await shown(page, path);
      await inOrder(journey, page, `${name}, ${look}`);
    }
    await opened(journey, page, look, ids);
  }
  await fitsNarrow(journey, [
    "/",
    "/people",
    `/people/${person}`,
    "/tasks",
    "/tasks/all?type=board",
    "/meetings?type=calendar",
    "/meetings?type=timeline",
    "/companies?type=map",
    `/quotes/${quote}`,
    "/settings/objects/company",
  ]);
  const more = {
    roles: "/settings/roles",
    keys: "/settings/api_keys",
    workspace: "/settings/workspace",
    objects: "/settings/objects",
    security: "/settings/security",
    signals: "/settings/signals",
    health: "/settings/health",
    feed: "/settings/calendar",
    hours: "/settings/hours",
    territories: "/settings/territories",
    forms: "/settings/forms",
    currencies: "/settings/currencies",
    audit: "/settings/audit",
    look: "/settings/objects/person?tab=look",
    lists: "/settings/objects/person?tab=lists",
    layouts: "/settings/objects/person?tab=layouts",
    rules: "/settings/objects/person?tab=duplicates",
  };
  await germanPages(journey, { ...pages, ...more }, ids);
}
