//! Merging records: one stays with the values chosen and everything that belonged to the others; undoing the batch
//! brings all of them back as they were.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use engine::{Batch, Edit, Plan, Right, TREE_MAX, Workspace, territories};
use model::duplicates::Survivor;
use model::{Actor, Code, Field, Kind, Object, Patch, Problem, Record, Value, expr, fold::fold};
use serde_json::{Map, Value as Json};
use store::{Error, Pending, Select, tables::duplicates};
use uuid::Uuid;

/// Records merged into one at a time.
pub const MERGE_MAX: usize = 20;
/// Records re-linked between two looks at what is left.
const SLICE: usize = 500;

/// Merges records into `keep`. `values` are those that people chose; where they chose none, the object's rules say whose
/// value survives; where they say nothing, `keep`'s stands, and where `keep` has none, that of the first record that has one. Lists (e-mails, phones, tags, files, ids in other
/// systems) are united. What referred to the others refers to `keep` afterwards; the others go to the recycle bin.
pub fn merge(
    ws: &Workspace,
    actor: &Actor,
    object: &str,
    keep: Uuid,
    others: Vec<Uuid>,
    values: Patch,
) -> Pending<(Uuid, Record)> {
    let name = object.to_owned();
    ws.transact(actor, Plan::new("merge"), move |batch| {
        batch.policy().check_special("merge")?;
        let object = batch.load_object(&name)?;
        if object.internal {
            let detail = format!("{} cannot be merged.", object.label_plural);
            return Err(Problem::new(Code::BadRequest, detail).into());
        }
        let (winner, losers) = load(batch, &object, keep, &others)?;
        let ids: Vec<Uuid> = losers.iter().map(|record| record.id).collect();
        // Before anything is hung on it: what stood between two of them would stand above and below it.
        let place = place(batch, &object, &winner, &losers, &values)?;
        if !place.is_empty() {
            batch.update(&name, Edit { id: keep, patch: place, if_version: None })?;
        }
        batch.unite_reactions(keep, &ids)?;
        relink(batch, &object, keep, &ids)?;
        for answer in batch.delete_many(&name, &ids)? {
            answer?;
        }
        let patch = unite(&object, &winner, &losers, &values, &ids);
        // Also where nothing changes about it: who merges must have the right to change what stays.
        let merged = batch.update(&name, Edit { id: keep, patch, if_version: None })?;
        let id = batch.id();
        for loser in &ids {
            duplicates::set_merged(batch.tx(), *loser, keep, id)?;
        }
        Ok(merged)
    })
}

/// The records as they are, in the order given.
fn load(
    batch: &mut Batch<'_>,
    object: &Arc<Object>,
    keep: Uuid,
    others: &[Uuid],
) -> Result<(Record, Vec<Record>), Error> {
    let distinct: HashSet<&Uuid> = others.iter().collect();
    if others.is_empty() || others.contains(&keep) || distinct.len() != others.len() {
        let detail = "Name the record to keep and, apart from it, each record to merge into it once.";
        return Err(Problem::new(Code::BadRequest, detail).into());
    }
    if others.len() > MERGE_MAX {
        return Err(Problem::new(Code::BadRequest, format!("Merge at most {MERGE_MAX} records at a time.")).into());
    }
    let mut ids = vec![keep];
    ids.extend(others);
    let mut found = batch.tx().lock_many(object, &ids)?;
    let seen = batch.seen(object, &ids)?;
    found.retain(|record| record.get("deleted_at").is_missing() && seen.contains(&record.id));
    let mut take = |id: Uuid| {
        let at = found.iter().position(|record| record.id == id);
        at.map(|at| found.swap_remove(at)).ok_or_else(|| Problem::not_found(&object.label.to_lowercase()))
    };
    let winner = take(keep)?;
    let losers = others.iter().map(|id| take(*id)).collect::<Result<Vec<Record>, Problem>>()?;
    // First of all, so that nothing is told of what stands in the way to somebody who may not do it.
    for (right, ids) in [(Right::Update, &[keep][..]), (Right::Delete, others)] {
        if !batch.may(object, ids, right)? {
            return Err(batch.policy().refusal(object, right).into());
        }
    }
    Ok((winner, losers))
}

