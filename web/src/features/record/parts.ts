/** Parts that a capability adds to the record page: a tab, a figure in the strip, a bar above it. One line each. */
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { partTabs } from "../../ui/layout/panels";
import { ConsentFigure } from "./consent/ConsentFigure";
import { DealsFigure, sales_fields } from "./deals/DealsFigure";
import { HealthFigure } from "./health/HealthFigure";
import { ConfirmedFigure } from "./signals/ConfirmedFigure";
import { hasSignals, told_fields } from "./signals/data";
import { SignalFigures } from "./signals/SignalFigures";
import { TerritoryFigure } from "./territory/TerritoryFigure";

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
  /** What its tab shows; what it is called stands in `partTabs`. */
  tab?: { Content: Shown };
  /** Objects whose lists the tab shows as well: they have tabs of their own only when they are long. */
  covers?: string[];
  /** What the strip shows; nothing when there is nothing to say. */
  Figure?: ComponentType<PartProps>;
  /** Fields that the part says in its own words; the strip does not repeat them. */
  tells?: string[];
  /** The figure stands before the fields of the strip, not behind them. */
  leads?: boolean;
  /** Whether its tab is the one that pages of the object begin with. */
  opens?: (object: ObjectMeta) => boolean;
  /** What stands above everything else. */
  Bar?: Shown;
}

function hasField(object: ObjectMeta, name: string): boolean {
  return object.fields.some((field) => field.name === name);
}

const parts: Part[] = [
  {
    name: "health",
    applies: (object) => object.name === "company" && object.fields.some((field) => field.name === "health"),
    Figure: HealthFigure,
    tells: ["health", "health_level"],
    leads: true,
  },
  { name: "signals", applies: hasSignals, Figure: SignalFigures, tells: told_fields, leads: true },
  {
    name: "deals",
    applies: (object) => ["person", "company"].includes(object.name) && hasField(object, "open_deals"),
    Figure: DealsFigure,
    tells: sales_fields,
    leads: true,
  },
  {
    name: "stages",
    applies: partTabs.stages.applies,
    tab: { Content: lazy(() => import("./deals/StagesTab")) },
    Bar: lazy(() => import("./deals/StagePath")),
  },
  {
    name: "lines",
    applies: partTabs.lines.applies,
    tab: { Content: lazy(() => import("./lines/LinesTab")) },
    tells: ["lines_amount", "subtotal", "discount_total", "net_total", "tax_total"],
    opens: (object) => object.name === "quote",
  },
  {
    name: "quote",
    applies: (object) => object.name === "quote",
    Bar: lazy(() => import("./quotes/QuoteBar")),
  },
  {
    name: "lead",
    applies: (object) => object.name === "lead",
    Bar: lazy(() => import("./leads/LeadBar")),
  },
  {
    name: "territory",
    applies: (object) => object.fields.some((field) => field.name === "territory_pinned"),
    Figure: TerritoryFigure,
    tells: ["territory", "territory_pinned"],
    leads: true,
  },
  {
    name: "relations",
    applies: partTabs.relations.applies,
    tab: { Content: lazy(() => import("./relations/RelationsTab")) },
    covers: ["affiliation", "relationship"],
  },
  {
    name: "consent",
    applies: partTabs.consent.applies,
    tab: { Content: lazy(() => import("./consent/ConsentTab")) },
    Figure: ConsentFigure,
  },
  {
    name: "confirmed",
    applies: (object) => object.fields.some((field) => field.name === "confirmed_at"),
    Figure: ConfirmedFigure,
    tells: ["confirmed_at"],
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

/** The tab that pages of an object begin with. */
export function firstTab(object: ObjectMeta): string {
  return partsOf(object).find((part) => part.opens?.(object))?.name ?? "timeline";
}
