/** Mail: set up, tested, a failure shown and tried again, an invitation, a digest chosen, a forgotten password. */
import { admin, until } from "../lib/journey.mjs";
import { startSmtp, wordsOf } from "../lib/smtp.mjs";

const password = "three calm rivers at noon";
const email = "mila@nordlicht.example";

async function setUp(journey, page, smtp) {
  await journey.step("a server elsewhere needs encryption", page, async () => {
    await page.getByLabel("Server").fill("mail.nordlicht.example");
    await page.getByRole("combobox", { name: "Encryption" }).click();
    await page.getByRole("option", { name: "None (this machine only)" }).click();
    await page.getByLabel("Sender’s address").fill("crm@nordlicht.example");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Without encryption mails go to this machine only", { exact: false }).waitFor();
  });
  await journey.step("this machine does not", page, async () => {
    await page.getByLabel("Server").fill("127.0.0.1");
    await page.getByLabel("Port").fill("1");
    await page.getByLabel("Sender’s name").fill("Nordlicht CRM");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Send a test mail" }).waitFor();
  });
  await journey.step("a test says what is wrong and what to do", page, async () => {
    await page.getByRole("button", { name: "Send a test mail" }).click();
    await page.getByText("The server cannot be reached.", { exact: false }).waitFor();
  });
  await journey.step("and that it went, with the server's answer", page, async () => {
    await page.getByLabel("Port").fill(String(smtp.port));
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Mail server saved").first().waitFor();
    await page.getByRole("button", { name: "Send a test mail" }).click();
    await page.getByText(`Sent to ${admin.email}. The server said: 250 2.0.0 queued as 4711`).waitFor();
    await until(() => smtp.mails.length === 1, "the test mail arrived");
  });
  await journey.accessible(page, "mail, set up and tested");
}

async function invited(journey, page, smtp) {
  const roles = (await journey.api(page, "GET", "/roles")).records;
  const role = roles.find((one) => one.name === "Member").id;
  await journey.api(page, "POST", "/users", { name: "Mila Post", email, role });
  smtp.state.refuse = true;
  await journey.step("an invitation says that a mail is on its way", page, async () => {
    await page.goto("/settings/users");
    await page
      .getByRole("button", { name: /Mila Post/ })
      .last()
      .click();
    await page.getByText("A mail with this link is on its way.", { exact: false }).waitFor();
    await page.getByRole("textbox", { name: "Link of the invitation" }).waitFor();
  });
  await journey.step("what failed is shown with the server's words, and tried again", page, async () => {
    await page.goto("/settings/mail");
    await page.getByText("550 5.1.1 no such user").waitFor();
    await journey.accessible(page, "mail, one failed");
    smtp.state.refuse = false;
    await page.getByRole("button", { name: `Try again: Invitation to ${email}` }).click();
    await until(() => smtp.mails.length === 2, "the invitation arrived");
    await page.getByText("1 queued: 1 sent, 0 waiting, 0 failed, 0 cancelled").waitFor();
  });
}

/** The path of the link in the last mail. */
function linkIn(smtp) {
  const [url] = /http:\/\/\S+\/invite\/[\w-]{43}/.exec(wordsOf(smtp.mails.at(-1)));
  return new URL(url).pathname;
}

async function chooses(journey, smtp) {
  const page = await journey.open(linkIn(smtp), { signedIn: false });
  await journey.step("the link of the mail leads in", page, async () => {
    await page.getByLabel("Choose a password").fill(password);
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL((url) => url.pathname === "/");
  });
  await journey.step("a digest is chosen in the profile and stays", page, async () => {
    await page.goto("/settings/profile");
    await page.getByRole("combobox", { name: "Notifications by e-mail" }).click();
    await page.getByRole("option", { name: "Once a day" }).click();
    const { user } = await journey.api(page, "GET", "/boot");
    const kept = async () => (await journey.api(page, "GET", `/users/${user.id}`)).digest === "daily";
    await until(kept, "the choice is kept");
  });
  await journey.accessible(page, "profile with a digest");
  return page;
}

async function forgets(journey, smtp, colleague) {
  const page = await journey.open("/login", { signedIn: false });
  const ask = async (address) => {
    await page.goto("/login");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("E-mail").fill(address);
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByText("If there is an account with this address", { exact: false }).waitFor();
  };
  const before = smtp.mails.length;
  await journey.step("a forgotten password: the same answer for everyone", page, async () => {
    await ask("nobody@nordlicht.example");
    await ask(email);
    await until(() => smtp.mails.length === before + 1, "one mail went out");
  });
  await journey.accessible(page, "a forgotten password");
  await journey.step("a new one is chosen, and the other browser is out", page, async () => {
    await page.goto(linkIn(smtp));
    await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    await page.getByRole("textbox", { name: "Choose a password" }).fill(`${password} again`);
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    await colleague.goto("/");
    await colleague.waitForURL("**/login**");
  });
}

export async function run(journey) {
  const smtp = await startSmtp();
  try {
    const page = await journey.open("/settings/mail");
    await page.getByLabel("Server").waitFor();
    await journey.accessible(page, "mail, not set up");
    await setUp(journey, page, smtp);
    await invited(journey, page, smtp);
    await forgets(journey, smtp, await chooses(journey, smtp));
    await journey.step("no mail any more", page, async () => {
      await page.getByRole("button", { name: "Stop sending mail" }).click();
      await page.getByRole("button", { name: "Send a test mail" }).waitFor({ state: "detached" });
    });
  } finally {
    smtp.stop();
  }
}
