/** An empty place: says what belongs here and offers the first step. */
import { Link } from "@tanstack/react-router";
import type { ComponentType } from "react";

interface Action {
  label: string;
  href?: string;
  run?: () => void;
}

interface Props {
  icon?: ComponentType<{ size?: number; stroke?: number }>;
  title: string;
  text?: string;
  action?: Action;
  secondary?: Action;
  heading?: 1 | 2;
}

function Choice({ action, primary }: { action: Action; primary?: boolean }) {
  const look = primary ? { "data-primary": "" } : { "data-outline": "" };
  return action.href ? (
    <Link to={action.href} className="tool" {...look}>
      {action.label}
    </Link>
  ) : (
    <button type="button" className="tool" onClick={action.run} {...look}>
      {action.label}
    </button>
  );
}

export function Empty({ icon: Icon, title, text, action, secondary, heading = 2 }: Props) {
  const Heading = heading === 1 ? "h1" : "h2";
  return (
    <div className="empty">
      {Icon && <Icon size={40} stroke={1.25} />}
      <Heading>{title}</Heading>
      {text && <p>{text}</p>}
      {(action || secondary) && (
        <div className="actions">
          {action && <Choice action={action} primary />}
          {secondary && <Choice action={secondary} />}
        </div>
      )}
    </div>
  );
}
