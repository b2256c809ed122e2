//! From an address to everything known of it, and the question of every channel.

use std::collections::{HashMap, HashSet};

use engine::Workspace;
use model::fold::fold;
use model::{Object, Patch, Problem, Record, Value};
use serde_json::{Value as Json, json};
use store::{Error, Select, Tx};
use uuid::Uuid;

use super::address::normalise_address;
use super::judge::{Flags, Grant, Known, Question, Stop, Verdict, judge};
use super::words::{Act, Channel, Purpose, Scope, Why};
use crate::dedupe::{Reader, keys_of};

/// People looked at per address: a key that more share is a switchboard.
const PEOPLE_MAX: usize = 1_000;

/// The key of an address in the ledger.
fn consent_key(address: &str) -> String {
    format!("a:{address}")
}

/// The keys of a line of the ledger.
pub(super) fn consent_keys(record: &Record) -> Vec<String> {
    compared_address(record).map(|address| consent_key(&address)).into_iter().collect()
}

/// The address of a line of the ledger in the form in which it is compared. All but postal ones are kept in it.
fn compared_address(record: &Record) -> Option<String> {
    let address = record.get("address").as_text()?;
    match word(record, "channel", Channel::parse) {
        Some(Channel::Post) => normalise_address(address, Some(Channel::Post), "").ok(),
        _ => Some(address.to_owned()),
    }
}

/// The key of a suppression.
pub(super) fn suppression_key(key: &str) -> String {
    format!("k:{key}")
}

/// May this be sent to this address? The one function that every channel asks, in the transaction in which it sends.
///
/// # Errors
/// A database that fails. A "no" is no error.
pub fn may_send(workspace: &Workspace, tx: &mut Tx, question: &Question) -> Result<Verdict, Error> {
    let with_people = question.channel == Channel::Phone || question.purpose == Purpose::Tracking;
    let mut known = load(workspace, tx, std::slice::from_ref(&question.address))?;
    let mut known = known.remove(&question.address).unwrap_or_default();
    if with_people {
        known.flags = flags(workspace, tx, &question.address)?;
    }
    Ok(judge(question, &known))
}

/// The ledger and the suppressions of many addresses in a few look-ups, for those who ask many questions at once.
///
/// # Errors
/// A database that fails.
pub fn load(workspace: &Workspace, tx: &mut Tx, addresses: &[String]) -> Result<HashMap<String, Known>, Error> {
    let mut all: HashMap<String, Known> = HashMap::new();
    let by_key: HashMap<String, &String> = addresses.iter().map(|address| (consent_key(address), address)).collect();
    for (address, record) in find(workspace, tx, "consent", &by_key)? {
        if compared_address(&record).as_ref() == Some(&address)
            && let Some(grant) = grant_of(&record)
        {
            all.entry(address).or_default().grants.push(grant);
        }
    }
    let by_key: HashMap<String, &String> =
        addresses.iter().map(|address| (suppression_key(&workspace.address_key(address)), address)).collect();
    for (address, record) in find(workspace, tx, "suppression", &by_key)? {
        if let Some(stop) = stop_of(&record) {
            all.entry(address).or_default().stops.push(stop);
        }
    }
    Ok(all)
}

/// Records of an object by keys. All of them: a limit could hide the withdrawal among the consents.
fn find(
    workspace: &Workspace,
    tx: &mut Tx,
    object: &str,
    by_key: &HashMap<String, &String>,
) -> Result<Vec<(String, Record)>, Error> {
    let object = load_object(workspace, object)?;
    let keys: Vec<String> = by_key.keys().cloned().collect();
    let found = tx.find_by_keys(&object.name, &keys, usize::MAX)?;
    let ids: Vec<Uuid> = found.iter().map(|(_, id)| *id).collect();
    let mut records: HashMap<Uuid, Record> =
        tx.find_many(&object, &ids)?.into_iter().map(|record| (record.id, record)).collect();
    let mut answer = Vec::with_capacity(found.len());
    for (key, id) in found {
        let Some(address) = by_key.get(&key) else { continue };
        if let Some(record) = records.remove(&id).filter(|record| record.get("deleted_at").is_missing()) {
            answer.push(((*address).clone(), record));
        }
    }
    Ok(answer)
}

fn load_object(workspace: &Workspace, name: &str) -> Result<std::sync::Arc<Object>, Problem> {
    workspace.schema().find_object(name).cloned().ok_or_else(|| Problem::not_found("object"))
}

fn word<T>(record: &Record, field: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    record.get(field).as_text().and_then(parse)
}

