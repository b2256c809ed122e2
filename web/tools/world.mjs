/**
 * Makes `src/ui/map/world.json`, the outlines of countries, out of Natural Earth's 1:50m boundaries (public domain).
 *
 * `node tools/world.mjs FOLDER`: a folder in which the packages `world-atlas` 2 and `i18n-iso-countries` 7 are installed.
 * Neither is needed to build the UI. See docs/decisions/0009-outlines-of-countries.md.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) {
  console.error("Name the folder in which world-atlas and i18n-iso-countries are installed.");
  process.exit(1);
}
const require = createRequire(join(folder, "package.json"));
const world = require("world-atlas/countries-50m.json");
const iso = require("i18n-iso-countries");

/** Units of a degree, and how far a line may leave the true one, in degrees. */
const units = 50;
const tolerance = 0.05;
/** Islands smaller than this are left out where their country has larger land, in square degrees. */
const island_min = 0.02;
/** Areas that the numbers of ISO 3166 do not name. */
const own = { Kosovo: "XK", Somaliland: "SO", "N. Cyprus": "CY", "Indian Ocean Ter.": "CX" };

function pointsOf(arc) {
  let [x, y] = [0, 0];
  const { scale, translate } = world.transform;
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}

function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** Leaves out the points that lie near the line between those that stay. */
function simplified(points) {
  let [far, at] = [0, 0];
  const [first, last] = [points[0], points.at(-1)];
  for (let index = 1; index < points.length - 1; index++) {
    const away = distance(points[index], first, last);
    if (away > far) {
      [far, at] = [away, index];
    }
  }
  if (far <= tolerance) {
    return [first, last];
  }
  return [...simplified(points.slice(0, at + 1)).slice(0, -1), ...simplified(points.slice(at))];
}

/** A closed line has no ends to measure from: it is cut at its farthest point. */
function thinned(points) {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < 4 || Math.hypot(first[0] - last[0], first[1] - last[1]) > 1e-9) {
    return simplified(points);
  }
  const away = points.map((point) => Math.hypot(point[0] - first[0], point[1] - first[1]));
  const at = away.indexOf(Math.max(...away));
  return [...simplified(points.slice(0, at + 1)).slice(0, -1), ...simplified(points.slice(at))];
}

const exact = world.arcs.map(pointsOf);
const arcs = exact.map(thinned);

/** The points of a closed line; one over the date line goes on beyond 180 degrees. */
function ring(list) {
  const points = list.flatMap((arc, index) => {
    const line = arc < 0 ? [...exact[~arc]].reverse() : exact[arc];
    return index === 0 ? line : line.slice(1);
  });
  let turn = 0;
  return points.map(([x, y], index) => {
    const before = points[index - 1]?.[0] ?? x;
    turn += x - before > 180 ? -360 : before - x > 180 ? 360 : 0;
    return [x + turn, y];
  });
}

function area(points) {
  let sum = 0;
  for (let index = 0; index < points.length - 1; index++) {
    sum += points[index][0] * points[index + 1][1] - points[index + 1][0] * points[index][1];
  }
  return sum / 2;
}

function centre(points) {
  const all = area(points);
  let [x, y] = [0, 0];
  for (let index = 0; index < points.length - 1; index++) {
    const [[ax, ay], [bx, by]] = [points[index], points[index + 1]];
    const cross = ax * by - bx * ay;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return all === 0 ? points[0] : [x / (6 * all), y / (6 * all)];
}

const found = {};
for (const geometry of world.objects.countries.geometries) {
  const code = own[geometry.properties.name] ?? iso.numericToAlpha2(geometry.id);
  // Antarctica has no addresses and would take a third of the map.
  if (!code || code === "AQ") {
    continue;
  }
  const shapes = geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs;
  found[code] = [...(found[code] ?? []), ...shapes];
}

const countries = {};
const used = new Map();
for (const [code, shapes] of Object.entries(found).sort(([a], [b]) => a.localeCompare(b))) {
  const sized = shapes
    .map((shape) => ({ shape, size: Math.abs(area(ring(shape[0]))) }))
    .sort((a, b) => b.size - a.size);
  const kept = sized.filter(({ size }, index) => index === 0 || size >= island_min);
  const number = (arc) => {
    const index = arc < 0 ? ~arc : arc;
    if (!used.has(index)) {
      used.set(index, used.size);
    }
    return arc < 0 ? ~used.get(index) : used.get(index);
  };
  const [x, y] = centre(ring(sized[0].shape[0]));
  countries[code] = {
    at: [Math.round(x * 100) / 100, Math.round(y * 100) / 100],
    shapes: kept.map(({ shape }) => shape.map((line) => line.map(number))),
  };
}
const lines = [...used.keys()].map((index) => {
  let [x, y] = [0, 0];
  const steps = [];
  for (const [lon, lat] of arcs[index]) {
    const [qx, qy] = [Math.round(lon * units), Math.round(lat * units)];
    if (steps.length === 0 || qx !== x || qy !== y) {
      steps.push(qx - x, qy - y);
    }
    [x, y] = [qx, qy];
  }
  return steps;
});
writeFileSync(
  join(import.meta.dirname, "../src/ui/map/world.json"),
  `${JSON.stringify({ units, arcs: lines, countries })}\n`,
);
console.log(`${Object.keys(countries).length} countries, ${lines.length} lines, ${lines.flat().length / 2} points`);
