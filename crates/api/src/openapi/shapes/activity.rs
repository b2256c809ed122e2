//! Shapes of what colleagues did.

use serde_json::{Map, Value as Json};

use super::{add, any, count, id, instant, list, maybe, object, text, truth};

/// The feed.
pub(super) fn activity(all: &mut Map<String, Json>) {
    let what = [("object", text()), ("op", text()), ("count", count()), ("more", truth()), ("records", list(any()))];
    let one = [("fields?", any()), ("text?", text()), ("about?", list(any())), ("names?", list(text()))];
    let part = object(&[&what[..], &one[..]].concat());
    let who = [("batch", id()), ("at", instant()), ("actor", text()), ("verb", text()), ("undone", truth())];
    let entry = object(&[&who[..], &[("parts", list(part))]].concat());
    add(all, "Activity", &[("entries", list(entry)), ("next", maybe()), ("actors", any())]);
}
