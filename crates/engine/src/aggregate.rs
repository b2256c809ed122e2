//! Figures of groups: measures in, JSON out.

use model::field::Aggregate;
use model::{Code, Object, Problem};
use serde_json::{Map, Value as Json};
use store::{Group, Measure};

/// `count`, or `sum:amount`, `min:…`, `max:…`, `avg:…`.
pub(crate) fn measure(text: &str) -> Result<Measure, Problem> {
    let (name, field) = match text.split_once(':') {
        Some((name, field)) => (name, Some(field.to_owned())),
        None => (text, None),
    };
    let aggregate = match (name, &field) {
        ("count", None) => Aggregate::Count,
        ("sum", Some(_)) => Aggregate::Sum,
        ("min", Some(_)) => Aggregate::Min,
        ("max", Some(_)) => Aggregate::Max,
        ("avg", Some(_)) => Aggregate::Avg,
        _ => {
            let detail =
                format!("`{text}` is no measure. Use `count` or `sum:field`, `min:field`, `max:field`, `avg:field`.");
            return Err(Problem::new(Code::BadRequest, detail));
        }
    };
    Ok(Measure { aggregate, field })
}

/// Refuses a figure that cannot be made of its field.
pub(crate) fn check(object: &Object, measure: &Measure) -> Result<(), Problem> {
    let field = measure.field.as_ref().and_then(|name| object.find_field(name));
    match field.filter(|field| !measure.aggregate.fits(field.value_kind())) {
        None => Ok(()),
        Some(field) => {
            let detail = format!(
                "{} has no such figure: sums and means are made of numbers, `min` and `max` also of dates.",
                field.label
            );
            Err(Problem::new(Code::BadRequest, detail))
        }
    }
}

/// `{"groups":[{"keys":{field: value},"count":…,"sum:amount":…}],"more":…}`.
pub(crate) fn to_json(group: &[String], measures: &[String], groups: &[Group], more: bool) -> Json {
    let rows = groups
        .iter()
        .map(|row| {
            let keys: Map<String, Json> =
                group.iter().cloned().zip(row.keys.iter().map(model::Value::to_json)).collect();
            let mut json = Map::from_iter([("keys".to_owned(), Json::Object(keys))]);
            json.extend(measures.iter().cloned().zip(row.values.iter().map(model::Value::to_json)));
            Json::Object(json)
        })
        .collect();
    Json::Object(Map::from_iter([("groups".to_owned(), Json::Array(rows)), ("more".to_owned(), Json::Bool(more))]))
}
