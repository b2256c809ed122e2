/** Second factor and audit log: set up with an app, log in with code and recovery code, removal, proof of the log. */
import { createHmac } from "node:crypto";
import { until } from "../lib/journey.mjs";

const password = "four quiet lamps on a hill";
const email = "sam@nordlicht.example";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code that an app shows, so many steps of 30 seconds from now. */
function codeOf(secret, ahead = 0) {
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const tag = createHmac("sha1", bytes).update(step).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function logIn(page) {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

export async function run(journey) {
  const admin = await journey.open("/settings/audit");
  const roles = (await journey.api(admin, "GET", "/roles")).records;
  const member = roles.find((role) => role.name === "Member").id;
  const made = await journey.api(admin, "POST", "/users", { name: "Sam Secure", email, role: member });
  const { link } = await journey.api(admin, "POST", `/users/${made.record.id}/invite`, {});
  const page = await journey.open(new URL(link).pathname, { signedIn: false });
  await page.getByRole("textbox", { name: "Choose a password" }).fill(password);
  await page.getByRole("button", { name: "Start" }).click();
  await page.waitForURL((url) => url.pathname === "/");

  let secret = "";
  let codes = [];
  await journey.step("a second factor is set up with an app", page, async () => {
    await page.goto("/settings/security");
    await page.getByRole("button", { name: "Set up a second factor" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Current password" }).fill("something else entirely");
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByText("This is not your current password.").waitFor();
    await dialog.getByRole("textbox", { name: "Current password" }).fill(password);
    await page.keyboard.press("Enter");
    await dialog.getByRole("img", { name: "QR code with the secret for the app" }).waitFor();
    secret = (await dialog.getByTestId("secret").innerText()).replaceAll(" ", "");
  });
  await journey.accessible(page, "the app's secret");
  await journey.step("a code confirms it and recovery codes are shown", page, async () => {
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Code from the app").fill("000000");
    await page.keyboard.press("Enter");
    await dialog.getByText("This code is wrong or was used already").waitFor();
    await dialog.getByLabel("Code from the app").fill(codeOf(secret));
    await page.keyboard.press("Enter");
    await dialog.getByRole("heading", { name: "Recovery codes" }).waitFor();
    codes = await dialog.getByRole("listitem").allInnerTexts();
    if (codes.length !== 10) {
      throw new Error(JSON.stringify(codes));
    }
  });
  await journey.accessible(page, "recovery codes");
  await journey.step("it is on", page, async () => {
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("10 recovery codes left").waitFor();
  });
  await journey.accessible(page, "password and log-in");

  const phone = await journey.open("/login", { signedIn: false, look: "phone" });
  await journey.step("log-in asks for the code, also on a phone", phone, async () => {
    await logIn(phone);
    const code = phone.getByLabel("Code from the app");
    await code.waitFor();
    if ((await code.getAttribute("autocomplete")) !== "one-time-code") {
      throw new Error("telephones would not offer the code");
    }
    if ((await phone.request.get(`${journey.base}/api/v1/people`)).status() !== 401) {
      throw new Error("the password alone let somebody in");
    }
  });
  await journey.accessible(phone, "the second step");
  await journey.step("the code lets them in", phone, async () => {
    await phone.getByLabel("Code from the app").fill("111111");
    await phone.keyboard.press("Enter");
    await phone.getByText("This code is wrong or was used already").waitFor();
    await phone.getByLabel("Code from the app").fill(codeOf(secret, 1));
    await phone.keyboard.press("Enter");
    await phone.waitForURL((url) => url.pathname === "/");
  });
  const other = await journey.open("/login", { signedIn: false });
  await journey.step("a recovery code lets them in once", other, async () => {
    await logIn(other);
    await other.getByRole("button", { name: "Use a recovery code" }).click();
    await other.getByLabel("Recovery code").fill(codes[0]);
    await other.keyboard.press("Enter");
    await other.waitForURL((url) => url.pathname === "/");
    await other.goto("/settings/security");
    await other.getByText("9 recovery codes left").waitFor();
  });
  await journey.step("all other browsers are logged out at once", other, async () => {
    await other.getByRole("button", { name: "Log out everywhere else" }).click();
    await other.getByText("Logged out of 2 other browsers").waitFor();
    await until(
      async () => (await phone.request.get(`${journey.base}/api/v1/people`)).status() === 401,
      "the phone is out",
      5_000,
    );
    await phone.waitForURL((url) => url.pathname === "/login");
  });
  await journey.step("an administrator removes the factor of somebody who lost it", admin, async () => {
    await admin.goto("/settings/users");
    await admin.getByRole("button", { name: "Remove the second factor of Sam Secure" }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Remove the second factor" }).click();
    await admin.getByText("Second factor of Sam Secure removed").waitFor();
    await logIn(other);
    await other.waitForURL((url) => url.pathname === "/");
  });
  await journey.step("a role that needs one leads through the set-up", other, async () => {
    const rights = { ...roles.find((role) => role.name === "Member").rights, second_factor: true };
    await journey.api(admin, "PATCH", `/roles/${member}`, { rights });
    await logIn(other);
    await other.getByRole("img", { name: "QR code with the secret for the app" }).waitFor();
    secret = (await other.getByTestId("secret").innerText()).replaceAll(" ", "");
  });
  await journey.accessible(other, "the set-up inside a log-in");
  await journey.step("and then in, with recovery codes", other, async () => {
    await other.getByLabel("Code from the app").fill(codeOf(secret, 1));
    await other.keyboard.press("Enter");
    await other.getByRole("button", { name: "I have kept them" }).click();
    await other.waitForURL((url) => url.pathname === "/");
    const rights = roles.find((role) => role.name === "Member").rights;
    await journey.api(admin, "PATCH", `/roles/${member}`, { rights });
  });

  await journey.step("the audit log tells it, filtered and proved", admin, async () => {
    await admin.goto("/settings/audit");
    await admin.getByText("Second factor removed: Sam Secure").first().waitFor();
    await admin
      .getByRole("combobox", { name: "What" })
      .or(admin.getByRole("textbox", { name: "What" }))
      .first()
      .click();
    await admin.getByRole("option", { name: "Log-in", exact: true }).click();
    await admin.getByText("Log-in refused: Sam Secure").first().waitFor();
    await until(async () => (await admin.getByText("Role changed").count()) === 0, "only log-ins are listed");
    await admin.getByRole("button", { name: "Verify" }).click();
    await admin.getByText(/All \d+ entries are as they were written/).waitFor();
    const [file] = await Promise.all([
      admin.waitForEvent("download"),
      admin.getByRole("link", { name: "Export as CSV" }).click(),
    ]);
    if (file.suggestedFilename() !== "audit.csv") {
      throw new Error(file.suggestedFilename());
    }
  });
  await journey.accessible(admin, "the audit log");
}
