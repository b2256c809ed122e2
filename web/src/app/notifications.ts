/** How many notifications wait to be read, kept fresh by the event stream. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import type { NotificationPage } from "../api/types";
import { queryClient, useBoot } from "./query";

/** From here on the server counts no further. */
export const unread_max = 100;

export function useUnread(): number {
  const boot = useBoot();
  const { data } = useQuery({
    queryKey: keys.unread,
    queryFn: async ({ signal }) =>
      (await api.get<NotificationPage>("/notifications", { unread: true, limit: 1 }, { signal })).unread,
    initialData: boot.unread,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}

/** Asks again: somebody said something, or it was read in another window. */
export function refreshNotifications(): void {
  void queryClient.invalidateQueries({ queryKey: keys.notifications });
}

/** Marks notifications as read or unread; all of them when none are named. */
export async function markRead(ids: string[] | null, read: boolean): Promise<void> {
  const { unread } = await api.post<{ unread: number }>("/notifications/read", ids ? { ids, read } : { read });
  queryClient.setQueryData(keys.unread, unread);
  refreshNotifications();
}
