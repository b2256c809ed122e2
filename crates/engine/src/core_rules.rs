//! Behaviour of the program's own objects.

use model::{Code, Problem, Value};

use crate::draft::Draft;
use crate::module::{RuleContext, RuleEntry};
use crate::policy::Rights;

/// In order.
pub const RULES: &[RuleEntry] = &[RuleEntry {
    object: "role",
    why: "Rights that cannot be read would lock people out when they are first used.",
    apply: check_rights,
}];

fn check_rights(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    match draft.get("rights") {
        Value::Json(json) => Rights::from_json(json).map(|_| ()),
        Value::Missing => Ok(()),
        _ => Err(Problem::new(Code::Invalid, "The rights of a role are a JSON object.")),
    }
}
