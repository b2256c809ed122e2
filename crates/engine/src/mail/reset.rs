//! A new password for whoever forgot it: a job, so that asking takes the same time whether an account exists or not.

use model::expr::field_equals;
use model::{Actor, Record, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::tables::invitations::{self, Invitation};
use store::{Error, Pending, Priority, Select, Tx};
use uuid::Uuid;

use crate::jobs::JobRun;
use crate::keys::{hex, unhex};
use crate::module::JobEntry;
use crate::workspace::Workspace;

/// Looks for the account and queues the mail.
pub(crate) const JOB: JobEntry = JobEntry { kind: "password.reset", run, nightly: None, upkeep: false };
/// Who makes the links of resets, in place of an inviting user.
pub const BY: &str = "password_reset";
/// How long a link works.
const LINK_US: i64 = 30 * 60 * 1_000_000;
/// A job that is older is not done: nobody waits for it any more, or the workspace was restored.
const STALE_US: i64 = 10 * 60 * 1_000_000;

/// What somebody asked for who is not logged in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResetAsked {
    /// The address as it was typed.
    pub email: String,
    /// The secret of the link.
    pub token: String,
    /// What is kept of it.
    pub token_hash: String,
    /// From where it was asked.
    pub peer: String,
}

impl Workspace {
    /// Queues the answer to a forgotten password. The same work for every address.
    pub fn ask_reset(&self, asked: ResetAsked) -> Pending<()> {
        let workspace = self.clone();
        self.store().write(Priority::Interactive, move |tx| {
            let now = workspace.now();
            let ticket = Uuid::now_v7().to_string();
            let plain = serde_json::to_vec(&asked).map_err(anyhow::Error::from)?;
            let sealed = hex(&workspace.seal("job", "payload", &ticket, &plain)?);
            let payload = json!({ "ticket": ticket, "sealed": sealed, "at": now });
            workspace.enqueue(tx, JOB.kind, &payload, now).map(drop)
        })
    }
}

fn run(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let text = |name: &str| job.payload.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let at = job.payload.get("at").and_then(serde_json::Value::as_i64).unwrap_or(0);
    if workspace.now() - at > STALE_US {
        return Ok(());
    }
    let sealed = unhex(text("sealed")).unwrap_or_default();
    let asked: ResetAsked =
        serde_json::from_slice(&workspace.open_sealed("job", "payload", text("ticket"), &sealed)?)?;
    let inner = workspace.clone();
    let write = workspace.store().write(Priority::Interactive, move |tx| queue(&inner, tx, &asked, at));
    Ok(write.wait()?)
}

fn queue(workspace: &Workspace, tx: &mut Tx, asked: &ResetAsked, at: i64) -> Result<(), Error> {
    let Some(user) = active_user(workspace, tx, &asked.email)? else { return Ok(()) };
    let expires_at = at + LINK_US;
    if workspace.queue_mail(tx, "reset", &user, Some(&asked.token), Some(expires_at))?.is_none() {
        return Ok(());
    }
    let actor = Actor::system("password reset").at(&asked.peer);
    workspace.audit_in(tx, &actor, "password.reset_asked", Some(format!("user:{}", user.id)), json!({}));
    invitations::insert(
        tx,
        &Invitation {
            token: asked.token_hash.clone(),
            user: user.id,
            invited_by: BY.to_owned(),
            created_at: workspace.now(),
            expires_at,
        },
    )
}

fn active_user(workspace: &Workspace, tx: &mut Tx, email: &str) -> Result<Option<Record>, Error> {
    let schema = workspace.schema();
    let Some(object) = schema.find_object("user") else { return Ok(None) };
    let Some(by) = object.find_field("email") else { return Ok(None) };
    let filter = Some(field_equals(object, by, Value::text(email)));
    let mut found = None;
    tx.select(&Select { filter, limit: 1, ..Select::all(&schema, object) }, &mut |record| {
        found = Some(record);
        Ok(())
    })?;
    Ok(found.filter(|user: &Record| user.get("active") == &Value::Bool(true) && user.get("deleted_at").is_missing()))
}
