//! What devices show of a notification while the application is closed: the sentence of the list, in the reader's
//! language, and the beginning of what somebody wrote; judged when it is sent.

use engine::Workspace;
use engine::mail::one_line;
use engine::push::{Noted, Notice};
use model::Record;
use serde_json::Value as Json;
use store::tables::notifications::Notification;
use store::{Error, Tx};

use crate::digest::{in_sight, words_of};
use crate::notify::{is_in, load};

/// Kinds that ask something of the reader now.
const URGENT: [&str; 4] = ["mention", "reply", "reminder", "assigned"];
/// Kinds that are good to know.
const CALM: [&str; 2] = ["change", "reaction"];

/// Queues a notification for the devices of its user, unless the user wants none of its kind there.
pub(crate) fn plan(workspace: &Workspace, tx: &mut Tx, one: &Notification) -> Result<(), Error> {
    match load(workspace, tx, "user", one.user)? {
        Some(user) if is_wanted(&user, &one.kind) => workspace.queue_push(tx, one),
        _ => Ok(()),
    }
}

fn is_wanted(user: &Record, kind: &str) -> bool {
    !is_in(user, "unpushed", kind) && !is_in(user, "muted", kind)
}

/// Writes what a device shows; nothing when the kind is not wanted any more or the record is out of sight.
pub(crate) fn write(workspace: &Workspace, tx: &mut Tx, noted: &Noted<'_>) -> Result<Option<Notice>, Error> {
    let kind = noted.notification.kind.as_str();
    if !is_wanted(noted.user, kind) {
        return Ok(None);
    }
    let rows = std::slice::from_ref(noted.notification);
    let (shown, actors) = in_sight(workspace, tx, noted.actor, rows)?;
    let Some(one) = shown.first() else { return Ok(None) };
    let text = |pointer: &str| one.pointer(pointer).and_then(Json::as_str).unwrap_or_default();
    let schema = workspace.schema();
    let Some(object) = schema.find_object(text("/subject/object")) else { return Ok(None) };
    let urgency = match kind {
        kind if URGENT.contains(&kind) => "high",
        kind if CALM.contains(&kind) => "low",
        _ => "normal",
    };
    Ok(Some(Notice {
        title: words_of(one, &actors, noted.tongue),
        text: one_line(text("/text")),
        path: format!("/{}/{}", object.plural, text("/subject/id")),
        urgency,
    }))
}
