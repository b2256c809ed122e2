//! Events of a file become meetings. An event that came before, by its `UID`, changes its meeting instead of making
//! another; one older than what is known changes nothing.

use std::collections::{BTreeSet, HashMap};

use engine::{Batch, Edit, Plan, Workspace};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use model::expr::{field_in, id_in};
use model::{Actor, Code, Patch, Problem, Record, Value};
use serde_json::{Value as Json, json};
use store::{Error, Pending, Select};
use uuid::Uuid;

use super::line::{Line, read, unescape};
use super::zone;
use crate::recurrence::Rule;

/// Most events of one file.
pub(super) const EVENTS_MAX: usize = 5_000;
/// How the ids of our own meetings end.
pub(super) const OWN: &str = "@rapport";
/// Most reasons that are told one by one.
const NOTES_MAX: usize = 100;

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Meetings made.
    pub created: u64,
    /// Meetings changed.
    pub updated: u64,
    /// Events that were known already.
    pub unchanged: u64,
    /// Events that were not taken, with the reason, the first hundred.
    pub left_out: Vec<(String, String)>,
    /// The meetings made and changed.
    pub ids: Vec<Uuid>,
}

impl TakenIn {
    fn leave_out(&mut self, title: &str, reason: &str) {
        if self.left_out.len() < NOTES_MAX {
            self.left_out.push((title.chars().take(120).collect(), reason.to_owned()));
        }
    }
}

/// One event of the file.
#[derive(Debug, Default)]
pub(super) struct Event {
    lines: Vec<Line>,
}

impl Event {
    pub(super) fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    fn text(&self, name: &str) -> String {
        self.line(name).map(|line| unescape(&line.value).trim().to_owned()).unwrap_or_default()
    }

    pub(super) fn title(&self) -> String {
        let title = self.text("SUMMARY").split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() { "Meeting".to_owned() } else { title }
    }

    fn sequence(&self) -> i64 {
        self.text("SEQUENCE").parse().ok().filter(|number| (0..1_000_000_000).contains(number)).unwrap_or(0)
    }
}

/// A file, taken apart.
pub(super) struct File {
    pub(super) events: Vec<Event>,
    zones: HashMap<String, TimeZone>,
    floating: Option<TimeZone>,
    cancels: bool,
    /// The events only say what somebody replied.
    replies: bool,
}

pub(super) fn parse(text: &str) -> File {
    let mut file = File { events: Vec::new(), zones: HashMap::new(), floating: None, cancels: false, replies: false };
    let mut inside: Vec<String> = Vec::new();
    let (mut event, mut zone) = (Event::default(), Vec::new());
    for line in read(text.trim_start_matches('\u{feff}')) {
        let component = line.value.trim().to_ascii_uppercase();
        match (line.name.as_str(), inside.last().map(String::as_str)) {
            ("BEGIN", _) => inside.push(component),
            ("END", _) => {
                if inside.last() == Some(&component) {
                    inside.pop();
                }
                match component.as_str() {
                    "VEVENT" => file.events.push(std::mem::take(&mut event)),
                    "VTIMEZONE" => keep_zone(&mut file.zones, &std::mem::take(&mut zone)),
                    _ => {}
                }
            }
            (_, Some("VEVENT")) => event.lines.push(line),
            (_, Some("VTIMEZONE" | "STANDARD")) => zone.push(line),
            ("METHOD", Some("VCALENDAR")) => {
                file.cancels = component == "CANCEL";
                file.replies = component == "REPLY";
            }
            ("X-WR-TIMEZONE", Some("VCALENDAR")) => file.floating = zone::find(&line.value),
            _ => {}
        }
    }
    file
}

