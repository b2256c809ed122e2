/** An empty server is set up in the browser; log-out and log-in work; wrong passwords do not. */
import { admin, until } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/", { signedIn: false });
  await journey.step("an empty server asks for set-up", page, async () => {
    await page.waitForURL("**/setup");
    await page.getByRole("heading", { level: 1 }).waitFor();
  });
  await journey.accessible(page, "set-up");
  await journey.step("a short password is refused", page, async () => {
    await page.getByLabel("Company").fill(admin.company);
    await page.getByLabel("Your name").fill(admin.name);
    await page.getByLabel("E-mail").fill(admin.email);
    await page.getByLabel("Choose a password").fill("password1234");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("alert").first().waitFor();
  });
  await journey.step("the first administrator is made and lands at home", page, async () => {
    await page.getByLabel("Choose a password").fill(admin.password);
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    await page.getByRole("heading", { level: 1 }).waitFor();
  });
  await journey.step("log-out leads to log-in", page, async () => {
    await page.getByRole("button", { name: admin.name }).click();
    await page.getByRole("menuitem", { name: "Log out" }).click();
    await page.waitForURL("**/login**");
  });
  await journey.accessible(page, "log-in");
  await journey.step("a wrong password is refused in words", page, async () => {
    await page.getByLabel("E-mail").fill(admin.email);
    await page.getByLabel("Password", { exact: true }).fill("not the right one at all");
    await page.getByRole("button", { name: "Log in" }).click();
    const alert = page.getByRole("alert").first();
    await alert.waitFor();
    await until(async () => (await alert.innerText()).length > 10, "the refusal has words");
  });
  await journey.step("the right one opens the page that was wanted", page, async () => {
    await page.goto("/companies");
    await page.waitForURL("**/login**");
    await page.getByLabel("E-mail").fill(admin.email);
    await page.getByLabel("Password", { exact: true }).fill(admin.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL("**/companies");
  });
  journey.state.session = await page.context().storageState();
}
