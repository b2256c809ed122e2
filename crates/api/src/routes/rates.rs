//! Exchange rates: a file of them, those that count on a day, and what an amount is worth in another currency.

use axum::extract::{Request, State};
use engine::RATES_BYTES_MAX;
use model::Problem;
use model::value::{scaled_from_text, scaled_to_json};
use serde_json::json as json_of;

use crate::Api;
use crate::body::read_all;
use crate::caller::Caller;
use crate::params::{Params, bad_parameter};
use crate::problem_json::Answer;
use crate::routes::json;

/// Parameters of the list.
pub const LIST: &[&str] = &["currency", "on", "limit"];
/// Parameters of the conversion.
pub const CONVERT: &[&str] = &["amount", "currency", "into", "on"];

/// `POST /exchange_rates/import`
pub async fn import(State(api): State<Api>, caller: Caller, request: Request) -> Answer {
    api.workspace.check_special(&caller.actor, "configure")?;
    let file = read_all(request, RATES_BYTES_MAX).await?;
    let workspace = api.workspace.clone();
    let done = api.blocking(move || workspace.import_rates(&caller.actor, &file)).await?;
    Ok(json(&json_of!(done)))
}

/// `GET /exchange_rates/known`
pub async fn list(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let currency = params.text("currency").map(|code| code_of("currency", code)).transpose()?;
    let rates = api.workspace.list_rates(&caller.actor, currency, params.parsed("on")?, params.limit(50, 200)?);
    Ok(json(&json_of!(rates.await?)))
}

/// `GET /exchange_rates/convert`
pub async fn convert(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let amount = scaled_from_text(params.required("amount")?)
        .ok_or_else(|| bad_parameter("amount", "bad_value", "`amount` is a number, like 1234.50."))?;
    let [from, into] = ["currency", "into"].map(|name| code_of(name, params.required(name)?));
    let into = into?;
    let worth = api.workspace.convert(&caller.actor, amount, from?, into.clone(), params.parsed("on")?).await?;
    Ok(json(&json_of!({ "amount": scaled_to_json(worth.amount), "currency": into, "on": worth.on })))
}

fn code_of(name: &str, code: &str) -> Result<String, Problem> {
    match code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        true => Ok(code.to_owned()),
        false => Err(bad_parameter(name, "bad_value", "A currency is an ISO 4217 code such as EUR.")),
    }
}
