/** The mark before a record's name: initials of people and companies, the icon of any other object. */
import type { ObjectMeta } from "../api/types";
import { findObject } from "../app/query";
import { Avatar } from "./Avatar";
import { iconOf } from "./icons";

/** Objects whose records are known by their initials. */
const named = ["person", "company", "user"];
const icon_px = { sm: 13, md: 16, lg: 24 };

interface Props {
  object: ObjectMeta | string;
  title: string;
  size?: "md" | "lg";
}

export function RecordMark({ object, title, size }: Props) {
  const meta = typeof object === "string" ? findObject(object) : object;
  const name = typeof object === "string" ? object : object.name;
  if (!meta || named.includes(name)) {
    return <Avatar name={title} size={size} square={name === "company" || !named.includes(name)} />;
  }
  const Icon = iconOf(meta);
  return (
    <span className="avatar" data-color={meta.color ?? "gray"} data-square="" data-size={size} aria-hidden="true">
      <Icon size={icon_px[size ?? "sm"]} stroke={1.7} />
    </span>
  );
}
