/** Finds and opens Chromium. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function executable() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = process.env.RAPPORT_CHROMIUM ?? folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (!found) {
    throw new Error("there is no Chromium: install it (apt-get install chromium) or set RAPPORT_CHROMIUM");
  }
  return found;
}

export function openBrowser() {
  return chromium.launch({ executablePath: executable(), args: flags });
}
