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

impl Change {
    fn apply(&self, known: &mut Settings) {
        let texts = [
            (&self.base_currency, &mut known.base_currency),
            (&self.default_country, &mut known.default_country),
            (&self.time_zone, &mut known.time_zone),
        ];
        for (new, known) in texts {
            if let Some(new) = new {
                known.clone_from(new);
            }
        }
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut known.name);
        }
        known.second_factor_required = self.second_factor_required.unwrap_or(known.second_factor_required);
    }
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
    let settings = api.blocking(move || workspace.change_settings(&caller.actor, move |known| change.apply(known)));
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