/// Where the record that stays is to stand in trees, when that is not where it stands: as chosen or by the rules; where that hangs on one
/// of those that become one, there where the topmost of them stands.
fn place(
    batch: &mut Batch<'_>,
    object: &Object,
    winner: &Record,
    losers: &[Record],
    chosen: &Patch,
) -> Result<Patch, Error> {
    let mut patch = Patch::new();
    for field in object.fields.iter().filter(|field| field.tree) {
        let mut place = surviving(object, &field.name, winner, losers, chosen);
        let mut above = place.as_id();
        for _ in 0..TREE_MAX {
            let Some(id) = above else { break };
            above = batch.tx().find(object, id)?.and_then(|record| record.get(&field.name).as_id());
            if id == winner.id || losers.iter().any(|loser| loser.id == id) {
                place = above.map_or(Value::Missing, Value::Id);
            }
        }
        if place != *winner.get(&field.name) {
            patch.insert(field.name.clone(), place);
        }
    }
    Ok(patch)
}

/// Lets everything that refers to the losers refer to the winner.
fn relink(batch: &mut Batch<'_>, object: &Arc<Object>, keep: Uuid, losers: &[Uuid]) -> Result<(), Error> {
    let schema = batch.schema();
    let fields: Vec<(Arc<Object>, Field)> = schema
        .references_to(&object.name)
        .filter(|(_, field)| !field.hidden && !field.is_derived())
        .map(|(other, field)| (other.clone(), field.clone()))
        .collect();
    for (other, field) in fields {
        let condition = expr::parse_condition(&schema, &other, &condition(&field, losers))?;
        loop {
            let select = Select { filter: Some(condition.clone()), limit: SLICE, ..Select::all(&schema, &other) };
            let mut edits = Vec::new();
            batch.tx().select(&select, &mut |record| {
                let value = redirect(&object.name, record.get(&field.name), record.id, keep, losers);
                let patch = Patch::from([(field.name.clone(), value)]);
                edits.push(Edit { id: record.id, patch, if_version: None });
                Ok(())
            })?;
            let count = edits.len();
            // Rights to change what is not there are nobody's concern.
            if count == 0 {
                break;
            }
            for answer in batch.update_many(&other.name, edits)? {
                answer.map_err(|problem| explain(&other, problem))?;
            }
            if count < SLICE {
                break;
            }
        }
    }
    Ok(())
}

/// CEL: the field points to one of these.
fn condition(field: &Field, ids: &[Uuid]) -> String {
    match field.kind {
        Kind::About | Kind::References => {
            let each: Vec<String> = ids.iter().map(|id| format!("'{id}' in {}", field.name)).collect();
            each.join(" || ")
        }
        _ => {
            let list: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
            format!("{} in [{}]", field.name, list.join(", "))
        }
    }
}

fn explain(other: &Object, problem: Problem) -> Problem {
    let what = other.label_plural.to_lowercase();
    let detail = format!("Some {what} that belong to the records to merge cannot be moved: {}", problem.detail);
    Problem { detail, ..problem }
}

/// A reference with the losers replaced by the winner. A record never refers to itself by that, and no list names the
/// winner twice.
fn redirect(object: &str, value: &Value, own: Uuid, keep: Uuid, losers: &[Uuid]) -> Value {
    match value {
        Value::Id(id) if losers.contains(id) && own == keep => Value::Missing,
        Value::Id(id) if losers.contains(id) => Value::Id(keep),
        Value::Json(json) => {
            let mut list: Vec<Json> = Vec::new();
            for entry in json.as_array().into_iter().flatten() {
                let entry = redirect_entry(object, entry, keep, losers);
                if !list.contains(&entry) {
                    list.push(entry);
                }
            }
            Value::json(Json::Array(list))
        }
        other => other.clone(),
    }
}

