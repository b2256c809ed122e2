//! Seeing the workspace as somebody else does: bound to the session, for reading alone, told in the audit log.
//!
//! The caller then has the rights of the other and remembers who it really is. Nothing can be changed (the gate says
//! so, and the engine once more), nothing leaves as a file, no sensitive value is shown, and what is only a person's
//! own (sessions, second factor, calendar address) stays theirs.

use std::sync::Arc;

use engine::Workspace;
use model::{Actor, Code, Problem};
use serde_json::json;
use store::tables::viewings;
use store::{Error, Priority, Tx};
use uuid::Uuid;

use crate::Api;
use crate::caller::Caller;
use crate::problem_json::{Answer, Failure};

/// The special right.
const RIGHT: &str = "view_as";

/// As whom a session sees: the other with their rights, or, when they are gone, its own person, who may still change
/// nothing before they stop.
pub(crate) fn seen_as(
    workspace: &Workspace,
    tx: &mut Tx,
    session: Uuid,
    real: &Arc<Actor>,
) -> Result<Option<Arc<Actor>>, Error> {
    let Some(user) = viewings::find(tx, session)? else { return Ok(None) };
    let other = match may_view(workspace, tx, real, user)? {
        Ok(other) => other,
        Err(_) => real.clone(),
    };
    Ok(Some(Arc::new(Actor { viewed_by: real.user, ..Actor::clone(&other) })))
}

/// The other, when the right is there and they are somebody whom one may see as: never an administrator, who sees more
/// than anybody was meant to lend.
fn may_view(
    workspace: &Workspace,
    tx: &mut Tx,
    real: &Actor,
    user: Uuid,
) -> Result<Result<Arc<Actor>, Problem>, Error> {
    if let Err(problem) = workspace.judge(tx, real, |policy| policy.check_special(RIGHT))? {
        return Ok(Err(problem));
    }
    let Some(other) = workspace.find_user_actor(tx, user)? else {
        return Ok(Err(Problem::not_found("active user")));
    };
    if real.user == Some(user) {
        return Ok(Err(Problem::new(Code::BadRequest, "This is yourself. Choose somebody else to see as.")));
    }
    if workspace.judge(tx, &other, |policy| policy.is_unbound())? {
        let detail = "Nobody sees as an administrator. Choose somebody with another role.";
        return Ok(Err(Problem::new(Code::Forbidden, detail)));
    }
    Ok(Ok(other))
}

/// Refuses whoever may not see as others at all, before anything else is said.
pub(crate) async fn check_right(api: &Api, caller: &Caller) -> Answer<()> {
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    api.blocking(move || workspace.check_special(&actor, RIGHT)).await
}

/// The caller's session sees as a user from now on.
pub(crate) async fn begin(api: &Api, caller: &Caller, user: Uuid) -> Answer<()> {
    let session = caller.session.ok_or_else(only_sessions)?;
    let (workspace, real, now) = (api.workspace.clone(), caller.person().clone(), api.workspace.now());
    let written = api.workspace.store().write(Priority::Interactive, move |tx| {
        may_view(&workspace, tx, &real, user)??;
        viewings::end(tx, session)?;
        viewings::begin(tx, session, user, now)?;
        let details = json!({ "session": session });
        workspace.audit_in(tx, &real, "view_as.begun", Some(format!("user:{user}")), details);
        Ok(())
    });
    written.await?;
    api.callers.forget();
    Ok(())
}

/// The caller's session sees as its own person again; whether it did not before.
pub(crate) async fn end(api: &Api, caller: &Caller) -> Answer<bool> {
    let session = caller.session.ok_or_else(only_sessions)?;
    let (workspace, real) = (api.workspace.clone(), caller.person().clone());
    let written = api.workspace.store().write(Priority::Interactive, move |tx| end_in(&workspace, tx, &real, session));
    let ended = written.await?;
    api.callers.forget();
    Ok(ended)
}

/// The same within a transaction.
pub(crate) fn end_in(workspace: &Workspace, tx: &mut Tx, real: &Actor, session: Uuid) -> Result<bool, Error> {
    let Some(user) = viewings::find(tx, session)? else { return Ok(false) };
    viewings::end(tx, session)?;
    workspace.audit_in(tx, real, "view_as.ended", Some(format!("user:{user}")), json!({ "session": session }));
    Ok(true)
}

fn only_sessions() -> Failure {
    Failure::new(Code::Forbidden, "This is for people who are logged in, not for API keys.")
}
