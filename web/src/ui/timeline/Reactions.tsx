/** The reactions under a comment or note: those that are there with who gave them, a few at one click, the rest in a menu. */
import { Menu, Tooltip } from "@mantine/core";
import { IconMoodPlus } from "@tabler/icons-react";
import type { Actors } from "../../api/types";
import { useBoot, useObject } from "../../app/query";
import { t } from "../../i18n";
import { formatList } from "../../i18n/format";
import { emojiName, emojis, quick, type Reaction, toggle } from "./reactions";
import classes from "./reactions.module.css";
import type { TimelineEntry } from "./rows";

const named_max = 12;

/** "Ann, Ben and you". */
function whose(reaction: Reaction, actors: Actors, me: string): string {
  const others = reaction.users.filter((user) => user !== me);
  const names = others.slice(0, named_max).map((user) => actors[`user:${user}`]?.name ?? t("actor.unknown"));
  if (others.length > named_max) {
    names.push(t("reaction.more_people", { count: others.length - named_max }));
  }
  return formatList(reaction.mine === null ? names : [...names, t("reaction.you")]);
}

function Chip({
  reaction,
  actors,
  me,
  onClick,
}: {
  reaction: Reaction;
  actors: Actors;
  me: string;
  onClick?: () => void;
}) {
  const who = whose(reaction, actors, me);
  const label = t("reaction.of", { name: emojiName(reaction.emoji), count: reaction.users.length, who });
  return (
    <Tooltip label={who} events={{ hover: true, focus: true, touch: false }} multiline maw={280}>
      <button
        type="button"
        className={classes.chip}
        aria-label={label}
        aria-pressed={reaction.mine !== null}
        aria-disabled={!onClick || undefined}
        onClick={onClick}
      >
        <span aria-hidden>{reaction.emoji}</span>
        <span aria-hidden>{reaction.users.length}</span>
      </button>
    </Tooltip>
  );
}

function Picker({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <Menu position="bottom-start" width={252} loop>
      <Menu.Target>
        <button type="button" className={classes.add} aria-label={t("reaction.add")} title={t("reaction.add")}>
          <IconMoodPlus size={15} stroke={1.7} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.picker}>
        {Object.keys(emojis).map((emoji) => (
          <Menu.Item
            key={emoji}
            className={classes.pick}
            aria-label={emojiName(emoji)}
            title={emojiName(emoji)}
            onClick={() => onPick(emoji)}
          >
            {emoji}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function Reactions({ entry, actors }: { entry: TimelineEntry; actors: Actors }) {
  const me = useBoot().user.id;
  const may = useObject("reaction")?.can.create === true;
  const reactions = entry.reactions ?? [];
  const pick = (emoji: string) => void toggle(entry, emoji, me);
  if (reactions.length === 0 && !may) {
    return null;
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div className={classes.bar} role="group" aria-label={t("reaction.title")}>
      {reactions.map((reaction) => (
        <Chip
          key={reaction.emoji}
          reaction={reaction}
          actors={actors}
          me={me}
          onClick={may ? () => pick(reaction.emoji) : undefined}
        />
      ))}
      {may &&
        quick
          .filter((emoji) => !reactions.some((one) => one.emoji === emoji))
          .map((emoji) => (
            <button
              key={emoji}
              type="button"
              className={classes.quick}
              aria-label={t("reaction.give", { name: emojiName(emoji) })}
              title={emojiName(emoji)}
              onClick={() => pick(emoji)}
            >
              {emoji}
            </button>
          ))}
      {may && <Picker onPick={pick} />}
    </div>
  );
}
