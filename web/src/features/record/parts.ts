/** Parts that a capability adds to the record page: a tab, and a figure in the strip. One line each. */
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { ConsentFigure } from "./consent/ConsentFigure";

export interface PartProps {
  object: ObjectMeta;
  record: RapportRecord;
}

export interface Part {
  /** Names the tab in the address. */
  name: string;
  label: () => string;
  /** Whether records of the object have it. */
  applies: (object: ObjectMeta) => boolean;
  /** The tab, loaded when it is opened. */
  Tab: LazyExoticComponent<ComponentType<PartProps>>;
  /** What the strip shows; nothing when there is nothing to say. */
  Figure?: ComponentType<PartProps>;
}

const parts: Part[] = [
  {
    name: "consent",
    label: () => t("consent.tab"),
    applies: (object) => object.name === "person" && findObject("consent") !== undefined,
    Tab: lazy(() => import("./consent/ConsentTab")),
    Figure: ConsentFigure,
  },
];

/** The parts that records of an object have. */
export function partsOf(object: ObjectMeta): Part[] {
  return parts.filter((part) => part.applies(object));
}
