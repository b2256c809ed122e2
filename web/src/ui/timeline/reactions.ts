/** Reactions: which there are, what a click makes of those that are shown, and how it is sent. */
import type { InfiniteData } from "@tanstack/react-query";
import { ApiProblem, api } from "../../api/client";
import type { Written } from "../../api/types";
import { showProblem } from "../../app/problems";
import { queryClient } from "../../app/query";
import { rememberUndo } from "../../app/undo";
import { t } from "../../i18n";
import type { TimelineEntry } from "./rows";

/** One emoji on a record, and whose. */
export interface Reaction {
  emoji: string;
  users: string[];
  /** The reader's own one, when there is one. */
  mine: string | null;
}

/** Each with the name by which it is read out. The server knows the same ones. */
export const emojis: { [emoji: string]: string } = {
  "👍": "thumbs_up",
  "🎉": "party",
  "💙": "heart",
  "😂": "laughing",
  "👀": "eyes",
  "✅": "done",
  "👏": "clapping",
  "🙏": "thanks",
  "💪": "strong",
  "🔥": "fire",
  "🚀": "rocket",
  "💡": "idea",
  "💯": "hundred",
  "⭐": "star",
  "🤝": "handshake",
  "🏆": "trophy",
  "😀": "smiling",
  "😍": "in_love",
  "🤔": "thinking",
  "😮": "surprised",
  "😢": "sad",
  "👎": "thumbs_down",
  "❌": "no",
  "⏳": "waiting",
};

/** Those at hand without opening anything. */
export const quick = Object.keys(emojis).slice(0, 3);

export function emojiName(emoji: string): string {
  return t(`reaction.${emojis[emoji] ?? "other"}`);
}

/** The reactions after somebody gave one or took theirs back. */
export function toggled(reactions: Reaction[], emoji: string, me: string): Reaction[] {
  const known = reactions.find((one) => one.emoji === emoji);
  if (!known) {
    return [...reactions, { emoji, users: [me], mine: "" }];
  }
  const mine = known.mine !== null;
  const next: Reaction = {
    emoji,
    users: mine ? known.users.filter((user) => user !== me) : [...known.users, me],
    mine: mine ? null : "",
  };
  return reactions.map((one) => (one === known ? next : one)).filter((one) => one.users.length > 0);
}

/** Other parts of the page keep short extracts of timelines under the same name. */
type Kept = Partial<InfiniteData<{ entries: TimelineEntry[] }>>;

function show(key: string, change: (reactions: Reaction[]) => Reaction[]): void {
  queryClient.setQueriesData<Kept>({ queryKey: ["timeline"] }, (data) => {
    if (!data?.pages?.some((page) => page.entries.some((entry) => entry.key === key))) {
      return data;
    }
    const pages = data.pages.map((page) => ({
      ...page,
      entries: page.entries.map((entry) =>
        entry.key === key ? { ...entry, reactions: change(entry.reactions ?? []) } : entry,
      ),
    }));
    return { ...data, pages };
  });
}

const sending = new Set<string>();

/** Gives a reaction or takes it back: shown at once, put right by the server. */
export async function toggle(entry: TimelineEntry, emoji: string, me: string): Promise<void> {
  const mine = entry.reactions?.find((one) => one.emoji === emoji)?.mine;
  const record = entry.record?.id;
  const key = `${entry.key} ${emoji}`;
  if (!record || mine === "" || sending.has(key)) {
    return;
  }
  sending.add(key);
  try {
    show(entry.key, (reactions) => toggled(reactions, emoji, me));
    const body = { about: [{ object: entry.object, id: record }], emoji };
    const { batch } = mine
      ? await api.delete<{ batch: string }>(`/reactions/${mine}`)
      : await api.post<Written>("/reactions", body, { idempotencyKey: crypto.randomUUID() });
    rememberUndo(batch, t(mine ? "reaction.taken_back" : "reaction.given", { emoji }));
  } catch (error) {
    // Given in another window already: the timeline shows it in a moment.
    if (!(error instanceof ApiProblem && error.status === 409)) {
      showProblem(error);
    }
  } finally {
    sending.delete(key);
    void queryClient.invalidateQueries({ queryKey: ["timeline"] });
  }
}
