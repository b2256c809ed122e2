//! Fields: what a record can say about a thing.

use serde::{Deserialize, Serialize};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One line of text.
    Text,
    /// Markdown.
    LongText,
    /// A 64-bit whole number.
    Integer,
    /// An exact decimal with four places.
    Decimal,
    /// An exact decimal shown with a percent sign: 12.5 means 12.5 %.
    Percent,
    /// An amount with a currency.
    Money,
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// A length of time; microseconds inside, seconds in JSON.
    Duration,
    /// Yes or no.
    Boolean,
    /// One of the field's options.
    Select,
    /// Several of the field's options, or free words when the field is `open`.
    MultiSelect,
    /// 1 to 5.
    Rating,
    /// E-mail addresses with label and primary mark.
    Emails,
    /// Telephone numbers (E.164) with label and primary mark.
    Phones,
    /// Web addresses with label and primary mark.
    Links,
    /// A postal address.
    Address,
    /// One record of another object.
    Reference,
    /// Several records of another object.
    References,
    /// Any records of any objects.
    About,
    /// A user of this workspace.
    User,
    /// Files.
    Files,
    /// Any JSON.
    Json,
    /// A running number such as `INV-2026-00042`.
    AutoNumber,
    /// A manual order.
    Rank,
    /// An expression over the record and its parents, kept fresh.
    Formula,
    /// A figure over related records, kept fresh.
    Rollup,
    /// Who did something: `kind:id` (system fields only).
    Actor,
}

impl Kind {
    /// Whether the value of this kind is a number in units of 1/SCALE.
    pub fn is_scaled(self) -> bool {
        matches!(self, Self::Decimal | Self::Percent | Self::Money)
    }
}

/// What a text or JSON is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A text that is a rule of recurrence: `FREQ=WEEKLY;BYDAY=MO`.
    Recurrence,
    /// JSON that is a list of steps: `[{"text": "…", "done": false}]`.
    Checklist,
    /// JSON that says who comes: `{"<id>": "accepted"}`.
    Replies,
}

impl Format {
    /// The kind of field it belongs to.
    pub fn kind(self) -> Kind {
        match self {
            Self::Recurrence => Kind::Text,
            Self::Checklist | Self::Replies => Kind::Json,
        }
    }
}

/// One choice of a select field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldOption {
    /// What is stored: `snake_case`.
    pub value: String,
    /// What people read.
    pub label: String,
    /// A colour name of the palette (`gray`, `red`, `orange`, `yellow`, `green`, `teal`, `blue`, `indigo`, `violet`, `pink`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// How a roll-up joins its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// Number of records.
    Count,
    /// Sum of a field.
    Sum,
    /// Smallest value.
    Min,
    /// Largest value.
    Max,
    /// Mean.
    Avg,
}

impl Aggregate {
    /// Whether it can be made of values of a kind: sums and means of numbers, ends also of days and instants.
    pub fn fits(self, kind: Kind) -> bool {
        let is_number =
            matches!(kind, Kind::Integer | Kind::Decimal | Kind::Percent | Kind::Money | Kind::Duration | Kind::Rating);
        match self {
            Self::Count => true,
            Self::Sum | Self::Avg => is_number,
            Self::Min | Self::Max => is_number || matches!(kind, Kind::Date | Kind::DateTime),
        }
    }
}

/// A figure over the records of another object that refer to this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollup {
    /// The object whose records are counted.
    pub object: String,
    /// Its reference (or `about`) field that points here.
    pub via: String,
    /// What is made of them.
    pub aggregate: Aggregate,
    /// The field that is summed; none for `count`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// CEL over the counted record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// One field of an object, as its TOML says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// `snake_case` name: column, JSON key and CEL name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// What people read.
    pub label: String,
    /// A hint below the input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// A group heading on the record page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Must have a value.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// No two records that are not deleted share a value.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
    /// JSON form of the value a new record gets; `"me"` for a user field, `"now"`/`"today"` for times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// What a text or JSON is made of, where that is known: how it is checked, shown and edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Choices of `select` and `multi_select`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
    /// A `multi_select` that takes new words.
    #[serde(default, skip_serializing_if = "is_false")]
    pub open: bool,
    /// The object that `reference` and `references` point to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Name and label of the way back on the target object (`people` of a company).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inverse: Option<Inverse>,
    /// A reference to the own object that never leads back to where it began: a tree.
    #[serde(default, skip_serializing_if = "is_false")]
    pub tree: bool,
    /// CEL that must hold when the record is saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<String>,
    /// What is said when `validation` fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_message: Option<String>,
    /// People cannot change it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// The program works it out and keeps it fresh: nobody writes it, and history does not tell of it. Not for fields that
    /// administrators make.
    #[serde(default, skip_serializing_if = "is_false")]
    pub kept: bool,
    /// CEL: shown only when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_if: Option<String>,
    /// CEL: required when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_if: Option<String>,
    /// Left out of answers until somebody asks for it, which is logged.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sensitive: bool,
    /// CEL of a `formula`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// Kind of a formula's or roll-up's result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Kind>,
    /// Definition of a `rollup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollup: Option<Rollup>,
    /// Pattern of an `auto_number`: `INV-{year}-{number:5}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// What a number counts, shown behind it: `m²`, `kg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Made by the engine, in every object (id, version, created_at …). Not allowed in TOML.
    #[serde(default, skip_deserializing, skip_serializing_if = "is_false")]
    pub system: bool,
    /// Made by an administrator at run time.
    #[serde(default, skip_serializing_if = "is_false")]
    pub custom: bool,
    /// Taken out of use; its column is dropped later.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
}

/// The way back of a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inverse {
    /// CEL name on the target object.
    pub name: String,
    /// What people read.
    pub label: String,
}

pub(crate) fn is_false(value: &bool) -> bool {
    !value
}

impl Field {
    /// A plain field of a kind, to be completed.
    pub fn new(name: &str, kind: Kind, label: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            label: label.to_owned(),
            help: None,
            group: None,
            required: false,
            unique: false,
            default: None,
            format: None,
            options: Vec::new(),
            open: false,
            target: None,
            inverse: None,
            tree: false,
            validation: None,
            validation_message: None,
            read_only: false,
            kept: false,
            visible_if: None,
            required_if: None,
            sensitive: false,
            formula: None,
            result: None,
            rollup: None,
            pattern: None,
            unit: None,
            system: false,
            custom: false,
            hidden: false,
        }
    }

    /// The kind of the stored value: of a formula or roll-up its result, else the kind itself.
    pub fn value_kind(&self) -> Kind {
        match self.kind {
            Kind::Formula | Kind::Rollup => self.result.unwrap_or(Kind::Decimal),
            kind => kind,
        }
    }

    /// Whether the program alone writes it: a formula, a roll-up, or what it keeps.
    pub fn is_derived(&self) -> bool {
        self.kept || matches!(self.kind, Kind::Formula | Kind::Rollup)
    }

    /// The object it points to: `target`, or `user` for a user field.
    pub fn target_object(&self) -> Option<&str> {
        match self.kind {
            Kind::User => Some("user"),
            Kind::Reference | Kind::References => self.target.as_deref(),
            _ => None,
        }
    }
}