/// The zone of a `VTIMEZONE`: by its name, by another name it gives, else by its winter time.
fn keep_zone(zones: &mut HashMap<String, TimeZone>, lines: &[Line]) {
    let value = |name: &str| lines.iter().rev().find(|line| line.name == name).map(|line| line.value.as_str());
    let Some(id) = value("TZID") else { return };
    let other = || value("X-LIC-LOCATION").and_then(zone::find);
    let fixed = || {
        let text = value("TZOFFSETTO")?.trim();
        let (sign, digits) = text.strip_prefix('-').map_or((1, text.trim_start_matches('+')), |rest| (-1, rest));
        let hours: i32 = digits.get(..2)?.parse().ok()?;
        let minutes: i32 = digits.get(2..4)?.parse().ok()?;
        jiff::tz::Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok().map(jiff::tz::Offset::to_time_zone)
    };
    if let Some(zone) = zone::find(id).or_else(other).or_else(fixed) {
        zones.insert(id.trim_matches('"').to_owned(), zone);
    }
}

/// A time of a file: microseconds, and whether it is a whole day.
pub(super) fn time(line: &Line, value: &str, file: &File, own: &TimeZone) -> Option<(i64, bool)> {
    let value = value.trim();
    let (day, clock) = value.split_once('T').map_or((value, None), |(day, clock)| (day, Some(clock)));
    let date = Date::strptime("%Y%m%d", day).ok()?;
    let floating = file.floating.as_ref().unwrap_or(own);
    let Some(clock) = clock else {
        return Some((instant(date.to_datetime(Time::midnight()), own)?, true));
    };
    let digits = clock.strip_suffix('Z').unwrap_or(clock);
    let local = date.to_datetime(Time::strptime("%H%M%S", digits).ok()?);
    if digits.len() < clock.len() {
        return Some((instant(local, &TimeZone::UTC)?, false));
    }
    let named = line.param("TZID").and_then(|id| file.zones.get(id).cloned().or_else(|| zone::find(id)));
    Some((instant(local, named.as_ref().unwrap_or(floating))?, false))
}

fn instant(local: DateTime, zone: &TimeZone) -> Option<i64> {
    let at = local.to_zoned(zone.clone()).ok()?;
    (1700..=3000).contains(&at.year()).then(|| at.timestamp().as_microsecond())
}

/// The end of an event that says it, else by how long it takes.
pub(super) fn end_of(event: &Event, file: &File, own: &TimeZone, start: i64, all_day: bool) -> Option<i64> {
    if let Some(line) = event.line("DTEND") {
        return time(line, &line.value, file, own).map(|(end, _)| end).filter(|end| *end >= start);
    }
    if let Some(line) = event.line("DURATION") {
        let span: jiff::Span = line.value.trim().parse().ok()?;
        let start = jiff::Timestamp::from_microsecond(start).ok()?.to_zoned(own.clone());
        return start
            .checked_add(span)
            .ok()
            .map(|end| end.timestamp().as_microsecond())
            .filter(|end| *end >= start.timestamp().as_microsecond());
    }
    let start = jiff::Timestamp::from_microsecond(start).ok()?.to_zoned(own.clone());
    all_day.then(|| start.tomorrow().ok().map(|end| end.timestamp().as_microsecond())).flatten()
}

fn address(line: &Line) -> Option<String> {
    let (scheme, address) = line.value.trim().split_once(':')?;
    let address = address.trim().to_ascii_lowercase();
    let sound = |c: char| c.is_alphanumeric() || "@.+-_%&/=~!#$^*{}|?".contains(c);
    let is_mail = scheme.eq_ignore_ascii_case("mailto") && address.contains('@') && address.len() <= 250;
    (is_mail && address.chars().all(sound)).then_some(address)
}

/// Everybody that a file names, as far as the actor may see them.
#[derive(Default)]
struct Known {
    people: HashMap<String, Uuid>,
    users: HashMap<String, Uuid>,
}

