/** The arithmetic of the map: Mercator's projection in degrees, outlines as paths, markers that stand together, what fits into sight. Pure. */

export interface World {
  /** Units of a degree. */
  units: number;
  /** Lines as steps from point to point, shared by the countries on both their sides. */
  arcs: number[][];
  countries: { [code: string]: { at: [number, number]; shapes: number[][][] } };
}

export interface Point {
  x: number;
  y: number;
}

/** As far north and south as the map goes. */
const north = 82;
const south = -58;

/** A place of the earth as a place of the map: degrees, to the east and to the south. */
export function project(longitude: number, latitude: number): Point {
  const safe = Math.max(-85, Math.min(85, latitude));
  const y = (Math.log(Math.tan(Math.PI / 4 + (safe * Math.PI) / 360)) * 180) / Math.PI;
  return { x: longitude, y: -y };
}

export const bounds = { left: -180, right: 180, top: project(0, north).y, bottom: project(0, south).y };

type Line = [number, number][];

function lineOf(steps: number[], units: number): Line {
  const points: Line = [];
  let [x, y] = [0, 0];
  for (let at = 0; at + 1 < steps.length; at += 2) {
    x += steps[at] ?? 0;
    y += steps[at + 1] ?? 0;
    points.push([x / units, y / units]);
  }
  return points;
}

/** A closed line of arcs; one over the date line goes on beyond 180 degrees. */
export function ringOf(arcs: number[], lines: Line[]): Line {
  const ring: Line = [];
  let turn = 0;
  for (const arc of arcs) {
    const line = lines[arc < 0 ? ~arc : arc] ?? [];
    const points = arc < 0 ? line.toReversed() : line;
    for (const [x, y] of ring.length > 0 ? points.slice(1) : points) {
      const before = ring.at(-1)?.[0];
      if (before !== undefined) {
        turn += x + turn - before > 180 ? -360 : before - x - turn > 180 ? 360 : 0;
      }
      ring.push([x + turn, y]);
    }
  }
  return ring;
}

function pathOf(ring: Line, shift: number): string {
  const points = ring.map(([longitude, latitude]) => {
    const { x, y } = project(longitude + shift, latitude);
    return `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`;
  });
  return points.length > 2 ? `M${points.join("L")}Z` : "";
}

export interface Outline {
  code: string;
  path: string;
  /** Where its marker stands. */
  at: { longitude: number; latitude: number };
}

/** The countries as paths of an SVG. What lies beyond the date line is drawn on the other side as well. */
export function outlines(world: World): Outline[] {
  const lines = world.arcs.map((steps) => lineOf(steps, world.units));
  return Object.entries(world.countries).map(([code, { at, shapes }]) => {
    const rings = shapes.flatMap((shape) => shape.map((arcs) => ringOf(arcs, lines)));
    const path = rings.flatMap((ring) => {
      const over = ring.some(([x]) => x > 180) ? -360 : ring.some(([x]) => x < -180) ? 360 : 0;
      return over ? [pathOf(ring, 0), pathOf(ring, over)] : [pathOf(ring, 0)];
    });
    return { code, path: path.join(""), at: { longitude: at[0], latitude: at[1] } };
  });
}

/** Something at a place: a record, or all records of a country. */
export interface Spot {
  key: string;
  longitude: number;
  latitude: number;
  count: number;
}

/** What is in sight: the place in the middle, and pixels of a degree. */
export interface Sight {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

export const scale_max = 4000;

/** Where a place of the map is on the screen. */
export function onScreen(place: Point, sight: Sight, size: Size): Point {
  return {
    x: (place.x - sight.x) * sight.scale + size.width / 2,
    y: (place.y - sight.y) * sight.scale + size.height / 2,
  };
}

/** The sight that shows all of the given places, not nearer than `most`. */
export function fitting(places: Point[], size: Size, most: number): Sight {
  const xs = places.map(({ x }) => x);
  const ys = places.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = 0.8;
  const scale = Math.min(
    most,
    (size.width * room) / Math.max(right - left, 0.01),
    (size.height * room) / Math.max(bottom - top, 0.01),
  );
  return held({ x: (left + right) / 2, y: (top + bottom) / 2, scale }, size);
}

/** The whole map. */
export function whole(size: Size): Sight {
  const scale = Math.max(
    Math.min(size.width / (bounds.right - bounds.left), size.height / (bounds.bottom - bounds.top)),
    0.1,
  );
  return { x: 0, y: (bounds.top + bounds.bottom) / 2, scale };
}

/** Keeps the map under the window: never smaller than whole, never pushed off. */
export function held(sight: Sight, size: Size): Sight {
  const scale = Math.max(whole(size).scale, Math.min(scale_max, sight.scale));
  const within = (value: number, low: number, high: number, room: number) => {
    const half = Math.min(room / scale / 2, (high - low) / 2);
    return Math.max(low + half, Math.min(high - half, value));
  };
  return {
    x: within(sight.x, bounds.left, bounds.right, size.width),
    y: within(sight.y, bounds.top, bounds.bottom, size.height),
    scale,
  };
}

/** Nearer or farther, with the place at a point of the screen staying there. */
export function zoomed(sight: Sight, size: Size, by: number, at: Point): Sight {
  const scale = Math.max(whole(size).scale, Math.min(scale_max, sight.scale * by));
  const [dx, dy] = [at.x - size.width / 2, at.y - size.height / 2];
  return held({ x: sight.x + dx / sight.scale - dx / scale, y: sight.y + dy / sight.scale - dy / scale, scale }, size);
}

export interface Cluster {
  key: string;
  x: number;
  y: number;
  count: number;
  spots: Spot[];
}

/** Markers nearer to each other than this become one. */
export const near_px = 44;

/** Spots that would cover each other on the screen stand together, around the largest of them. */
export function clusters(spots: Spot[], sight: Sight, size: Size): Cluster[] {
  const found: Cluster[] = [];
  for (const spot of spots.toSorted((a, b) => b.count - a.count || a.key.localeCompare(b.key))) {
    const { x, y } = onScreen(project(spot.longitude, spot.latitude), sight, size);
    const margin = near_px;
    if (x < -margin || y < -margin || x > size.width + margin || y > size.height + margin) {
      continue;
    }
    const near = found.find((cluster) => Math.hypot(cluster.x - x, cluster.y - y) < near_px);
    if (near) {
      near.spots.push(spot);
      near.count += spot.count;
    } else {
      found.push({ key: spot.key, x, y, count: spot.count, spots: [spot] });
    }
  }
  return found;
}

/** How large a marker is drawn. */
export function markerSize(count: number): number {
  return count <= 1 ? 24 : Math.min(44, Math.round(24 + Math.log10(count) * 8));
}
