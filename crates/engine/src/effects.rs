//! Steps 10 and 11 of a write: rows, change log, search, keys, timelines, figures elsewhere.

use std::collections::{HashMap, HashSet};

use model::{Field, Kind, Object, Op, Patch, Record, Value};
use store::{Error, NewChange, NewField, RecordKeys, SearchDoc, TimelineEntry};
use uuid::Uuid;

use crate::batch::Batch;
use crate::compiled::ObjectRules;
use crate::definitions;
use crate::derive::parents_of;
use crate::draft::Draft;
use crate::file_texts::{Texts, newest, newest_file, texts_of};
use crate::rates;
use crate::upsert::external_keys;

/// Fields that every write changes and that say nothing in history.
const STAMPS: [&str; 3] = ["version", "updated_at", "updated_by"];

impl Batch<'_> {
    /// Stores new records with everything that belongs to them.
    pub(crate) fn store_new(
        &mut self,
        rules: &ObjectRules,
        drafts: &[Result<Draft, model::Problem>],
    ) -> Result<(), Error> {
        let drafts: Vec<&Draft> = drafts.iter().flatten().collect();
        if drafts.is_empty() {
            return Ok(());
        }
        self.begin()?;
        let records: Vec<&Record> = drafts.iter().map(|draft| &draft.after).collect();
        self.tx.insert_many(&rules.object, &records)?;
        self.log(rules, &drafts)?;
        self.audit_drafts(&rules.object, &drafts);
        self.index(rules, &drafts)?;
        self.place(rules, &drafts)?;
        self.derive_others(rules, &drafts, 0)?;
        self.plan_view_indexes(&rules.object, &drafts)?;
        self.plan_territories(&rules.object, &drafts)?;
        self.settle(&rules.object, &drafts);
        Ok(())
    }

    /// Stores changes of records; drafts that change nothing are left out.
    pub(crate) fn store_changed(
        &mut self,
        rules: &ObjectRules,
        drafts: &[Result<Draft, model::Problem>],
    ) -> Result<(), Error> {
        let drafts: Vec<&Draft> = drafts.iter().flatten().filter(|draft| !draft.patch().is_empty()).collect();
        if drafts.is_empty() {
            return Ok(());
        }
        self.begin()?;
        for draft in &drafts {
            let patch: Patch = draft.patch();
            self.tx.update(&rules.object, draft.after.id, &patch)?;
        }
        self.log(rules, &drafts)?;
        self.audit_drafts(&rules.object, &drafts);
        self.index(rules, &drafts)?;
        self.place(rules, &drafts)?;
        self.derive_others(rules, &drafts, 0)?;
        self.plan_view_indexes(&rules.object, &drafts)?;
        self.plan_territories(&rules.object, &drafts)?;
        self.settle(&rules.object, &drafts);
        Ok(())
    }

    /// What must follow a change of the program's own objects.
    fn settle(&mut self, object: &Object, drafts: &[&Draft]) {
        if object.internal {
            self.workspace.forget_actors();
        }
        self.note_shares(object, drafts);
        self.schema_changed |= object.name == definitions::OBJECT;
        self.rates_changed |= object.name == rates::OBJECT;
    }

    fn log(&mut self, rules: &ObjectRules, drafts: &[&Draft]) -> Result<(), Error> {
        let (batch, at, actor) = (self.id, self.at, self.actor.label());
        let changes: Vec<NewChange<'_>> = drafts
            .iter()
            .map(|draft| NewChange {
                batch,
                at,
                actor: &actor,
                object: &draft.object,
                record: draft.after.id,
                op: draft.op,
                parent: rules.object.parent.as_ref().and_then(|field| draft.get(field).as_id()),
                fields: logged_fields(&rules.object, draft),
            })
            .collect();
        self.tx.append(&changes)
    }

    /// Search and blocking keys.
    pub(crate) fn index(&mut self, rules: &ObjectRules, drafts: &[&Draft]) -> Result<(), Error> {
        let mut docs = Vec::new();
        let mut keys = Vec::new();
        let mut gone = Vec::new();
        let texts = texts_of(self.tx, &rules.object, drafts.iter().map(|draft| &draft.after))?;
        for draft in drafts {
            let live = draft.get("deleted_at").is_missing();
            if !rules.object.search.is_empty() {
                if live && searched_fields_change(rules, draft) {
                    docs.push(search_doc(&rules.object, &draft.after, &texts, draft.before.is_none()));
                } else if !live {
                    gone.push(draft.after.id);
                }
            }
            if keys_change(rules, draft) {
                keys.push(RecordKeys { fresh: draft.before.is_none(), ..record_keys(rules, &draft.after) });
            }
        }
        if !docs.is_empty() {
            self.tx.index_many(&docs)?;
        }
        if !gone.is_empty() {
            self.tx.unindex(&gone)?;
        }
        if !keys.is_empty() {
            self.tx.set_keys(&keys)?;
        }
        Ok(())
    }

    /// Makes the keys of stored records anew.
    pub(crate) fn index_keys(&mut self, rules: &ObjectRules, records: &[Record]) -> Result<(), Error> {
        let keys: Vec<RecordKeys> = records.iter().map(|record| record_keys(rules, record)).collect();
        if keys.is_empty() { Ok(()) } else { self.tx.set_keys(&keys) }
    }

    /// Puts activities into the timelines of the records they are about, and of those records' parents.
    fn place(&mut self, rules: &ObjectRules, drafts: &[&Draft]) -> Result<(), Error> {
        let Some(timeline) = &rules.object.timeline else { return Ok(()) };
        let mut subjects: HashMap<Uuid, Vec<(String, Uuid)>> = HashMap::new();
        for draft in drafts {
            let found = timeline.subjects.iter().flat_map(|name| subjects_of(&rules.object, name, &draft.after));
            subjects.insert(draft.after.id, found.collect());
        }
        let parents = self.parents_of_subjects(&subjects)?;
        for draft in drafts {
            let id = draft.after.id;
            if !draft.get("deleted_at").is_missing() {
                self.tx.clear_timeline(id)?;
                continue;
            }
            let mut shown: Vec<Uuid> = Vec::new();
            for (_, subject) in subjects.get(&id).into_iter().flatten() {
                for one in std::iter::once(subject).chain(parents.get(subject)) {
                    if !shown.contains(one) {
                        shown.push(*one);
                    }
                }
            }
            let at = match (draft.get(&timeline.at), draft.get("created_at")) {
                (Value::Instant(at), _) | (_, Value::Instant(at)) => *at,
                _ => draft.at,
            };
            let entry = TimelineEntry { record: id, object: draft.object.clone(), at, subjects: shown };
            self.tx.set_timeline(&entry)?;
        }
        Ok(())
    }

    fn parents_of_subjects(
        &mut self,
        subjects: &HashMap<Uuid, Vec<(String, Uuid)>>,
    ) -> Result<HashMap<Uuid, Uuid>, Error> {
        let mut by_object: HashMap<&str, HashSet<Uuid>> = HashMap::new();
        for (object, id) in subjects.values().flatten() {
            by_object.entry(object).or_default().insert(*id);
        }
        let schema = self.compiled.schema.clone();
        let mut parents = HashMap::new();
        for (name, ids) in by_object {
            let Some(object) = schema.find_object(name) else { continue };
            let Some(field) = &object.parent else { continue };
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for record in self.tx.find_many(object, &ids)? {
                if let Some(parent) = record.get(field).as_id() {
                    parents.insert(record.id, parent);
                }
            }
        }
        Ok(parents)
    }
}

