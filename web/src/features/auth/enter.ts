/** What follows a successful log-in: a fresh start on the page that was wanted. */
import { bootQuery, queryClient } from "../../app/query";
import { router } from "../../app/router";

export async function enter(next?: string): Promise<void> {
  queryClient.clear();
  await queryClient.fetchQuery(bootQuery);
  const inside = next?.startsWith("/") && !next.startsWith("//") ? next : "/";
  router.history.push(inside);
}