impl Known {
    fn load(batch: &mut Batch<'_>, file: &File) -> Result<Self, Error> {
        let lines = file.events.iter().flat_map(|event| &event.lines);
        let named = lines.filter(|line| matches!(line.name.as_str(), "ATTENDEE" | "ORGANIZER"));
        let addresses: BTreeSet<String> = named.filter_map(address).collect();
        let addresses: Vec<String> = addresses.into_iter().collect();
        let mut known = Self::default();
        for slice in addresses.chunks(200) {
            let list = slice.iter().map(|address| format!("'{address}'")).collect::<Vec<_>>().join(", ");
            let people = find(batch, "person", &format!("emails.exists(e, e.value in [{list}])"), "emails")?;
            for person in people {
                for entry in person.get("emails").as_json().and_then(Json::as_array).into_iter().flatten() {
                    if let Some(address) = entry.get("value").and_then(Json::as_str) {
                        known.people.entry(address.to_lowercase()).or_insert(person.id);
                    }
                }
            }
            for user in find(batch, "user", &format!("email in [{list}]"), "email")? {
                if let Some(address) = user.get("email").as_text() {
                    known.users.insert(address.to_lowercase(), user.id);
                }
            }
        }
        Ok(known)
    }
}

/// The records of a condition that the actor may see; none where the actor may not ask.
fn find(batch: &mut Batch<'_>, object: &str, filter: &str, field: &str) -> Result<Vec<Record>, Error> {
    let object = batch.load_object(object)?;
    let condition = match batch.policy().condition(&object, filter) {
        Ok(condition) => condition,
        Err(problem) if problem.code == Code::Forbidden => return Ok(Vec::new()),
        Err(problem) => return Err(problem.into()),
    };
    select(batch, &object, condition, vec![field.to_owned()])
}

fn select(
    batch: &mut Batch<'_>,
    object: &std::sync::Arc<model::Object>,
    condition: model::expr::Expr,
    fields: Vec<String>,
) -> Result<Vec<Record>, Error> {
    let schema = batch.schema();
    let mut found = Vec::new();
    let query = Select { filter: Some(condition), fields, ..Select::all(&schema, object) };
    batch.tx().select(&query, &mut |record| {
        found.push(record);
        Ok(())
    })?;
    let ids: Vec<Uuid> = found.iter().map(|record| record.id).collect();
    let seen = batch.seen(object, &ids)?;
    found.retain(|record| seen.contains(&record.id));
    Ok(found)
}

/// Takes in the events of a file as one batch, with the actor's rights.
///
/// # Errors
/// No calendar; too many events; what the actor may not write; a database that fails.
pub fn take_in(workspace: &Workspace, actor: &Actor, text: &str) -> Result<Pending<(Uuid, TakenIn)>, Problem> {
    let file = parse(text);
    if file.events.is_empty() {
        let detail = "There is no event in this file. Export a calendar or a meeting as .ics and upload that.";
        return Err(Problem::new(Code::Invalid, detail));
    }
    if file.events.len() > EVENTS_MAX {
        let detail = format!("The file has more than {EVENTS_MAX} events. Export a shorter time.");
        return Err(Problem::new(Code::Invalid, detail));
    }
    let file = std::sync::Arc::new(file);
    Ok(workspace.transact(actor, Plan::new("import calendar"), move |batch| take_in_batch(batch, &file)))
}

