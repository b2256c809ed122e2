//! Values of fields, their JSON form and their exact numbers.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Number, Value as Json, json};
use uuid::Uuid;

/// Decimals, percents and money are 64-bit integers in units of 1/10,000, so that sums are exact on every database.
pub const SCALE: i64 = 10_000;

/// The value of one field of one record.
///
/// Empty text, empty lists and JSON `null` are all [`Value::Missing`].
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// No value.
    #[default]
    Missing,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A length of time, in microseconds; JSON shows seconds.
    Duration(i64),
    /// A decimal number in units of 1/[`SCALE`].
    Dec(i64),
    /// Text, an option, an auto number, a rank or an actor.
    Text(String),
    /// A calendar day.
    Date(Date),
    /// An instant, in microseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
    /// The id of another record.
    Id(Uuid),
    /// An amount with its currency and, where a rate is known, its worth in the base currency; units of 1/[`SCALE`].
    Money {
        /// Amount in `currency`.
        amount: i64,
        /// ISO 4217 code.
        currency: String,
        /// Amount in the base currency of the workspace.
        base: Option<i64>,
    },
    /// A composite value in its canonical JSON form: lists of e-mails, options, references, an address, files, JSON.
    Json(Box<Json>),
}

impl Value {
    /// Text, or missing when empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Missing } else { Self::Text(text) }
    }

    /// A composite value, or missing when it is `null`, an empty list or an empty object.
    pub fn json(json: Json) -> Self {
        match &json {
            Json::Null => Self::Missing,
            Json::Array(list) if list.is_empty() => Self::Missing,
            Json::Object(map) if map.is_empty() => Self::Missing,
            _ => Self::Json(Box::new(json)),
        }
    }

    /// Whether there is no value.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The id, if this is one.
    pub fn as_id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => Some(*id),
            _ => None,
        }
    }

    /// The composite value, if this is one.
    pub fn as_json(&self) -> Option<&Json> {
        match self {
            Self::Json(json) => Some(json),
            _ => None,
        }
    }

    /// The JSON that the API shows and the log keeps.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Missing => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Int(value) => Json::from(*value),
            Self::Duration(micros) => micros_to_json(*micros),
            Self::Dec(value) => scaled_to_json(*value),
            Self::Text(value) => Json::String(value.clone()),
            Self::Date(value) => Json::String(value.to_string()),
            Self::Instant(value) => Json::String(instant_to_text(*value)),
            Self::Id(value) => Json::String(value.to_string()),
            Self::Money { amount, currency, .. } => {
                json!({ "amount": scaled_to_json(*amount), "currency": currency })
            }
            Self::Json(value) => (**value).clone(),
        }
    }
}

/// As [`Value::to_json`], without making the JSON.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Missing => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Date(value) => serializer.collect_str(value),
            Self::Id(value) => serializer.collect_str(value),
            Self::Json(value) => value.serialize(serializer),
            Self::Money { amount, currency, .. } => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("amount", &scaled_to_json(*amount))?;
                map.serialize_entry("currency", currency)?;
                map.end()
            }
            Self::Duration(_) | Self::Dec(_) | Self::Instant(_) => self.to_json().serialize(serializer),
        }
    }
}

/// `12.5` of 125,000; the shortest exact decimal notation.
pub fn scaled_to_text(scaled: i64) -> String {
    let sign = if scaled < 0 { "-" } else { "" };
    let whole = scaled.unsigned_abs() / SCALE as u64;
    let rest = scaled.unsigned_abs() % SCALE as u64;
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{rest:04}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// A JSON number of a scaled integer. Beyond 2^53 it keeps the nearest double.
pub fn scaled_to_json(scaled: i64) -> Json {
    if scaled % SCALE == 0 {
        return Json::from(scaled / SCALE);
    }
    Number::from_f64(scaled as f64 / SCALE as f64).map_or(Json::Null, Json::Number)
}

/// Seconds as a JSON number of microseconds.
fn micros_to_json(micros: i64) -> Json {
    if micros % 1_000_000 == 0 {
        return Json::from(micros / 1_000_000);
    }
    Number::from_f64(micros as f64 / 1_000_000.0).map_or(Json::Null, Json::Number)
}

/// The scaled integer of a decimal notation, rounded half away from zero to 1/[`SCALE`]; `None` when it is no
/// number or too large.
pub fn scaled_from_text(text: &str) -> Option<i64> {
    let text = text.trim();
    let decimal =
        rust_decimal::Decimal::from_str(text).or_else(|_| rust_decimal::Decimal::from_scientific(text)).ok()?;
    let scaled = decimal.checked_mul(rust_decimal::Decimal::from(SCALE))?;
    let rounded = scaled.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(rounded).ok()
}

/// RFC 3339 in UTC of microseconds since the epoch.
pub fn instant_to_text(micros: i64) -> String {
    Timestamp::from_microsecond(micros).map_or_else(|_| micros.to_string(), |instant| instant.to_string())
}

/// Microseconds since the epoch of an RFC 3339 text with a zone.
pub fn instant_from_text(text: &str) -> Option<i64> {
    Timestamp::from_str(text.trim()).ok().map(|instant| instant.as_microsecond())
}
