/** A titled part of the home page. */
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import classes from "./home.module.css";

export function Section({
  title,
  more,
  children,
}: {
  title: string;
  more?: { label: string; to: string };
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {more && (
          <Link to={more.to} className="link">
            {more.label}
          </Link>
        )}
      </header>
      {children}
    </section>
  );
}
