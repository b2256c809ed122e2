/** The shapes the API answers with: metadata of objects and fields, records, views, problems. Written by hand because records are typed at run time by metadata. */

/** What a field holds; one name per kind of the server's model. */
export type Kind =
  | "text"
  | "long_text"
  | "integer"
  | "decimal"
  | "percent"
  | "money"
  | "date"
  | "date_time"
  | "duration"
  | "boolean"
  | "select"
  | "multi_select"
  | "rating"
  | "emails"
  | "phones"
  | "links"
  | "address"
  | "reference"
  | "references"
  | "about"
  | "user"
  | "files"
  | "json"
  | "auto_number"
  | "rank"
  | "formula"
  | "rollup"
  | "actor";

/** One choice of a select field. */
export interface FieldOption {
  value: string;
  label: string;
  /** gray, red, orange, yellow, green, teal, blue, indigo, violet, pink */
  color?: string;
}

/** A figure over related records. */
export interface Rollup {
  object: string;
  via: string;
  aggregate: "count" | "sum" | "min" | "max" | "avg";
  field?: string;
  filter?: string;
}

/** One field of an object. */
export interface Field {
  name: string;
  kind: Kind;
  label: string;
  help?: string;
  group?: string;
  required?: boolean;
  unique?: boolean;
  default?: unknown;
  /** What a text or JSON is made of. */
  format?: "recurrence" | "checklist" | "replies";
  options?: FieldOption[];
  /** A multi_select that takes new words. */
  open?: boolean;
  target?: string;
  inverse?: { name: string; label: string };
  validation?: string;
  validation_message?: string;
  read_only?: boolean;
  visible_if?: string;
  required_if?: string;
  /** Left out of every answer until it is asked for. */
  sensitive?: boolean;
  /** Sensitive, and this person may not filter, sort or group by it; worked out from their role. */
  unusable?: boolean;
  formula?: string;
  /** Kind of a formula's or roll-up's value. */
  result?: Kind;
  rollup?: Rollup;
  pattern?: string;
  /** What a number counts, shown behind it. */
  unit?: string;
  /** Made by the engine: version, created_at, owner … */
  system?: boolean;
  custom?: boolean;
  hidden?: boolean;
}

/** The way from an object to the records that refer to it. */
export interface Relation {
  /** CEL name, `people` of a company. */
  name: string;
  label: string;
  /** The object that refers here. */
  object: string;
  /** Its reference field. */
  field: string;
}

/** What the signed-in user may do with an object. */
export interface Can {
  read: boolean;
  create: boolean;
  update: boolean;
  delete: boolean;
  export: boolean;
  import: boolean;
  merge: boolean;
  bulk: boolean;
}

/** How duplicates of an object are told and what a merged record keeps, where that is not as usual. */
export interface DuplicateRules {
  /** Pairs less sure are not shown, in per cent. */
  shown_from?: number;
  /** CEL: only these are compared. */
  among?: string;
  identifying?: string[];
  /** What a trait says, in per cent of what it says otherwise. */
  weights?: { [one: string]: number };
  /** Whose value survives, by field. */
  keep?: { [field: string]: string };
}

/** A heading with fields below it, on the record page and in forms. */
export interface LayoutSection {
  /** Empty for the usual word. */
  title: string;
  columns: 1 | 2;
  /** Closed until somebody opens it. */
  collapsed?: boolean;
  fields: string[];
}
/** How the page and the forms of an object are arranged; a list that is not there is as usual. */
export interface Arrangement {
  sections: LayoutSection[];
  /** Fields of the line below the header. */
  strip?: string[];
  /** Tabs: `object.field` of a relation, or the name of a part of the page. */
  panels?: string[];
  /** Columns that lists begin with. */
  columns?: string[];
}
/** An arrangement that the signed-in person's role can meet. */
export interface Layout extends Arrangement {
  id: string;
  name: string;
  /** CEL over the record; every record when there is none. */
  condition?: string;
}

/** One object with its fields, system fields included. */
export interface ObjectMeta {
  name: string;
  plural: string;
  label: string;
  label_plural: string;
  description?: string;
  icon?: string;
  color?: string;
  /** The field that names a record. */
  title: string;
  subtitle?: string;
  search?: string[];
  parent?: string;
  timeline?: { at: string; subjects: string[]; body?: string };
  columns?: string[];
  duplicates?: DuplicateRules;
  owned?: boolean;
  internal?: boolean;
  custom?: boolean;
  fields: Field[];
  relations: Relation[];
  can: Can;
  /** In the order in which they are tried; the first that fits counts. */
  layouts?: Layout[];
}

/** JSON form of values, by kind. */
export type Scalar = string | number | boolean | null;
export interface Money {
  amount: number;
  currency: string;
}
/** One e-mail address, telephone number or link of a list. */
export interface Labelled {
  value: string;
  label?: string | null;
  primary?: boolean;
}
export interface Address {
  street?: string | null;
  city?: string | null;
  region?: string | null;
  postal_code?: string | null;
  /** ISO 3166-1 alpha-2 */
  country?: string | null;
  latitude?: number | null;
  longitude?: number | null;
}
export interface RecordLink {
  object: string;
  id: string;
}
export interface FileValue {
  /** SHA-256 in hex */
  id: string;
  name: string;
  size: number;
  type: string;
}
export type FieldValue =
  | Scalar
  | Money
  | Labelled[]
  | Address
  | string[]
  | RecordLink[]
  | FileValue[]
  | { [key: string]: unknown }
  | undefined;

/** A record: its id and whatever fields were asked for. */
export interface RapportRecord {
  id: string;
  [field: string]: FieldValue;
}

