//! Who wrote something is told once of all who reacted to it since they last looked.

use std::collections::BTreeSet;

use engine::{Workspace, reactions};
use model::{Change, Op, Record};
use store::tables::notifications::{self, Notification};
use store::{Error, Tx};
use uuid::Uuid;

use crate::digest;
use crate::notify::{first_subject, is_muted, load, user_of};

const KIND: &str = "reaction";

/// Tells the author anew of who reacted, or takes it back when nobody did in the end.
pub(crate) fn tell(workspace: &Workspace, tx: &mut Tx, change: &Change) -> Result<(), Error> {
    let schema = workspace.schema();
    let Some(object) = schema.find_object(reactions::OBJECT) else { return Ok(()) };
    let Some((name, id)) = tx.find(object, change.record)?.as_ref().and_then(reactions::reacted_to) else {
        return Ok(());
    };
    let Some(target) = load(workspace, tx, &name, id)? else { return Ok(()) };
    let Some(author) = target.get("created_by").as_text().and_then(user_of) else { return Ok(()) };
    let was_told = notifications::withdraw_via(tx, author, KIND, id)?;
    // Who takes a reaction back tells nothing new; it may only take back what was told.
    if change.op == Op::Delete && !was_told {
        return Ok(());
    }
    let since = notifications::read_via(tx, author, KIND, id)?;
    let fresh = |one: &Record| matches!(one.get("created_at"), model::Value::Instant(at) if *at > since);
    let found = workspace.reactions(tx, &[id])?;
    let who = |one: &Record| one.get("user").as_id().filter(|user| *user != author);
    let fresh: Vec<(Uuid, &Record)> =
        found.iter().filter(|one| fresh(one)).filter_map(|one| Some((who(one)?, one))).collect();
    let Some((latest, reaction)) = fresh.last() else { return Ok(()) };
    let people: BTreeSet<Uuid> = fresh.iter().map(|(user, _)| *user).collect();
    let (subject_object, subject) = first_subject(workspace, &name, &target).unwrap_or((name.clone(), id));
    let Some(actor) = workspace.find_user_actor(tx, author)? else { return Ok(()) };
    if is_muted(workspace, tx, author, KIND)?
        || !workspace.sees(tx, &actor, &name, id)?
        || !workspace.sees(tx, &actor, &subject_object, subject)?
    {
        return Ok(());
    }
    let at = match reaction.get("created_at") {
        model::Value::Instant(at) => *at,
        _ => change.at,
    };
    digest::tell(
        workspace,
        tx,
        &Notification {
            id: Uuid::now_v7(),
            user: author,
            kind: KIND.to_owned(),
            object: subject_object,
            record: subject,
            via_object: name,
            via: id,
            batch: change.batch,
            actor: format!("user:{latest}"),
            at,
            read_at: None,
            number: i64::try_from(people.len()).unwrap_or(i64::MAX),
        },
    )
}
