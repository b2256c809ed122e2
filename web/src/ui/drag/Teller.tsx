/** The place where everything that is moved is told, whichever way it was moved. */
import type { Announcements } from "@dnd-kit/core";
import { useTold } from "./told";

export function Told() {
  return (
    <div role="status" aria-live="assertive" className="visually-hidden">
      {useTold()}
    </div>
  );
}

/** The library's own announcements would be said besides, in English. */
export const silent: Announcements = {
  onDragStart: () => undefined,
  onDragOver: () => undefined,
  onDragEnd: () => undefined,
  onDragCancel: () => undefined,
};
