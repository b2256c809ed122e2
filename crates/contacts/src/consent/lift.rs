//! Lifting a suppression by hand: for administrators, with a reason that history keeps.

use engine::{Edit, Plan, Workspace};
use model::{Actor, Code, FieldProblem, Patch, Problem, Record, Value};
use store::Pending;
use uuid::Uuid;

/// What history calls it; the rule of suppressions knows it by this.
pub(super) const LIFT: &str = "lift suppression";
/// Longest reason, in bytes.
const REASON_BYTES_MAX: usize = 1_000;

/// Lifts a suppression. The address may be written to again as far as consent allows.
pub fn lift(workspace: &Workspace, actor: &Actor, id: Uuid, reason: &str) -> Pending<(Uuid, Record)> {
    let reason = reason.trim().to_owned();
    workspace.transact(actor, Plan::new(LIFT), move |batch| {
        if !batch.policy().is_unbound() {
            let detail = "Only an administrator lifts a suppression. Ask one, and say why it should be lifted.";
            return Err(Problem::new(Code::Forbidden, detail).into());
        }
        check_reason(&reason)?;
        let object = batch.load_object("suppression")?;
        let found = batch.tx().lock_many(&object, &[id])?.pop();
        let found = found.ok_or_else(|| Problem::not_found("suppression"))?;
        if !found.get("lifted_at").is_missing() {
            return Err(Problem::new(Code::Conflict, "This suppression is lifted already.").into());
        }
        let patch = Patch::from([
            ("lifted_at".to_owned(), Value::Instant(batch.now())),
            ("lifted_by".to_owned(), Value::text(batch.actor().label())),
            ("lift_reason".to_owned(), Value::text(&reason)),
        ]);
        batch.update("suppression", Edit { id, patch, if_version: None })
    })
}

fn check_reason(reason: &str) -> Result<(), Problem> {
    let fault = |code: &str, message: &str| {
        let (code, message) = (code.to_owned(), message.to_owned());
        Err(Problem::invalid(vec![FieldProblem { field: "reason".to_owned(), code, message }]))
    };
    match reason.len() {
        0 => fault("required", "Say why the suppression is lifted; history keeps it."),
        length if length > REASON_BYTES_MAX => fault("too_long", "Shorten the reason to 1,000 bytes."),
        _ => Ok(()),
    }
}
