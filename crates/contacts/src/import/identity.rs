//! Who a row is: the keys by which it meets stored records, and other rows of the same file.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use engine::external_key;
use model::fold::fold;
use model::{Field, Kind, Object, Patch, Record, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::build::Draft;
use super::map::places;
use super::step::Made;
use crate::dedupe::{Reader, stored_id};

/// Rows of one file that are remembered to find the same one again.
const REMEMBERED_MAX: usize = 3_600_000;

/// Marks the key of a title, which is looked up in the records themselves.
pub const TITLE: &str = "t:";

/// The keys of one draft.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Identity {
    /// Keys as the database keeps them, the surest first.
    pub stored: Vec<String>,
    /// Hashes of what makes two rows of a file the same.
    pub in_file: Vec<u64>,
    /// Hashes of given and family name; 0 when there is none.
    pub names: (u16, u16),
}

/// Reads identities of one object's drafts.
#[derive(Debug, Clone)]
pub struct Identifier {
    object: Object,
    reader: Reader,
    is_person: bool,
    unique: Vec<Field>,
}

fn hash_of(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

fn short_hash(text: &str) -> u16 {
    let folded = fold(text);
    if folded.is_empty() { 0 } else { (hash_of(&[&folded]) as u16).max(1) }
}

fn text<'a>(values: &'a Patch, field: &str) -> &'a str {
    values.get(field).and_then(Value::as_text).unwrap_or_default()
}

/// Whether two names, each as hashes of given and family name, are surely of two persons.
pub fn are_others(a: (u16, u16), b: (u16, u16)) -> bool {
    let differ = |a: u16, b: u16| a != 0 && b != 0 && a != b;
    differ(a.0, b.0) && differ(a.1, b.1) && (a.0, a.1) != (b.1, b.0)
}

impl Identifier {
    /// For drafts of an object.
    pub fn new(object: &Object) -> Self {
        let unique = object.fields.iter().filter(|field| field.unique && !field.hidden).cloned().collect();
        Self { reader: Reader::new(object), is_person: places::splits_names(object), unique, object: object.clone() }
    }

    /// Hashes of a record's given and family name.
    pub fn names(values: &Patch) -> (u16, u16) {
        (short_hash(text(values, "given_name")), short_hash(text(values, "family_name")))
    }

    /// The keys of a draft.
    pub fn of(&self, draft: &Draft) -> Identity {
        let mut identity = Identity::default();
        if let Some(ids) = draft.patch.get("external_ids").and_then(Value::as_json).and_then(Json::as_object) {
            for (source, id) in ids {
                let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
                identity.in_file.push(hash_of(&["x", source, &id]));
                identity.stored.push(external_key(source, &id));
            }
        }
        for id in self.reader.identifying(&draft.patch) {
            identity.in_file.push(hash_of(&["i", &id]));
            identity.stored.push(stored_id(&id));
        }
        let has_id = !identity.in_file.is_empty();
        for field in &self.unique {
            if let Some(value) = draft.patch.get(&field.name) {
                identity.in_file.push(hash_of(&["u", &field.name, &fold(&value.to_json().to_string())]));
            }
        }
        if self.is_person {
            self.person_keys(draft, has_id, &mut identity);
        } else if matches!(self.object.name.as_str(), "company") {
            let title = text(&draft.patch, &self.object.title);
            if !has_id && !title.is_empty() {
                identity.in_file.push(hash_of(&["t", &fold(title)]));
            }
            if !title.is_empty() {
                identity.stored.push(format!("{TITLE}{}", fold(title)));
            }
            let domains = self.reader.read(&draft.patch);
            identity.stored.extend(domains.domains().map(|domain| format!("d:{domain}")));
        }
        identity
    }

    fn person_keys(&self, draft: &Draft, has_id: bool, identity: &mut Identity) {
        identity.names = Self::names(&draft.patch);
        let emails = self.object.fields.iter().filter(|field| field.kind == Kind::Emails);
        let emails: Vec<&str> = emails.flat_map(|field| entries(&draft.patch, &field.name)).collect();
        for email in &emails {
            identity.stored.push(format!("e:{email}"));
            if !has_id {
                identity.in_file.push(hash_of(&["e", email]));
            }
        }
        let (given, family) = (text(&draft.patch, "given_name"), text(&draft.patch, "family_name"));
        if emails.is_empty() && !(given.is_empty() && family.is_empty()) {
            // Without an e-mail address a telephone number together with the whole name says who it is.
            let traits = self.reader.read(&draft.patch);
            for phone in traits.phones() {
                identity.stored.push(format!("p:{phone}"));
                if !has_id {
                    identity.in_file.push(hash_of(&["p", phone, &fold(given), &fold(family)]));
                }
            }
        }
    }

