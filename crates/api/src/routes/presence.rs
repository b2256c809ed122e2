//! Who else is at a record: said by each window while it shows the record, told to the others there.

use axum::extract::State;
use engine::LiveEvent;
use model::{FieldProblem, Object, Problem};
use serde::Deserialize;
use serde_json::json as json_of;
use uuid::Uuid;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::place::Place;
use crate::presence::STAYS;
use crate::problem_json::Answer;
use crate::routes::json;

/// What a window says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    /// The field that is being written.
    #[serde(default)]
    editing: Option<String>,
    /// Tells several windows of one person apart.
    #[serde(default)]
    window: Option<Uuid>,
    /// False when the window leaves the record.
    #[serde(default = "yes")]
    here: bool,
}

fn yes() -> bool {
    true
}

/// `POST /{plural}/{id}/presence`
pub async fn say(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let (user, object, id) = (caller.user()?, place.object(&api)?, place.id()?);
    api.presence.take(user)?;
    // Says 404 about what is out of sight, as everything else does.
    api.workspace.load(&caller.actor, &object.name, id).await?;
    let said = body.parse::<Said>()?;
    if let Some(field) = &said.editing
        && !api.workspace.reads_field(&caller.actor, &object.name, field).await?
    {
        return Err(unknown_field(&object, field).into());
    }
    let window = said.window.unwrap_or_default();
    let found = api.presence.note(id, user, window, said.editing, said.here);
    let editing = found.iter().find(|one| one.user == user).map(|one| one.editing.clone());
    let here = editing.is_some();
    let event = LiveEvent::Presence { object: object.name.clone(), id, user, editing: editing.flatten(), here };
    api.workspace.tell(&event);
    let mut people = Vec::new();
    for one in found.into_iter().filter(|one| one.user != user) {
        let editing = readable(&api, &caller, &object.name, one.editing).await?;
        people.push(json_of!({ "user": one.user, "editing": editing }));
    }
    Ok(json(&json_of!({ "people": people, "stays": STAYS.as_secs() })))
}

/// A hidden field and none at all are the same to the caller.
fn unknown_field(object: &Object, field: &str) -> Problem {
    let message = format!("{} has no field `{field}`. Name one that you see.", object.label);
    Problem::invalid(vec![FieldProblem { field: "editing".to_owned(), code: "unknown_field".to_owned(), message }])
}

/// The name of a field, unless it is hidden from the caller.
pub async fn readable(api: &Api, caller: &Caller, object: &str, field: Option<String>) -> Answer<Option<String>> {
    let Some(name) = field else { return Ok(None) };
    let open = api.workspace.reads_field(&caller.actor, object, &name).await?;
    Ok(open.then_some(name))
}
