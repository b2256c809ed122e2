/** Users, roles and keys: an invitation is accepted, rights hold at once, a key works until it is revoked. */
import { until } from "../lib/journey.mjs";

const password = "four quiet lamps on a hill";

export async function run(journey) {
  const page = await journey.open("/settings/roles");
  await journey.step("a role is made and narrowed", page, async () => {
    await page.getByRole("button", { name: "New Role" }).click();
    await page.getByRole("textbox", { name: "Name" }).waitFor();
    await until(
      async () => (await page.getByRole("textbox", { name: "Name" }).inputValue()) === "New role",
      "the new role is open",
    );
    await page.getByRole("textbox", { name: "Name" }).fill("Field sales");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Field sales", exact: true }).waitFor();
    await page.getByRole("combobox", { name: "Companies: Create" }).selectOption("no");
    await page.getByText("Rights of Field sales changed").first().waitFor();
    await until(async () => {
      const roles = await journey.api(page, "GET", "/roles");
      return roles.records.find((role) => role.name === "Field sales")?.rights?.objects?.company?.create === false;
    }, "the server has the right");
  });
  await journey.step("a condition with a slip is refused at its place", page, async () => {
    await page.getByRole("combobox", { name: "People: Change" }).selectOption("condition");
    const input = page.getByRole("textbox", { name: "Condition of People: Change" });
    await input.fill("lifecycl == 'lead'");
    await page.keyboard.press("Enter");
    await page.getByRole("row").filter({ hasText: "People" }).getByRole("alert").first().waitFor();
    await input.fill("lifecycle == 'lead'");
    await page.keyboard.press("Enter");
    await until(async () => {
      const roles = await journey.api(page, "GET", "/roles");
      return (
        roles.records.find((role) => role.name === "Field sales")?.rights?.objects?.person?.update ===
        "lifecycle == 'lead'"
      );
    }, "the server has the condition");
  });
  await journey.accessible(page, "a role");

  let link = "";
  await journey.step("somebody is invited with that role", page, async () => {
    await page.goto("/settings/users");
    await page.getByRole("button", { name: "Invite somebody" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Robin Field");
    await dialog.getByRole("textbox", { name: "E-mail" }).fill("robin@nordlicht.example");
    await dialog
      .getByRole("textbox", { name: "Role" })
      .or(dialog.getByRole("combobox", { name: "Role" }))
      .first()
      .click();
    await page.getByRole("option", { name: "Field sales" }).click();
    await dialog.getByRole("button", { name: "Make the invitation" }).click();
    link = await page.getByRole("textbox", { name: "Link of the invitation" }).inputValue();
  });
  await journey.accessible(page, "users with an invitation");
  await page.keyboard.press("Escape");
  const guest = await journey.open(new URL(link || "http://localhost/").pathname, { signedIn: false });
  await journey.step("the invitation is accepted, and the rights hold", guest, async () => {
    await guest.getByLabel("Choose a password").fill(password);
    await guest.getByRole("button").last().click();
    await guest.waitForURL((url) => url.pathname === "/");
    await guest.goto("/settings");
    await guest.getByRole("link", { name: "Profile" }).waitFor();
    if ((await guest.getByRole("link", { name: "Roles" }).count()) > 0) {
      throw new Error("settings are shown that the role may not use");
    }
    const refused = await guest.request.post(`${journey.base}/api/v1/companies`, {
      headers: { "X-Rapport": "1" },
      data: { name: "Forbidden Ltd" },
    });
    if (refused.status() !== 403) {
      throw new Error(`a company could be made: ${refused.status()}`);
    }
  });
  await journey.step("a user who is switched off is out at once", page, async () => {
    await page.getByRole("switch", { name: "Robin Field may log in" }).click({ force: true });
    await page.getByText("Robin Field can no longer log in").waitFor();
    await until(
      async () => (await guest.request.get(`${journey.base}/api/v1/boot`)).status() === 401,
      "the session has ended",
    );
  });

  let key = "";
  // Asked without a browser, so that no cookie helps.
  const status = async () => {
    const headers = { Authorization: `Bearer ${key}` };
    return (await fetch(`${journey.base}/api/v1/people?limit=1`, { headers })).status;
  };
  await journey.step("a key is shown once and works", page, async () => {
    await page.goto("/settings/api_keys");
    await page.getByText("No keys yet").waitFor();
    await page.getByRole("button", { name: "New API key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Website");
    await dialog
      .getByRole("textbox", { name: "Role" })
      .or(dialog.getByRole("combobox", { name: "Role" }))
      .first()
      .click();
    await page.getByRole("option", { name: "Field sales" }).click();
    await dialog.getByRole("button", { name: "Make the key" }).click();
    key = await page.getByRole("textbox", { name: "API key" }).inputValue();
    if (!key.startsWith("rk_") || (await status()) !== 200) {
      throw new Error(`the key does not work: ${await status()}`);
    }
    await page.keyboard.press("Escape");
    await page.getByText("Website").waitFor();
  });
  await journey.accessible(page, "API keys");
  await journey.step("a revoked key stops working", page, async () => {
    await page.getByRole("button", { name: "Revoke Website" }).click();
    await until(async () => (await status()) === 401, "the key is refused");
    await page.getByText("No keys yet").waitFor();
  });
  await journey.step("teams stand in a tree", page, async () => {
    await page.goto("/settings/teams");
    await page.getByRole("button", { name: "New Team" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Sales");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Sales", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Actions for Sales" }).click();
    await page.getByRole("menuitem", { name: "New team below" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Sales North");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Sales North", { exact: true }).waitFor();
    const teams = (await journey.api(page, "GET", "/teams")).records;
    const parent = teams.find((team) => team.name === "Sales")?.id;
    if (teams.find((team) => team.name === "Sales North")?.parent !== parent) {
      throw new Error(JSON.stringify(teams));
    }
  });
  await journey.accessible(page, "teams");
  await journey.step("sessions are listed, objects are explained", page, async () => {
    await page.goto("/settings/security");
    await page.getByText("This browser").waitFor();
    await page.goto("/settings/objects");
    await page
      .getByRole("main")
      .getByRole("link", { name: /^People/ })
      .click();
    await page.getByRole("button", { name: "Job title", exact: true }).waitFor();
  });
  await journey.accessible(page, "objects");

  await journey.step("the workspace gets another name and time zone", page, async () => {
    await page.goto("/settings/workspace");
    const name = page.getByRole("textbox", { name: "Company" });
    await name.fill(" ");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Give the company a name").waitFor();
    await name.fill("Nordlicht Handel");
    const zone = page
      .getByRole("textbox", { name: "Time zone" })
      .or(page.getByRole("combobox", { name: "Time zone" }))
      .first();
    await zone.fill("Lisbon");
    await page.getByRole("option", { name: "Europe/Lisbon" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Workspace saved").waitFor();
    const kept = await journey.api(page, "GET", "/workspace");
    if (kept.name !== "Nordlicht Handel" || kept.time_zone !== "Europe/Lisbon") {
      throw new Error(JSON.stringify(kept));
    }
    await page.reload();
    await until(async () => (await name.inputValue()) === "Nordlicht Handel", "the form shows what is kept");
  });
  await journey.accessible(page, "the workspace");
}
