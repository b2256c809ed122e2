//! Field kinds: how a value of each kind is read from JSON and from typed text, normalised, and written again.
//!
//! Everything that enters the program passes here once, so that the same thing is always kept in the same form:
//! text in NFC without control characters, e-mail addresses in lower case, telephone numbers in E.164, countries as
//! ISO 3166-1 alpha-2, currencies as ISO 4217. [`from_json`] is exact about shapes, because programs send it;
//! [`from_text`] is lenient, because people typed it somewhere else years ago.
//!
//! Codes of field problems: `unknown_field`, `read_only`, `wrong_type`, `too_long`, `too_many`, `out_of_range`,
//! `bad_number`, `bad_email`, `bad_link`, `bad_country`, `bad_currency`, `bad_coordinate`, `bad_date`,
//! `bad_date_time`, `bad_duration`, `bad_boolean`, `bad_option`, `bad_reference`, `bad_file`, `bad_json`.

mod address;
mod choice;
pub mod country;
mod date;
mod document;
mod duration;
mod email;
mod link;
mod list;
mod money;
mod month;
mod number;
mod phone;
mod relation;
mod text;

#[cfg(test)]
mod tests;

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use crate::field::{Field, Kind};
use crate::fold::fold;
use crate::object::Object;
use crate::problem::{FieldProblem, Problem};
use crate::record::Patch;
use crate::value::Value;

pub use date::guess_day_first;
pub use email::normalise_email;
pub use link::normalise_link;
pub use money::{currency_code, smallest_amount};
pub use number::guess_decimal_comma;
pub use phone::normalise_phone;
pub(crate) use text::{edit_distance, nearest};

/// What is not said by the text itself: where the writer lives and how numbers and dates are written there.
#[derive(Debug, Clone)]
pub struct Context {
    /// Country of telephone numbers without a prefix, ISO 3166-1 alpha-2; empty when unknown.
    pub default_country: String,
    /// Currency of amounts without one, ISO 4217; also the base currency. Empty when unknown.
    pub default_currency: String,
    /// Zone of times without one.
    pub time_zone: TimeZone,
    /// Whether 3/4/2026 is the 3rd of April.
    pub day_first: bool,
    /// Whether 1.234 means one thousand two hundred and thirty-four.
    pub decimal_comma: bool,
}

impl Default for Context {
    /// Reads back what [`to_text`] wrote.
    fn default() -> Self {
        Self {
            default_country: String::new(),
            default_currency: String::new(),
            time_zone: TimeZone::UTC,
            day_first: true,
            decimal_comma: false,
        }
    }
}

impl Context {
    /// The context of a workspace.
    pub fn new(default_country: &str, default_currency: &str, time_zone: TimeZone) -> Self {
        Self {
            default_country: default_country.to_ascii_uppercase(),
            default_currency: default_currency.to_ascii_uppercase(),
            time_zone,
            day_first: !matches!(default_country, "US" | "PH" | "PR" | "us" | "ph" | "pr"),
            decimal_comma: false,
        }
    }
}

/// A problem of one field; the message starts with the field's label.
pub(crate) fn problem(field: &Field, code: &str, message: impl AsRef<str>) -> FieldProblem {
    FieldProblem {
        field: field.name.clone(),
        code: code.to_owned(),
        message: format!("{}: {}", field.label, message.as_ref()),
    }
}

/// A typed text as it is quoted in a message: short.
fn quoted(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(CHARS_MAX).collect();
    if text.chars().nth(CHARS_MAX).is_some() {
        short.push('…');
    }
    format!("“{short}”")
}

fn wrong_type(field: &Field, json: &Json, expected: &str) -> FieldProblem {
    let found = match json {
        Json::Null => "nothing",
        Json::Bool(_) => "a truth value",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    };
    problem(field, "wrong_type", format!("expected {expected}, found {found}."))
}

/// The value of a field in its JSON form, checked and normalised. `null` and empty text are missing.
pub fn from_json(field: &Field, json: &Json, context: &Context) -> Result<Value, FieldProblem> {
    match json {
        Json::Null => return Ok(Value::Missing),
        Json::String(text) if text.is_empty() => return Ok(Value::Missing),
        _ => {}
    }
    match field.value_kind() {
        Kind::Text | Kind::AutoNumber | Kind::Rank => text::line_from_json(field, json),
        Kind::LongText => text::block_from_json(field, json),
        Kind::Integer => number::integer_from_json(field, json),
        Kind::Decimal | Kind::Percent => number::decimal_from_json(field, json),
        Kind::Rating => number::rating_from_json(field, json),
        Kind::Money => money::from_json(field, json, context),
        Kind::Date => date::date_from_json(field, json),
        Kind::DateTime => date::instant_from_json(field, json),
        Kind::Duration => duration::from_json(field, json),
        Kind::Boolean => choice::boolean_from_json(field, json),
        Kind::Select => choice::select_from_json(field, json),
        Kind::MultiSelect => choice::multi_from_json(field, json),
        Kind::Emails | Kind::Phones | Kind::Links => list::from_json(field, json, context),
        Kind::Address => address::from_json(field, json),
        Kind::Reference | Kind::User => relation::reference_from_json(field, json),
        Kind::References => relation::references_from_json(field, json),
        Kind::About => relation::about_from_json(field, json),
        Kind::Actor => relation::actor_from_json(field, json),
        Kind::Files => document::files_from_json(field, json),
        Kind::Json => document::json_from_json(field, json),
        Kind::Formula | Kind::Rollup => {
            Err(problem(field, "read_only", "calculated; it needs a `result` kind to be read."))
        }
    }
}

