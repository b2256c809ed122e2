//! May I send? And lifting a suppression by hand. Acts of consent and suppressions themselves are records.

use axum::extract::State;
use contacts::consent;
use engine::Right;
use model::Problem;
use serde::Deserialize;
use serde_json::{Value as Json, json as json_of};

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::params::Params;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json;

/// Parameters of the question.
pub const CHECK: &[&str] = &["address", "channel", "purpose", "topic"];

/// Parameters of the question about a person.
pub const OF_PERSON: &[&str] = &["purpose", "topic"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lift {
    reason: String,
}

/// `GET /consent/check`: for everybody who may see some consents.
pub async fn check(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let (address, channel) = (params.required("address")?, params.required("channel")?);
    let purpose = params.text("purpose").unwrap_or("marketing");
    check_reader(&api, &caller).await?;
    let answer = consent::check(&api.workspace, &caller.actor, address, channel, purpose, params.text("topic"))?;
    Ok(json(&answer.await?))
}

/// `GET /people/{id}/consent`
pub async fn of_person(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let purpose = params.text("purpose").unwrap_or("marketing");
    check_reader(&api, &caller).await?;
    let answer = consent::of_person(&api.workspace, &caller.actor, place.id()?, purpose, params.text("topic"))?;
    Ok(json(&answer.await?))
}

/// Whoever may see no consent at all is not told who may be written to.
async fn check_reader(api: &Api, caller: &Caller) -> Answer<()> {
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    api.blocking(move || {
        let object = workspace.schema().find_object("consent").cloned();
        let object = object.ok_or_else(|| Problem::not_found("object"))?;
        workspace.with_policy(&actor, move |policy| {
            policy.scope(&object, Right::Read)?;
            Ok(())
        })
    })
    .await
}

/// `POST /suppressions/{id}/lift`
pub async fn lift(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let asked: Lift = body.parse()?;
    let (batch, record) = consent::lift(&api.workspace, &caller.actor, place.id()?, &asked.reason).await?;
    let read = api.workspace.get_json(&caller.actor, "suppression", record.id, &[], None);
    let (record, _) = read.await?;
    let record: Json = serde_json::from_slice(&record).map_err(anyhow::Error::from)?;
    Ok(json(&json_of!({ "record": record, "batch": batch })))
}
