/** Weighs the built UI against its budgets (gzip): fails when a part has grown too heavy. Run after `npm run build`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const out = process.env.RAPPORT_OUT ?? "dist";
const budgets = { "initial JavaScript": 230, "largest lazy chunk": 160, CSS: 40, "fonts (Latin)": 60 };

const manifest = JSON.parse(readFileSync(join(out, ".vite/manifest.json"), "utf8"));
const weigh = (file) => gzipSync(readFileSync(join(out, file)), { level: 9 }).length / 1000;

/** Every script that a chunk needs before it runs. */
function needed(name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(name)) {
    return seen;
  }
  seen.add(name);
  for (const other of chunk.imports ?? []) {
    needed(other, seen);
  }
  return seen;
}

const entry = Object.keys(manifest).find((name) => manifest[name].isEntry);
const initial = new Set([...needed(entry)].map((name) => manifest[name].file));
const assets = readdirSync(join(out, "assets"));
const scripts = assets.filter((name) => name.endsWith(".js")).map((name) => `assets/${name}`);
const sum = (files) => files.reduce((total, file) => total + weigh(file), 0);
const lazy = scripts.filter((file) => !initial.has(file)).map(weigh);

const found = {
  "initial JavaScript": sum([...initial]),
  "largest lazy chunk": Math.max(0, ...lazy),
  CSS: sum([...new Set([...needed(entry)].flatMap((name) => manifest[name].css ?? []))]),
  "fonts (Latin)": assets
    .filter((name) => name.includes("-latin-wght-"))
    .reduce((total, name) => total + readFileSync(join(out, "assets", name)).length / 1000, 0),
};

let failed = 0;
for (const [part, size] of Object.entries(found)) {
  const over = size > budgets[part];
  failed += over ? 1 : 0;
  console.log(`${over ? "FAIL" : "ok  "} ${part}: ${size.toFixed(1)} kB gzip, budget ${budgets[part]}`);
}
console.log(`${Object.keys(found).length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