/// What a change tells of its fields: stamps and derived values left out.
fn logged_fields<'a>(object: &'a Object, draft: &'a Draft) -> Vec<NewField<'a>> {
    if matches!(draft.op, Op::Delete | Op::Restore) {
        return Vec::new();
    }
    let is_new = draft.before.is_none();
    let untold = |name: &str| STAMPS.contains(&name) || (is_new && matches!(name, "created_at" | "created_by"));
    let told = |field: &&Field| !field.is_derived() && !untold(&field.name) && draft.changes(&field.name);
    object
        .fields
        .iter()
        .filter(told)
        .map(|field| NewField { name: &field.name, before: draft.was(&field.name), after: draft.get(&field.name) })
        .collect()
}

/// The records that a field of an activity names: object and id.
pub(crate) fn subjects_of(object: &Object, field: &str, record: &Record) -> Vec<(String, Uuid)> {
    let Some(field) = object.find_field(field) else { return Vec::new() };
    let value = record.get(&field.name);
    match field.target_object() {
        Some(target) => parents_of(value, target).into_iter().map(|id| (target.to_owned(), id)).collect(),
        None => value
            .as_json()
            .and_then(serde_json::Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let object = entry.get("object")?.as_str()?;
                let id = Uuid::parse_str(entry.get("id")?.as_str()?).ok()?;
                Some((object.to_owned(), id))
            })
            .collect(),
    }
}