fn take_in_batch(batch: &mut Batch<'_>, file: &File) -> Result<TakenIn, Error> {
    let mut taken = TakenIn::default();
    let known = Known::load(batch, file)?;
    let own = own_zone(batch)?;
    let stored = stored(batch, file)?;
    let mut apart = apart(file, &own);
    let (mut fresh, mut edits, mut titles) = (Vec::new(), Vec::new(), (Vec::new(), Vec::new()));
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for event in &file.events {
        let title = event.title();
        let Some((uid, mut patch)) = meeting_of(batch, event, file, &known, &own) else {
            taken.leave_out(&title, "It has no time that can be read.");
            continue;
        };
        if event.line("RECURRENCE-ID").is_none()
            && let Some(times) = apart.remove(&uid)
        {
            leave_out_times(&mut patch, None, times);
        }
        if !seen.insert(uid.clone()) {
            taken.leave_out(&title, "The file has this event twice.");
            continue;
        }
        match stored.get(&uid) {
            Some(meeting) => {
                if file.replies {
                    patch = reply_of(meeting, &patch);
                } else if is_known(meeting, &uid, event.sequence()) {
                    patch.clear();
                } else if is_own(meeting, &uid) {
                    patch.remove("ical_uid");
                    patch.remove("ical_sequence");
                }
                patch.retain(|field, value| meeting.get(field) != value);
                if patch.is_empty() {
                    taken.unchanged += 1;
                    continue;
                }
                edits.push(Edit { id: meeting.id, patch, if_version: None });
                titles.0.push(title);
            }
            None if file.replies => taken.leave_out(&title, "The meeting that it replies to is not here."),
            None => {
                fresh.push(patch);
                titles.1.push(title);
            }
        }
    }
    apart.retain(|uid, _| !file.replies && !seen.contains(uid));
    let (more, of) = series_edits(&stored, apart);
    edits.extend(more);
    titles.0.extend(of);
    let updated = batch.update_many("meeting", edits)?;
    let created = if fresh.is_empty() { Vec::new() } else { batch.create_many("meeting", fresh)? };
    taken.updated = updated.iter().flatten().count() as u64;
    taken.created = created.iter().flatten().count() as u64;
    let titles = titles.0.into_iter().chain(titles.1);
    for (answer, title) in updated.into_iter().chain(created).zip(titles) {
        match answer {
            Ok(record) => taken.ids.push(record.id),
            Err(problem) => {
                let faults = problem.fields.iter().map(|fault| format!("{}: {}", fault.field, fault.message));
                let reason = faults.collect::<Vec<_>>().join(" ");
                taken.leave_out(&title, if reason.is_empty() { &problem.detail } else { &reason });
            }
        }
    }
    Ok(taken)
}

/// The times of series that the file gives as events of their own, by the id of the series, which leaves them out.
fn apart(file: &File, own: &TimeZone) -> HashMap<String, BTreeSet<i64>> {
    let mut found: HashMap<String, BTreeSet<i64>> = HashMap::new();
    for event in &file.events {
        if let Some(line) = event.line("RECURRENCE-ID")
            && let (Some(uid), Some((at, _))) = (series_uid_of(event), time(line, &line.value, file, own))
        {
            found.entry(uid).or_default().insert(at);
        }
    }
    found
}

/// Changes of the series that are here already and of which the file changes single times only.
fn series_edits(stored: &HashMap<String, Record>, apart: HashMap<String, BTreeSet<i64>>) -> (Vec<Edit>, Vec<String>) {
    let mut edits = (Vec::new(), Vec::new());
    for (uid, times) in apart {
        let Some(series) = stored.get(&uid) else { continue };
        let mut patch = Patch::new();
        leave_out_times(&mut patch, Some(series), times);
        patch.retain(|field, value| series.get(field) != value);
        if !patch.is_empty() {
            let title = series.get("title").as_text().unwrap_or_default().to_owned();
            edits.0.push(Edit { id: series.id, patch, if_version: None });
            edits.1.push(title);
        }
    }
    edits
}

/// Adds times to those that a series leaves out: to those of the patch, or of the meeting that is here.
fn leave_out_times(patch: &mut Patch, series: Option<&Record>, mut times: BTreeSet<i64>) {
    let known = series.map_or_else(|| patch.get("recurs_except"), |series| Some(series.get("recurs_except")));
    let known = known.and_then(Value::as_json).and_then(Json::as_array).into_iter().flatten();
    times.extend(known.filter_map(|at| model::value::instant_from_text(at.as_str()?)));
    let list = times.into_iter().map(|at| Json::from(model::value::instant_to_text(at))).collect();
    patch.insert("recurs_except".to_owned(), Value::json(Json::Array(list)));
}

