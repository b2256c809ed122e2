//! What is refused about consents and suppressions, and what is filled in.

use engine::{Draft, RuleContext};
use model::{Code, FieldProblem, Op, Problem, Value};
use sha2::{Digest, Sha256};

use super::address::normalise_address;
use super::lift::LIFT;
use super::words::{Channel, Purpose};

/// How far a clock may be ahead, in microseconds.
const AHEAD_MAX: i64 = 5 * 60 * 1_000_000;
/// What history calls merging.
const MERGE: &str = "merge";
/// How history's words for an import begin.
const IMPORT: &str = "import ";
/// What lifting changes.
const LIFTED: [&str; 3] = ["lifted_at", "lifted_by", "lift_reason"];

/// A consent is added, never changed. Merging people lets it point to the one that stays; undo takes a yes back, never
/// a no.
pub(super) fn keep_consent(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    match draft.op {
        Op::Create => complete_consent(draft, context),
        Op::Update => {
            let moves = context.cause == MERGE || context.undoes.is_some();
            if moves && draft.patch().keys().all(|field| field == "person") {
                return Ok(());
            }
            refuse("Consent is proof and is never changed. Record a new act for the same address instead.")
        }
        Op::Delete if context.undoes.is_some() && draft.get("act").as_text() == Some("withdrawn") => refuse(
            "A withdrawal of consent stays, also when the rest is undone. If the person agrees again, record that.",
        ),
        Op::Delete if context.undoes.is_none() => {
            refuse("Consent is proof and is not deleted. Record a withdrawal for the same address instead.")
        }
        Op::Restore if context.undoes.is_none() => {
            refuse("This consent was undone. Record a new act for the same address instead.")
        }
        Op::Delete | Op::Restore | Op::Erase => Ok(()),
    }
}

fn complete_consent(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    let mut faults = Vec::new();
    let channel = draft.get("channel").as_text().and_then(Channel::parse);
    normalise(draft, channel, context, &mut faults);
    let is_imported = context.cause.starts_with(IMPORT);
    if is_imported {
        // A file proves nothing about the owner of an address: what it confirms lifts no suppression.
        draft.set("source", Value::text("import"));
    }
    match draft.get("at") {
        // Else an old list, imported once more, would overrule every withdrawal since.
        Value::Missing if is_imported => faults.push(fault("at", "required", "Say when it was; an import has to.")),
        Value::Missing => draft.set("at", Value::Instant(draft.at)),
        _ => check_time(draft, &mut faults),
    }
    let purpose = draft.get("purpose").as_text().and_then(Purpose::parse);
    let basis = draft.get("legal_basis").as_text().unwrap_or_default();
    if purpose.is_some_and(Purpose::needs_consent) && !matches!(basis, "consent" | "legitimate_interest" | "") {
        let message = "Marketing and tracking rest on consent or on a legitimate interest. Choose one of them.";
        faults.push(fault("legal_basis", "not_valid", message));
    }
    let fingerprint = match draft.get("wording") {
        Value::Text(wording) => Value::text(sha256(wording)),
        _ => Value::Missing,
    };
    draft.set("wording_sha256", fingerprint);
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

/// The address becomes its key before anything is stored or logged. A suppression changes only by being lifted, and
/// nothing takes it away.
pub(super) fn keep_suppression(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    match draft.op {
        Op::Create => complete_suppression(draft, context),
        Op::Update => {
            let lifts = draft.patch().keys().all(|field| LIFTED.contains(&field.as_str()));
            // Undoing a lift restricts again; undoing that would lift without a reason of its own.
            let restricts = context.undoes.is_some() && draft.get("lifted_at").is_missing();
            if lifts && (context.cause == LIFT || restricts) {
                return Ok(());
            }
            refuse("A suppression is not changed. An administrator lifts it with a reason; then add the right one.")
        }
        Op::Delete | Op::Restore => refuse(
            "A suppression outlives undo, merging, import and erasure, and is not deleted. \
             An administrator lifts it with a reason.",
        ),
        Op::Erase => Ok(()),
    }
}

fn complete_suppression(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    let mut faults = Vec::new();
    let channel = draft.get("channel").as_text().and_then(Channel::parse);
    normalise(draft, channel, context, &mut faults);
    let key = draft.get("address").as_text().map(|address| context.workspace.address_key(address));
    draft.set("key", key.map_or(Value::Missing, Value::Text));
    draft.set("address", Value::Missing);
    LIFTED.iter().for_each(|field| draft.set(field, Value::Missing));
    match draft.get("at") {
        Value::Missing => draft.set("at", Value::Instant(draft.at)),
        _ => check_time(draft, &mut faults),
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

fn normalise(draft: &mut Draft, channel: Option<Channel>, context: &RuleContext<'_>, faults: &mut Vec<FieldProblem>) {
    let address = draft.get("address").as_text().unwrap_or_default();
    match normalise_address(address, channel, &context.workspace.settings().default_country) {
        // A postal address is proof as it was written; only its key is normalised.
        Ok(_) if channel == Some(Channel::Post) && draft.object == "consent" => {}
        Ok(address) => draft.set("address", Value::Text(address)),
        Err(fault) => faults.push(fault),
    }
}

/// What lies ahead would overrule what happens until then.
fn check_time(draft: &Draft, faults: &mut Vec<FieldProblem>) {
    if let Value::Instant(at) = draft.get("at")
        && *at > draft.at + AHEAD_MAX
    {
        faults.push(fault("at", "not_valid", "This lies in the future. Say when it happened."));
    }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn refuse(detail: &str) -> Result<(), Problem> {
    Err(Problem::new(Code::Conflict, detail))
}

fn fault(field: &str, code: &str, message: &str) -> FieldProblem {
    FieldProblem { field: field.to_owned(), code: code.to_owned(), message: message.to_owned() }
}
