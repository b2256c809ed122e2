//! Shapes of the devices on which users are told.

use serde_json::{Map, Value as Json, json};

use super::{add, id, instant, list, maybe, object, reference, text, truth};

/// Devices, new ones, and what came of a test.
pub(super) fn devices(all: &mut Map<String, Json>) {
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
