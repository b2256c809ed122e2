/**
 * End-to-end tests: the real program with fresh data, a real browser, one file per journey.
 *
 * `node run.mjs [journey …]`. `RAPPORT_BIN` names the program (else the debug build), `RAPPORT_CHROMIUM` the browser,
 * `RAPPORT_URL` a server that runs already and is empty.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./lib/browser.mjs";
import { Journey } from "./lib/journey.mjs";
import { startServer } from "./lib/server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "out");
mkdirSync(out, { recursive: true });

const wanted = process.argv.slice(2);
const files = readdirSync(join(here, "journeys"))
  .filter((name) => name.endsWith(".mjs"))
  .sort();
// The first journey sets the workspace up; every other one needs it.
const chosen = files.filter(
  (name, index) => index === 0 || wanted.length === 0 || wanted.some((part) => name.includes(part)),
);

const server = await startServer();
const browser = await openBrowser();
const results = { passed: 0, failed: 0 };
const state = { base: server.base, out, data: server.data, binary: server.binary };
try {
  for (const file of chosen) {
    console.log(`\n${file.replace(/^\d+-|\.mjs$/g, "")}`);
    const journey = new Journey(browser, state, results);
    try {
      const { run } = await import(join(here, "journeys", file));
      await run(journey);
    } catch (error) {
      results.failed++;
      console.log(`  FAIL the journey broke off: ${error.message}`);
    } finally {
      await journey.close();
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
console.log(`\n${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed > 0 ? 1 : 0;