fn instant(record: &Record, field: &str) -> Option<i64> {
    match record.get(field) {
        Value::Instant(at) => Some(*at),
        _ => None,
    }
}

fn topic_of(record: &Record) -> Option<String> {
    record.get("topic").as_text().map(fold)
}

fn grant_of(record: &Record) -> Option<Grant> {
    Some(Grant {
        id: record.id,
        act: word(record, "act", Act::parse)?,
        channel: word(record, "channel", Channel::parse)?,
        purpose: word(record, "purpose", Purpose::parse)?,
        topic: topic_of(record),
        at: instant(record, "at")?,
        valid_until: instant(record, "valid_until"),
        is_imported: record.get("source").as_text() == Some("import"),
    })
}

fn stop_of(record: &Record) -> Option<Stop> {
    Some(Stop {
        id: record.id,
        scope: word(record, "scope", Scope::parse)?,
        why: word(record, "reason", Why::parse)?,
        channel: word(record, "channel", Channel::parse),
        topic: topic_of(record),
        at: instant(record, "at")?,
        lifted_at: instant(record, "lifted_at"),
    })
}

/// Who of the people with this address wants no calls or is not to be followed.
fn flags(workspace: &Workspace, tx: &mut Tx, address: &str) -> Result<Flags, Error> {
    let object = load_object(workspace, "person")?;
    let field = if address.contains('@') { "emails" } else { "phones" };
    let patch = Patch::from([(field.to_owned(), Value::json(json!([{ "value": address, "primary": true }])))]);
    let keys = keys_of(&Reader::new(&object), &patch);
    let mut ids: Vec<Uuid> = tx.find_by_keys(&object.name, &keys, PEOPLE_MAX)?.into_iter().map(|(_, id)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut flags = Flags::default();
    for person in tx.find_many(&object, &ids)? {
        if !person.get("deleted_at").is_missing() || !has_address(&person, field, address) {
            continue;
        }
        if person.get("do_not_call") == &Value::Bool(true) {
            flags.do_not_call.push(person.id);
        }
        if person.get("do_not_track") == &Value::Bool(true) {
            flags.do_not_track.push(person.id);
        }
    }
    Ok(flags)
}

fn has_address(person: &Record, field: &str, address: &str) -> bool {
    addresses_in(person.get(field)).any(|value| value == address)
}

/// The addresses of a list of e-mails or phones.
pub(super) fn addresses_in(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_json().and_then(Json::as_array);
    list.into_iter().flatten().filter_map(|entry| entry.get("value")?.as_str())
}

/// Which of these values of people name an address with a suppression that is not lifted: what an import shows.
///
/// # Errors
/// A database that fails.
pub fn suppressed(workspace: &Workspace, tx: &mut Tx, rows: &[Patch]) -> Result<Vec<bool>, Error> {
    stopped(workspace, tx, rows, &["emails", "phones"], &|_| true)
}

/// Which of these values of people name an e-mail address that is dead.
///
/// # Errors
/// A database that fails.
pub fn undeliverable(workspace: &Workspace, tx: &mut Tx, rows: &[Patch]) -> Result<Vec<bool>, Error> {
    stopped(workspace, tx, rows, &["emails"], &|record| record.get("reason").as_text() == Some("hard_bounce"))
}

fn stopped(
    workspace: &Workspace,
    tx: &mut Tx,
    rows: &[Patch],
    fields: &[&str],
    counts: &dyn Fn(&Record) -> bool,
) -> Result<Vec<bool>, Error> {
    // Where nothing is suppressed, a million rows need no keys.
    let schema = workspace.schema();
    let Some(object) = schema.find_object("suppression") else { return Ok(vec![false; rows.len()]) };
    if tx.select_ids(&Select { limit: 1, ..Select::all(&schema, object) })?.is_empty() {
        return Ok(vec![false; rows.len()]);
    }
    let keys_of = |row: &Patch| {
        let lists = fields.iter().filter_map(|field| row.get(*field));
        lists.flat_map(addresses_in).map(|address| workspace.address_key(address)).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = rows.iter().map(keys_of).collect();
    let mut keys: Vec<String> = rows.iter().flatten().cloned().collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Ok(vec![false; rows.len()]);
    }
    let by_key: HashMap<String, &String> = keys.iter().map(|key| (suppression_key(key), key)).collect();
    let stopped: HashSet<String> = find(workspace, tx, "suppression", &by_key)?
        .into_iter()
        .filter(|(_, record)| record.get("lifted_at").is_missing() && counts(record))
        .map(|(key, _)| key)
        .collect();
    Ok(rows.iter().map(|row| row.iter().any(|key| stopped.contains(key))).collect())
}