/// The value of a field in a text that people or other programs wrote. Empty text is missing.
pub fn from_text(field: &Field, text: &str, context: &Context) -> Result<Value, FieldProblem> {
    if text.trim().is_empty() {
        return Ok(Value::Missing);
    }
    match field.value_kind() {
        Kind::Text | Kind::AutoNumber | Kind::Rank => text::line(field, text),
        Kind::LongText => text::block(field, text),
        Kind::Integer => number::integer_from_text(field, text, context),
        Kind::Decimal | Kind::Percent => number::decimal_from_text(field, text, context),
        Kind::Rating => number::rating_from_text(field, text),
        Kind::Money => money::from_text(field, text, context),
        Kind::Date => date::date_from_text(field, text, context),
        Kind::DateTime => date::instant_from_text(field, text, context),
        Kind::Duration => duration::from_text(field, text, context),
        Kind::Boolean => choice::boolean_from_text(field, text),
        Kind::Select => choice::select_from_text(field, text),
        Kind::MultiSelect => choice::multi_from_text(field, text),
        Kind::Emails | Kind::Phones | Kind::Links => list::from_text(field, text, context),
        Kind::Address => address::from_text(field, text),
        Kind::Reference | Kind::User => relation::reference_from_text(field, text),
        Kind::References => relation::references_from_text(field, text),
        Kind::About => relation::about_from_text(field, text),
        Kind::Actor => relation::actor_from_text(field, text),
        Kind::Files => document::files_from_text(field, text),
        Kind::Json => document::json_from_text(field, text),
        Kind::Formula | Kind::Rollup => {
            Err(problem(field, "read_only", "calculated; it needs a `result` kind to be read."))
        }
    }
}

/// The text of a value in exports. `from_text(to_text(v)) == v` with [`Context::default`].
pub fn to_text(field: &Field, value: &Value) -> String {
    match value {
        Value::Missing => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Duration(micros) => duration::to_text(*micros),
        Value::Dec(scaled) => crate::value::scaled_to_text(*scaled),
        Value::Text(text) => text.clone(),
        Value::Date(day) => day.to_string(),
        Value::Instant(micros) => crate::value::instant_to_text(*micros),
        Value::Id(id) => id.to_string(),
        Value::Money { amount, currency, .. } => {
            format!("{} {currency}", crate::value::scaled_to_text(*amount)).trim_end().to_owned()
        }
        Value::Json(json) => match field.value_kind() {
            Kind::MultiSelect => choice::multi_to_text(json),
            Kind::Emails | Kind::Phones | Kind::Links => list::to_text(json),
            Kind::Address => address::to_text(json),
            Kind::References => relation::references_to_text(json),
            Kind::About => relation::about_to_text(json),
            _ => {
                // Not every database keeps the order of names.
                let mut json = (**json).clone();
                json.sort_all_objects();
                json.to_string()
            }
        },
    }
}

/// The folded text of the field's `__key` column: of a text the text, of e-mails, phones and links the primary one.
pub fn key_of(field: &Field, value: &Value) -> Option<String> {
    if !field.has_key() {
        return None;
    }
    let key = match value {
        Value::Text(text) => fold(text),
        Value::Json(json) => fold(list::primary_of(json)?),
        _ => return None,
    };
    (!key.is_empty()).then_some(key)
}

/// The values of a JSON object, every problem collected: fields that do not exist, that people cannot write, or whose
/// value does not fit.
pub fn patch_from_json(object: &Object, json: &Map<String, Json>, context: &Context) -> Result<Patch, Problem> {
    let mut patch = Patch::new();
    let mut problems = Vec::new();
    for (name, json) in json {
        match object.find_field(name).filter(|field| !field.hidden) {
            None => problems.push(unknown_field(object, name)),
            Some(field) if field.read_only || field.is_derived() => {
                problems.push(problem(field, "read_only", "kept by the program; leave it out."));
            }
            Some(field) => match from_json(field, json, context) {
                Ok(value) => {
                    patch.insert(name.clone(), value);
                }
                Err(problem) => problems.push(problem),
            },
        }
    }
    if problems.is_empty() { Ok(patch) } else { Err(Problem::invalid(problems)) }
}

fn unknown_field(object: &Object, name: &str) -> FieldProblem {
    let message = if name == "id" {
        "`id` is given by the program; leave it out.".to_owned()
    } else {
        let names = object.fields.iter().filter(|field| !field.hidden).map(|field| field.name.as_str());
        match nearest(name, names) {
            Some(near) => format!("{} has no field {}. Did you mean `{near}`?", object.label, quoted(name)),
            None => format!("{} has no field {}.", object.label, quoted(name)),
        }
    };
    let code = if name == "id" { "read_only" } else { "unknown_field" };
    FieldProblem { field: name.chars().take(80).collect(), code: code.to_owned(), message }
}
