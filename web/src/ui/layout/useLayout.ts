/** The layout that counts for a record or a form. What the browser can tell it tells at once; the rest the server is asked. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api/client";
import type { FieldValue, Layout, ObjectMeta, RapportRecord, RecordPage } from "../../api/types";
import { useBoot } from "../../app/query";
import { quote } from "../fields/operators";
import { decides } from "../form/conditions";
import { choose } from "./layout";

const none: Layout[] = [];

/** The first of the layouts whose condition finds the record. */
async function firstFinding(object: ObjectMeta, id: string, layouts: Layout[]): Promise<string | null> {
  for (const layout of layouts) {
    const filter = `id == ${quote(id)} && (${layout.condition})`;
    const page = await api.get<RecordPage>(`/${object.plural}`, { filter, limit: 1, fields: "id", total: false });
    if (page.records.length > 0) {
      return layout.id;
    }
  }
  return null;
}

interface Found {
  layout?: Layout;
  /** The server is being asked. */
  pending: boolean;
}

/** Of these layouts the one that counts for the values; `stored` is the record they belong to, if there is one yet. */
export function useLayoutOf(
  layouts: Layout[],
  object: ObjectMeta,
  values: { [field: string]: FieldValue },
  stored?: RapportRecord,
): Found {
  const me = useBoot().user.id;
  const { layout, open } = useMemo(
    () => choose(layouts, (condition) => decides(condition, object.fields, { ...values, me })),
    [layouts, object, values, me],
  );
  const asked = stored !== undefined && open.length > 0;
  const { data, isPending } = useQuery({
    queryKey: ["layout", object.name, stored?.id, stored?.version, ...open.flatMap((one) => [one.id, one.condition])],
    queryFn: () => firstFinding(object, stored?.id ?? "", open),
    enabled: asked,
    retry: false,
  });
  const found = asked ? open.find((one) => one.id === data) : undefined;
  return { layout: found ?? layout, pending: asked && isPending };
}

/** The same among the layouts of the signed-in person. */
export function useLayout(object: ObjectMeta, values: { [field: string]: FieldValue }, stored?: RapportRecord): Found {
  return useLayoutOf(object.layouts ?? none, object, values, stored);
}
