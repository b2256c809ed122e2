/** Places of the graph's nodes. */
import { expect, test } from "vitest";
import type { GraphNode } from "./data";
import { height, placesOf, short, width } from "./layout";

const node = (id: string, step: number): GraphNode => ({ object: "person", id, title: id, step });

test("the record stands in the middle, every other one inside the picture at a place of its own", () => {
  const nodes = [node("a", 0), ...[..."bcdefg"].map((id) => node(id, 1)), ...[..."hijkl"].map((id) => node(id, 2))];
  const places = placesOf(nodes, []);
  expect(places[0]).toMatchObject({ x: width / 2, y: height / 2 });
  expect(new Set(places.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)).size).toBe(nodes.length);
  expect(places.every(({ x, y }) => x > 0 && x < width && y > 0 && y < height)).toBe(true);
});

test("whoever is two steps away stands in the order of those who lead there", () => {
  const ends = (from: string, to: string) => ({
    object: "relationship",
    id: from,
    from: { object: "person", id: from },
    to: { object: "person", id: to },
    kind: "friend",
    left: false,
  });
  const nodes = [node("a", 0), node("b", 1), node("c", 1), node("y", 2), node("z", 2)];
  const places = placesOf(nodes, [ends("y", "c"), ends("b", "z")]);
  expect(places.slice(3).map((place) => place.node.id)).toEqual(["z", "y"]);
});

test("long names are cut", () => {
  expect(short("Emmy Noether")).toBe("Emmy Noether");
  expect(short("Amalie Emmy Noether-Gordan")).toBe("Amalie Emmy Noeth…");
});
