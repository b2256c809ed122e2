/** An administrator sees everything as a colleague does: a banner says so, nothing can be changed, the log tells of it. */
import { looks } from "../lib/journey.mjs";

const banner = (page) => page.getByText("You see this as Cem Narrow.", { exact: false });

export async function run(journey) {
  const page = await journey.open("/");
  const own = { read: "own", create: true, update: "own", delete: "own" };
  const role = { name: "Narrow", rights: { objects: { "*": own } } };
  const { record: made } = await journey.api(page, "POST", "/roles", role);
  const values = { name: "Cem Narrow", email: "cem@nordlicht.example", role: made.id, active: true };
  const { record: cem } = await journey.api(page, "POST", "/users", values);
  await journey.api(page, "POST", "/companies", { name: "Of Dana alone" });
  await journey.api(page, "POST", "/companies", { name: "Of Cem", owner: cem.id });
  await journey.step("begun by keyboard from the list of users", page, async () => {
    await page.goto("/settings/users");
    await page.getByRole("button", { name: "See as Cem Narrow" }).focus();
    await page.keyboard.press("Enter");
    await banner(page).waitFor();
  });
  await journey.step("only what the colleague sees is there", page, async () => {
    await page.goto("/companies");
    await page.getByText("Of Cem").first().waitFor();
    await banner(page).waitFor();
    if ((await page.getByText("Of Dana alone").count()) > 0) {
      throw new Error("the administrator's own view");
    }
  });
  await journey.step("a change is refused and says why", page, async () => {
    const refused = await journey.api(page, "POST", "/companies", { name: "New" }).catch(String);
    if (!String(refused).includes("Press Stop")) {
      throw new Error(JSON.stringify(refused));
    }
  });
  await journey.accessible(page, "seen as somebody else");
  for (const look of Object.keys(looks)) {
    const other = await journey.open("/companies", { look });
    await banner(other).waitFor();
    await journey.accessible(other, `seen as somebody else, ${look}`);
  }
  await journey.step("stopped, one is oneself again, and the log tells", page, async () => {
    await page.getByRole("button", { name: "Stop" }).click();
    await banner(page).waitFor({ state: "detached" });
    await page.goto("/companies");
    await page.getByText("Of Dana alone").first().waitFor();
    const { entries } = await journey.api(page, "GET", "/audit?kind=view_as");
    if (entries.map((entry) => entry.kind).join() !== "view_as.ended,view_as.begun") {
      throw new Error(JSON.stringify(entries));
    }
  });
}
