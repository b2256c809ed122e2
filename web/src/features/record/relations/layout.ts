/** Places of the graph's nodes: the record in the middle, each step a ring around it, neighbours near one another. */
import type { GraphNode, Line } from "./data";
import { sameEnd } from "./data";

export interface Place {
  node: GraphNode;
  x: number;
  y: number;
}

export const width = 760;
export const height = 460;

/** Half axes of the rings; with one ring only there is room to spare. */
const rings = [
  [0, 0],
  [190, 125],
  [325, 200],
] as const;
const wide_ring = [310, 190] as const;
/** A ring with more than these is drawn in two rows. */
export const crowded = 12;

function around(count: number, at: number): number {
  // Begins at the top and goes with the clock.
  return (at / Math.max(count, 1)) * 2 * Math.PI - Math.PI / 2;
}

/** The first step stands in its order; whoever is a step further stands near the one that leads there. */
export function placesOf(nodes: GraphNode[], lines: Line[]): Place[] {
  const first = nodes.filter((node) => node.step === 1);
  const second = nodes.filter((node) => node.step === 2);
  const rank = (node: GraphNode) =>
    first.findIndex((near) =>
      lines.some(
        (line) =>
          (sameEnd(line.from, node) && sameEnd(line.to, near)) || (sameEnd(line.to, node) && sameEnd(line.from, near)),
      ),
    );
  const sorted = second.map((node) => ({ node, rank: rank(node) })).sort((a, b) => a.rank - b.rank);
  const put = (node: GraphNode, count: number, at: number, [a, b]: readonly [number, number]): Place => {
    const angle = around(count, at);
    // In a full ring every other one stands further in, so that names have room.
    const reach = count > crowded && Math.floor(at) % 2 === 1 ? 0.68 : 1;
    return { node, x: width / 2 + a * reach * Math.cos(angle), y: height / 2 + b * reach * Math.sin(angle) };
  };
  const inner = second.length > 0 ? rings[1] : wide_ring;
  return [
    ...nodes.filter((node) => node.step === 0).map((node) => ({ node, x: width / 2, y: height / 2 })),
    ...first.map((node, at) => put(node, first.length, at, inner)),
    ...sorted.map(({ node }, at) => put(node, sorted.length, at + 0.5, rings[2])),
  ];
}

/** A name that fits below its node. */
export function short(text: string, max = 18): string {
  return text.length > max ? `${text.slice(0, max - 1).trimEnd()}…` : text;
}
