/**
 * How the table behaves with many rows: the longest time that rows in sight show nothing, and the longest time that they
 * stand still, while scrolling, jumping and dragging the bar; the script time of a frame; the jump to the end.
 *
 * `RAPPORT_URL=http://… RAPPORT_EMAIL=… RAPPORT_PASSWORD=… node perf.mjs` against a running server with the rows to
 * scroll (`rapport demo --people 1000000`).
 */
import { openBrowser } from "./lib/browser.mjs";

const base = process.env.RAPPORT_URL ?? "http://localhost:8080";
const blank_max_ms = 200;
// Rows of another place stand in no longer than this (`hold_ms` of the grid).
const still_max_ms = 400;
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

const moves = {
  "wheel, 400 px a frame": { wheel: 400 },
  "wheel, 4,000 px a frame": { wheel: 4000 },
  "jumps across the list": { jumps: true },
  "bar dragged to the end and back": { drag: true },
};

/** Makes `scrollFrame(move, frame)` in the page: moves the list for one frame and says whether it goes on moving. */
await page.evaluate(() => {
  const grid = document.querySelector("[role=grid]");
  const end = grid.scrollHeight - grid.clientHeight;
  const wheel = (deltaY) => {
    const event = new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true });
    if (grid.dispatchEvent(event)) {
      grid.scrollTop += deltaY;
    }
  };
  window.scrollFrame = (move, frame) => {
    if (move.wheel && frame < 150) {
      wheel(move.wheel);
      return true;
    }
    if (move.jumps && frame < 240 && frame % 30 === 0) {
      grid.scrollTop = (((frame * 7919) % 240) / 240) * end;
    } else if (move.drag && frame < 240) {
      grid.scrollTop = (frame < 120 ? frame / 120 : (240 - frame) / 120) * end;
      return true;
    }
    return false;
  };
});

/**
 * Runs a scroll in the page and watches every frame. `blank`: no row in sight shows anything. `gap`: the row in the
 * middle shows nothing. `still`: the list moves on and the row in the middle stays the same, or shows nothing.
 */
function watch(move) {
  return page.evaluate(async (kind) => {
    const grid = document.querySelector("[role=grid]");
    const box = grid.getBoundingClientRect();
    const longest = { blank: 0, gap: 0, still: 0 };
    const since = {};
    const note = (name, is, now) => {
      if (since[name] !== undefined) {
        longest[name] = Math.max(longest[name], now - since[name]);
      }
      since[name] = is ? (since[name] ?? now) : undefined;
    };
    let shown;
    for (let frame = 0; frame < 300; frame++) {
      const moving = window.scrollFrame(kind, frame);
      const now = await new Promise((resolve) => requestAnimationFrame(resolve));
      const places = [...grid.querySelectorAll("[data-index]")].map((row) => [row, row.getBoundingClientRect()]);
      const inSight = places.filter(([, place]) => place.bottom > box.top + 34 && place.top < box.bottom - 32);
      const middle = (box.top + box.bottom) / 2;
      const id = inSight.find(([, place]) => place.top <= middle && place.bottom >= middle)?.[0].dataset.id;
      note("blank", !inSight.some(([row]) => row.dataset.id), now);
      note("gap", id === undefined, now);
      note("still", moving && (id === undefined || id === shown), now);
      if (id !== shown && id !== undefined) {
        // Another row is there: what stood still until now has moved.
        since.still = undefined;
        shown = id;
      }
    }
    return longest;
  }, move);
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

/**
 * Script time of 150 frames of scrolling, by the browser's own count: time on the processor, so that other programs on
 * the machine do not count. Nothing is watched meanwhile.
 */
async function script() {
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () =>
    (await session.send("Performance.getMetrics")).metrics.find((entry) => entry.name === "ScriptDuration").value;
  await page.evaluate(() => (document.querySelector("[role=grid]").scrollTop = 0));
  await page.waitForTimeout(500);
  const before = await read();
  await page.evaluate(async (move) => {
    for (let frame = 0; frame < 150; frame++) {
      window.scrollFrame(move, frame);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, moves["wheel, 400 px a frame"]);
  await page.waitForTimeout(500);
  return (((await read()) - before) * 1000) / 150;
}

let passed = 0;
let failed = 0;
function report(name, value, max) {
  const bad = !(value <= max);
  failed += bad ? 1 : 0;
  passed += bad ? 0 : 1;
  console.log(`${bad ? "FAIL" : "ok  "} ${name}: ${value.toFixed(1)} ms, at most ${max}`);
}

const foot = await page.locator("[role=grid] + *, [role=grid]").first().innerText();
console.log(/[\d,.]+ People/.exec(foot)?.[0] ?? "");
for (const [name, move] of Object.entries(moves)) {
  const { blank, gap, still } = await watch(move);
  report(`longest without any row: ${name}`, blank, blank_max_ms);
  report(`longest gap in the middle: ${name}`, gap, blank_max_ms);
  report(`longest standstill: ${name}`, still, still_max_ms);
}
report("jump to the last row", await jump(), jump_max_ms);
report("script a frame while scrolling", await script(), frame_max_ms);
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
