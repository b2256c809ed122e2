/** What a map shows of a list: counts of countries and of cities, and the records that know where they are. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { FieldValue, RapportRecord, RecordPage } from "../../api/types";
import { asAddress } from "../../ui/fields/address";
import { quote } from "../../ui/fields/operators";
import { joinFilters } from "../../ui/filters/model";
import { type ListQuery, listKey } from "../../ui/grid/rows";
import type { PlaceBy } from "../../ui/views/types";

const page_rows = 200;
const pages_max = 5;
/** More markers of single records nobody reads. */
export const points_max = page_rows * pages_max;
/** Most groups that one answer has; there are more countries than that. */
const groups_max = 200;

/** CEL for what has a place of its own, for what has at least a country, and for the rest. */
export function placeFilters({ field, longitude }: PlaceBy) {
  if (longitude) {
    const own = `${field.name} != null && ${longitude.name} != null`;
    return { own, country: "", none: `${field.name} == null || ${longitude.name} == null` };
  }
  const own = `${field.name}.latitude != null && ${field.name}.longitude != null`;
  const other = `(${field.name}.latitude == null || ${field.name}.longitude == null)`;
  return {
    own,
    country: `${field.name}.country != null && ${other}`,
    none: `${field.name}.country == null && ${other}`,
  };
}

export function inCountry({ field }: PlaceBy, code: string): string {
  return `${field.name}.country == ${quote(code)}`;
}

export function inCity(by: PlaceBy, code: string, city: string): string {
  return `${inCountry(by, code)} && ${by.field.name}.city == ${quote(city)}`;
}

export interface Counted {
  value: string;
  count: number;
}

interface Groups {
  groups: { keys: { [name: string]: FieldValue }; count: number }[];
  more: boolean;
}

function useCounts(query: ListQuery, group: string, filter: string, pages: number, wanted: boolean) {
  const all = joinFilters(query.filter, filter);
  return useQuery({
    queryKey: [...keys.figures(query.object.name), "places", group, all],
    queryFn: async ({ signal }) => {
      const found: Counted[] = [];
      for (let page = 0; page < pages; page++) {
        const params = { group, measures: "count", filter: all, limit: groups_max, offset: page * groups_max };
        const answer = await api.get<Groups>(`/${query.object.plural}/aggregate`, params, { signal });
        found.push(...answer.groups.map(({ keys, count }) => ({ value: String(keys[group] ?? ""), count })));
        if (!answer.more) {
          break;
        }
      }
      return found;
    },
    placeholderData: keepPreviousData,
    enabled: wanted,
  });
}

function useCount(query: ListQuery, filter: string) {
  const all = joinFilters(query.filter, filter);
  return useQuery({
    queryKey: [...keys.figures(query.object.name), "placed", all],
    queryFn: ({ signal }) =>
      api.get<{ groups: { count: number }[] }>(
        `/${query.object.plural}/aggregate`,
        { measures: "count", filter: all },
        { signal },
      ),
    placeholderData: keepPreviousData,
  }).data?.groups[0]?.count;
}

async function fetchPoints(query: ListQuery, signal: AbortSignal): Promise<RecordPage[]> {
  const pages: RecordPage[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.get<RecordPage>(
      `/${query.object.plural}`,
      { filter: query.filter, fields: query.fields.join(","), limit: page_rows, cursor, total: false },
      { signal },
    );
    pages.push(page);
    cursor = page.next ?? undefined;
  } while (cursor && pages.length < pages_max);
  return pages;
}

export interface Located {
  record: RapportRecord;
  latitude: number;
  longitude: number;
}

function located(record: RapportRecord, { field, longitude }: PlaceBy): Located[] {
  const address = longitude ? undefined : asAddress(record[field.name]);
  const lat = Number(address ? address.latitude : record[field.name]);
  const long = Number(address ? address.longitude : record[longitude?.name ?? ""]);
  const real = Number.isFinite(lat) && Number.isFinite(long) && Math.abs(lat) <= 90 && Math.abs(long) <= 180;
  return real ? [{ record, latitude: lat, longitude: long }] : [];
}

export function usePlaces(list: ListQuery, by: PlaceBy, country: string | undefined) {
  const filters = useMemo(() => placeFilters(by), [by]);
  const owned = useMemo(() => {
    const names = [list.object.title, by.field.name, by.longitude?.name].filter((name) => name !== undefined);
    const fields = [...new Set([...names, "version"])];
    return { ...list, fields, include: [], filter: joinFilters(list.filter, filters.own) };
  }, [list, by, filters]);
  const points = useQuery({
    queryKey: [...keys.pages(list.object.name), "map", listKey(owned)],
    queryFn: ({ signal }) => fetchPoints(owned, signal),
    placeholderData: keepPreviousData,
  });
  const address = by.longitude === undefined;
  const countries = useCounts(list, `${by.field.name}.country`, filters.country, 2, address);
  const cities = useCounts(
    list,
    `${by.field.name}.city`,
    country ? inCountry(by, country) : "",
    1,
    address && country !== undefined,
  );
  const unplaced = useCount(list, filters.none);
  const own = useCount(list, filters.own);
  const found = useMemo(
    () => (points.data ?? []).flatMap((page) => page.records).flatMap((record) => located(record, by)),
    [points.data, by],
  );
  return {
    points: found,
    own: own ?? found.length,
    countries: countries.data,
    cities: cities.isPlaceholderData ? undefined : cities.data,
    unplaced: unplaced ?? 0,
    query: owned,
    /** Not all of it is there, or it is that of another filter. */
    pending:
      points.isPending || points.isPlaceholderData || (address && (countries.isPending || countries.isPlaceholderData)),
    error: points.error ?? countries.error,
    retry: () => {
      void points.refetch();
      void countries.refetch();
    },
  };
}
