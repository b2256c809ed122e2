//! Parts that people give: whether anybody there can be written to, and whether the main contact is still there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use engine::{Finding, HealthPart, Look};
use model::{Record, Value};
use serde_json::{Value as Json, json};
use store::Error;
use uuid::Uuid;

use super::parts::quoted;

/// The main contact, or anybody there when none is named, has an e-mail address that is not dead.
pub(super) const MAIL: HealthPart = HealthPart {
    name: "mail",
    weight: 15,
    threshold: 0,
    reads: &[
        ("company", "main_contact"),
        ("company", "people_count"),
        ("person", "company"),
        ("person", "emails"),
        ("person", "flaws"),
        ("person", "lifecycle"),
    ],
    follows: &[("company", &[]), ("person", &["company"])],
    judge: mail,
};

/// The main contact works elsewhere now.
pub(super) const LEFT: HealthPart = HealthPart {
    name: "left",
    weight: 20,
    threshold: 0,
    reads: &[
        ("company", "main_contact"),
        ("person", "company"),
        ("person", "lifecycle"),
        ("affiliation", "person"),
        ("affiliation", "company"),
        ("affiliation", "has_left"),
        ("affiliation", "ends_on"),
    ],
    follows: &[("company", &[]), ("person", &["company"]), ("affiliation", &["company"])],
    judge: left,
};

/// Where more people are known, it is only asked whether there is one.
const CROWD: i64 = 100;
/// A person who can be written to.
const REACHABLE: &str = "emails != null && !('undeliverable' in flaws) && lifecycle != 'former'";

fn mail(look: &mut Look<'_>, companies: &[Record]) -> Result<Vec<Finding>, Error> {
    let mains = main_contacts(look, companies)?;
    let mut found = Vec::new();
    let (mut few, mut crowded) = (Vec::new(), Vec::new());
    for company in companies {
        let main = company.get("main_contact").as_id().and_then(|id| mains.get(&id));
        match (main, company.get("people_count")) {
            (Some(person), _) => {
                let why = if person.get("emails").is_missing() {
                    "missing"
                } else if is_dead(person) {
                    "dead"
                } else {
                    continue;
                };
                found.push(against(company.id, why, Some(person.id)));
            }
            (None, Value::Int(count)) if *count > CROWD => crowded.push(company.id),
            (None, _) => few.push(company.id),
        }
    }
    for company in crowded {
        if !look.any("person", format!("company == '{company}' && {REACHABLE}"))? {
            found.push(against(company, "nobody_reachable", None));
        }
    }
    if !few.is_empty() {
        let filter = format!("company in [{}]", quoted(&few));
        let mut known: BTreeMap<Uuid, bool> = few.iter().map(|company| (*company, false)).collect();
        let mut peopled: BTreeSet<Uuid> = BTreeSet::new();
        for person in look.find("person", filter, None, &["company", "emails", "flaws", "lifecycle"])? {
            let Some(company) = person.get("company").as_id() else { continue };
            let is_former = person.get("lifecycle").as_text() == Some("former");
            if !is_former {
                peopled.insert(company);
                *known.entry(company).or_default() |= !person.get("emails").is_missing() && !is_dead(&person);
            }
        }
        let none = known.into_iter().filter(|(_, reachable)| !reachable);
        found.extend(none.map(|(company, _)| {
            let why = if peopled.contains(&company) { "nobody_reachable" } else { "nobody" };
            against(company, why, None)
        }));
    }
    Ok(found)
}

fn against(company: Uuid, why: &str, person: Option<Uuid>) -> Finding {
    let records = person.into_iter().map(|person| ("person", person)).collect();
    Finding { company, percent: 100, facts: json!({ "why": why }), records }
}

/// Whether the nightly look found the address dead.
fn is_dead(person: &Record) -> bool {
    let flaws = person.get("flaws").as_json().and_then(Json::as_array);
    flaws.is_some_and(|flaws| flaws.iter().any(|flaw| flaw.as_str() == Some("undeliverable")))
}

/// The main contacts that are named and can be seen.
fn main_contacts(look: &mut Look<'_>, companies: &[Record]) -> Result<HashMap<Uuid, Record>, Error> {
    let ids: Vec<Uuid> = companies.iter().filter_map(|company| company.get("main_contact").as_id()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let fields = ["company", "emails", "flaws", "lifecycle"];
    let people = look.find("person", format!("id in [{}]", quoted(&ids)), None, &fields)?;
    Ok(people.into_iter().map(|person| (person.id, person)).collect())
}

fn left(look: &mut Look<'_>, companies: &[Record]) -> Result<Vec<Finding>, Error> {
    let named: Vec<(Uuid, Uuid)> =
        companies.iter().filter_map(|company| Some((company.id, company.get("main_contact").as_id()?))).collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = named.iter().map(|(_, person)| *person).collect();
    let people = look.find("person", format!("id in [{}]", quoted(&ids)), None, &["company", "lifecycle"])?;
    let people: HashMap<Uuid, Record> = people.into_iter().map(|person| (person.id, person)).collect();
    let filter = format!("person in [{}] && company != null", quoted(&ids));
    // Whoever has a part in the company, beside the job, is still there; whoever ended it is not.
    let (mut ended, mut there) = (HashSet::<(Uuid, Uuid)>::new(), HashSet::<(Uuid, Uuid)>::new());
    for part in look.find("affiliation", filter, None, &["person", "company", "has_left", "ends_on"])? {
        let (Some(person), Some(company)) = (part.get("person").as_id(), part.get("company").as_id()) else { continue };
        let has_left = part.get("has_left") == &Value::Bool(true) || is_past(look.now, part.get("ends_on"));
        if has_left { &mut ended } else { &mut there }.insert((person, company));
    }
    let mut found = Vec::new();
    for (company, id) in named {
        // Whoever is gone from the records is for the part that looks for an address.
        let Some(person) = people.get(&id) else { continue };
        let works_there = person.get("company").as_id() == Some(company) && !ended.contains(&(id, company));
        let is_former = person.get("lifecycle").as_text() == Some("former");
        if is_former || !(works_there || there.contains(&(id, company))) {
            found.push(Finding { company, percent: 100, facts: json!({}), records: vec![("person", id)] });
        }
    }
    Ok(found)
}

fn is_past(now: i64, day: &Value) -> bool {
    let today = jiff::Timestamp::from_microsecond(now).map(|now| now.to_zoned(jiff::tz::TimeZone::UTC).date());
    matches!((day, today), (Value::Date(day), Ok(today)) if *day < today)
}
