//! Shapes of documents: their public links.

use serde_json::{Map, Value as Json, json};

use super::{add, count, id, instant, list, object, text, truth};

/// Links without and with their address.
pub(super) fn add_all(all: &mut Map<String, Json>) {
    let times = [("created_at", instant()), ("expires_at", instant())];
    let last = json!({ "type": ["string", "null"], "format": "date-time" });
    let used = [("downloads", count()), ("last_at", last)];
    let link = [&[("id", id()), ("created_by", id()), ("password", truth())][..], &times[..], &used[..]].concat();
    add(all, "DocumentLinks", &[("links", list(object(&link)))]);
    add(all, "DocumentLinkMade", &[&link[..], &[("url", text())]].concat());
    let password = json!({ "type": ["string", "null"], "format": "password" });
    let end = json!({ "type": ["string", "null"], "format": "date-time" });
    add(all, "DocumentLinkRequest", &[("expires_at?", end), ("password?", password)]);
}
