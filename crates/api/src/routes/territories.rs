//! Looking before the tree of territories is changed: who would move, and why a company goes where it goes.

use axum::extract::State;
use engine::TreeChange;
use serde::Deserialize;
use uuid::Uuid;

use crate::Api;
use crate::body::{Body, FromObject};
use crate::caller::Caller;
use crate::problem_json::Answer;
use crate::routes::json;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thought {
    #[serde(default)]
    changes: Vec<FromObject<TreeChange>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    company: Uuid,
    #[serde(default)]
    changes: Vec<FromObject<TreeChange>>,
}

fn plain(changes: Vec<FromObject<TreeChange>>) -> Vec<TreeChange> {
    changes.into_iter().map(|FromObject(change)| change).collect()
}

/// `POST /territories/preview`
pub async fn preview(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let workspace = api.workspace.clone();
    let found = api.blocking(move || {
        workspace.check_special(&caller.actor, "configure")?;
        let thought: Thought = body.parse()?;
        workspace.preview_territories(&caller.actor, plain(thought.changes))
    });
    Ok(json(&found.await?))
}

/// `POST /territories/explain`
pub async fn explain(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let workspace = api.workspace.clone();
    let found = api.blocking(move || {
        workspace.check_special(&caller.actor, "configure")?;
        let question: Question = body.parse()?;
        workspace.explain_territory(&caller.actor, question.company, plain(question.changes))
    });
    Ok(json(&found.await?))
}
