/** The views in one's navigation, and how many records each shows. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import type { Boot, ObjectMeta, Total, View, Written } from "../api/types";
import { t } from "../i18n";
import { formatNumber } from "../i18n/format";
import { showProblem } from "./problems";
import { queryClient, useBoot } from "./query";
import { offerUndo } from "./undo";

/** The server counts exactly so far. */
const exact_max = 10_000;

export interface Pin {
  view: View;
  object: ObjectMeta;
}

/** The pinned views that are there and to be seen, in their order. */
export function pinsOf(boot: Boot): Pin[] {
  return (boot.user.pins ?? []).flatMap((id) => {
    const view = boot.views.find((entry) => entry.id === id);
    const object = view && boot.objects.find((entry) => entry.name === view.object && !entry.internal);
    return view && object ? [{ view, object }] : [];
  });
}

/** How many records the pinned views show: one request for all. */
export function usePinCounts(pins: Pin[]): { [view: string]: Total } {
  const ids = pins.map(({ view }) => view.id);
  // Another filter makes another count.
  const asked = pins.map(({ view }) => `${view.id}:${view.version}`);
  const { data } = useQuery({
    queryKey: [...keys.viewCounts, pins.map(({ object }) => object.name), asked],
    queryFn: ({ signal }) =>
      api.get<{ counts: { [view: string]: Total } }>("/view-counts", { views: ids.join(",") }, { signal }),
    enabled: ids.length > 0,
    placeholderData: (before) => before,
    retry: false,
  });
  return data?.counts ?? {};
}

export function countText({ count, exact }: Total): string {
  return exact && count <= exact_max ? formatNumber(count) : `${formatNumber(exact_max / 1000)}k+`;
}

/** Pins a view, or takes it out of the navigation. */
export async function pinView(boot: Boot, view: View, pinned: boolean): Promise<void> {
  // Those that are gone go with the first change.
  const others = pinsOf(boot).flatMap((pin) => (pin.view.id === view.id ? [] : [pin.view.id]));
  const pins = pinned ? [...others, view.id] : others;
  try {
    const written = await api.patch<Written>(`/users/${boot.user.id}`, { pins });
    await queryClient.invalidateQueries({ queryKey: keys.boot });
    offerUndo(written.batch, t(pinned ? "view.pinned" : "view.unpinned", { name: view.name }));
  } catch (error) {
    showProblem(error);
  }
}

export function usePins(): Pin[] {
  return pinsOf(useBoot());
}
