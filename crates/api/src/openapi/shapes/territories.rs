//! Shapes of looking at changes of the tree of territories.

use serde_json::{Map, Value as Json, json};

use super::{add, count, id, list, maybe, object, text, truth};

pub(super) fn add_all(all: &mut Map<String, Json>) {
    let maybe_id = || json!({ "type": ["string", "null"], "format": "uuid" });
    let place = json!({ "type": ["integer", "null"] });
    let change = [("id?", maybe_id()), ("name?", maybe()), ("parent?", maybe_id()), ("rule?", maybe())];
    let change = object(&[&change[..], &[("position?", place), ("delete?", truth())]].concat());
    let changes = || json!({ "type": "array", "items": change, "maxItems": 500 });
    add(all, "TerritoryChanges", &[("changes?", changes())]);
    add(all, "TerritoryQuestion", &[("company", id()), ("changes?", changes())]);
    let named = json!({ "type": ["object", "null"], "required": ["id", "name"],
        "properties": { "id": id(), "name": maybe() }, "additionalProperties": false });
    let step = object(&[("from", named.clone()), ("to", named.clone()), ("count", count())]);
    let sums = ["total", "pinned", "moved"].map(|name| (name, count()));
    add(all, "TerritoryMoves", &[&sums[..], &[("moves", list(step))]].concat());
    let said = json!({ "enum": ["folder", "yes", "no", "broken", "hidden"] });
    let tried = object(&[("id", id()), ("name", text()), ("depth", count()), ("said", said)]);
    let stands = [("pinned", truth()), ("stands", named.clone()), ("goes", named), ("tried", list(tried))];
    add(all, "TerritoryReasons", &stands);
}
