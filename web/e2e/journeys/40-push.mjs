/** Web push: refused and explained, switched on, tried out, told of a task, shown and clicked, removed. */
import { colleague } from "../lib/colleague.mjs";
import { until } from "../lib/journey.mjs";
import { startPush, subscribeAs } from "../lib/push.mjs";

/** Delivers messages to the service worker of a page, as the push service of its browser would. */
async function deliverer(page) {
  const cdp = await page.context().newCDPSession(page);
  let registrationId;
  cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    registrationId = registrations.find((one) => !one.isDeleted)?.registrationId ?? registrationId;
  });
  await cdp.send("ServiceWorker.enable");
  await until(() => registrationId !== undefined, "the service worker is registered");
  const origin = new URL(page.url()).origin;
  return (told) => cdp.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: JSON.stringify(told) });
}

/** What the browser shows. */
const shown = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body, tag, lang }) => ({ title, body, tag, lang }));
  });

async function switchOn(journey, page, push) {
  const here = page.getByRole("switch", { name: "On this device" });
  await journey.step("a browser that refuses is explained", page, async () => {
    await page.getByText("This browser refuses notifications from here.", { exact: false }).waitFor();
    if (!(await here.isDisabled())) {
      throw new Error("it can be switched on");
    }
  });
  await journey.accessible(page, "devices, refused");
  await page.context().grantPermissions(["notifications", "clipboard-read", "clipboard-write"]);
  await page.addInitScript(subscribeAs, push.subscription);
  await page.reload();
  await journey.step("it is switched on here and listed", page, async () => {
    await here.click({ force: true });
    await page.getByText("This device", { exact: true }).waitFor();
    await page.getByText("nothing told yet", { exact: false }).waitFor();
  });
  await journey.step("a test arrives, and only the browser can read it", page, async () => {
    await page.getByRole("button", { name: /^Send a test to/ }).click();
    await page.getByText("Sent. It appears on the device in a moment.").waitFor();
    await until(() => push.given.length === 1, "the push service has it");
    const [{ told, headers }] = push.given;
    if (told.title !== "Notifications reach this device" || !headers.authorization.startsWith("vapid t=")) {
      throw new Error(JSON.stringify({ told, headers }));
    }
    await page.getByText("last told", { exact: false }).waitFor();
  });
  await journey.accessible(page, "devices, one switched on");
  await journey.step("what its push service refuses is said", page, async () => {
    push.state.status = 403;
    await page.getByRole("button", { name: /^Send a test to/ }).click();
    await page.getByText("It was not sent. The push service said: 403").waitFor();
    push.state.status = 201;
  });
}

async function told(journey, page, push) {
  const { user } = await journey.api(page, "GET", "/boot");
  const { page: other } = await colleague(journey, page, "Pia Push", "pia@nordlicht.example");
  const { record } = await journey.api(other, "POST", "/tasks", { title: "Call the harbour", assignee: user.id });
  const about = (name) => push.given.findLast((one) => one.told.title.includes(name));
  await journey.step("a task from a colleague is pushed, urgently and for a day", page, async () => {
    await until(() => about("Call the harbour"), "the push service has it");
    const { told, headers } = about("Call the harbour");
    const wanted = { title: "Pia Push gave you Call the harbour", path: `/tasks/${record.id}` };
    if (told.title !== wanted.title || told.path !== wanted.path || headers.topic !== told.tag) {
      throw new Error(JSON.stringify({ told, headers }));
    }
    if (headers.urgency !== "high" || headers.ttl !== "86400") {
      throw new Error(JSON.stringify(headers));
    }
  });
  await page.goto("/people");
  const deliver = await deliverer(page);
  await journey.step("the service worker shows it, one for each record", page, async () => {
    const { told } = about("Call the harbour");
    await deliver({ ...told, title: "An older one" });
    await deliver(told);
    await until(async () => (await shown(page)).some((one) => one.title === told.title), "it is shown");
    const all = (await shown(page)).filter((one) => one.tag === told.tag);
    if (all.length !== 1 || all[0].lang !== "en") {
      throw new Error(JSON.stringify(all));
    }
  });
  await journey.step("a click leads the open window there and marks it as read", page, async () => {
    const worker = page.context().serviceWorkers()[0] ?? (await page.context().waitForEvent("serviceworker"));
    await worker.evaluate(async (tag) => {
      const [notification] = await self.registration.getNotifications({ tag });
      const event = new NotificationEvent("notificationclick", { notification });
      // An event of a script has no time of its own to wait for.
      Object.defineProperty(event, "waitUntil", { value: (work) => work });
      self.dispatchEvent(event);
    }, about("Call the harbour").told.tag);
    await page.waitForURL(`**/tasks/${record.id}`);
    const id = about("Call the harbour").told.notification;
    const read = async () => {
      const { notifications } = await journey.api(page, "GET", "/notifications");
      return notifications.find((one) => one.id === id)?.read;
    };
    await until(read, "it is read");
    const left = await shown(page);
    if (left.some((one) => one.tag === about("Call the harbour").told.tag)) {
      throw new Error(JSON.stringify(left));
    }
  });
  return other;
}

async function chosen(journey, page, push, other) {
  const { user } = await journey.api(page, "GET", "/boot");
  await journey.step("a kind that is not wanted on devices is told here alone", page, async () => {
    await page.goto("/settings/profile");
    const field = page.getByRole("combobox", { name: "Not on devices" });
    await field.click();
    await page.getByRole("option", { name: "Assignments" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "On your devices" }).click();
    const kept = async () => (await journey.api(page, "GET", `/users/${user.id}`)).unpushed?.includes("assigned");
    await until(kept, "the choice is kept");
    const before = push.given.length;
    const { unread } = await journey.api(page, "GET", "/notifications?unread=true");
    await journey.api(other, "POST", "/tasks", { title: "Quietly", assignee: user.id });
    const listed = async () => (await journey.api(page, "GET", "/notifications?unread=true")).unread === unread + 1;
    await until(listed, "it is in the list");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    if (push.given.length !== before) {
      throw new Error(JSON.stringify(push.given.at(-1).told));
    }
    await journey.api(page, "PATCH", `/users/${user.id}`, { unpushed: [] });
  });
}

export async function run(journey) {
  const push = await startPush();
  try {
    const page = await journey.open("/settings/profile");
    await switchOn(journey, page, push);
    const other = await told(journey, page, push);
    await chosen(journey, page, push, other);
    await journey.step("removed, it is told nothing more", page, async () => {
      await page.goto("/settings/profile");
      await page.getByRole("button", { name: /^Remove / }).click();
      await page.getByText("This device", { exact: true }).waitFor({ state: "detached" });
      if (await page.getByRole("switch", { name: "On this device" }).isChecked()) {
        throw new Error("it still looks switched on");
      }
      const { devices } = await journey.api(page, "GET", "/push/devices");
      if (devices.length !== 0) {
        throw new Error(JSON.stringify(devices));
      }
    });
  } finally {
    push.stop();
  }
}
