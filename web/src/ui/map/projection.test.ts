/** Where things lie on the map, what stands together, and that the outlines are whole. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  bounds,
  clusters,
  fitting,
  held,
  markerSize,
  onScreen,
  outlines,
  project,
  type World,
  whole,
  zoomed,
} from "./projection";

const size = { width: 720, height: 480 };
const world: World = JSON.parse(readFileSync(join(import.meta.dirname, "world.json"), "utf8"));

describe("the map", () => {
  it("puts east to the right and north to the top", () => {
    const [berlin, lisbon] = [project(13.4, 52.5), project(-9.1, 38.7)];
    expect(berlin.x).toBeGreaterThan(lisbon.x);
    expect(berlin.y).toBeLessThan(lisbon.y);
    expect(project(0, 0).y).toBeCloseTo(0);
  });
  it("is whole at first, and never pushed off", () => {
    const all = whole(size);
    expect(onScreen({ x: bounds.left, y: 0 }, all, size).x).toBeGreaterThanOrEqual(-0.01);
    expect(held({ x: 500, y: -900, scale: 10 }, size).x).toBe(180 - 36);
    expect(held({ x: 0, y: 0, scale: 0.001 }, size).scale).toBe(all.scale);
  });
  it("keeps the place below the pointer when it comes nearer", () => {
    const place = project(13.4, 52.5);
    const before = held({ x: 10, y: -50, scale: 8 }, size);
    const at = onScreen(place, before, size);
    const after = onScreen(place, zoomed(before, size, 2, at), size);
    expect(after.x).toBeCloseTo(at.x);
    expect(after.y).toBeCloseTo(at.y);
  });
  it("shows all that is to be in sight", () => {
    const places = [project(13.4, 52.5), project(2.3, 48.9)];
    const sight = fitting(places, size, 100);
    for (const place of places) {
      const { x, y } = onScreen(place, sight, size);
      expect(x > 0 && x < size.width && y > 0 && y < size.height).toBe(true);
    }
  });
  it("puts spots together that would cover each other, and parts them nearer by", () => {
    const spots = [
      { key: "berlin", longitude: 13.4, latitude: 52.5, count: 3 },
      { key: "potsdam", longitude: 13.1, latitude: 52.4, count: 1 },
      { key: "lisbon", longitude: -9.1, latitude: 38.7, count: 2 },
    ];
    const far = clusters(spots, held({ x: 5, y: -50, scale: 10 }, size), size);
    expect(far.map(({ key, count }) => [key, count])).toEqual([
      ["berlin", 4],
      ["lisbon", 2],
    ]);
    expect(clusters(spots, { x: 13.2, y: project(0, 52.4).y, scale: 400 }, size)).toHaveLength(2);
    expect(markerSize(1)).toBe(24);
    expect(markerSize(1_000_000)).toBe(44);
  });
});

describe("the outlines", () => {
  const made = outlines(world);
  const of = (code: string) => made.find((outline) => outline.code === code);
  it("are there for large countries and for small ones", () => {
    for (const code of ["DE", "US", "SG", "MT", "LI", "XK"]) {
      expect(of(code)?.path.length).toBeGreaterThan(10);
    }
  });
  it("never run across the map where a country lies on both sides of the date line", () => {
    const rings = of("RU")?.path.split("M").filter(Boolean) ?? [];
    for (const ring of rings) {
      const xs = ring
        .replace("Z", "")
        .split("L")
        .map((point) => Number(point.split(" ")[0]));
      for (let at = 1; at < xs.length; at++) {
        expect(Math.abs((xs[at] ?? 0) - (xs[at - 1] ?? 0))).toBeLessThan(90);
      }
    }
  });
  it("have their markers within the map", () => {
    for (const { at } of made) {
      expect(Math.abs(at.longitude)).toBeLessThanOrEqual(180);
      expect(Math.abs(at.latitude)).toBeLessThan(85);
    }
  });
});
