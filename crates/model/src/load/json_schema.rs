//! The JSON Schema of an object's TOML, for editors that complete and check while one types.

use serde_json::{Value as Json, json};

use crate::duplicates::{SHOWN_FROM, Trait, WEIGHT_MAX};

use super::check::COLORS;

/// The kinds of fields by name, in the order of [`crate::Kind`]; `actor` is for system fields alone.
pub(super) const KIND_NAMES: [&str; 27] = [
    "text",
    "long_text",
    "integer",
    "decimal",
    "percent",
    "money",
    "date",
    "date_time",
    "duration",
    "boolean",
    "select",
    "multi_select",
    "rating",
    "emails",
    "phones",
    "links",
    "address",
    "reference",
    "references",
    "about",
    "user",
    "files",
    "json",
    "auto_number",
    "rank",
    "formula",
    "rollup",
];

/// JSON Schema (2020-12) of the TOML of one object.
pub fn json_schema() -> Json {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rapport object",
        "description": "One kind of thing that a workspace keeps.",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "plural", "label", "label_plural", "title"],
        "properties": {
            "name": name("Singular name, also in expressions."),
            "plural": name("Plural: path in the API and table in SQL."),
            "label": text("What people read, singular."),
            "label_plural": text("What people read, plural."),
            "description": text("What it is for, one sentence."),
            "icon": text("Icon name of the interface's set."),
            "color": color(),
            "title": name("The field that names a record."),
            "subtitle": name("The field shown as a second line in pickers and search results."),
            "search": names("The fields that search looks into; the first weigh more. Empty: not searched."),
            "parent": name("The reference whose record also shows this record's timeline."),
            "part_of": name("The reference to the record that each is a part of: who sees that one sees its parts."),
            "timeline": timeline(),
            "columns": names("The columns of the first table view."),
            "orders": names("Fields that its lists are often ordered or narrowed by: an index each from the start."),
            "counted_by": names("Fields that its records are often counted by: an index alone answers."),
            "duplicates": duplicates(),
            "owned": flag("Has an owner and a team. On unless said otherwise."),
            "internal": flag("Kept by the program for itself; not in navigation."),
            "settings": flag("Of internal ones: for those alone who may configure."),
            "append_only": flag("Records are proof: made, never changed or deleted by hand."),
            "custom": flag("Made by an administrator at run time."),
            "fields": { "type": "array", "description": "Its fields, in the order people see them.", "items": field() }
        }
    })
}

fn timeline() -> Json {
    json!({
        "type": "object",
        "description": "Set when records are entries of other records' timelines.",
        "additionalProperties": false,
        "required": ["at", "subjects"],
        "properties": {
            "at": name("The date_time field that orders it."),
            "subjects": names("The reference or about fields whose targets show it."),
            "body": name("The field shown as the entry's text.")
        }
    })
}

fn duplicates() -> Json {
    json!({
        "type": "object",
        "description": "How duplicates are told and what a merged record keeps, where that is not as usual.",
        "additionalProperties": false,
        "properties": {
            "shown_from": {
                "type": "integer",
                "minimum": SHOWN_FROM.start(),
                "maximum": SHOWN_FROM.end(),
                "description": "Pairs less sure than this are not shown, in per cent.",
            },
            "among": text("Expression: only records that it holds for are taken for duplicates of others."),
            "identifying": names("Fields with a number or code that only one record bears."),
            "weights": {
                "type": "object",
                "description": "What a trait says, in per cent of what it says otherwise; 0: nothing.",
                "propertyNames": { "enum": Trait::ALL },
                "additionalProperties": { "type": "integer", "minimum": 0, "maximum": WEIGHT_MAX },
            },
            "keep": {
                "type": "object",
                "description": "Whose value a merged record keeps, by field.",
                "additionalProperties": { "enum": ["newest", "oldest", "longest", "greatest", "least"] },
            },
        }
    })
}

fn field() -> Json {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "kind", "label"],
        "properties": {
            "name": name("Column, JSON key and name in expressions."),
            "kind": { "enum": KIND_NAMES, "description": "What it holds." },
            "label": text("What people read."),
            "help": text("A hint below the input."),
            "group": text("A section of the record page."),
            "required": flag("Must have a value."),
            "unique": flag("No two records that are not deleted share a value."),
            "default": { "description": "Value of a new record, as in the API; \"me\", \"now\" and \"today\" are understood." },
            "format": {
                "enum": ["recurrence", "checklist", "replies"],
                "description": "What a text (recurrence) or JSON (checklist, replies) is made of.",
            },
            "options": { "type": "array", "description": "Choices of select and multi_select.", "items": option() },
            "open": flag("A multi_select that takes new words."),
            "target": name("The object that a reference points to."),
            "inverse": inverse(),
            "tree": flag("A reference to the own object that never leads back to where it began."),
            "validation": text("Expression that must hold when the record is saved."),
            "validation_message": text("What is said when the validation fails."),
            "read_only": flag("People cannot change it."),
            "kept": flag("The program works it out and keeps it; not for fields of your own."),
            "visible_if": text("Expression: shown only when it holds."),
            "required_if": text("Expression: required when it holds."),
            "sensitive": flag("Left out of answers until somebody asks for it, which is logged."),
            "formula": text("Expression of a formula."),
            "result": { "enum": KIND_NAMES, "description": "Kind of a formula's or roll-up's value." },
            "rollup": rollup(),
            "pattern": text("Pattern of an auto_number, like INV-{year}-{number:5}."),
            "unit": text("What a number counts, shown behind it, like kg."),
            "custom": flag("Made by an administrator at run time."),
            "hidden": flag("Taken out of use.")
        }
    })
}

fn option() -> Json {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["value", "label"],
        "properties": {
            "value": text("What is stored."),
            "label": text("What people read."),
            "color": color()
        }
    })
}

fn inverse() -> Json {
    json!({
        "type": "object",
        "description": "The way back on the target object.",
        "additionalProperties": false,
        "required": ["name", "label"],
        "properties": { "name": name("Name in expressions of the target."), "label": text("What people read.") }
    })
}

fn rollup() -> Json {
    json!({
        "type": "object",
        "description": "A figure over the records of another object that point here.",
        "additionalProperties": false,
        "required": ["object", "via", "aggregate"],
        "properties": {
            "object": name("The object whose records are counted."),
            "via": name("Its field that points here."),
            "aggregate": { "enum": ["count", "sum", "min", "max", "avg"] },
            "field": name("The field that is summed; none for count."),
            "filter": text("Expression over the counted record.")
        }
    })
}

fn text(description: &str) -> Json {
    json!({ "type": "string", "description": description })
}

fn name(description: &str) -> Json {
    json!({ "type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$", "maxLength": 40, "description": description })
}

fn names(description: &str) -> Json {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

fn flag(description: &str) -> Json {
    json!({ "type": "boolean", "description": description })
}

fn color() -> Json {
    json!({ "enum": COLORS, "description": "A colour of the palette." })
}
