/** Consent on a person's page: nobody asked, recorded with its wording, withdrawn for good, suppressed and lifted with a reason. */
import { until } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/");
  const person = (
    await journey.api(page, "POST", "/people", {
      given_name: "Lise",
      family_name: "Meitner",
      emails: ["lise@physics.example"],
      phones: ["+49 30 1234567"],
    })
  ).record;
  const channels = page.getByRole("region", { name: "Consent" }).getByRole("list").first();
  const email = channels.getByRole("listitem").filter({ hasText: "lise@physics.example" }).first();
  const strip = page.locator("dl").first();
  const state = async () =>
    (await journey.api(page, "GET", "/consent/check?address=lise@physics.example&channel=email")).state;

  await journey.step("nobody was asked yet", page, async () => {
    await page.goto(`/people/${person.id}`);
    await page.getByRole("tab", { name: "Consent" }).click();
    await email.getByText("Not asked yet").waitFor();
    await email.getByText("Nobody gave consent for this address.").waitFor();
  });
  await journey.accessible(page, "consent of a person who was not asked");
  await journey.step("consent is recorded with its wording, by keyboard", page, async () => {
    await email.getByRole("button", { name: "Record consent: E-mail" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Record consent" });
    await dialog.getByRole("textbox", { name: "Source in detail" }).fill("Open day");
    await dialog.getByRole("textbox", { name: "Wording" }).fill("Yes, send me the invitations.");
    await journey.accessible(page, "recording consent");
    await dialog.getByRole("button", { name: "Add to the record" }).focus();
    await page.keyboard.press("Enter");
    await email.getByText("Allowed", { exact: true }).waitFor();
    await page.getByText("Yes, send me the invitations.").first().waitFor();
    await page.getByText("Open day", { exact: false }).first().waitFor();
    await until(async () => (await state()) === "allowed", "the server says so");
  });
  await journey.step("the strip shows it", page, async () => {
    await strip.locator(".chip[data-color=green]").filter({ hasText: "E-mail" }).waitFor();
  });
  await journey.step("it is withdrawn, and that stays", page, async () => {
    await email.getByRole("button", { name: "Withdraw: E-mail" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Add to the record" }).click();
    await email.getByText("Not allowed", { exact: true }).waitFor();
    await page.getByText("Withdrawal recorded. It stays").waitFor();
    await strip.locator(".chip[data-color=red]").filter({ hasText: "E-mail" }).waitFor();
  });
  await journey.step("a suppression forbids, and an administrator lifts it with a reason", page, async () => {
    await journey.api(page, "POST", "/consents", {
      address: "lise@physics.example",
      channel: "email",
      act: "given",
      person: person.id,
    });
    await journey.api(page, "POST", "/suppressions", { address: "lise@physics.example", reason: "complaint" });
    await page.reload();
    await email.getByText("Suppressed since", { exact: false }).waitFor();
    await email.getByRole("button", { name: "Lift" }).click();
    const dialog = page.getByRole("dialog", { name: "Lift the suppression" });
    await dialog.getByRole("textbox", { name: "Why" }).fill("Called and asked for the invitations again.");
    await dialog.getByRole("button", { name: "Lift" }).click();
    await email.getByText("Allowed", { exact: true }).waitFor();
  });
  await journey.accessible(page, "consent with a ledger");
  await journey.step("a record of the ledger offers no way to change it", page, async () => {
    await page.getByRole("region", { name: "Consent" }).locator("ol a").first().click();
    await page.getByRole("heading", { level: 1, name: "lise@physics.example" }).waitFor();
    if ((await page.getByRole("button", { name: /^Edit / }).count()) > 0) {
      throw new Error("the ledger can be edited");
    }
  });
  await journey.step("a suppression of nobody's is lifted on its own page", page, async () => {
    const values = { address: "+49 30 7654321", reason: "objection", scope: "everything" };
    const { record } = await journey.api(page, "POST", "/suppressions", values);
    await page.goto(`/suppressions/${record.id}`);
    await page.getByRole("button", { name: "Lift the suppression" }).click();
    await page.getByRole("textbox", { name: "Why" }).fill("Written by mistake.");
    await page.getByRole("dialog").getByRole("button", { name: "Lift", exact: true }).click();
    await page.getByText("Lifted", { exact: false }).filter({ hasText: "Written by mistake." }).first().waitFor();
  });
  await journey.accessible(page, "a suppression");
  const phone = await journey.open(`/people/${person.id}?tab=consent`, { look: "phone" });
  await journey.step("it fits a phone", phone, async () => {
    await phone.getByText("What was agreed and withdrawn").waitFor();
    const wide = await phone.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (wide > 1) {
      throw new Error(`${wide} pixels too wide`);
    }
  });
  await journey.accessible(phone, "consent on a phone");
}
