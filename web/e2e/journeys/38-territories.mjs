/** A tree of territories drawn by hand: companies find their place, somebody pins one, a rule changes and is undone, a colleague sees what is theirs. */
import { looks, until } from "../lib/journey.mjs";

const password = "four silent rivers meet here";

/** A colleague who sees what is in their territories, signed in, in a browser of their own. */
async function colleague(journey, admin) {
  const company = { read: "territory in my_territories", update: "territory in my_territories" };
  const role = { name: "Territory staff", rights: { objects: { company } } };
  const { record: made } = await journey.api(admin, "POST", "/roles", role);
  const values = { name: "Tess Terra", email: "tess@nordlicht.example", role: made.id, active: true };
  const { record } = await journey.api(admin, "POST", "/users", values);
  const { link } = await journey.api(admin, "POST", `/users/${record.id}/invite`, {});
  const page = await journey.open("/login", { signedIn: false });
  await journey.api(page, "POST", `/invitations/${link.split("/").pop()}`, { password });
  return page;
}

const row = (page, name) => page.locator("li").filter({ has: page.getByRole("button", { name, exact: true }) });

async function make(page, name, below, rule) {
  const opener = below ? `New territory below ${below}` : "New territory";
  await page.getByRole("button", { name: opener, exact: true }).click();
  await page.getByRole("textbox", { name: /^Name/ }).fill(name);
  if (rule) {
    await page.getByRole("button", { name: "Condition", exact: true }).first().click();
    await page.getByRole("button", { name: "Write as expression" }).click();
    await page.getByRole("textbox", { name: "Expression" }).fill(rule);
  }
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const go = page.getByRole("button", { name: "Save and move" });
  const open = row(page, name);
  await go.or(open).first().waitFor();
  if (await go.isVisible()) {
    await go.click();
  }
  await open.waitFor();
}

export async function run(journey) {
  const dana = await journey.open("/");
  const tess = await colleague(journey, dana);
  const address = (city, postal_code, country = "DE") => ({ city, postal_code, country });
  const values = { name: "Isarwerk Journey", billing_address: address("München", "80331") };
  const { record: isar } = await journey.api(dana, "POST", "/companies", values);
  const stands = async (name) => {
    const { territory } = await journey.api(dana, "GET", `/companies/${isar.id}`);
    const found = territory ? await journey.api(dana, "GET", `/territories/${territory}`) : { name: null };
    return found.name === name;
  };
  await journey.step("a tree is drawn, and companies find their place", dana, async () => {
    await dana.goto("/settings/territories");
    await dana.getByText("No territories yet").waitFor();
    await make(dana, "Europe");
    await make(dana, "DACH", "Europe", "billing_address.country in ['DE', 'AT', 'CH']");
    await until(() => stands("DACH"), "the company is in DACH");
    await make(dana, "Bavaria", "DACH", "billing_address.postal_code.startsWith('8')");
    await until(() => stands("Bavaria"), "the company is in Bavaria");
    await row(dana, "Bavaria")
      .getByRole("link", { name: /compan/ })
      .waitFor();
  });
  await journey.step("the box says where a company goes and why", dana, async () => {
    await dana.getByRole("textbox", { name: "Where would this company go?" }).fill("Isarwerk");
    await dana
      .getByRole("option", { name: /Isarwerk Journey/ })
      .first()
      .click();
    await dana.getByText("It goes to: Bavaria").waitFor();
    await dana.getByText("the rule holds").first().waitFor();
  });
  await journey.step("a change that is not saved yet is tried too", dana, async () => {
    await dana.getByRole("button", { name: "Bavaria", exact: true }).click();
    const operand = dana.getByRole("textbox", { name: "Value" });
    await operand.fill("9");
    await dana.getByText("It goes to: DACH").waitFor();
  });
  await journey.step("who would move is said, then they move, and one undo takes it back", dana, async () => {
    await dana.getByRole("button", { name: "Save", exact: true }).click();
    await dana.getByRole("dialog").getByText("Bavaria → DACH").waitFor();
    await journey.accessible(dana, "who would move");
    await dana.getByRole("button", { name: "Save and move" }).click();
    await until(() => stands("DACH"), "the company moved");
    const saved = dana.locator(".toast", { hasText: "Territory Bavaria saved" }).last();
    await saved.getByRole("button", { name: "Undo", exact: true }).click();
    await until(() => stands("Bavaria"), "the company is back");
  });
  await journey.step("pinned by hand it stays, until somebody lets the rules decide", dana, async () => {
    const territories = await journey.api(dana, "GET", "/territories");
    const europe = territories.records.find((entry) => entry.name === "Europe");
    await journey.api(dana, "PATCH", `/companies/${isar.id}`, { territory: europe.id });
    await dana.goto(`/companies/${isar.id}`);
    await dana.getByText("by hand").first().waitFor();
    await journey.accessible(dana, "a company with a pinned territory");
    await dana.getByRole("button", { name: "Let the rules decide" }).click();
    await dana.getByText("Europe › DACH › Bavaria").waitFor();
  });
  await journey.step("a colleague of DACH sees it, and it is said why", dana, async () => {
    const territories = await journey.api(dana, "GET", "/territories");
    const dach = territories.records.find((entry) => entry.name === "DACH");
    const { records } = await journey.api(dana, "GET", "/users");
    const user = records.find((entry) => entry.name === "Tess Terra");
    await journey.api(dana, "PATCH", `/territories/${dach.id}`, { users: [user.id] });
    await tess.goto("/companies");
    await tess.getByText("Isarwerk Journey").first().waitFor();
    await tess.goto(`/companies/${isar.id}`);
    await tess.getByRole("button", { name: "More" }).last().click();
    await tess.getByRole("menuitem", { name: "Who may see this?" }).click();
    await tess.getByText("Tess Terra belongs to: DACH").first().waitFor();
  });
  await journey.step("the filter of what is mine is built from parts", dana, async () => {
    await dana.goto(`/companies?filter=${encodeURIComponent("territory in my_territories")}`);
    await dana
      .getByText(/is one of mine/)
      .first()
      .waitFor();
  });
  for (const look of Object.keys(looks)) {
    const page = await journey.open("/settings/territories", { look });
    await page.getByRole("button", { name: /^(DACH)$/ }).click();
    await page
      .getByRole("textbox", { name: /^(Value|Wert|Expression|Ausdruck)$/ })
      .first()
      .waitFor();
    await journey.accessible(page, `territories, ${look}`);
  }
}
