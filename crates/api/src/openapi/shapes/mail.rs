//! Shapes of outgoing mail.

use serde_json::{Map, Value as Json, json};

use super::{add, count, id, instant, list, maybe, object, reference, text, truth};

/// Where mail goes out, what was queued, and forgotten passwords.
pub(super) fn mail(all: &mut Map<String, Json>) {
    let port = json!({ "type": "integer", "minimum": 1, "maximum": 65535 });
    let security = json!({ "type": "string", "enum": ["tls", "starttls", "none"] });
    let must = [("host", text()), ("port", port), ("security", security), ("sender_address", text())];
    let may = ["user?", "sender_name?", "reply_to?", "authority?"].map(|name| (name, text()));
    add(all, "MailSettings", &[&must[..], &may[..]].concat());
    let secret = json!({ "type": "string", "writeOnly": true });
    add(all, "MailChange", &[("settings", reference("MailSettings")), ("password?", secret)]);
    let settings = json!({ "oneOf": [reference("MailSettings"), { "type": "null" }] });
    add(all, "MailSetUp", &[("settings", settings), ("has_password", truth()), ("public_url", text())]);
    add(all, "MailTested", &[("address", text()), ("went", truth()), ("stage", maybe()), ("answer", text())]);
    let ended = json!({ "type": ["string", "null"], "format": "date-time" });
    let one = [
        ("id", id()),
        ("kind", text()),
        ("user", id()),
        ("address", text()),
        ("status", text()),
        ("queued_at", instant()),
        ("due_at", instant()),
        ("ended_at", ended),
        ("attempts", count()),
        ("unsure", truth()),
        ("answer", maybe()),
    ];
    add(all, "OutgoingMail", &one);
    let ledger = ["queued", "waiting", "held", "sent", "failed", "cancelled"].map(|name| (name, count()));
    add(
        all,
        "OutgoingMails",
        &[("mails", list(reference("OutgoingMail"))), ("next", maybe()), ("ledger", object(&ledger))],
    );
    add(all, "MailRelease", &[("send", truth())]);
    add(all, "MailReleased", &[("mails", count())]);
    add(all, "ForgottenPassword", &[("email", text())]);
}
