//! Documents that expire: their owner is told two weeks ahead and on the day.

use engine::{JobEntry, JobRun, Workspace};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::{Actor, Change, Value};
use serde_json::{Value as Json, json};
use store::tables::notifications::{self, Notification};
use store::{Error, Priority, Tx};
use uuid::Uuid;

use crate::digest;
use crate::notify::{id_of, load};

/// Tells the owner of a document that it expires.
pub(crate) const REMIND: JobEntry = JobEntry { kind: "document.expiry", run: remind, nightly: None, upkeep: false };

/// So many days ahead somebody is told.
const DAYS_AHEAD: [i64; 2] = [14, 0];
/// At this hour of the company's clock.
const HOUR: i8 = 8;

/// A document with an expiry in the future gets its jobs; what was planned for another day finds that out by itself.
pub(crate) fn plan(workspace: &Workspace, tx: &mut Tx, change: &Change) -> Result<(), Error> {
    let changed = change.fields.get("expires_on").and_then(|pair| pair.get(1)).is_some_and(|day| !day.is_null());
    if change.object != "document" || !changed {
        return Ok(());
    }
    let Some(document) = load(workspace, tx, "document", change.record)? else { return Ok(()) };
    let Value::Date(day) = *document.get("expires_on") else { return Ok(()) };
    let zone = TimeZone::get(&workspace.settings().time_zone).unwrap_or(TimeZone::UTC);
    for ahead in DAYS_AHEAD {
        let Some(at) = instant(day, ahead, &zone).filter(|at| *at > workspace.now()) else { continue };
        let payload = json!({ "document": document.id, "day": day.to_string() });
        workspace.enqueue(tx, REMIND.kind, &payload, at)?;
    }
    Ok(())
}

fn instant(day: Date, ahead: i64, zone: &TimeZone) -> Option<i64> {
    let day = day.checked_sub(jiff::Span::new().try_days(ahead).ok()?).ok()?;
    Some(day.at(HOUR, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp().as_microsecond())
}

fn remind(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let document = job.payload.get("document").and_then(id_of);
    let day = job.payload.get("day").and_then(Json::as_str).and_then(|day| day.parse::<Date>().ok());
    let (Some(document), Some(day)) = (document, day) else { return Ok(()) };
    let inner = workspace.clone();
    let work = workspace.store().write(Priority::Background, move |tx| tell(&inner, tx, document, day));
    Ok(work.wait()?)
}

fn tell(workspace: &Workspace, tx: &mut Tx, document: Uuid, day: Date) -> Result<(), Error> {
    let Some(document) = load(workspace, tx, "document", document)? else { return Ok(()) };
    let Some(user) = document.get("owner").as_id().filter(|_| document.get("expires_on") == &Value::Date(day)) else {
        return Ok(());
    };
    let Some(actor) = workspace.find_user_actor(tx, user)? else { return Ok(()) };
    if !workspace.sees(tx, &actor, "document", document.id)? {
        return Ok(());
    }
    notifications::withdraw(tx, user, "expiry", document.id)?;
    let notification = Notification {
        id: Uuid::now_v7(),
        user,
        kind: "expiry".to_owned(),
        object: "document".to_owned(),
        record: document.id,
        via_object: "document".to_owned(),
        via: document.id,
        batch: Uuid::nil(),
        actor: Actor::system("expiry").label(),
        at: workspace.now(),
        read_at: None,
        number: 1,
    };
    digest::tell(workspace, tx, &notification)
}
