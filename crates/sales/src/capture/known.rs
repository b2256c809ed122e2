//! Whom an enquiry comes from: somebody who is known, or somebody new.

use engine::Batch;
use model::fold::fold;
use model::{Record, Value};
use serde_json::Value as Json;
use store::Error;

use super::said::Said;
use crate::begin::patch;

/// The person: who has the e-mail address (of several who share it the one of that name, else the oldest), else who has
/// the number and the name, else a new one. Nobody who is known is changed.
pub(super) fn person(batch: &mut Batch<'_>, said: &Said, owner: &Value) -> Result<Record, Error> {
    let mut values = said.person(batch.workspace())?;
    let found = batch.sharing_keys("person", &values)?;
    let named = |person: &Record| is_called(person, "name", &said.name);
    let mailed: Vec<&Record> =
        found.iter().map(|(person, _)| person).filter(|one| has_email(one, &said.email)).collect();
    let by_mail = mailed.iter().find(|one| named(one)).or(mailed.first()).copied();
    let by_phone = || {
        let called = |keys: &[String]| keys.iter().any(|key| key.starts_with("p:"));
        found.iter().find(|(one, keys)| called(keys) && named(one)).map(|(one, _)| one)
    };
    if let Some(known) = by_mail.or_else(by_phone) {
        return Ok(known.clone());
    }
    let company = match company(batch, said)? {
        Some(company) => Value::Id(company.id),
        None if said.company.is_empty() => Value::Missing,
        None => {
            let named = patch([("name", Value::text(said.company.as_str())), ("owner", owner.clone())]);
            Value::Id(batch.create("company", named)?.id)
        }
    };
    values.extend(patch([("company", company), ("owner", owner.clone())]));
    batch.create("person", values)
}

/// The company of that name, else the one whose mail comes from the same domain. Domains where anybody can have an
/// address say nothing.
pub(super) fn company(batch: &mut Batch<'_>, said: &Said) -> Result<Option<Record>, Error> {
    let values = said.company(batch.workspace())?;
    let found = batch.sharing_keys("company", &values)?;
    let named = |one: &Record| ["name", "legal_name"].iter().any(|field| is_called(one, field, &said.company));
    let mailed = |keys: &[String]| keys.iter().any(|key| key.starts_with("d:"));
    let best = found
        .iter()
        .find(|(one, keys)| named(one) && mailed(keys))
        .or_else(|| found.iter().find(|(one, _)| named(one)))
        .or_else(|| found.iter().find(|(_, keys)| mailed(keys)));
    Ok(best.map(|(one, _)| one.clone()))
}

fn is_called(record: &Record, field: &str, name: &str) -> bool {
    !name.is_empty() && record.get(field).as_text().is_some_and(|called| fold(called) == fold(name))
}

fn has_email(person: &Record, email: &str) -> bool {
    let emails = person.get("emails").as_json().and_then(Json::as_array).into_iter().flatten();
    let mut emails = emails.filter_map(|entry| entry.get("value").and_then(Json::as_str));
    emails.any(|known| fold(known) == fold(email))
}
