/** A push service of the tests, and the keys of a browser that subscribed there: reads what it is given (RFC 8291). */
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";

export async function startPush() {
  const keys = createECDH("prime256v1");
  const point = keys.generateKeys();
  const auth = randomBytes(16);
  const given = [];
  const state = { status: 201 };

  const read = (message) => {
    const salt = message.subarray(0, 16);
    const sender = message.subarray(21, 21 + message[20]);
    const sealed = message.subarray(21 + message[20]);
    const expand = (secret, seed, info, length) => Buffer.from(hkdfSync("sha256", secret, seed, info, length));
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), point, sender]);
    const material = expand(keys.computeSecret(sender), auth, info, 32);
    const key = expand(material, salt, "Content-Encoding: aes128gcm\0", 16);
    const nonce = expand(material, salt, "Content-Encoding: nonce\0", 12);
    const cipher = createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    return JSON.parse(text.subarray(0, text.lastIndexOf(2)).toString("utf8"));
  };

  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      given.push({ headers: request.headers, told: read(Buffer.concat(parts)) });
      response.writeHead(state.status).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const subscription = {
    endpoint: `http://127.0.0.1:${server.address().port}/device`,
    p256dh: point.toString("base64url"),
    auth: auth.toString("base64url"),
  };
  return { given, state, subscription, stop: () => server.close() };
}

/** Runs in a page: subscribing there gives this subscription, since the browser of the tests has no push service. */
export function subscribeAs({ endpoint, p256dh, auth }) {
  const kept = "test.subscription";
  const made = (bytes) => ({
    endpoint,
    options: { applicationServerKey: Uint8Array.from(bytes).buffer },
    toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
    unsubscribe: async () => {
      localStorage.removeItem(kept);
      return true;
    },
  });
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 65) {
      throw new DOMException("no key");
    }
    localStorage.setItem(kept, JSON.stringify([...applicationServerKey]));
    return made(applicationServerKey);
  };
  PushManager.prototype.getSubscription = async () => {
    const bytes = localStorage.getItem(kept);
    return bytes ? made(JSON.parse(bytes)) : null;
  };
}
