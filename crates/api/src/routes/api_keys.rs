//! API keys: made here, shown once; listed, renamed and revoked like any record.

use axum::http::{StatusCode, header};
use engine::Plan;
use model::value::instant_from_text;
use model::{Code, Problem};
use serde::Deserialize;
use serde_json::json as json_of;
use uuid::Uuid;

use crate::body::Body;
use crate::caller::Caller;
use crate::problem_json::Answer;
use crate::routes::json_with;
use crate::tokens::{hash_of, new_api_key};
use crate::{Api, accounts};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    name: String,
    role: Uuid,
    #[serde(default)]
    expires_at: Option<String>,
}

/// `POST /api_keys`
pub async fn create(api: &Api, caller: &Caller, body: Body) -> Answer {
    let asked: Asked = body.parse()?;
    let key = new_api_key()?;
    let hash = hash_of(&key).unwrap_or_default();
    let wrong = || Problem::new(Code::Invalid, "`expires_at` is an instant such as 2027-01-31T00:00:00Z.");
    let expires_at = asked.expires_at.map(|text| instant_from_text(&text).ok_or_else(wrong)).transpose()?;
    let values = accounts::key_of(&asked.name, asked.role, &key, expires_at);
    let written = api.workspace.transact(&caller.actor, Plan::new("create"), move |batch| {
        let record = accounts::create_key(batch, &values, &hash)?;
        let object = batch.load_object("api_key")?;
        Ok((record.id, batch.visible(&object, record)))
    });
    let (batch, (id, record)) = written.await?;
    let mut response = json_with(StatusCode::CREATED, &json_of!({ "record": record, "key": key, "batch": batch }));
    if let Ok(location) = format!("/api/v1/api_keys/{id}").parse() {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
