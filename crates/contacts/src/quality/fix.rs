//! Corrections of many records at once: what would change is shown first, and what was changed is one batch.

use std::sync::Arc;

use engine::{Edit, Plan, Query, Workspace, title_json};
use model::kinds::Context;
use model::{Actor, FieldProblem, Object, Patch, Problem, Record, Value, kinds};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::Error;

use super::flaws::{ADDRESSES, is_lower, is_upper};
use super::{FLAWS, OBJECTS};

/// Records corrected in one batch.
const RECORDS_MAX: usize = 20_000;
/// Changes that a preview shows.
const SHOWN: usize = 30;
/// Records changed per step of the batch.
const SLICE: usize = 500;

/// What is to be corrected.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// `person` or `company`.
    pub object: String,
    /// `names`, `phones` or `country`.
    pub fix: String,
    /// The country that addresses without one get, or that numbers without a prefix are of.
    #[serde(default)]
    pub country: Option<String>,
}

/// A record and what becomes of it.
#[derive(Clone)]
struct Change {
    record: Record,
    patch: Patch,
}

/// What the corrections would change: `{"records","limited","changes":[{"id","title","fields":{name:[before,after]}}]}`.
///
/// # Errors
/// Forbidden without the right `bulk`; an unknown correction; a database that fails.
pub fn preview(ws: &Workspace, actor: &Actor, fix: &Fix) -> Result<Json, Error> {
    let (object, changes, limited) = changes_of(ws, actor, fix)?;
    let shown: Vec<Json> = changes.iter().take(SHOWN).map(|change| shown(&object, change)).collect();
    Ok(json!({ "records": changes.len(), "limited": limited, "changes": shown }))
}

/// Corrects them in one batch: `{"batch","updated","refused"}`. Records that somebody changed since, or that the actor
/// may not change, stay as they are.
///
/// # Errors
/// As [`preview`].
pub fn apply(ws: &Workspace, actor: &Actor, fix: &Fix) -> Result<Json, Error> {
    let (object, changes, _) = changes_of(ws, actor, fix)?;
    let work = ws.transact(actor, Plan::new("correct data"), move |batch| {
        let (mut updated, mut refused) = (0, 0);
        for slice in changes.chunks(SLICE) {
            let edits = slice.iter().map(|change| Edit {
                id: change.record.id,
                patch: change.patch.clone(),
                if_version: match change.record.get("version") {
                    Value::Int(version) => Some(*version),
                    _ => None,
                },
            });
            for answer in batch.update_many(&object.name, edits.collect())? {
                if answer.is_ok() { updated += 1 } else { refused += 1 }
            }
        }
        Ok((updated, refused))
    });
    let (batch, (updated, refused)) = work.wait()?;
    Ok(json!({ "batch": batch, "updated": updated, "refused": refused }))
}

fn shown(object: &Object, change: &Change) -> Json {
    let fields: serde_json::Map<String, Json> = change
        .patch
        .iter()
        .map(|(name, after)| (name.clone(), json!([change.record.get(name).to_json(), after.to_json()])))
        .collect();
    let title = title_json(object, &change.record).get("title").cloned();
    json!({ "id": change.record.id, "title": title, "fields": fields })
}

fn changes_of(ws: &Workspace, actor: &Actor, fix: &Fix) -> Result<(Arc<Object>, Vec<Change>, bool), Error> {
    ws.check_special(actor, "bulk")?;
    let schema = ws.schema();
    let object = schema.find_object(&fix.object).filter(|object| OBJECTS.contains(&object.name.as_str())).cloned();
    let object = object.ok_or_else(|| refusal("object", "It is `person` or `company`."))?;
    let flaw = match fix.fix.as_str() {
        "names" => "capitals",
        "phones" => "phone",
        "country" => "no_country",
        _ => return Err(refusal("fix", "It is `names`, `phones` or `country`.").into()),
    };
    let country = match fix.country.as_deref().filter(|country| !country.is_empty()) {
        Some(typed) => {
            Some(kinds::country::find_country(typed).ok_or_else(|| refusal("country", "Give a country, like FR."))?)
        }
        None => None,
    };
    if flaw == "no_country" && country.is_none() {
        return Err(refusal("country", "Give the country that these addresses are in.").into());
    }
    let found: Arc<Mutex<Vec<Change>>> = Arc::default();
    let (into, context) = (found.clone(), ws.context());
    let of = object.clone();
    let query = Query { object: object.name.clone(), filter: Some(format!("'{flaw}' in {FLAWS}")), ..Query::default() };
    let walk = ws.each(actor, query, move |record| {
        let mut into = into.lock();
        if into.len() <= RECORDS_MAX {
            let patch = corrected(&of, &record, flaw, country, &context);
            if !patch.is_empty() {
                into.push(Change { record, patch });
            }
        }
        Ok(())
    });
    walk.wait()?;
    let mut changes = std::mem::take(&mut *found.lock());
    let limited = changes.len() > RECORDS_MAX;
    changes.truncate(RECORDS_MAX);
    Ok((object, changes, limited))
}