/// What a stored record is found by; a deleted one by nothing.
pub(crate) fn record_keys(rules: &ObjectRules, record: &Record) -> RecordKeys {
    let mut keys = Vec::new();
    if record.get("deleted_at").is_missing() {
        keys = external_keys(record.get("external_ids"));
        keys.extend(rules.keys.iter().flat_map(|entry| (entry.keys)(&rules.object, record)));
    }
    RecordKeys { object: rules.object.name.clone(), record: record.id, keys, fresh: false }
}

/// A new record without keys needs no row; any other change may change them.
fn keys_change(rules: &ObjectRules, draft: &Draft) -> bool {
    match draft.before {
        None => !rules.keys.is_empty() || !draft.get("external_ids").is_missing(),
        Some(_) => draft.changes("deleted_at") || draft.changes("external_ids") || !rules.keys.is_empty(),
    }
}

fn searched_fields_change(rules: &ObjectRules, draft: &Draft) -> bool {
    draft.before.is_none()
        || draft.op == Op::Restore
        || draft.changes(&rules.object.title)
        || rules.object.search.iter().any(|field| draft.changes(field))
}

/// What search knows of a record; the texts are those inside its files.
pub(crate) fn search_doc(object: &Object, record: &Record, texts: &Texts, fresh: bool) -> SearchDoc {
    let mut doc = SearchDoc {
        object: object.name.clone(),
        record: record.id,
        title: plain_text(record.get(&object.title)),
        words: String::new(),
        fragments: String::new(),
        text: String::new(),
        fresh,
    };
    for name in object.search.iter().filter(|name| **name != object.title) {
        let Some(field) = object.find_field(name) else { continue };
        match field.value_kind() {
            Kind::Emails | Kind::Phones | Kind::Links => add_line(&mut doc.fragments, &plain_text(record.get(name))),
            Kind::LongText => add_line(&mut doc.text, &plain_text(record.get(name))),
            Kind::Files => {
                let named = newest(record, name).and_then(|file| file.get("name")?.as_str());
                add_line(&mut doc.words, named.unwrap_or_default());
                let inside = newest_file(record, name).and_then(|file| texts.get(file));
                add_line(&mut doc.text, inside.map(String::as_str).unwrap_or_default());
            }
            _ => add_line(&mut doc.words, &plain_text(record.get(name))),
        }
    }
    doc
}

fn add_line(into: &mut String, text: &str) {
    if !text.is_empty() {
        if !into.is_empty() {
            into.push('\n');
        }
        into.push_str(text);
    }
}

/// The words in a value: of composite values every text inside.
fn plain_text(value: &Value) -> String {
    match value {
        Value::Missing => String::new(),
        Value::Text(text) => text.clone(),
        Value::Json(json) => {
            let mut words = Vec::new();
            collect_texts(json, &mut words);
            words.join("\n")
        }
        other => match other.to_json() {
            serde_json::Value::String(text) => text,
            json => json.to_string(),
        },
    }
}

fn collect_texts(json: &serde_json::Value, words: &mut Vec<String>) {
    match json {
        serde_json::Value::String(text) => words.push(text.clone()),
        serde_json::Value::Array(list) => list.iter().for_each(|entry| collect_texts(entry, words)),
        serde_json::Value::Object(map) => {
            map.iter().filter(|(key, _)| *key != "label").for_each(|(_, entry)| collect_texts(entry, words));
        }
        _ => {}
    }
}