    /// Whether a stored record, found by a key, is the one that a draft means. Keys may collide and names may differ.
    pub fn is_same(&self, draft: &Draft, key: &str, record: &Record) -> bool {
        let ids = |values: &Patch| values.get("external_ids").and_then(Value::as_json).cloned().unwrap_or_default();
        let (wanted, stored) = (ids(&draft.patch), ids(&record.values));
        if let Some(rest) = key.strip_prefix("x:") {
            let (source, id) = rest.split_once(':').unwrap_or((rest, ""));
            return stored
                .get(source)
                .is_some_and(|found| found.as_str().map_or_else(|| *found.to_string() == *id, |text| text == id));
        }
        let other_id = |map: &serde_json::Map<String, Json>| {
            map.iter().any(|(source, id)| stored.get(source).is_some_and(|found| found != id))
        };
        if wanted.as_object().is_some_and(other_id) {
            return false;
        }
        match key.split_once(':') {
            Some(("e", email)) => {
                let mut emails = self.object.fields.iter().filter(|field| field.kind == Kind::Emails);
                let has = emails.any(|field| entries(&record.values, &field.name).any(|value| value == email));
                has && !are_others(Self::names(&draft.patch), Self::names(&record.values))
            }
            Some(("i", _)) => self.reader.identifying(&record.values).any(|id| stored_id(&id) == key),
            Some(("p", phone)) => {
                let full = |values: &Patch| (fold(text(values, "given_name")), fold(text(values, "family_name")));
                full(&draft.patch) == full(&record.values)
                    && self.reader.read(&record.values).phones().any(|p| p == phone)
            }
            Some(("t", title)) => title == fold(text(&record.values, &self.object.title)),
            Some(("d", domain)) => {
                let title = fold(text(&draft.patch, &self.object.title));
                let known = fold(text(&record.values, &self.object.title));
                let begins =
                    |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '));
                let alike = title.is_empty() || title == known || begins(&title, &known) || begins(&known, &title);
                alike && self.reader.read(&record.values).domains().any(|found| found == domain)
            }
            _ => false,
        }
    }

    /// Why a draft and a record are the same, in words.
    pub fn reason(key: &str) -> String {
        let what = match key.split_once(':') {
            Some(("x", rest)) => format!("id in {}", rest.split(':').next().unwrap_or_default()),
            Some(("e", email)) => format!("e-mail address {email}"),
            Some(("p", _)) => "name and telephone number".to_owned(),
            Some(("d", domain)) => format!("domain {domain}"),
            Some(("t", _)) => "name".to_owned(),
            Some(("i", rest)) => format!("value of {}", rest.split(':').next().unwrap_or_default()),
            Some(("u", field)) => format!("value of {field}"),
            _ => "id".to_owned(),
        };
        format!("Same {what}")
    }

    /// The unique fields, for look-ups by value.
    pub fn unique(&self) -> &[Field] {
        &self.unique
    }
}

/// The values of a list field.
fn entries<'a>(values: &'a Patch, field: &str) -> impl Iterator<Item = &'a str> {
    let list = values.get(field).and_then(Value::as_json).and_then(Json::as_array);
    list.into_iter().flatten().filter_map(|entry| entry.get("value").and_then(Json::as_str))
}

/// Which rows were seen and what was found on the way: grows with the file, within limits.
#[derive(Debug, Default)]
pub struct Memory {
    rows: HashMap<u64, (u32, u16, u16)>,
    /// Ids of related records by object and identity.
    pub related: HashMap<String, Uuid>,
    /// References found by text: `None` when there is none.
    pub lookups: HashMap<(String, String), Option<Uuid>>,
    /// What dry steps made, each of which is taken back.
    made: HashSet<String>,
}

/// Related records and references remembered; then they are looked up again.
const CACHE_MAX: usize = 200_000;

impl Memory {
    /// The earlier row that is the same one.
    pub fn find(&self, identity: &Identity) -> Option<u64> {
        identity.in_file.iter().find_map(|hash| {
            let (number, given, family) = self.rows.get(hash)?;
            (!are_others(identity.names, (*given, *family))).then_some(u64::from(*number))
        })
    }

    /// Remembers a row.
    pub fn add(&mut self, identity: &Identity, number: u64) {
        if self.rows.len() >= REMEMBERED_MAX {
            return;
        }
        for hash in &identity.in_file {
            let names = identity.names;
            self.rows.entry(*hash).or_insert((u32::try_from(number).unwrap_or(u32::MAX), names.0, names.1));
        }
    }

    /// Leaves out what an earlier dry step made as well: in a real run it would have been there.
    pub fn keep_first(&mut self, made: &mut Vec<Made>) {
        made.retain(|one| {
            let is_first = !one.names.iter().any(|name| self.made.contains(name));
            self.made.extend(one.names.iter().cloned());
            is_first
        });
    }

    /// Keeps what a committed step found.
    pub fn learn(&mut self, related: Vec<(String, Uuid)>, lookups: Vec<((String, String), Option<Uuid>)>) {
        if self.related.len() > CACHE_MAX {
            self.related.clear();
        }
        if self.lookups.len() > CACHE_MAX {
            self.lookups.clear();
        }
        self.related.extend(related);
        self.lookups.extend(lookups);
    }
}