fn refusal(field: &str, message: &str) -> Problem {
    Problem::invalid(vec![FieldProblem {
        field: field.to_owned(),
        code: "not_valid".to_owned(),
        message: message.to_owned(),
    }])
}

fn corrected(object: &Object, record: &Record, flaw: &str, country: Option<&str>, context: &Context) -> Patch {
    match flaw {
        "capitals" => names(object, record),
        "phone" => phones(object, record, country, context),
        _ => countries(object, record, country, context),
    }
}

fn names(object: &Object, record: &Record) -> Patch {
    let fields: &[&str] =
        if object.name == "person" { &["given_name", "middle_name", "family_name"] } else { &["name"] };
    let changed = fields.iter().filter_map(|field| {
        let name = record.get(field).as_text()?;
        let new = if object.name == "person" { person_name(name) } else { company_name(name) };
        (new != name).then(|| ((*field).to_owned(), Value::text(new)))
    });
    changed.collect()
}

/// Small words inside family names.
const PARTICLES: [&str; 14] =
    ["von", "van", "der", "den", "de", "del", "della", "di", "da", "du", "la", "le", "zu", "ter"];
/// What stands behind companies' names, as it is written.
const LEGAL_FORMS: [&str; 16] = [
    "GmbH", "mbH", "Ltd", "Ltd.", "Inc", "Inc.", "Corp", "Corp.", "Co", "Co.", "Pty", "Sarl", "S.r.l.", "Oy", "ApS",
    "eG",
];

fn person_name(name: &str) -> String {
    if !is_upper(name) && !is_lower(name) {
        return name.to_owned();
    }
    let words = name.split(' ').enumerate().map(|(at, word)| {
        let lower = word.to_lowercase();
        let is_particle = PARTICLES.contains(&lower.as_str()) && (at > 0 || name.contains(' '));
        if is_particle { lower } else { capitalised(&lower) }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn company_name(name: &str) -> String {
    if !is_upper(name) {
        return name.to_owned();
    }
    let words = name.split(' ').map(|word| {
        let form = LEGAL_FORMS.iter().find(|form| form.to_lowercase() == word.to_lowercase());
        match form {
            Some(form) => (*form).to_owned(),
            // AG, SE, IBM: what is that short is an abbreviation.
            None if word.chars().count() <= 3 => word.to_owned(),
            None => capitalised(&word.to_lowercase()),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Capitals at the beginning and behind hyphens and apostrophes.
fn capitalised(lower: &str) -> String {
    let mut begins = true;
    let mut text = String::with_capacity(lower.len());
    for c in lower.chars() {
        if begins {
            text.extend(c.to_uppercase());
        } else {
            text.push(c);
        }
        begins = matches!(c, '-' | '\'' | '’' | '.' | '(' | '/');
    }
    text
}

fn phones(object: &Object, record: &Record, country: Option<&str>, context: &Context) -> Patch {
    let mut list = record.get("phones").to_json();
    let of_address =
        ADDRESSES.iter().find_map(|field| Some(record.get(field).as_json()?.get("country")?.as_str()?.to_owned()));
    let country = of_address.or_else(|| country.map(str::to_owned)).unwrap_or_else(|| context.default_country.clone());
    for entry in list.as_array_mut().into_iter().flatten() {
        let Some(typed) = entry.get("value").and_then(Json::as_str) else { continue };
        let new = kinds::normalise_phone(typed, &country);
        if let Some(map) = entry.as_object_mut() {
            map.insert("value".to_owned(), Json::String(new));
        }
    }
    patch_of(object, record, "phones", &list, context)
}

fn countries(object: &Object, record: &Record, country: Option<&str>, context: &Context) -> Patch {
    let mut patch = Patch::new();
    for field in ADDRESSES {
        let mut address = record.get(field).to_json();
        if let (Some(map), Some(country)) = (address.as_object_mut(), country)
            && map.get("country").and_then(Json::as_str).is_none()
        {
            map.insert("country".to_owned(), Json::String(country.to_owned()));
            patch.extend(patch_of(object, record, field, &address, context));
        }
    }
    patch
}

fn patch_of(object: &Object, record: &Record, field: &str, json: &Json, context: &Context) -> Patch {
    let value = object.find_field(field).and_then(|field| kinds::from_json(field, json, context).ok());
    let changed = value.filter(|value| value != record.get(field));
    changed.map(|value| (field.to_owned(), value)).into_iter().collect()
}
