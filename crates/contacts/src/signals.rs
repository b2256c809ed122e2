//! How often people and companies want to hear from us: days by lifecycle or kind, kept as the formula of `rots_at`, so
//! that lists filter and sort by it, history shows who changed it, undo takes it back and `schema export` carries it.

use engine::{SchemaEdit, Workspace};
use model::{Actor, Code, Field, FieldProblem, Kind, Problem, Schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Error;
use uuid::Uuid;

/// The field that says until when the next contact is due.
const FIELD: &str = "rots_at";
/// Objects that rot, each with the choice that the days depend on.
pub const OBJECTS: [(&str, &str); 2] = [("person", "lifecycle"), ("company", "kind")];
/// Nobody waits longer than ten years.
const DAYS_MAX: u32 = 3_650;
/// What the days are added to.
const SINCE: &str = "(has(last_contact_at) ? last_contact_at : created_at)";

/// After how many days without contact records of one object want some.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pace {
    /// By option; those not named never do.
    pub days: BTreeMap<String, u32>,
    /// For records without a choice; none for never.
    #[serde(default)]
    pub otherwise: Option<u32>,
}

/// The formula of a pace.
pub fn formula_of(choice: &Field, pace: &Pace) -> String {
    let last = pace.otherwise.map_or_else(|| "null".to_owned(), duration);
    let named = choice.options.iter().filter_map(|option| Some((&option.value, pace.days.get(&option.value)?)));
    let mut text = String::new();
    for (value, days) in named {
        text.push_str(&format!("{} == '{value}' ? {} : ", choice.name, duration(*days)));
    }
    // The options that are not named never rot, whatever holds for records without a choice.
    if pace.otherwise.is_some() {
        text.push_str(&format!("has({}) ? null : ", choice.name));
    }
    format!("{SINCE} + ({text}{last})")
}

fn duration(days: u32) -> String {
    format!("duration('{days}d')")
}

/// The pace that a formula was made of; none when somebody wrote another one by hand.
pub fn pace_of(choice: &Field, formula: &str) -> Option<Pace> {
    let plain = formula.split_whitespace().collect::<Vec<_>>().join(" ");
    let inner = plain.strip_prefix(SINCE)?.trim_start().strip_prefix("+ (")?.strip_suffix(')')?;
    let mut pace = Pace::default();
    let mut parts: Vec<&str> = inner.split(" : ").collect();
    pace.otherwise = match parts.pop()? {
        "null" => None,
        text => Some(days_of(text)?),
    };
    for part in parts {
        let (condition, value) = part.split_once(" ? ")?;
        if condition == format!("has({})", choice.name) && value == "null" {
            continue;
        }
        let option = condition.strip_prefix(&format!("{} == '", choice.name))?.strip_suffix('\'')?;
        pace.days.insert(option.to_owned(), days_of(value)?);
    }
    Some(pace)
}

fn days_of(text: &str) -> Option<u32> {
    text.strip_prefix("duration('")?.strip_suffix("d')")?.parse().ok()
}

fn parts<'a>(schema: &'a Schema, object: &str) -> Result<(&'a Field, &'a Field), Problem> {
    let missing = || Problem::new(Code::NotFound, "Days without contact are kept for `person` and `company`.");
    let (_, choice) = OBJECTS.iter().find(|(name, _)| *name == object).ok_or_else(missing)?;
    let object = schema.find_object(object).ok_or_else(missing)?;
    let choice = object.find_field(choice).ok_or_else(missing)?;
    Ok((object.find_field(FIELD).ok_or_else(missing)?, choice))
}

/// The pace of an object's records; none when its formula was written by hand.
///
/// # Errors
/// Not found, for other objects.
pub fn pace(ws: &Workspace, object: &str) -> Result<Option<Pace>, Problem> {
    let schema = ws.schema();
    let (field, choice) = parts(&schema, object)?;
    Ok(pace_of(choice, field.formula.as_deref().unwrap_or_default()))
}

/// Sets the pace of an object's records in one batch, which undo takes back; the records follow in a job.
///
/// # Errors
/// Forbidden without the right `configure`; days out of range; an option that there is not.
pub fn set_pace(ws: &Workspace, actor: &Actor, object: &str, pace: &Pace) -> Result<Option<Uuid>, Error> {
    let schema = ws.schema();
    let (field, choice) = parts(&schema, object)?;
    check(choice, pace)?;
    let mut field = field.clone();
    debug_assert_eq!(field.value_kind(), Kind::DateTime);
    field.formula = Some(formula_of(choice, pace));
    let edit = SchemaEdit::ChangeField { object: object.to_owned(), field: Box::new(field) };
    Ok(ws.edit_schema(actor, vec![edit])?.0)
}

fn check(choice: &Field, pace: &Pace) -> Result<(), Problem> {
    let mut faults = Vec::new();
    let mut refuse = |field: &str, message: String| {
        faults.push(FieldProblem { field: field.to_owned(), code: "not_valid".to_owned(), message });
    };
    let given = pace.days.iter().map(|(option, days)| (option.as_str(), *days));
    for (option, days) in given.clone().chain(pace.otherwise.map(|days| ("otherwise", days))) {
        if days == 0 || days > DAYS_MAX {
            refuse(option, format!("Give 1 to {DAYS_MAX} days, or nothing for never."));
        }
    }
    for (option, _) in given {
        if !choice.options.iter().any(|known| known.value == option) {
            refuse(option, format!("{} has no such choice.", choice.label));
        }
    }
    if pace.days.is_empty() && pace.otherwise.is_none() {
        refuse("otherwise", "Give days for at least one of them.".to_owned());
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}
