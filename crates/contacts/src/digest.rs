//! The digest: what a user was told and has not read, as a mail, once a day or soon, as the user chose. Planned in the
//! transaction of the notification; each notification goes along once; what it says is judged when it is sent.

use engine::mail::{Addressed, Letter, Tongue, letters::Page, one_line};
use engine::{JobEntry, JobRun, LetterEntry, Workspace};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{Actor, Record, Value};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use store::tables::notifications::{self, Notification};
use store::tables::{jobs, mails};
use store::{Error, Priority, Tx};
use uuid::Uuid;

use crate::notify::{id_of, load};
use crate::pushes;

/// Collects what one user has not read.
pub(crate) const JOB: JobEntry = JobEntry { kind: "digest.collect", run, nightly: None, upkeep: false };
/// Writes the mail.
pub(crate) const LETTER: LetterEntry = LetterEntry { kind: "digest", write };

const SECOND: i64 = 1_000_000;
/// Between two mails to one user who wants to hear soon.
const SOON_US: i64 = 15 * 60 * SECOND;
/// What is older is not told by mail any more.
const OLDEST_US: i64 = 14 * 24 * 3_600 * SECOND;
/// The hour of those who chose none.
const HOUR: i8 = 8;
/// Most notifications that one mail counts.
const COUNT_MAX: usize = 1_000;
/// Most that it names.
const NAMED_MAX: usize = 30;

/// What a user chose.
struct Choice {
    user: Uuid,
    /// Soon, or else daily.
    soon: bool,
    hour: i8,
    zone: TimeZone,
    /// Kinds that are not told by mail.
    without: Vec<String>,
}

/// Keeps a notification and plans what tells of it elsewhere: the devices of its user, the mail.
pub(crate) fn tell(workspace: &Workspace, tx: &mut Tx, one: &Notification) -> Result<(), Error> {
    notifications::insert(tx, one)?;
    pushes::plan(workspace, tx, one)?;
    if !workspace.has_mail(tx)? {
        return Ok(());
    }
    match choice_of(workspace, tx, one.user)? {
        Some(choice) if !choice.without.contains(&one.kind) => plan(workspace, tx, &choice),
        _ => Ok(()),
    }
}

fn choice_of(workspace: &Workspace, tx: &mut Tx, user: Uuid) -> Result<Option<Choice>, Error> {
    let Some(user) = load(workspace, tx, "user", user)? else { return Ok(None) };
    let soon = match user.get("digest").as_text() {
        Some("soon") => true,
        Some("daily") => false,
        _ => return Ok(None),
    };
    let hour = match user.get("digest_hour") {
        Value::Int(hour) => i8::try_from(*hour).unwrap_or(HOUR).clamp(0, 23),
        _ => HOUR,
    };
    let kinds = user.get("unmailed").as_json().and_then(Json::as_array).cloned().unwrap_or_default();
    let without = kinds.iter().filter_map(Json::as_str).map(str::to_owned).collect();
    Ok(Some(Choice { user: user.id, soon, hour, zone: zone_of(workspace, &user), without }))
}

fn zone_of(workspace: &Workspace, user: &Record) -> TimeZone {
    let own = user.get("time_zone").as_text().filter(|zone| !zone.is_empty()).and_then(|zone| TimeZone::get(zone).ok());
    own.or_else(|| TimeZone::get(&workspace.settings().time_zone).ok()).unwrap_or(TimeZone::UTC)
}

fn plan(workspace: &Workspace, tx: &mut Tx, choice: &Choice) -> Result<(), Error> {
    let last = mails::last_queued(tx, choice.user, LETTER.kind)?;
    let due_at = due(choice, workspace.now(), last);
    // Its id is made of what it is and when: planned by many notifications, it still runs once.
    let digest = Sha256::digest(format!("{}|{}|{due_at}", JOB.kind, choice.user));
    let id = Uuid::from_bytes(digest.first_chunk::<16>().copied().unwrap_or_default());
    jobs::insert(tx, id, JOB.kind, &json!({ "user": choice.user, "at": due_at }), due_at)
}

/// When the next mail is due, in microseconds.
fn due(choice: &Choice, now: i64, last: Option<i64>) -> i64 {
    if choice.soon {
        // By the clock, so that what is told meanwhile finds the same moment.
        let next = (now / SOON_US + 1) * SOON_US;
        return last.map_or(next, |last| next.max(last + SOON_US));
    }
    let next = || {
        let local = Timestamp::from_microsecond(now).ok()?.to_zoned(choice.zone.clone());
        let today = local.with().time(jiff::civil::time(choice.hour, 0, 0, 0)).build().ok()?;
        let next = if today > local { today } else { today.tomorrow().ok()? };
        Some(next.timestamp().as_microsecond())
    };
    next().unwrap_or(now + 24 * 3_600 * SECOND)
}