/// Whether the event is a meeting of ours that comes back.
fn is_own(meeting: &Record, uid: &str) -> bool {
    own_id(uid) == Some(meeting.id)
}

fn own_id(uid: &str) -> Option<Uuid> {
    Uuid::try_parse(uid.strip_suffix(OWN)?).ok()
}

/// Whether this version of an event, or a later one, is here already.
fn is_known(meeting: &Record, uid: &str, sequence: i64) -> bool {
    match (is_own(meeting, uid), meeting.get("version"), meeting.get("ical_sequence")) {
        (true, Value::Int(version), Value::Missing) => sequence < *version,
        (false, _, Value::Int(known)) => sequence < *known,
        _ => false,
    }
}

/// What is known of the replies, with those of a file on top.
fn reply_of(meeting: &Record, patch: &Patch) -> Patch {
    let mut all = meeting.get("replies").as_json().and_then(Json::as_object).cloned().unwrap_or_default();
    let fresh = patch.get("replies").and_then(Value::as_json).and_then(Json::as_object);
    all.extend(fresh.into_iter().flatten().map(|(id, reply)| (id.clone(), reply.clone())));
    Patch::from([("replies".to_owned(), if all.is_empty() { Value::Missing } else { Value::json(Json::Object(all)) })])
}

fn own_zone(batch: &mut Batch<'_>) -> Result<TimeZone, Error> {
    let company = batch.workspace().settings().time_zone.clone();
    let mut name = None;
    if let Some(user) = batch.actor().user {
        let object = batch.load_object("user")?;
        name = batch.tx().find(&object, user)?.and_then(|user| user.get("time_zone").as_text().map(str::to_owned));
    }
    let names = name.iter().chain(std::iter::once(&company));
    Ok(names.filter_map(|name| TimeZone::get(name).ok()).next().unwrap_or(TimeZone::UTC))
}

/// The meetings that came from these events before, as far as the actor may see them.
fn stored(batch: &mut Batch<'_>, file: &File) -> Result<HashMap<String, Record>, Error> {
    let object = batch.load_object("meeting")?;
    let Some(field) = object.find_field("ical_uid").cloned() else { return Ok(HashMap::new()) };
    let series = file.events.iter().filter(|event| event.line("RECURRENCE-ID").is_some()).filter_map(series_uid_of);
    let uids: BTreeSet<String> = file.events.iter().filter_map(uid_of).chain(series).collect();
    let uids: Vec<Value> = uids.into_iter().map(Value::text).collect();
    let mut found = HashMap::new();
    for slice in uids.chunks(500) {
        for meeting in select(batch, &object, field_in(&object, &field, slice.to_vec()), Vec::new())? {
            if let Some(uid) = meeting.get("ical_uid").as_text() {
                found.insert(uid.to_owned(), meeting.clone());
            }
        }
    }
    let own: Vec<Uuid> = file.events.iter().filter_map(|event| own_id(&series_uid_of(event)?)).collect();
    for slice in own.chunks(500) {
        for meeting in select(batch, &object, id_in(slice.to_vec()), Vec::new())? {
            found.insert(format!("{}{OWN}", meeting.id), meeting);
        }
    }
    Ok(found)
}

/// The id of an event; a changed occurrence of a series is an event of its own.
fn uid_of(event: &Event) -> Option<String> {
    let moved = event.line("RECURRENCE-ID").map(|line| format!("#{}", line.value.trim())).unwrap_or_default();
    named(event, &moved)
}

/// The id of the series that an event belongs to.
fn series_uid_of(event: &Event) -> Option<String> {
    named(event, "")
}

fn named(event: &Event, moved: &str) -> Option<String> {
    let uid = event.text("UID");
    let begin = event.line("DTSTART").map(|line| line.value.trim().to_owned());
    let uid = if uid.is_empty() { format!("{} {}", begin?, event.title()) } else { uid };
    let whole = format!("{uid}{moved}");
    Some(whole.chars().filter(|c| !c.is_control()).take(250).collect::<String>().trim().to_owned())
}

