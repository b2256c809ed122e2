//! Which companies a change touches. What is stored leaves no trace in the log, so that nothing goes round in circles.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Effect, Workspace};
use model::limits::BULK_MAX;
use model::{Change, Object, Patch, Record, Value};
use serde_json::Value as Json;
use store::{Error, LogEntry, Tx};
use uuid::Uuid;

use super::parts::quoted;
use super::setting::shipped_parts;
use super::{NAMED_MAX, OBJECT, SLICE, sum};

/// People and companies that changes lead to.
#[derive(Default)]
struct Touched {
    companies: BTreeSet<Uuid>,
    people: BTreeSet<Uuid>,
}

/// Works out again what the changes touch.
pub(super) fn run(ws: &Workspace, tx: &mut Tx, entries: &[LogEntry]) -> Result<Option<Effect>, Error> {
    let mut followed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let parts: Vec<_> = shipped_parts(ws).collect();
    for (object, fields) in parts.iter().flat_map(|part| part.follows) {
        followed.entry(object).or_default().extend(fields.iter());
    }
    let changes = tx.changes_of(entries.iter().filter(|entry| followed.contains_key(entry.object.as_str())))?;
    if changes.is_empty() {
        return Ok(None);
    }
    let schema = ws.schema();
    let mut touched = Touched::default();
    for (name, fields) in &followed {
        let Some(object) = schema.find_object(name) else { continue };
        let changes: Vec<&Change> = changes.iter().filter(|change| change.object == *name).collect();
        let ids: BTreeSet<Uuid> = changes.iter().map(|change| change.record).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        match *name {
            "company" => touched.companies.extend(&ids),
            "person" => touched.people.extend(&ids),
            _ => {}
        }
        for record in tx.find_many(object, &ids)? {
            fields.iter().for_each(|field| touched.note(object, field, &record.get(field).to_json()));
        }
        for change in changes {
            for field in fields {
                // What it was before and what it became: a task that moved elsewhere is missed where it was.
                let pair = change.fields.get(*field).and_then(Json::as_array);
                pair.into_iter().flatten().for_each(|value| touched.note(object, field, value));
            }
        }
    }
    let changed = judge(ws, tx, touched)?;
    if changed.is_empty() {
        return Ok(None);
    }
    Ok(Some(Box::new(move |ws, tx| sum::keep(ws, tx, changed.clone()))))
}

impl Touched {
    /// Notes the companies and people that a value names.
    fn note(&mut self, object: &Object, field: &str, value: &Json) {
        let target = object.find_field(field).and_then(|field| field.target_object()).unwrap_or_default().to_owned();
        let one = |value: &Json| match value {
            Json::String(id) => Some((target.clone(), Uuid::try_parse(id).ok()?)),
            Json::Object(link) => {
                let object = link.get("object")?.as_str()?.to_owned();
                Some((object, Uuid::try_parse(link.get("id")?.as_str()?).ok()?))
            }
            _ => None,
        };
        let values = match value {
            Json::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        for (object, id) in values.iter().filter_map(one) {
            match object.as_str() {
                "company" => _ = self.companies.insert(id),
                "person" => _ = self.people.insert(id),
                _ => {}
            }
        }
    }
}

fn judge(ws: &Workspace, tx: &mut Tx, mut touched: Touched) -> Result<Vec<(Uuid, Patch)>, Error> {
    let schema = ws.schema();
    let (Some(person), Some(company)) = (schema.find_object("person"), schema.find_object(OBJECT)) else {
        return Ok(Vec::new());
    };
    let people: Vec<Uuid> = touched.people.into_iter().collect();
    let records: Vec<Record> = tx.find_many(person, &people)?;
    touched.companies.extend(records.iter().filter_map(|record| record.get("company").as_id()));
    for slice in people.chunks(NAMED_MAX) {
        let filter = format!("main_contact in [{}]", quoted(slice));
        let parsed = model::expr::parse_condition(&schema, company, &filter)?;
        let select = store::Select { filter: Some(parsed), limit: BULK_MAX, ..store::Select::all(&schema, company) };
        touched.companies.extend(tx.select_ids(&select)?);
    }
    let companies: Vec<Uuid> = touched.companies.into_iter().collect();
    let mut changed = Vec::new();
    for slice in companies.chunks(SLICE) {
        let records: Vec<Record> = tx.find_many(company, slice)?;
        let live = records.into_iter().filter(|record| record.get("deleted_at") == &Value::Missing).collect();
        changed.extend(sum::changes(ws, tx, live)?);
    }
    Ok(changed)
}
