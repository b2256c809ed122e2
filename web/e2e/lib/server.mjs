/** Starts the program on a free port with an empty SQLite workspace in a temporary folder. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const start_ms = 30_000;

function binary() {
  const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const path = process.env.RAPPORT_BIN ?? join(target, "debug/rapport");
  if (!existsSync(path)) {
    throw new Error(`${path} is not there: run \`cargo build -p rapport\` first, or set RAPPORT_BIN`);
  }
  return path;
}

/** The address it says it listens on. */
function address(child, lines) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${lines.join("")}`)), start_ms);
    const read = (chunk) => {
      lines.push(String(chunk));
      const found = /http:\/\/[^\s/]+:\d+/.exec(lines.join(""));
      if (found) {
        clearTimeout(timer);
        resolve(found[0]);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", (chunk) => lines.push(String(chunk)));
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${lines.join("")}`)));
  });
}

export async function startServer() {
  if (process.env.RAPPORT_URL) {
    return { base: process.env.RAPPORT_URL.replace(/\/$/, ""), stop: async () => {} };
  }
  const data = mkdtempSync(join(tmpdir(), "rapport-e2e-"));
  const child = spawn(binary(), ["serve", "--listen", "127.0.0.1:0", "--data", data], {
    stdio: ["ignore", "pipe", "pipe"],
    // The push service of the tests is on this machine.
    env: { RAPPORT_PUSH_NETWORKS: "127.0.0.0/8", ...process.env, RAPPORT_LOG: process.env.RAPPORT_LOG ?? "warn" },
  });
  const lines = [];
  const base = (await address(child, lines)).replace("0.0.0.0", "127.0.0.1");
  child.removeAllListeners("exit");
  const stop = () =>
    new Promise((resolve) => {
      child.on("exit", () => {
        rmSync(data, { recursive: true, force: true });
        resolve();
      });
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 5000).unref();
    });
  return { base, stop, data, binary: binary() };
}