/// Whether a mail may go now that was planned for a moment: the choice may be another one since.
fn is_time(choice: &Choice, now: i64, planned: i64, last: Option<i64>) -> bool {
    if choice.soon {
        return last.is_none_or(|last| now - last >= SOON_US);
    }
    let local = |at: i64| Timestamp::from_microsecond(at).map(|at| at.to_zoned(choice.zone.clone())).ok();
    let on_the_hour = local(planned).is_some_and(|at| at.hour() == choice.hour);
    let today = local(now).map(|at| at.date());
    on_the_hour && last.and_then(local).map(|at| at.date()) != today
}

fn run(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let Some(user) = job.payload.get("user").and_then(id_of) else { return Ok(()) };
    let planned = job.payload.get("at").and_then(Json::as_i64).unwrap_or(0);
    let inner = workspace.clone();
    let work = workspace.store().write(Priority::Background, move |tx| collect(&inner, tx, user, planned));
    Ok(work.wait()?)
}

fn collect(workspace: &Workspace, tx: &mut Tx, user: Uuid, planned: i64) -> Result<(), Error> {
    let now = workspace.now();
    let Some(choice) = choice_of(workspace, tx, user)? else { return Ok(()) };
    let Some(actor) = workspace.find_user_actor(tx, user)? else { return Ok(()) };
    let mut rows = mails::untold(tx, user, now - OLDEST_US, COUNT_MAX)?;
    rows.retain(|row| !choice.without.contains(&row.kind));
    let shown = in_sight(workspace, tx, &actor, &rows)?.0;
    if shown.is_empty() {
        return Ok(());
    }
    let last = mails::last_queued(tx, user, LETTER.kind)?;
    if !is_time(&choice, now, planned, last) {
        return plan(workspace, tx, &choice);
    }
    let Some(record) = load(workspace, tx, "user", user)? else { return Ok(()) };
    let Some(mail) = workspace.queue_mail(tx, LETTER.kind, &record, None, None)? else { return Ok(()) };
    let ids: Vec<Uuid> = shown.iter().filter_map(|one| one.get("id").and_then(id_of)).collect();
    mails::tell(tx, mail, &ids)
}

/// What the reader may see now and what is not in the recycle bin, and the names of who did it.
pub(crate) fn in_sight(
    workspace: &Workspace,
    tx: &mut Tx,
    actor: &Actor,
    rows: &[Notification],
) -> Result<(Vec<Json>, Json), Error> {
    let (mut shown, actors) = workspace.show_notifications(tx, actor, rows)?;
    shown.retain(|one| one.pointer("/subject/deleted") != Some(&Json::Bool(true)));
    Ok((shown, actors))
}

fn write(workspace: &Workspace, tx: &mut Tx, to: &Addressed<'_>) -> Result<Option<Letter>, Error> {
    let Some(actor) = workspace.find_user_actor(tx, to.user.id)? else { return Ok(None) };
    let rows = mails::told_by(tx, to.mail.id)?;
    let (shown, actors) = in_sight(workspace, tx, &actor, &rows)?;
    if shown.is_empty() {
        return Ok(None);
    }
    let (tongue, count) = (to.tongue, shown.len());
    let subject = match (tongue, count) {
        (Tongue::English, 1) => "One new notification".to_owned(),
        (Tongue::English, count) => format!("{count} new notifications"),
        (Tongue::German, 1) => "Eine neue Benachrichtigung".to_owned(),
        (Tongue::German, count) => format!("{count} neue Benachrichtigungen"),
    };
    let company = one_line(&workspace.settings().name);
    let subject = if company.is_empty() { subject } else { format!("{subject} – {company}") };
    let (zone, schema) = (zone_of(workspace, to.user), workspace.schema());
    let mut page = Page::new(tongue);
    for one in shown.iter().take(NAMED_MAX) {
        let text = |pointer: &str| one.pointer(pointer).and_then(Json::as_str).unwrap_or_default();
        let plural =
            schema.find_object(text("/subject/object")).map(|object| object.plural.clone()).unwrap_or_default();
        let url = format!("{}/{plural}/{}", to.public_url, text("/subject/id"));
        let words = format!("{} ({})", words_of(one, &actors, tongue), clock(text("/at"), &zone, tongue));
        let excerpt = one.get("text").and_then(Json::as_str).map(one_line);
        page.entry(&words, &url, excerpt.as_deref());
    }
    if count > NAMED_MAX {
        let more = count - NAMED_MAX;
        page.say(&match tongue {
            Tongue::English => format!("And {more} more."),
            Tongue::German => format!("Und {more} weitere."),
        });
    }
    let at = |path: &str| format!("{}{path}", to.public_url);
    page.link(tongue.pick("All notifications", "Alle Benachrichtigungen"), &at("/notifications"));
    page.link(
        tongue.pick("Fewer of these mails, or none", "Weniger von diesen Mails, oder keine"),
        &at("/settings/profile"),
    );
    Ok(Some(page.finish(&subject)))
}

/// `24 Nov, 14:05` by the reader's clock.
fn clock(at: &str, zone: &TimeZone, tongue: Tongue) -> String {
    let Ok(at) = at.parse::<Timestamp>() else { return String::new() };
    at.to_zoned(zone.clone()).strftime(tongue.pick("%-d %b, %H:%M", "%-d.%-m., %H:%M")).to_string()
}

