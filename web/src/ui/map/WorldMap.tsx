/** The map: countries, and markers that stand together where they would cover each other. Drawn here, asked of nobody else. */
import { IconMinus, IconPlus, IconWorld } from "@tabler/icons-react";
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { t } from "../../i18n";
import { formatCompact, formatNumber } from "../../i18n/format";
import classes from "./map.module.css";
import {
  type Cluster,
  clusters,
  fitting,
  held,
  markerSize,
  type Outline,
  type Point,
  project,
  type Sight,
  type Size,
  type Spot,
  whole,
  zoomed,
} from "./projection";

interface Props {
  outlines: Outline[];
  spots: Spot[];
  /** Countries that have something, with how much. */
  counts: Map<string, number>;
  /** The country that is looked at. */
  chosen: string | undefined;
  /** What the spots are of, once all of them are there: something else is brought into sight whole. */
  shows: string | undefined;
  nameOf: (spot: Spot) => string;
  onSpot: (spot: Spot) => void;
  onCountry: (code: string) => void;
}

const step = 1.6;
/** One place alone is not looked at from nearer. */
const near_scale = 60;
const click_px = 4;

function useSize(box: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const measure = () => setSize({ width: element.clientWidth || 800, height: element.clientHeight || 500 });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return size;
}

/** Hands on the map: one moves it, two bring it nearer. */
function useHands(size: Size | null, set: (change: (sight: Sight) => Sight) => void) {
  const hands = useRef(new Map<number, Point>());
  const gone = useRef(0);
  const place = (event: PointerEvent<HTMLElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const apart = () => {
    const [a, b] = [...hands.current.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  return {
    /** Whether the last press was only that. */
    still: () => gone.current < click_px,
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (hands.current.size === 0) {
        gone.current = 0;
      }
      hands.current.set(event.pointerId, place(event));
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const before = hands.current.get(event.pointerId);
      if (!before || !size) {
        return;
      }
      const now = place(event);
      const [dx, dy] = [now.x - before.x, now.y - before.y];
      gone.current += Math.hypot(dx, dy);
      if (gone.current >= click_px && !event.currentTarget.hasPointerCapture(event.pointerId)) {
        event.currentTarget.setPointerCapture(event.pointerId);
      }
      const was = apart();
      hands.current.set(event.pointerId, now);
      const is = apart();
      if (was > 0 && is > 0) {
        const [a, b] = [...hands.current.values()];
        const middle = a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : now;
        set((sight) => zoomed(sight, size, is / was, middle));
      } else {
        set((sight) => held({ ...sight, x: sight.x - dx / sight.scale, y: sight.y - dy / sight.scale }, size));
      }
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => hands.current.delete(event.pointerId),
    onPointerCancel: (event: PointerEvent<HTMLElement>) => hands.current.delete(event.pointerId),
  };
}

function shade(count: number, most: number): number {
  return count === 0 ? 0 : 1 + Math.min(3, Math.floor((Math.log(count) / Math.log(Math.max(2, most))) * 4));
}

export function WorldMap(props: Props) {
  const { outlines, spots, counts, chosen } = props;
  const box = useRef<HTMLElement>(null);
  const size = useSize(box);
  const [sight, setSight] = useState<Sight | null>(null);
  const set = useCallback(
    (change: (sight: Sight) => Sight) => setSight((before) => (before ? change(before) : before)),
    [],
  );
  const hands = useHands(size, set);
  const show = useCallback(
    (places: Point[], most: number) => size && places.length > 0 && setSight(fitting(places, size, most)),
    [size],
  );

  // At first all that there is; afterwards the map stays where the reader has put it, until the list is another.
  const shown = useRef<string | undefined>(undefined);
  const { shows } = props;
  useEffect(() => {
    if (size && (shows === undefined ? shown.current === undefined : shown.current !== shows)) {
      if (shows !== undefined && spots.length > 0) {
        shown.current = shows;
        show(
          spots.map((spot) => project(spot.longitude, spot.latitude)),
          12,
        );
      } else {
        setSight((before) => before ?? whole(size));
      }
    } else if (size) {
      setSight((before) => before && held(before, size));
    }
  }, [size, spots, show, shows]);

  const at = outlines.find((outline) => outline.code === chosen)?.at;
  useEffect(() => {
    if (at && size) {
      const { x, y } = project(at.longitude, at.latitude);
      setSight((before) => held({ x, y, scale: Math.max(before?.scale ?? 0, whole(size).scale * 5) }, size));
    }
  }, [at, size]);

  useEffect(() => {
    const element = box.current;
    if (!element || !size) {
      return;
    }
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const by = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002));
      set((before) => zoomed(before, size, by, { x: event.clientX - left, y: event.clientY - top }));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [size, set]);

  const most = Math.max(1, ...counts.values());
  const land = useMemo(
    () =>
      outlines.map(({ code, path }) => (
        <path
          key={code}
          d={path}
          data-code={code}
          data-shade={shade(counts.get(code) ?? 0, most)}
          data-chosen={code === chosen ? "" : undefined}
        />
      )),
    [outlines, counts, most, chosen],
  );
  const markers = useMemo(() => (sight && size ? clusters(spots, sight, size) : []), [spots, sight, size]);

  const middle = size ? { x: size.width / 2, y: size.height / 2 } : { x: 0, y: 0 };
  const zoom = (by: number) => size && set((before) => zoomed(before, size, by, middle));
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    const far = 60;
    const ways: { [key: string]: [number, number] } = {
      ArrowLeft: [-far, 0],
      ArrowRight: [far, 0],
      ArrowUp: [0, -far],
      ArrowDown: [0, far],
    };
    const way = ways[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !size) {
      return;
    }
    if (way) {
      set((before) =>
        held({ ...before, x: before.x + way[0] / before.scale, y: before.y + way[1] / before.scale }, size),
      );
    } else if (event.key === "+" || event.key === "=") {
      zoom(step);
    } else if (event.key === "-") {
      zoom(1 / step);
    } else if (event.key === "0") {
      setSight(whole(size));
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const press = (cluster: Cluster) => {
    const [only] = cluster.spots;
    if (!hands.still()) {
      return;
    }
    if (cluster.spots.length === 1 && only) {
      props.onSpot(only);
    } else {
      show(
        cluster.spots.map((spot) => project(spot.longitude, spot.latitude)),
        (sight?.scale ?? 1) * 6 + near_scale,
      );
    }
  };
  const country = (event: React.MouseEvent) => {
    const code = event.target instanceof Element ? event.target.getAttribute("data-code") : null;
    if (code && hands.still() && counts.has(code)) {
      props.onCountry(code);
    }
  };
  return (
    <section
      ref={box}
      className={classes.map}
      aria-label={t("map.label")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be moved by mouse has to be moved by key
      tabIndex={0}
      onKeyDown={keyDown}
      onPointerDown={hands.onPointerDown}
      onPointerMove={hands.onPointerMove}
      onPointerUp={hands.onPointerUp}
      onPointerCancel={hands.onPointerCancel}
    >
      {size && sight && (
        <svg className={classes.land} width={size.width} height={size.height} aria-hidden="true" onClick={country}>
          <g
            transform={`translate(${size.width / 2} ${size.height / 2}) scale(${sight.scale}) translate(${-sight.x} ${-sight.y})`}
          >
            {land}
          </g>
        </svg>
      )}
      {markers.map((cluster) => {
        const px = markerSize(cluster.count);
        const only = cluster.spots.length === 1 ? cluster.spots[0] : undefined;
        const label = only
          ? t("map.spot", { place: props.nameOf(only), count: cluster.count })
          : t("map.cluster", { count: cluster.count, places: formatNumber(cluster.spots.length) });
        return (
          <button
            key={cluster.key}
            type="button"
            tabIndex={-1}
            className={classes.marker}
            data-marker={cluster.key}
            data-many={only ? undefined : ""}
            style={{ width: px, height: px, left: cluster.x - px / 2, top: cluster.y - px / 2 }}
            title={label}
            aria-label={label}
            onClick={() => press(cluster)}
          >
            {cluster.count > 1 ? formatCompact(cluster.count) : ""}
          </button>
        );
      })}
      <div className={classes.zooms}>
        <button type="button" className="tool" data-icon aria-label={t("map.nearer")} onClick={() => zoom(step)}>
          <IconPlus size={16} />
        </button>
        <button type="button" className="tool" data-icon aria-label={t("map.farther")} onClick={() => zoom(1 / step)}>
          <IconMinus size={16} />
        </button>
        <button
          type="button"
          className="tool"
          data-icon
          aria-label={t("map.whole")}
          onClick={() => size && setSight(whole(size))}
        >
          <IconWorld size={16} />
        </button>
      </div>
    </section>
  );
}
