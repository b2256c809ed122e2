/** The comment that is being answered: its entry asks for it, the composer writes it. */
import { createStore } from "../../app/store";

export const replyingTo = createStore<{ id: string; name: string } | null>(null);
