//! Objects: the kinds of things a workspace keeps, each one TOML text.

use serde::{Deserialize, Serialize};

use crate::duplicates::Duplicates;
use crate::field::{Field, Kind, is_false};

/// How records of an object stand in other records' timelines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// The date-time field that orders it; `created_at` when that is missing.
    pub at: String,
    /// The reference or `about` fields whose targets show it.
    pub subjects: Vec<String>,
    /// The field shown as the entry's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// One object, as its TOML says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// Singular `snake_case` name.
    pub name: String,
    /// Plural: path in the API and table in SQL.
    pub plural: String,
    /// What people read, singular.
    pub label: String,
    /// What people read, plural.
    pub label_plural: String,
    /// What it is for, one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Icon name of the UI's set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Colour name of the palette.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// The field that names a record.
    pub title: String,
    /// A second line for pickers and search results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The fields that search looks into; the first weigh more. Empty: not searched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub search: Vec<String>,
    /// The reference whose record also shows this record's timeline (a person's company).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The reference to the record that each is a part of: who sees that one sees its parts, who may change it may
    /// change them, as far as the role allows parts at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// Set when records are entries of other records' timelines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// The columns of the first table view.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Fields that its lists are often ordered or narrowed by: an index each from the start, as `created_at` and the title
    /// have one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<String>,
    /// Fields that its records are often counted by: an index alone answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counted_by: Vec<String>,
    /// How duplicates are told and what a merged record keeps, where that is not as usual.
    #[serde(default, skip_serializing_if = "Duplicates::is_default")]
    pub duplicates: Duplicates,
    /// Has `owner` and `team`.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub owned: bool,
    /// Kept by the program for itself (users, roles, keys, views); not in navigation.
    #[serde(default, skip_serializing_if = "is_false")]
    pub internal: bool,
    /// Of internal ones: what a capability is set up by. Who has the right `configure` reads and writes it, nobody else.
    #[serde(default, skip_serializing_if = "is_false")]
    pub settings: bool,
    /// Records are proof: made, never changed or deleted by hand. The object's rules say so; this tells the UI.
    #[serde(default, skip_serializing_if = "is_false")]
    pub append_only: bool,
    /// Made by an administrator at run time.
    #[serde(default, skip_serializing_if = "is_false")]
    pub custom: bool,
    /// Its fields, in the order people see them. System fields are added by the schema.
    #[serde(default)]
    pub fields: Vec<Field>,
}

fn yes() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}

impl Object {
    /// The field of that name, system fields included (once the schema has added them).
    pub fn find_field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields by which all records can be ordered along an index: when they were made, their title, and `orders`.
    pub fn ordered_by(&self) -> impl Iterator<Item = &str> {
        ["created_at", self.title.as_str()].into_iter().chain(self.orders.iter().map(String::as_str))
    }

    /// The SQL table: the plural.
    pub fn table(&self) -> &str {
        &self.plural
    }

    /// Adds the fields that every record has, in front of the object's own. Idempotent.
    pub fn with_system_fields(mut self) -> Self {
        if self.fields.iter().any(|field| field.system) {
            return self;
        }
        let mut fields = system_fields(self.owned);
        fields.append(&mut self.fields);
        self.fields = fields;
        self
    }
}

/// `id` is not among them: it is the key of the row, not a field with a column list of its own.
fn system_fields(owned: bool) -> Vec<Field> {
    let system = |name, kind, label| Field { system: true, read_only: true, ..Field::new(name, kind, label) };
    let mut fields = vec![
        system("version", Kind::Integer, "Version"),
        system("created_at", Kind::DateTime, "Created"),
        system("created_by", Kind::Actor, "Created by"),
        system("updated_at", Kind::DateTime, "Changed"),
        system("updated_by", Kind::Actor, "Changed by"),
        system("deleted_at", Kind::DateTime, "Deleted"),
    ];
    if owned {
        fields.push(Field { read_only: false, ..system("owner", Kind::User, "Owner") });
        fields.push(Field {
            read_only: false,
            target: Some("team".to_owned()),
            ..system("team", Kind::Reference, "Team")
        });
    }
    fields.push(Field { read_only: false, open: true, ..system("tags", Kind::MultiSelect, "Tags") });
    fields.push(Field { read_only: false, ..system("external_ids", Kind::Json, "External ids") });
    fields
}
