/** Seeing everything as a colleague does: every window of the browser has the same session, so all of them begin anew. */
import { api } from "../api/client";

const mark = "rapport-viewing";

/** Other windows of this browser hear of it by what is kept. */
function beginAnew(): void {
  localStorage.setItem(mark, String(Date.now()));
  window.location.assign(import.meta.env.BASE_URL);
}

export async function viewAs(user: string): Promise<void> {
  await api.post("/session/view_as", { user });
  beginAnew();
}

export async function stopViewing(): Promise<void> {
  await api.delete("/session/view_as");
  beginAnew();
}

/** Begins anew when another window began or ended it. */
export function followOtherWindows(): () => void {
  const listen = (event: StorageEvent) => {
    if (event.key === mark) {
      window.location.reload();
    }
  };
  window.addEventListener("storage", listen);
  return () => window.removeEventListener("storage", listen);
}
