//! Shapes of what looks after customers and their data: days without contact, relations, data quality.

use serde_json::{Map, Value as Json, json};

use super::{add, any, count, id, list, maybe, object, reference, text, truth};

/// Days without contact, and what grows from them.
pub(super) fn customer_care(all: &mut Map<String, Json>) {
    let days = || json!({ "type": "integer", "minimum": 1, "maximum": 3650 });
    let by_option = json!({ "type": "object", "additionalProperties": days() });
    let otherwise = json!({ "type": ["integer", "null"], "minimum": 1, "maximum": 3650 });
    add(all, "Pace", &[("days", by_option), ("otherwise?", otherwise)]);
    let one = object(&[("object", text()), ("choice", text()), ("pace", json!({ "type": ["object", "null"] }))]);
    add(all, "Signals", &[("signals", list(one))]);
    let end = || object(&[("object", text()), ("id", id())]);
    let node = [("object", text()), ("id", id()), ("title", text()), ("subtitle", maybe()), ("step", count())];
    let said = [("object", text()), ("id", id()), ("from", end()), ("to", end()), ("kind", text())];
    let line = object(&[&said[..], &[("role", maybe()), ("note", maybe()), ("left", truth())]].concat());
    let drawn = [("nodes", list(object(&node))), ("lines", list(line)), ("more", count()), ("at_least", truth())];
    add(all, "Relations", &drawn);
    let who = [("id", id()), ("title", text()), ("parent", maybe()), ("kind", maybe()), ("level", count())];
    let sums = ["people", "open_tasks", "all_companies", "all_people", "all_open_tasks"].map(|name| (name, count()));
    let company = object(&[&who[..], &sums[..]].concat());
    add(all, "CompanyTree", &[("companies", list(company)), ("at_least", truth())]);
    health(all);
    let missing =
        json!({ "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string" } } });
    let months = json!({ "type": "integer", "minimum": 1, "maximum": 120 });
    add(all, "QualityChecks", &[("months", months), ("missing", missing)]);
    let what = [("object", text()), ("check", text()), ("field", maybe()), ("flaw", maybe()), ("filter", text())];
    let before = json!({ "type": ["integer", "null"] });
    let tile = object(&[&what[..], &[("count", count()), ("exact", truth()), ("before", before)]].concat());
    add(all, "QualityBoard", &[("checks", reference("QualityChecks")), ("tiles", list(tile))]);
    let objects = json!({ "enum": ["person", "company"] });
    let fixes = json!({ "enum": ["names", "phones", "country"] });
    add(all, "QualityFix", &[("object", objects), ("fix", fixes), ("country?", maybe())]);
    let change = object(&[("id", id()), ("title", maybe()), ("fields", any())]);
    add(all, "QualityPreview", &[("records", count()), ("limited", truth()), ("changes", list(change))]);
    add(all, "QualityFixed", &[("batch", id()), ("updated", count()), ("refused", count())]);
}

/// The health of customers.
fn health(all: &mut Map<String, Json>) {
    let points = || json!({ "type": "integer", "minimum": 0, "maximum": 100 });
    let named =
        object(&[("id", id()), ("object", text()), ("title", text()), ("subtitle", maybe()), ("deleted", truth())]);
    let reason = [("part", text()), ("points", points()), ("facts", any()), ("records", list(named))];
    let health = json!({ "type": ["integer", "null"], "minimum": 0, "maximum": 100 });
    let level = json!({ "enum": ["good", "fair", "poor", null] });
    let figures = [("company", id()), ("health", health), ("level", level), ("unseen", count())];
    let reasons = [("reasons", list(object(&reason))), ("fine", list(text()))];
    add(all, "CustomerHealth", &[&figures[..], &reasons[..]].concat());
    let figure = json!({ "type": "integer", "minimum": 0, "maximum": 3650 });
    let part = object(&[("on", truth()), ("weight", points()), ("threshold?", figure)]);
    let parts = json!({ "type": "object", "additionalProperties": part });
    let setting = [("kinds", list(text())), ("good", points()), ("fair", points()), ("parts", parts)];
    add(all, "HealthSetting", &setting);
    add(all, "HealthParts", &[("setting", reference("HealthSetting")), ("order", list(text()))]);
}
