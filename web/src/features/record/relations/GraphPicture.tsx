/** The graph as a picture: nodes are links, reached with Tab like any other; whoever left is faded. */
import { useNavigate } from "@tanstack/react-router";
import { recordAddress } from "../../../app/navigation";
import { findObject } from "../../../app/query";
import { t } from "../../../i18n";
import { type Graph, sameEnd, wordOf } from "./data";
import { crowded, height, type Place, placesOf, short, width } from "./layout";
import classes from "./relations.module.css";

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? "") + (words.length > 1 ? (words.at(-1)?.[0] ?? "") : "")).toUpperCase();
}

function Node({ place, left, full }: { place: Place; left: boolean; full: boolean }) {
  const { node, x, y } = place;
  const navigate = useNavigate();
  const object = findObject(node.object);
  if (!object) {
    return null;
  }
  const href = recordAddress(object, node.id);
  const size = node.step === 0 ? 24 : full ? 14 : 18;
  // What is drawn as text stands beside the link: its name is said whole, not cut as in the picture.
  return (
    <g>
      <a
        href={href}
        className={classes.mark}
        data-here={node.step === 0 || undefined}
        data-left={left || undefined}
        aria-label={`${node.title}, ${object.label}`}
        onClick={(event) => {
          if (!event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
            event.preventDefault();
            void navigate({ to: href });
          }
        }}
      >
        {node.object === "company" ? (
          <rect x={x - size} y={y - size} width={size * 2} height={size * 2} rx={6} />
        ) : (
          <circle cx={x} cy={y} r={size} />
        )}
      </a>
      <g className={classes.words} data-left={left || undefined} aria-hidden>
        <text x={x} y={y + 4} className={classes.initials}>
          {initials(node.title)}
        </text>
        <text x={x} y={y + size + 13} className={classes.name}>
          {short(node.title, full && node.step > 0 ? 13 : 18)}
        </text>
      </g>
    </g>
  );
}

export function GraphPicture({ graph }: { graph: Graph }) {
  const places = placesOf(graph.nodes, graph.lines);
  const find = (end: { object: string; id: string }) => places.find((place) => sameEnd(place.node, end));
  const drawn = graph.lines.flatMap((line) => {
    const [from, to] = [find(line.from), find(line.to)];
    return from && to ? [{ line, from, to }] : [];
  });
  const leftOf = ({ node }: Place) => {
    const own = graph.lines.filter((line) => sameEnd(line.from, node) || sameEnd(line.to, node));
    return node.step > 0 && own.length > 0 && own.every((line) => line.left);
  };
  return (
    <div className={classes.picture}>
      {/* Grouped, not a picture: what is inside can be reached. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot hold a drawing */}
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label={t("relations.picture")}>
        {drawn.map(({ line, from, to }) => (
          <g
            key={`${line.object}${line.id}${line.kind}${line.from.id}${line.to.id}`}
            className={classes.edge}
            data-left={line.left || undefined}
            aria-hidden
          >
            <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
            {drawn.length <= 16 && (
              <text x={from.x * 0.5 + to.x * 0.5} y={from.y * 0.5 + to.y * 0.5 - 3}>
                {short(wordOf(line), 22)}
              </text>
            )}
          </g>
        ))}
        {places.map((place) => (
          <Node
            key={`${place.node.object}${place.node.id}`}
            place={place}
            left={leftOf(place)}
            full={places.length > crowded}
          />
        ))}
      </svg>
    </div>
  );
}
