/**
 * How the table behaves with many rows: the longest time that no row in sight shows anything while scrolling, jumping
 * and dragging the bar, the script time of a frame, the jump to the end.
 *
 * `RAPPORT_URL=http://… RAPPORT_EMAIL=… RAPPORT_PASSWORD=… node perf.mjs` against a running server with the rows to
 * scroll (`rapport demo --people 1000000`).
 */
import { openBrowser } from "./lib/browser.mjs";

const base = process.env.RAPPORT_URL ?? "http://localhost:8080";
const blank_max_ms = 200;
const frame_max_ms = 8;
const jump_max_ms = 150;

const browser = await openBrowser();
const context = await browser.newContext({
  baseURL: base,
  viewport: { width: 1440, height: 900 },
  reducedMotion: "reduce",
});
const page = await context.newPage();
const answer = await page.request.post("/api/v1/session", {
  headers: { "X-Rapport": "1" },
  data: { email: process.env.RAPPORT_EMAIL, password: process.env.RAPPORT_PASSWORD },
});
if (!answer.ok()) {
  throw new Error(`log-in: ${answer.status()} ${await answer.text()}`);
}
await page.goto(process.env.RAPPORT_LIST ?? "/people");
await page.locator("[data-index='0'][data-id]").waitFor();
await page.waitForTimeout(1000);

/** Runs a scroll in the page and watches every frame for rows in sight that show something. */
async function watch(name) {
  return page.evaluate(async (kind) => {
    const grid = document.querySelector("[role=grid]");
    const box = grid.getBoundingClientRect();
    const blank = () =>
      ![...grid.querySelectorAll("[data-index][data-id]")].some((row) => {
        const place = row.getBoundingClientRect();
        return place.bottom > box.top + 34 && place.top < box.bottom - 32;
      });
    const end = grid.scrollHeight - grid.clientHeight;
    const wheel = (deltaY) => {
      const event = new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true });
      if (grid.dispatchEvent(event)) {
        grid.scrollTop += deltaY;
      }
    };
    const place = (top) => {
      grid.scrollTop = top;
    };
    const moves = {
      "wheel, 400 px a frame": (frame) => frame < 150 && wheel(400),
      "wheel, 4,000 px a frame": (frame) => frame < 150 && wheel(4000),
      "jumps across the list": (frame) =>
        frame < 240 && frame % 30 === 0 && place((((frame * 7919) % 240) / 240) * end),
      "bar dragged to the end and back": (frame) =>
        frame < 240 && place((frame < 120 ? frame / 120 : (240 - frame) / 120) * end),
    };
    let longest = 0;
    let since = null;
    let busiest = 0;
    for (let frame = 0; frame < 300; frame++) {
      const start = performance.now();
      moves[kind](frame);
      const now = await new Promise((resolve) => requestAnimationFrame(resolve));
      busiest = Math.max(busiest, now - start);
      if (blank()) {
        since ??= now;
        longest = Math.max(longest, now - since);
      } else {
        if (since !== null) {
          longest = Math.max(longest, now - since);
        }
        since = null;
      }
    }
    return { longest, busiest };
  }, name);
}

/** From the key press to the last row's name on the screen. */
async function jump() {
  await page.locator("[data-index] [data-column='1']").first().click();
  return page.evaluate(async () => {
    const grid = document.querySelector("[role=grid]");
    const last = Number(grid.getAttribute("aria-rowcount")) - 2;
    const start = performance.now();
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: "End", ctrlKey: true, bubbles: true, cancelable: true }));
    for (let frame = 0; frame < 600; frame++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const rows = [...grid.querySelectorAll("[data-index]")];
      if (
        rows.length > 0 &&
        rows.every((row) => row.dataset.id) &&
        (last < 0 || rows.some((row) => Number(row.dataset.index) >= last))
      ) {
        return performance.now() - start;
      }
    }
    return Number.NaN;
  });
}

/** Script time of 150 frames of scrolling, by the browser's own count. */
async function script() {
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const read = async () =>
    (await session.send("Performance.getMetrics")).metrics.find((entry) => entry.name === "ScriptDuration").value;
  await page.evaluate(() => (document.querySelector("[role=grid]").scrollTop = 0));
  await page.waitForTimeout(500);
  const before = await read();
  await watch("wheel, 400 px a frame");
  return (((await read()) - before) * 1000) / 150;
}

let failed = 0;
function report(name, value, max) {
  const bad = !(value <= max);
  failed += bad ? 1 : 0;
  console.log(`${bad ? "FAIL" : "ok  "} ${name}: ${value.toFixed(1)} ms, at most ${max}`);
}

const foot = await page.locator("[role=grid] + *, [role=grid]").first().innerText();
console.log(/[\d,.]+ People/.exec(foot)?.[0] ?? "");
for (const name of [
  "wheel, 400 px a frame",
  "wheel, 4,000 px a frame",
  "jumps across the list",
  "bar dragged to the end and back",
]) {
  report(`longest blank frame: ${name}`, (await watch(name)).longest, blank_max_ms);
}
report("jump to the last row", await jump(), jump_max_ms);
report("script a frame while scrolling", await script(), frame_max_ms);
await browser.close();
console.log(`${6 - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
