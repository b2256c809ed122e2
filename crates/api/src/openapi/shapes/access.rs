//! Shapes of what somebody may do with a record, and of sensitive fields that are shown.

use serde_json::{Map, Value as Json, json};

use super::{add, any, id, list, maybe, object, text, truth};

pub(super) fn add_all(all: &mut Map<String, Json>) {
    let reason = || {
        object(&[
            ("allowed", truth()),
            ("because", text()),
            ("parts", list(list(json!({ "type": ["string", "boolean"] })))),
            ("territories?", list(text())),
            ("share?", any()),
        ])
    };
    let rights = [("read", reason()), ("update", reason()), ("delete", reason())];
    let who = [("user", id()), ("role", maybe()), ("hidden", list(text())), ("read_only", list(text()))];
    add(all, "Access", &[&rights[..], &who[..]].concat());
    add(all, "RevealRequest", &[("fields", list(text()))]);
    add(all, "Revealed", &[("values", any())]);
}
