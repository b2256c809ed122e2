/** Web push in this browser: what stands in its way, its subscription, and what the server knows of it. */
import { api } from "../api/client";
import { createSavedStore } from "./store";

/** A browser that is told while the application is closed. */
export interface Device {
  id: string;
  /** SHA-256 of its address. */
  fingerprint: string;
  service: string;
  agent: string;
  created_at: string;
  delivered_at: string | null;
  /** What went wrong the last time. */
  answer: string | null;
}

export interface Devices {
  /** The key of the workspace that browsers ask for, base64url. */
  key: string;
  /** The session of this browser. */
  session: string | null;
  devices: Device[];
}

/** Why this browser cannot be told anything. */
export type Obstacle = "insecure" | "home_screen" | "unsupported" | "denied";

export const devicesKey = ["push-devices"] as const;

/** Where this browser was switched on: by whom, in which session. */
const switchedOn = createSavedStore<{ user: string; session: string | null } | null>("rapport.push", null);

interface Surroundings {
  isSecure: boolean;
  hasWorkers: boolean;
  hasPush: boolean;
  permission: string | undefined;
  agent: string;
}

function surroundings(): Surroundings {
  return {
    isSecure: window.isSecureContext,
    hasWorkers: "serviceWorker" in navigator,
    hasPush: "PushManager" in window,
    permission: "Notification" in window ? Notification.permission : undefined,
    agent: navigator.userAgent,
  };
}

/** What stands in the way; nothing where one may ask. */
export function obstacleOf(here: Surroundings = surroundings()): Obstacle | undefined {
  if (!here.isSecure) {
    return "insecure";
  }
  if (!here.hasWorkers || !here.hasPush || here.permission === undefined) {
    // There the home screen is the only place from which pages may push.
    return /iPhone|iPad/.test(here.agent) ? "home_screen" : "unsupported";
  }
  return here.permission === "denied" ? "denied" : undefined;
}

/** The bytes of base64url. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

/** Whether a subscription was made for a key. */
export function isFor(made: ArrayBuffer | null | undefined, key: string): boolean {
  const own = made ? new Uint8Array(made) : new Uint8Array();
  const wanted = bytesOf(key);
  return own.length === wanted.length && own.every((byte, at) => byte === wanted[at]);
}

/** What tells one address from another without showing it, as the server writes it. */
export async function fingerprintOf(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function loadDevices(): Promise<Devices> {
  return api.get<Devices>("/push/devices");
}

async function subscription(): Promise<PushSubscription | null> {
  const registration = obstacleOf() ? undefined : await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** The device among these that is this browser. */
export async function thisDevice(devices: Device[]): Promise<Device | undefined> {
  const made = await subscription();
  const own = made && (await fingerprintOf(made.endpoint));
  return devices.find((device) => device.fingerprint === own);
}

async function register(known: Devices, user: string): Promise<void> {
  await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const { pushManager } = await navigator.serviceWorker.ready;
  let made = await pushManager.getSubscription();
  if (made && !isFor(made.options.applicationServerKey, known.key)) {
    await made.unsubscribe();
    made = null;
  }
  made ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(known.key) });
  const { endpoint, keys } = made.toJSON();
  await api.post<Device>("/push/devices", { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth } });
  switchedOn.set({ user, session: known.session });
}

/** Asks for the permission and lets this browser be told; what stands in the way when it may not. */
export async function switchOn(user: string): Promise<Obstacle | "dismissed" | undefined> {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") {
    return permission === "denied" ? "denied" : "dismissed";
  }
  await register(await loadDevices(), user);
}

/** Forgets the subscription of this browser: nothing more can be pushed to it. */
export async function forgetHere(): Promise<void> {
  await (await subscription())?.unsubscribe();
  switchedOn.set(null);
}

/**
 * Keeps this browser and the server of one mind at the start. Devices end with their session: after a new log-in of the
 * same person the browser is named again. What was removed from elsewhere, or belongs to somebody else, ends here too.
 */
export async function syncDevice(user: string): Promise<void> {
  const mark = switchedOn.get();
  if (!mark) {
    return;
  }
  if (mark.user !== user || obstacleOf()) {
    await forgetHere();
    return;
  }
  const known = await loadDevices();
  if (await thisDevice(known.devices)) {
    switchedOn.set({ user, session: known.session });
  } else if (mark.session === known.session) {
    await forgetHere();
  } else {
    await register(known, user);
  }
}

/** Follows clicks on notifications: the service worker says where to go, and hears that this window goes there. */
export function onNotificationClick(go: (path: string) => void): () => void {
  const workers = "serviceWorker" in navigator ? navigator.serviceWorker : undefined;
  const hear = (event: MessageEvent<{ kind?: string; path?: string } | null>) => {
    const { kind, path } = event.data ?? {};
    if (kind === "open" && path?.startsWith("/")) {
      event.ports[0]?.postMessage("going");
      go(path);
    }
  };
  workers?.addEventListener("message", hear);
  return () => workers?.removeEventListener("message", hear);
}
