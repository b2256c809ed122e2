/** Who did something: a user, an API key or the program itself. Only the engine writes it. */
import { useTitle } from "../../api/titles";
import { hasText, t } from "../../i18n";
import { Avatar } from "../Avatar";
import classes from "./fields.module.css";
import { type DisplayProps, type FieldKind, ok } from "./kind";
import { choiceOperators } from "./operators";

const objects: { [kind: string]: string } = { user: "user", api_key: "api_key" };

/** Splits `user:<id>` at its first colon. */
export function actorParts(actor: string): { kind: string; id: string } {
  const at = actor.indexOf(":");
  return at < 0 ? { kind: actor, id: "" } : { kind: actor.slice(0, at), id: actor.slice(at + 1) };
}

/** The name of an actor; what the answer said is used before anything is asked for. */
export function useActorName(actor: string, known?: string): string {
  const { kind, id } = actorParts(actor);
  const title = useTitle(known ? undefined : objects[kind], id);
  if (known) {
    return known;
  }
  if (kind === "system") {
    return hasText(`actor.system_${id}`) ? t(`actor.system_${id}`) : t("actor.system");
  }
  return title?.title ?? (title === null ? t("actor.unknown") : "");
}

export function ActorName({ actor, known, avatar = true }: { actor: string; known?: string; avatar?: boolean }) {
  const name = useActorName(actor, known);
  return (
    <span className={classes.reference}>
      {avatar && <Avatar name={name} square={!actor.startsWith("user:")} />}
      <span className="truncate">{name}</span>
    </span>
  );
}

export const actor: FieldKind = {
  Display: ({ value }: DisplayProps) => (typeof value === "string" ? <ActorName actor={value} /> : <span />),
  Editor: null,
  operators: choiceOperators,
  toText: (_, value) => (typeof value === "string" ? value : ""),
  fromText: (_, text) => ok(text.trim() || null),
  align: "start",
  width: 150,
  sortable: true,
  sum: false,
};
