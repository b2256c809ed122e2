/**
 * Shows what the server pushes while the application is closed, and leads to it. It answers no requests and keeps no
 * files: what the browser shows always comes from the server.
 */

const devices = "/api/v1/push/devices";
const headers = { "content-type": "application/json", "x-rapport": "1" };
/** How long an open window may take to say that it goes to the record by itself. */
const answer_ms = 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** What was pushed; browsers want something shown even when it cannot be read. */
function read(data) {
  try {
    const told = data.json();
    return typeof told?.title === "string" ? told : { title: "Rapport" };
  } catch {
    return { title: "Rapport" };
  }
}

self.addEventListener("push", (event) => {
  const told = read(event.data);
  const shown = self.registration.showNotification(told.title, {
    body: told.text || undefined,
    lang: told.lang,
    // One for each record: the newer one takes the place of the older one, and is heard again.
    tag: told.tag || "rapport",
    renotify: true,
    icon: "/icon-192.png",
    badge: "/badge-96.png",
    data: { path: told.path, notification: told.notification },
  });
  event.waitUntil(shown);
});

/** A path of this application; anything else is its start. */
function pathOf(data) {
  try {
    const url = new URL(data?.path ?? "/", self.location.origin);
    return url.origin === self.location.origin ? url.pathname + url.search : "/";
  } catch {
    return "/";
  }
}

/** Whether a window goes to a path by itself, without loading anew: one that shows the log-in does not. */
function goes(client, path) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    const timer = setTimeout(() => resolve(false), answer_ms);
    channel.port1.onmessage = () => {
      clearTimeout(timer);
      resolve(true);
    };
    client.postMessage({ kind: "open", path }, [channel.port2]);
  });
}

async function lead(data) {
  const path = pathOf(data);
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const visible = open.find((client) => client.visibilityState === "visible");
  const window = open.find((client) => client.focused) ?? visible ?? open[0];
  if (!window) {
    await self.clients.openWindow(path);
    return;
  }
  await window.focus().catch(() => undefined);
  if (!(await goes(window, path))) {
    await window.navigate(path).catch(() => self.clients.openWindow(path));
  }
}

async function markRead(id) {
  if (id) {
    await fetch("/api/v1/notifications/read", { method: "POST", headers, body: JSON.stringify({ ids: [id] }) }).catch(
      () => undefined,
    );
  }
}

self.addEventListener("notificationclick", (event) => {
  const { data } = event.notification;
  event.notification.close();
  event.waitUntil(Promise.all([lead(data), markRead(data?.notification)]));
});

/** The push service gives the browser another address: the server is told, in the session of this browser. */
async function renew(event) {
  const known = await fetch(devices);
  if (!known.ok) {
    return;
  }
  const { key } = await known.json();
  const bytes = Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const options = { userVisibleOnly: true, applicationServerKey: bytes };
  const fresh = event.newSubscription ?? (await self.registration.pushManager.subscribe(options));
  const { endpoint, keys } = fresh.toJSON();
  const body = { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth }, replaces: event.oldSubscription?.endpoint };
  await fetch(devices, { method: "POST", headers, body: JSON.stringify(body) });
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