fn redirect_entry(object: &str, entry: &Json, keep: Uuid, losers: &[Uuid]) -> Json {
    let lost = |id: &Json| id.as_str().and_then(|id| id.parse().ok()).is_some_and(|id: Uuid| losers.contains(&id));
    match entry {
        Json::Object(map) if map.get("object").and_then(Json::as_str) == Some(object) => {
            let mut map = map.clone();
            if map.get("id").is_some_and(lost) {
                map.insert("id".to_owned(), Json::String(keep.to_string()));
            }
            Json::Object(map)
        }
        Json::String(_) if lost(entry) => Json::String(keep.to_string()),
        other => other.clone(),
    }
}

/// The value that was chosen, else the one that survives by the rules of the object.
fn surviving(object: &Object, field: &str, winner: &Record, losers: &[Record], chosen: &Patch) -> Value {
    let rule = object.duplicates.keep.get(field).copied();
    chosen.get(field).cloned().unwrap_or_else(|| survivor(rule, field, winner, losers))
}

/// The value that survives, among the records that have one.
fn survivor(rule: Option<Survivor>, field: &str, winner: &Record, losers: &[Record]) -> Value {
    let records = || std::iter::once(winner).chain(losers).filter(|record| !record.get(field).is_missing());
    let found = match rule {
        None => records().next(),
        // `max_by` takes the last of equals: turned round, so that the record that stays comes first among them.
        Some(Survivor::Newest) => records().rev().max_by_key(|record| instant(record, "updated_at")),
        Some(Survivor::Oldest) => records().min_by_key(|record| instant(record, "created_at")),
        Some(Survivor::Longest) => records().rev().max_by_key(|record| length(record.get(field))),
        Some(Survivor::Greatest) => records().rev().max_by(|a, b| order(a.get(field), b.get(field))),
        Some(Survivor::Least) => records().min_by(|a, b| order(a.get(field), b.get(field))),
    };
    found.map(|record| record.get(field).clone()).unwrap_or_default()
}

fn instant(record: &Record, field: &str) -> i64 {
    if let Value::Instant(at) = record.get(field) { *at } else { 0 }
}

fn length(value: &Value) -> usize {
    value.as_text().map_or_else(|| value.to_json().to_string().len(), |text| text.chars().count())
}

/// Numbers, amounts by their worth, days and instants have an order; others are equal.
fn order(a: &Value, b: &Value) -> Ordering {
    let number = |value: &Value| match value {
        Value::Int(number) | Value::Dec(number) | Value::Duration(number) | Value::Instant(number) => Some(*number),
        Value::Money { amount, base, .. } => Some(base.unwrap_or(*amount)),
        Value::Bool(yes) => Some(i64::from(*yes)),
        _ => None,
    };
    match (a, b) {
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        _ => number(a).cmp(&number(b)),
    }
}

/// What changes about the winner.
fn unite(object: &Object, winner: &Record, losers: &[Record], chosen: &Patch, ids: &[Uuid]) -> Patch {
    let mut patch = Patch::new();
    let placed = territory_of(object, winner, losers);
    let merged = |field: &&Field| is_merged(field) && !field.tree && !is_placed(object, &field.name);
    for field in object.fields.iter().filter(merged) {
        let own = winner.get(&field.name);
        let value = match chosen.contains_key(&field.name) {
            false if is_list(field) => losers
                .iter()
                .fold(own.clone(), |united, loser| unite_lists(&united, loser.get(&field.name), field.kind)),
            _ => surviving(object, &field.name, winner, losers, chosen),
        };
        let value = match field.target_object() == Some(object.name.as_str()) {
            true => redirect(&object.name, &value, winner.id, winner.id, ids),
            false => value,
        };
        // The winner itself is no parent or friend of its own.
        let value = if value == Value::Id(winner.id) { Value::Missing } else { value };
        if value != *own {
            patch.insert(field.name.clone(), value);
        }
    }
    patch.extend(placed);
    // Unknown names are refused by the write, which says which.
    patch.extend(
        chosen.iter().filter(|(name, _)| object.find_field(name).is_none()).map(|(k, v)| (k.clone(), v.clone())),
    );
    patch
}

/// The two fields of a territory belong together, and are not for people to choose one by one.
fn is_placed(object: &Object, field: &str) -> bool {
    [territories::FIELD, territories::PINNED].contains(&field) && object.find_field(territories::PINNED).is_some()
}

