/** Parts that a capability adds to the record page: a tab, a figure in the strip, a bar above it. One line each. */
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { ConsentFigure } from "./consent/ConsentFigure";

export interface PartProps {
  object: ObjectMeta;
  record: RapportRecord;
}

/** Code that is loaded when it is shown. */
type Shown = LazyExoticComponent<ComponentType<PartProps>>;

export interface Part {
  name: string;
  /** Whether records of the object have it. */
  applies: (object: ObjectMeta) => boolean;
  tab?: { label: () => string; Content: Shown };
  /** What the strip shows; nothing when there is nothing to say. */
  Figure?: ComponentType<PartProps>;
  /** What stands above everything else. */
  Bar?: Shown;
}

const parts: Part[] = [
  {
    name: "consent",
    applies: (object) => object.name === "person" && findObject("consent") !== undefined,
    tab: { label: () => t("consent.tab"), Content: lazy(() => import("./consent/ConsentTab")) },
    Figure: ConsentFigure,
  },
  {
    name: "lift",
    applies: (object) => object.name === "suppression",
    Bar: lazy(() => import("./consent/LiftBar")),
  },
];

/** The parts that records of an object have. */
export function partsOf(object: ObjectMeta): Part[] {
  return parts.filter((part) => part.applies(object));
}
