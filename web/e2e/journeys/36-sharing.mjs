/** One record is shared with a colleague whose role does not reach it: found, changed, explained, and taken back. */
import { looks, until } from "../lib/journey.mjs";

const password = "nine quiet lanterns drift by";

/** A colleague who sees what is theirs, signed in, in a browser of their own. */
async function colleague(journey, admin) {
  const own = { read: "own", create: true, update: "own", delete: "own" };
  const role = { name: "Field staff", rights: { objects: { "*": own } } };
  const { record: made } = await journey.api(admin, "POST", "/roles", role);
  const values = { name: "Bea Own", email: "bea@nordlicht.example", role: made.id, active: true };
  const { record } = await journey.api(admin, "POST", "/users", values);
  const { link } = await journey.api(admin, "POST", `/users/${record.id}/invite`, {});
  const page = await journey.open("/login", { signedIn: false });
  await journey.api(page, "POST", `/invitations/${link.split("/").pop()}`, { password });
  return page;
}

async function openDialog(page) {
  await page.getByRole("button", { name: "More" }).last().click();
  await page.getByRole("menuitem", { name: "Share", exact: true }).click();
  return page.getByRole("dialog", { name: "Share this record" });
}

export async function run(journey) {
  const dana = await journey.open("/");
  const bea = await colleague(journey, dana);
  const { record } = await journey.api(dana, "POST", "/companies", { name: "Quietwater Locks" });
  const { record: dry } = await journey.api(dana, "POST", "/companies", { name: "Drydock Ltd" });
  await journey.step("out of sight before it is shared", bea, async () => {
    await bea.goto("/companies");
    await bea.locator("h1").first().waitFor({ state: "attached" });
    await bea.waitForTimeout(500);
    if ((await bea.getByText("Quietwater Locks").count()) > 0) {
      throw new Error("the company is in the list");
    }
  });
  await journey.step("shared by keyboard, to be changed", dana, async () => {
    await dana.goto(`/companies/${record.id}`);
    const dialog = await openDialog(dana);
    await dialog.getByText("Nobody beyond those whose roles reach it.").waitFor();
    await dialog.getByRole("textbox", { name: "With whom" }).fill("Bea");
    await dana.getByRole("option", { name: /Bea Own/ }).waitFor();
    await dana.keyboard.press("ArrowDown");
    await dana.keyboard.press("Enter");
    await dialog.getByText("Change it").click();
    await dialog.getByLabel("Note").fill("Please keep the address right");
    await dialog.getByLabel("Note").press("Enter");
    await dialog.getByText("Please keep the address right").waitFor();
  });
  await journey.accessible(dana, "the dialog of sharing");
  await journey.step("the record says that it is shared", dana, async () => {
    await dana.keyboard.press("Escape");
    await dana.getByRole("button", { name: "Shared with one more" }).waitFor();
  });
  await journey.step("the colleague sees it without asking again, and is told", bea, async () => {
    await bea.getByText("Quietwater Locks").first().waitFor();
    await bea.goto("/notifications");
    await bea.getByText(/shared Quietwater Locks with you/).waitFor();
  });
  await journey.step("one press shows what is shared, another everything", bea, async () => {
    await journey.api(bea, "POST", "/companies", { name: "Bea's own Ltd" });
    await bea.goto("/companies");
    const own = bea.getByRole("grid").getByText("Bea's own Ltd");
    await own.first().waitFor();
    const button = bea.getByRole("button", { name: "Shared with me", exact: true, pressed: false });
    await button.press("Enter");
    await own.first().waitFor({ state: "detached" });
    await bea.getByRole("grid").getByText("Quietwater Locks").first().waitFor();
    await journey.accessible(bea, "what is shared with me");
    await bea.getByRole("button", { name: "Shared with me", exact: true, pressed: true }).click();
    await own.first().waitFor();
  });
  await journey.step("the colleague changes it, and nothing else", bea, async () => {
    await journey.api(bea, "PATCH", `/companies/${record.id}`, { legal_name: "Quietwater Locks Ltd" });
    const refused = await journey.api(bea, "PATCH", `/companies/${dry.id}`, { legal_name: "X" }).catch(String);
    if (!String(refused).includes("404") && !JSON.stringify(refused).includes("not_found")) {
      throw new Error(JSON.stringify(refused));
    }
  });
  await journey.step("who may see this names the share", bea, async () => {
    await bea.goto(`/companies/${record.id}`);
    await bea.getByRole("button", { name: "More" }).last().click();
    await bea.getByRole("menuitem", { name: "Who may see this?" }).click();
    await bea.getByText("The role does not reach it, but it is shared:").first().waitFor();
  });
  for (const look of Object.keys(looks)) {
    const other = await journey.open(`/companies/${record.id}`, { look });
    const mark = other.locator("header").getByRole("button", { name: /^(Shared with|Mit einem)/ });
    await mark.click();
    await other.getByRole("dialog").getByText("Bea Own").waitFor();
    await journey.accessible(other, `the dialog of sharing, ${look}`);
  }
  await journey.step("taken back, it is out of sight", dana, async () => {
    await dana.getByRole("button", { name: "Shared with one more" }).click();
    await dana.getByRole("button", { name: "No longer share with Bea Own" }).click();
    await dana.getByText("Nobody beyond those whose roles reach it.").waitFor();
    const gone = async () => !JSON.stringify(await journey.api(bea, "GET", "/companies")).includes("Quietwater");
    await until(gone, "the company is out of sight");
  });
}
