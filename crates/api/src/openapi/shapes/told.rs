//! Shapes of what users are told: notifications, who follows what, the devices that show them.

use serde_json::{Map, Value as Json, json};

use super::{add, any, count, id, instant, list, maybe, object, reference, text, truth};

/// Notifications, following, devices, and what came of a test.
pub(super) fn told(all: &mut Map<String, Json>) {
    let told =
        [("id", id()), ("kind", text()), ("actor", text()), ("number", count()), ("text", maybe()), ("at", instant())];
    let rest = [("read", truth()), ("subject", any()), ("via", any())];
    let told = list(object(&[&told[..], &rest[..]].concat()));
    add(all, "Notifications", &[("notifications", told), ("unread", count()), ("next", maybe()), ("actors", any())]);
    add(all, "MarkRequest", &[("ids?", json!({ "type": ["array", "null"], "items": id() })), ("read?", truth())]);
    add(all, "Unread", &[("unread", count())]);
    add(all, "Following", &[("following", truth()), ("followers", list(id()))]);
    add(all, "Followed", &[("following", truth())]);
    let delivered = json!({ "type": ["string", "null"], "format": "date-time" });
    let one = [
        ("id", id()),
        ("fingerprint", text()),
        ("service", text()),
        ("agent", text()),
        ("created_at", instant()),
        ("delivered_at", delivered),
        ("answer", maybe()),
    ];
    add(all, "Device", &one);
    let session = json!({ "type": ["string", "null"], "format": "uuid" });
    add(all, "Devices", &[("key", text()), ("session", session), ("devices", list(reference("Device")))]);
    let keys = object(&[("p256dh", text()), ("auth", text())]);
    add(all, "NewDevice", &[("endpoint", text()), ("keys", keys), ("replaces?", maybe())]);
    add(all, "DeviceTested", &[("went", truth()), ("gone", truth()), ("answer", text())]);
}