fn meeting_of(batch: &Batch<'_>, event: &Event, file: &File, known: &Known, own: &TimeZone) -> Option<(String, Patch)> {
    let uid = uid_of(event)?;
    let line = event.line("DTSTART")?;
    let (start, all_day) = time(line, &line.value, file, own)?;
    let mut patch = Patch::new();
    let mut put = |field: &str, value: Value| drop(patch.insert(field.to_owned(), value));
    put("starts_at", Value::Instant(start));
    put("ends_at", end_of(event, file, own, start, all_day).map_or(Value::Missing, Value::Instant));
    put("all_day", Value::Bool(all_day));
    put("ical_uid", Value::text(uid.clone()));
    put("ical_sequence", Value::Int(event.sequence()));
    let rule = event.line("RRULE").and_then(|line| Rule::parse(&line.value).ok());
    put("recurrence", rule.map_or(Value::Missing, |rule| Value::text(rule.text())));
    let except = event.lines.iter().filter(|line| line.name == "EXDATE");
    let except = except.flat_map(|line| line.value.split(',').filter_map(|value| time(line, value, file, own)));
    let except: Vec<Json> = except.map(|(at, _)| Json::from(model::value::instant_to_text(at))).collect();
    put("recurs_except", if except.is_empty() { Value::Missing } else { Value::json(Json::Array(except)) });
    if file.cancels || event.text("STATUS").eq_ignore_ascii_case("CANCELLED") {
        put("status", Value::text("cancelled"));
    }
    let mut texts = vec![
        ("title", json!(event.title())),
        ("location", json!(event.text("LOCATION").replace('\n', ", "))),
        ("agenda", json!(event.text("DESCRIPTION"))),
    ];
    let url = event.text("URL");
    texts.push(("join_url", if url.starts_with("http") { json!([{ "value": url }]) } else { json!([]) }));
    texts.extend(who_comes(event, known));
    let object = batch.load_object("meeting").ok()?;
    let context = batch.workspace().context();
    for (name, json) in texts {
        // What does not fit its field is left out: the event is worth more than its decoration.
        let field = object.find_field(name);
        if let Some(Ok(value)) = field.map(|field| model::kinds::from_json(field, &json, &context)) {
            patch.insert(name.to_owned(), value);
        }
    }
    Some((uid, patch))
}

/// Attendees that are known here by their address, the others as guests, and what they replied.
fn who_comes(event: &Event, known: &Known) -> Vec<(&'static str, Json)> {
    let (mut people, mut users, mut guests) = (Vec::new(), Vec::new(), Vec::new());
    let mut replies = serde_json::Map::new();
    for line in event.lines.iter().filter(|line| line.name == "ATTENDEE") {
        let Some(address) = address(line) else { continue };
        let reply = match line.param("PARTSTAT").unwrap_or_default().to_ascii_uppercase().as_str() {
            "ACCEPTED" => Some("accepted"),
            "DECLINED" => Some("declined"),
            "TENTATIVE" => Some("tentative"),
            _ => None,
        };
        let found = known.users.get(&address).or_else(|| known.people.get(&address)).copied();
        match found {
            Some(id) if known.users.contains_key(&address) => users.push(id),
            Some(id) => people.push(id),
            None => guests.push(json!({ "value": address, "label": line.param("CN").unwrap_or_default() })),
        }
        if let (Some(id), Some(reply)) = (found, reply) {
            replies.insert(id.to_string(), json!(reply));
        }
    }
    let organizer = event.line("ORGANIZER").and_then(address).and_then(|address| known.users.get(&address).copied());
    let mut all = vec![
        ("attendees", json!(people)),
        ("colleagues", json!(users)),
        ("guests", json!(guests)),
        ("replies", Json::Object(replies)),
    ];
    all.extend(organizer.map(|id| ("organizer", json!(id))));
    all
}
