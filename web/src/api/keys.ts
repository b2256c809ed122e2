/** Names of everything kept in the query cache. */

export const keys = {
  boot: ["boot"] as const,
  setup: ["setup"] as const,
  /** Every cached page of an object's lists. */
  pages: (object: string) => ["pages", object] as const,
  page: (object: string, query: string, page: number) => ["pages", object, query, page] as const,
  /** Counts and sums over a list. */
  figures: (object: string) => ["figures", object] as const,
  record: (object: string, id: string) => ["record", object, id] as const,
  timeline: (object: string, id: string) => ["timeline", object, id] as const,
  history: (object: string, id: string) => ["history", object, id] as const,
  search: (query: string) => ["search", query] as const,
  views: ["views"] as const,
  viewCounts: ["view-counts"] as const,
  notifications: ["notifications"] as const,
  unread: ["notifications", "unread"] as const,
  follow: (object: string, id: string) => ["follow", object, id] as const,
  activity: ["activity"] as const,
  /** The newest entries, to tell how many are not shown yet. */
  activityNew: ["activity-new"] as const,
  job: (id: string) => ["job", id] as const,
};
