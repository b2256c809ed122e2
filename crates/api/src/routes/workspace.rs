//! What holds for the whole workspace: the company's name, its currency, country and time zone.

use axum::extract::State;
use engine::Settings;
use model::{FieldProblem, Problem};
use serde::Deserialize;
use serde_json::json as json_of;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::problem_json::Answer;
use crate::routes::json;

/// New values; what is absent stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    name: Option<String>,
    base_currency: Option<String>,
    default_country: Option<String>,
    time_zone: Option<String>,
    second_factor_required: Option<bool>,
}

/// `GET /workspace`
pub async fn get(State(api): State<Api>) -> Answer {
    Ok(json(&json_of!(*api.workspace.settings())))
}

/// `PATCH /workspace`
pub async fn change(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let change: Change = body.parse()?;
    check(&change)?;
    let workspace = api.workspace.clone();
    let settings = api.blocking(move || {
        let old = workspace.settings();
        let new = Settings {
            name: change.name.map_or_else(|| old.name.clone(), |name| name.trim().to_owned()),
            base_currency: change.base_currency.unwrap_or_else(|| old.base_currency.clone()),
            default_country: change.default_country.unwrap_or_else(|| old.default_country.clone()),
            time_zone: change.time_zone.unwrap_or_else(|| old.time_zone.clone()),
            second_factor_required: change.second_factor_required.unwrap_or(old.second_factor_required),
        };
        workspace.set_settings(&caller.actor, new.clone())?;
        Ok(new)
    });
    Ok(json(&json_of!(settings.await?)))
}

fn check(change: &Change) -> Result<(), Problem> {
    let capitals = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, message: &str| {
        let (field, message) = (field.to_owned(), message.to_owned());
        wrong.push(FieldProblem { field, code: "bad_value".to_owned(), message });
    };
    if change.name.as_ref().is_some_and(|name| name.trim().is_empty() || name.len() > 200) {
        refuse("name", "The name has 1 to 200 characters.");
    }
    if change.base_currency.as_ref().is_some_and(|code| !capitals(code, 3)) {
        refuse("base_currency", "A currency is an ISO 4217 code such as EUR.");
    }
    if change.default_country.as_ref().is_some_and(|code| !capitals(code, 2)) {
        refuse("default_country", "A country is an ISO 3166-1 code such as FR.");
    }
    if change.time_zone.as_ref().is_some_and(|zone| jiff::tz::TimeZone::get(zone).is_err()) {
        refuse("time_zone", "A time zone is an IANA name such as Europe/Paris.");
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(wrong)) }
}
