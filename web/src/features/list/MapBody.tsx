/** A list on a map: its records where they are, or counted in their countries; the places stand beside as a list. */
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { PageError } from "../../app/errors";
import { t } from "../../i18n";
import { countryName } from "../../ui/fields/address";
import { joinFilters } from "../../ui/filters/model";
import classes from "../../ui/map/map.module.css";
import { useOutlines } from "../../ui/map/outlines";
import { type Place, Places } from "../../ui/map/Places";
import type { Spot } from "../../ui/map/projection";
import { WorldMap } from "../../ui/map/WorldMap";
import { type PlaceBy, placeBy } from "../../ui/views/types";
import type { BodyProps } from "./body";
import { EmptyList } from "./EmptyList";
import { inCity, inCountry, type Located, placeFilters, points_max, usePlaces } from "./usePlaces";

/** Records with a place of their own are listed up to here; the map and the table have the others. */
const listed_max = 50;

type Found = ReturnType<typeof usePlaces>;

function notesOf(found: Found, outside: number): string[] {
  return [
    found.own > points_max ? t("map.too_many", { count: points_max }) : "",
    outside > 0 ? t("map.no_outline", { count: outside }) : "",
    found.unplaced > 0 ? t("map.unplaced", { count: found.unplaced }) : "",
  ].filter(Boolean);
}

export default function MapBody(props: BodyProps) {
  const by = useMemo(() => placeBy(props.object, props.state.group), [props.object, props.state.group]);
  return by ? <MapOf key={by.field.name} {...props} by={by} /> : null;
}

function MapOf({ by, ...props }: BodyProps & { by: PlaceBy }) {
  const { object, state, set, query, onTotal, phone } = props;
  const [country, setCountry] = useState<string | undefined>();
  const found = usePlaces(query, by, country);
  const world = useOutlines();
  const counts = useMemo(
    () => new Map((found.countries ?? []).map(({ value, count }) => [value, count])),
    [found.countries],
  );
  const spots = useMemo(() => {
    const centres = world.outlines.flatMap(({ code, at }): Spot[] => {
      const count = counts.get(code);
      return count ? [{ key: code, ...at, count }] : [];
    });
    const own = found.points.map(
      ({ record, latitude, longitude }): Spot => ({ key: record.id, latitude, longitude, count: 1 }),
    );
    return [...centres, ...own];
  }, [world.outlines, counts, found.points]);
  const inCountries = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const total = inCountries + found.own + found.unplaced;
  useEffect(() => onTotal({ count: total, exact: true }), [onTotal, total]);

  const titleOf = ({ record }: Located) => String(record[object.title] ?? "") || t("list.untitled");
  const narrow = (filter: string) => set({ filter: joinFilters(state.filter, filter), type: "table" });
  const openPoint = (id: string) => {
    const index = found.points.findIndex(({ record }) => record.id === id);
    const record = found.points[index]?.record;
    if (record && phone) {
      props.onOpen(record, found.query, index, found.own);
    } else if (record) {
      props.onPeek(record, found.query, index);
    }
  };
  const error = found.error ?? world.error;
  if (error) {
    const retry = () => {
      found.retry();
      world.retry();
    };
    return <PageError error={error} reset={retry} />;
  }
  if (!found.pending && total === 0) {
    return <EmptyList object={object} state={state} onClear={() => set({ filter: "", words: "" })} />;
  }
  const known = new Set(world.outlines.map(({ code }) => code));
  const outside =
    known.size === 0 ? 0 : [...counts].filter(([code]) => !known.has(code)).reduce((sum, [, count]) => sum + count, 0);
  const countries: Place[] = [...counts].map(([code, count]) => ({ key: code, name: countryName(code), count }));
  const cities: Place[] = (found.cities ?? []).map(({ value, count }) => ({
    key: value,
    name: value || t("map.no_city"),
    count,
  }));
  const city = (key: string) =>
    narrow(key ? inCity(by, country ?? "", key) : `${inCountry(by, country ?? "")} && ${by.field.name}.city == null`);
  return (
    <div className={classes.frame}>
      {country ? (
        <Places
          title={countryName(country)}
          places={cities}
          chosen={undefined}
          onPlace={city}
          onBack={() => setCountry(undefined)}
          onList={() => narrow(inCountry(by, country))}
          notes={[t("map.cities")]}
        />
      ) : (
        <Places
          title={t("map.places")}
          places={countries}
          chosen={undefined}
          onPlace={setCountry}
          onUnplaced={found.unplaced > 0 ? () => narrow(placeFilters(by).none) : undefined}
          notes={notesOf(found, outside)}
        >
          {found.points.length > 0 && (
            <>
              <h3 className={classes.sub}>{t("map.points")}</h3>
              <ul aria-label={t("map.points")}>
                {found.points.slice(0, listed_max).map((point, index) => (
                  <li key={point.record.id}>
                    <Link
                      to={`/${object.plural}/${point.record.id}`}
                      className={classes.place}
                      onClick={() => props.onOpen(point.record, found.query, index, found.own)}
                    >
                      <span className="truncate">{titleOf(point)}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Places>
      )}
      <WorldMap
        outlines={world.outlines}
        spots={spots}
        counts={counts}
        chosen={country}
        shows={found.pending || known.size === 0 ? undefined : query.filter}
        nameOf={(spot) => {
          const point = found.points.find(({ record }) => record.id === spot.key);
          return point ? titleOf(point) : countryName(spot.key);
        }}
        onSpot={(spot) => (counts.has(spot.key) ? setCountry(spot.key) : openPoint(spot.key))}
        onCountry={setCountry}
      />
    </div>
  );
}
