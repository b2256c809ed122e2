/** The question about two changes that met, over whatever page is open. */
import { lazy, Suspense } from "react";
import { conflicts } from "../conflict";

const Conflict = lazy(() => import("../../ui/form/Conflict"));

export function ConflictDialog() {
  const asked = conflicts.use()[0];
  return asked ? (
    <Suspense>
      <Conflict key={`${asked.theirs.id}:${asked.theirs.version}`} asked={asked} />
    </Suspense>
  ) : null;
}