/// A territory chosen by hand survives, that of the record that stays before others; else the rules decide.
fn territory_of(object: &Object, winner: &Record, losers: &[Record]) -> Patch {
    let pinned = |record: &&Record| record.get(territories::PINNED) == &Value::Bool(true);
    let found = std::iter::once(winner).chain(losers).find(pinned).filter(|record| record.id != winner.id);
    let both = [territories::FIELD, territories::PINNED].into_iter().filter(|field| is_placed(object, field));
    both.filter_map(|field| Some((field.to_owned(), found?.get(field).clone()))).collect()
}

fn is_merged(field: &Field) -> bool {
    let written = !field.hidden && !field.is_derived() && !field.read_only;
    written && !matches!(field.kind, Kind::AutoNumber | Kind::Rank | Kind::Actor)
}

fn is_list(field: &Field) -> bool {
    let lists =
        [Kind::Emails, Kind::Phones, Kind::Links, Kind::MultiSelect, Kind::References, Kind::About, Kind::Files];
    lists.contains(&field.kind) || field.name == "external_ids"
}

/// Both lists together: what the first has stays first and primary; of two ids in one system the first stays.
fn unite_lists(first: &Value, second: &Value, kind: Kind) -> Value {
    let (Some(a), Some(b)) = (first.as_json(), second.as_json()) else {
        return if first.is_missing() { second.clone() } else { first.clone() };
    };
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            let mut united: Map<String, Json> = a.clone();
            for (source, id) in b {
                united.entry(source.clone()).or_insert_with(|| id.clone());
            }
            Value::json(Json::Object(united))
        }
        (Json::Array(a), Json::Array(b)) => {
            let mut united = a.clone();
            let mut known: HashSet<String> = a.iter().map(|entry| identity(entry, kind)).collect();
            for entry in b {
                if !known.insert(identity(entry, kind)) {
                    continue;
                }
                let mut entry = entry.clone();
                if let (Some(primary), false) = (entry.get_mut("primary"), united.is_empty()) {
                    *primary = Json::Bool(false);
                }
                united.push(entry);
            }
            Value::json(Json::Array(united))
        }
        _ => first.clone(),
    }
}

/// What makes two entries of a list the same one.
fn identity(entry: &Json, kind: Kind) -> String {
    let key = match kind {
        Kind::Emails | Kind::Phones | Kind::Links => entry.get("value"),
        Kind::Files => entry.get("id"),
        _ => None,
    };
    match key.unwrap_or(entry) {
        Json::String(text) => fold(text),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_united_and_keep_one_primary() {
        let first = Value::json(json!([{ "value": "a@x.com", "primary": true }]));
        let second =
            Value::json(json!([{ "value": "A@x.com", "primary": true }, { "value": "b@x.com", "primary": true }]));
        assert_eq!(
            unite_lists(&first, &second, Kind::Emails).to_json(),
            json!([{ "value": "a@x.com", "primary": true }, { "value": "b@x.com", "primary": false }])
        );
        assert_eq!(unite_lists(&Value::Missing, &second, Kind::Emails), second);
        let ids = (Value::json(json!({ "hubspot": "1" })), Value::json(json!({ "hubspot": "2", "sap": "3" })));
        assert_eq!(unite_lists(&ids.0, &ids.1, Kind::Json).to_json(), json!({ "hubspot": "1", "sap": "3" }));
    }

    #[test]
    fn references_move_to_the_winner() {
        let (keep, lost, other) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let check = |value: Json, own: Uuid, expected: Json| {
            let value = match value.as_str().and_then(|id| id.parse().ok()) {
                Some(id) => Value::Id(id),
                None => Value::json(value),
            };
            assert_eq!(redirect("person", &value, own, keep, &[lost]).to_json(), expected);
        };
        check(json!(lost), other, json!(keep));
        check(json!(lost), keep, json!(null));
        check(json!(other), other, json!(other));
        check(json!([lost, keep]), other, json!([keep]));
        check(
            json!([{ "object": "person", "id": lost }, { "object": "company", "id": lost }]),
            other,
            json!([{ "object": "person", "id": keep }, { "object": "company", "id": lost }]),
        );
    }
}
