/**
 * Takes the pictures of docs/guide that show whole pages, from a running demo (`rapport demo --people 400`):
 * `RAPPORT_URL=http://… RAPPORT_EMAIL=… RAPPORT_PASSWORD=… node guide.mjs [name…]`.
 */
import { join } from "node:path";
import { openBrowser } from "./lib/browser.mjs";

const folder = join(import.meta.dirname, "../../docs/guide");
const wanted = process.argv.slice(2);
const browser = await openBrowser();
const context = await browser.newContext({
  baseURL: process.env.RAPPORT_URL ?? "http://localhost:8080",
  viewport: { width: 1280, height: 800 },
  reducedMotion: "reduce",
  colorScheme: "light",
});
const page = await context.newPage();
const api = async (method, path, data) => {
  const answer = await page.request.fetch(`/api/v1${path}`, { method, headers: { "X-Rapport": "1" }, data });
  if (!answer.ok()) {
    throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
  }
  return answer.json();
};
await api("POST", "/session", { email: process.env.RAPPORT_EMAIL, password: process.env.RAPPORT_PASSWORD });

const first = async (plural, filter) =>
  (await api("GET", `/${plural}?limit=1&fields=version&filter=${encodeURIComponent(filter)}`)).records[0].id;

/** A small file with what real ones have: a new company, a date that is none, somebody who is there already. */
async function importFile() {
  const known = (await api("GET", "/people?limit=1&fields=given_name,family_name,emails")).records[0];
  const email = known.emails?.[0]?.value ?? known.emails?.[0] ?? "known@example.com";
  return [
    "First name,Last name,E-mail,Company,Birthday",
    "Mara,Lindqvist,mara@lindqvist.example,Lindqvist Optik,12.04.1984",
    `${known.given_name},${known.family_name},${email},,`,
    "Tom,Ochs,tom.ochs@fjord.example,Fjord Freight,31.02.1990",
    "Aylin,Demir,aylin@demir.example,Lindqvist Optik,1991-07-02",
  ].join("\n");
}

/** Documents and their folders. */
const papers = {
  "Framework agreement": "Contracts",
  "Service level agreement": "Contracts",
  "Offer 2026-114": "Offers/2026",
  "Offer 2026-131": "Offers/2026",
  "Acceptance protocol": "Projects",
};

const pictures = {
  import: async () => {
    await page.goto("/imports");
    const file = { name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(await importFile()) };
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByRole("button", { name: "Check without importing" }).click();
    await page.getByRole("button", { name: /^Import \d+ rows/ }).waitFor();
  },
  documents: async () => {
    const about = [{ object: "company", id: await first("companies", "kind == 'customer'") }];
    for (const [name, folder] of Object.entries(papers)) {
      await api("POST", "/documents", {
        name,
        folder,
        about,
        ...(folder === "Contracts" ? { expires_on: "2027-03-31" } : {}),
      });
    }
    await page.goto("/documents");
  },
  duplicates: async () => {
    for (const emails of [["k.brandt@brandt-optik.example"], ["katharina.brandt@brandt-optik.example"]]) {
      const name = emails[0].startsWith("k.") ? "Catharina" : "Katharina";
      await api("POST", "/people", {
        given_name: name,
        family_name: "Brandt",
        emails,
        phones: ["+49 40 5550123"],
      });
    }
    await page.goto("/duplicates");
    await page.getByRole("button", { name: "Search all records" }).click();
    await page.getByText("Katharina Brandt").first().waitFor({ timeout: 60_000 });
  },
  consent: async () => page.goto(`/people/${await first("people", "emails.size() > 0")}?tab=consent`),
  rights: async () => {
    await page.goto("/settings/roles");
    await page.getByRole("button", { name: "Member" }).click();
  },
  security: () => page.goto("/settings/security"),
  mail: () => page.goto("/settings/mail"),
  currencies: () => page.goto("/settings/currencies"),
  hours: () => page.goto("/settings/hours"),
  deals: async () => {
    await page.goto("/deals");
    await page.getByText("Qualification").first().waitFor();
  },
  deal: async () => page.goto(`/deals/${await first("deals", "status == 'open' && amount > 0")}`),
  quote: async () => {
    const deal = (await api("GET", "/deal_lines?limit=1&fields=deal")).records[0].deal;
    const { quote } = await api("POST", `/deals/${deal}/quote`, {});
    await page.goto(`/quotes/${quote.id}`);
    await page.getByText("Net", { exact: true }).last().waitFor();
  },
  lead: async () => page.goto(`/leads/${await first("leads", "status == 'working'")}`),
  search: async () => {
    await page.goto("/");
    await page.locator("h1").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("schu");
    await page.getByText(/@/).first().waitFor();
  },
};

for (const [name, open] of Object.entries(pictures)) {
  if (wanted.length > 0 && !wanted.includes(name)) {
    continue;
  }
  await open();
  await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => {});
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`${name}.png`);
}
await browser.close();