/// What happened, in one sentence. Names and titles are what people wrote: on one line, escaped by the page.
pub(crate) fn words_of(one: &Json, actors: &Json, tongue: Tongue) -> String {
    let text = |pointer: &str| one_line(one.pointer(pointer).and_then(Json::as_str).unwrap_or_default());
    let label = one.get("actor").and_then(Json::as_str).unwrap_or_default();
    let known =
        actors.get(label).and_then(|one| one.get("name")?.as_str()).map(one_line).filter(|name| !name.is_empty());
    let who = known.unwrap_or_else(|| tongue.pick("Somebody", "Jemand").to_owned());
    let (what, number) = (text("/subject/title"), one.get("number").and_then(Json::as_i64).unwrap_or(1));
    let pattern = match (text("/kind").as_str(), number > 1) {
        ("mention", _) => tongue.pick("{who} mentioned you at {what}", "{who} hat Sie bei {what} erwähnt"),
        ("reply", _) => tongue.pick("{who} answered you at {what}", "{who} hat Ihnen bei {what} geantwortet"),
        ("comment", _) => tongue.pick("{who} commented on {what}", "{who} hat {what} kommentiert"),
        ("assigned", false) => tongue.pick("{who} gave you {what}", "{who} hat Ihnen {what} übergeben"),
        ("assigned", true) => tongue.pick(
            "{who} gave you {number} records, among them {what}",
            "{who} hat Ihnen {number} Datensätze übergeben, darunter {what}",
        ),
        ("shared", _) => tongue.pick("{who} shared {what} with you", "{who} hat {what} mit Ihnen geteilt"),
        ("reaction", false) => {
            tongue.pick("{who} reacted to what you wrote at {what}", "{who} hat auf Ihren Beitrag bei {what} reagiert")
        }
        ("reaction", true) => tongue.pick(
            "{who} and others reacted to what you wrote at {what}",
            "{who} und andere haben auf Ihren Beitrag bei {what} reagiert",
        ),
        ("reminder", _) => tongue.pick("Reminder: {what}", "Erinnerung: {what}"),
        ("expiry", _) => tongue.pick("{what} expires soon or today", "{what} läuft bald oder heute ab"),
        (_, false) => tongue.pick("{who} changed {what}", "{who} hat {what} geändert"),
        (_, true) => tongue.pick(
            "{who} changed {number} records you follow, among them {what}",
            "{who} hat {number} Datensätze geändert, denen Sie folgen, darunter {what}",
        ),
    };
    // In one walk: what a name says is never looked through for places.
    let mut words = String::new();
    for part in pattern.split_inclusive('}') {
        let (before, place) = part.split_once('{').unwrap_or((part, ""));
        words.push_str(before);
        match place {
            "who}" => words.push_str(&who),
            "what}" => words.push_str(&what),
            "number}" => words.push_str(&number.to_string()),
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn choice(soon: bool) -> Choice {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        Choice { user: Uuid::nil(), soon, hour: 8, zone, without: Vec::new() }
    }

    #[test]
    fn daily_follows_the_readers_clock() {
        let next = |now: &str| model::value::instant_to_text(due(&choice(false), at(now), None));
        assert_eq!(next("2026-07-01T05:59:00Z"), "2026-07-01T06:00:00Z");
        assert_eq!(next("2026-07-01T06:00:00Z"), "2026-07-02T06:00:00Z");
        assert_eq!(next("2026-10-24T12:00:00Z"), "2026-10-25T07:00:00Z");
        let planned = at("2026-07-01T06:00:00Z");
        let goes = |last: Option<&str>| is_time(&choice(false), at("2026-07-01T09:30:00Z"), planned, last.map(at));
        assert!(goes(None) && goes(Some("2026-06-30T06:00:00Z")));
        assert!(!goes(Some("2026-07-01T06:00:01Z")), "once a day");
        assert!(
            !is_time(&Choice { hour: 9, ..choice(false) }, at("2026-07-01T09:30:00Z"), planned, None),
            "another hour"
        );
    }

    #[test]
    fn soon_is_every_quarter_of_an_hour_at_most() {
        let next =
            |now: &str, last: Option<&str>| model::value::instant_to_text(due(&choice(true), at(now), last.map(at)));
        assert_eq!(next("2026-07-01T05:59:00Z", None), "2026-07-01T06:00:00Z");
        assert_eq!(next("2026-07-01T06:00:00Z", None), "2026-07-01T06:15:00Z");
        assert_eq!(next("2026-07-01T06:14:00Z", Some("2026-07-01T06:10:00Z")), "2026-07-01T06:25:00Z");
        assert!(!is_time(&choice(true), at("2026-07-01T06:15:00Z"), 0, Some(at("2026-07-01T06:10:00Z"))));
    }

    #[test]
    fn names_are_never_looked_through() {
        let one =
            json!({ "kind": "assigned", "actor": "user:a", "number": 1, "subject": { "title": "{who}\r\nX: y" } });
        let words = words_of(&one, &json!({ "user:a": { "name": "{what}" } }), Tongue::English);
        assert_eq!(words, "{what} gave you {who} X: y");
    }
}