/** How a record is shown where it is referred to. */
export interface RecordTitle {
  id: string;
  title: string;
  subtitle?: string | null;
}
/** Titles of referred records: object → id → title. */
export type Included = { [object: string]: { [id: string]: RecordTitle } };

export interface Total {
  count: number;
  exact: boolean;
}
export interface RecordPage {
  records: RapportRecord[];
  next: string | null;
  total?: Total;
  included?: Included;
}
/** What every write answers with. */
export interface Written {
  record: RapportRecord;
  batch: string;
}
export interface BulkResult {
  batch: string;
  created: number;
  updated: number;
  deleted: number;
  ids: string[];
  errors: { index: number; problem: ProblemBody }[];
}
/** What is to be done with as many records as a filter finds, or with named ones. */
export interface BulkWork {
  filter?: string;
  ids?: string[];
  set?: { [field: string]: FieldValue };
  add?: { [field: string]: string[] };
  remove?: { [field: string]: string[] };
  /** Folders that move with all that lies below them. */
  move?: { [field: string]: { from: string; to: string } };
  delete?: true;
}
/** Work in the background. */
export interface Job {
  id: string;
  kind: string;
  status: string;
  progress: number;
  error?: string | null;
  result?: { [name: string]: unknown } | null;
}
export interface UndoResult {
  batch: string;
  undone: number;
  /** The job that does it, when there is much to be undone. */
  job?: string;
  kept: { object: string; id: string; field: string; reason: string }[];
}
export interface SearchHit {
  object: string;
  id: string;
  title: string;
  subtitle?: string | null;
  /** Where the words stand, when it is in a long text or inside a file. */
  excerpt?: string;
}

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}
/** RFC 9457 problem details. */
export interface ProblemBody {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  fields?: FieldProblem[];
  [extra: string]: unknown;
}

/** A figure over the values of a column. */
export type Figure = "sum" | "avg" | "min" | "max";

/** One column of a saved view. */
export interface ViewColumn {
  field: string;
  width?: number;
  /** The figure below it; the sum when none is named. */
  figure?: Figure;
}
/** A saved list. */
export interface View {
  id: string;
  version?: number;
  name: string;
  /** Name of the object it lists. */
  object: string;
  type: string;
  filter?: string | null;
  sort?: string | null;
  columns?: ViewColumn[] | null;
  group?: string | null;
  /** The fields that bars of a timeline begin and end with. */
  starts?: string | null;
  ends?: string | null;
  shared?: "private" | "team" | "everyone" | null;
  position?: number | string | null;
  created_by?: string;
  owner?: string | null;
  team?: string | null;
  /** The list begins with it for those it is shared with. */
  opens_first?: boolean | null;
}

export type Access = "all" | "team" | "own" | "none" | (string & {});
export interface ObjectRights {
  read?: Access;
  create?: boolean;
  update?: Access;
  delete?: Access;
  fields?: { [field: string]: "none" | "read" };
}
export interface Rights {
  admin?: boolean;
  objects?: { [object: string]: ObjectRights };
  special?: string[];
  /** Whether its users need a second factor to log in. */
  second_factor?: boolean;
}

/** What holds for the whole workspace. */
export interface WorkspaceSettings {
  name: string;
  /** ISO 4217. */
  base_currency: string;
  /** ISO 3166-1 alpha-2; may be empty. */
  default_country: string;
  /** IANA. */
  time_zone: string;
  /** Whether everybody needs a second factor to log in. */
  second_factor_required: boolean;
}

/** Everything the UI needs to start, in one answer. */
export interface Boot {
  /** Whether the session sees everything as this user, for reading alone. */
  viewing: boolean;
  user: {
    id: string;
    name: string;
    email: string;
    locale?: string | null;
    time_zone?: string | null;
    /** Ids of the views in the navigation. */
    pins?: string[] | null;
  };
  role: { id: string; name: string; admin: boolean; rights: Rights };
  workspace: WorkspaceSettings & { version: string };
  /** Where the change log stood; the event stream goes on from there. */
  position: number;
  /** Notifications not read, counted to a hundred. */
  unread: number;
  objects: ObjectMeta[];
  views: View[];
}

/** Whether a right reaches a record, and which rule says so. */
export interface AccessReason {
  allowed: boolean;
  because: string;
  parts: [string, boolean][];
  /** The territories that open it, by name. */
  territories?: string[];
  /** The share that opens it beyond the role. */
  share?: { id: string; by: string; team: string | null; until: string | null };
}
export interface RecordAccess {
  user: string;
  role: string | null;
  read: AccessReason;
  update: AccessReason;
  delete: AccessReason;
  hidden: string[];
  read_only: string[];
}

/** Something the user was told. */
export interface Notification {
  id: string;
  kind: string;
  actor: string;
  /** How many records it stands for. */
  number: number;
  /** The beginning of what was said. */
  text: string | null;
  at: string;
  read: boolean;
  subject: RecordTitle & { object: string };
  via: RecordLink;
}
export interface NotificationPage {
  notifications: Notification[];
  unread: number;
  next: string | null;
  actors: Actors;
}

/** One row of the change log. */
export interface Change {
  seq: number;
  batch: string;
  at: string;
  actor: string;
  op: string;
  object?: string;
  record?: string;
  fields: { [field: string]: [FieldValue, FieldValue] };
}
export type Actors = { [actor: string]: { name: string } };

/** One event of the live stream. */
export interface LiveChange {
  object: string;
  id: string;
  op: string;
  version: number;
  batch: string;
  actor: string;
}
/** Somebody came to a record, left it, or writes a field of it. */
export interface LivePresence {
  object: string;
  id: string;
  user: string;
  editing: string | null;
  here: boolean;
}
export interface LiveJob {
  id: string;
  kind: string;
  status: string;
  progress: number;
}
