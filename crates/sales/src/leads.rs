//! What leads keep in order by themselves: the clock of the first answer, and what belongs to a status alone.

use engine::{Draft, RuleContext, RuleEntry};
use model::{Op, Problem, Value};

use crate::criteria::fault;

/// How long whoever gets a lead has for the first answer, in microseconds: a day.
const ANSWER_WITHIN: i64 = 86_400_000_000;

pub(crate) const LEAD: RuleEntry = RuleEntry {
    object: "lead",
    why: "Status, reason and the clock of the first answer say one thing, also for who imports or uses the API.",
    apply: keep_lead,
};

/// Undo brings back what was.
fn keep_lead(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    if !matches!(draft.op, Op::Create | Op::Update) || context.undoes.is_some() {
        return Ok(());
    }
    settle_deal(draft)?;
    settle_status(draft);
    start_clock(draft);
    Ok(())
}

/// A lead that became a deal is qualified, and stays so as long as it names the deal.
fn settle_deal(draft: &mut Draft) -> Result<(), Problem> {
    if draft.get("deal").is_missing() || status(draft) == Some("qualified") {
        return Ok(());
    }
    if draft.changes("deal") && !(draft.before.is_some() && draft.changes("status")) {
        draft.set("status", Value::text("qualified"));
        return Ok(());
    }
    let message = "This lead became a deal. Undo that first, or take the deal out of the lead.".to_owned();
    Err(Problem::invalid(vec![fault("status", "converted", message)]))
}

/// What only one status has goes with it; a lead that is new no longer was taken up at a time.
fn settle_status(draft: &mut Draft) {
    let now = status(draft).map(str::to_owned);
    if now.as_deref() != Some("disqualified") {
        draft.set("disqualified_reason", Value::Missing);
        draft.set("disqualified_note", Value::Missing);
    }
    if now.as_deref() != Some("nurturing") {
        draft.set("nurture_until", Value::Missing);
    }
    if now.as_deref() == Some("new") {
        draft.set("taken_up_at", Value::Missing);
    } else if draft.get("taken_up_at").is_missing() {
        draft.set("taken_up_at", Value::Instant(draft.at));
    }
}

/// The clock begins with whoever owns the lead. Once it was taken up, another owner changes nothing of when it was due.
fn start_clock(draft: &mut Draft) {
    if draft.get("owner").is_missing() {
        draft.set("assigned_at", Value::Missing);
        draft.set("first_response_due", Value::Missing);
        return;
    }
    let waits = draft.get("taken_up_at").is_missing() || draft.before.is_none();
    if draft.changes("owner") && waits && !is_said(draft, "assigned_at") {
        draft.set("assigned_at", Value::Instant(draft.at));
    }
    if draft.changes("assigned_at")
        && !is_said(draft, "first_response_due")
        && let Value::Instant(at) = *draft.get("assigned_at")
    {
        draft.set("first_response_due", Value::Instant(at.saturating_add(ANSWER_WITHIN)));
    }
}

/// Whether the write itself gives the value.
fn is_said(draft: &Draft, field: &str) -> bool {
    draft.changes(field) && !draft.get(field).is_missing()
}

fn status(draft: &Draft) -> Option<&str> {
    draft.get("status").as_text()
}
