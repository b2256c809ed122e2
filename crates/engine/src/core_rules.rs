//! Behaviour of the program's own objects.

use model::{Code, FieldProblem, Problem, Value};
use uuid::Uuid;

use crate::draft::Draft;
use crate::module::{FollowEntry, RuleContext, RuleEntry};
use crate::policy::Rights;

/// In order.
pub const RULES: &[RuleEntry] = &[
    RuleEntry {
        object: "role",
        why: "Rights that cannot be read would lock people out when they are first used.",
        apply: check_rights,
    },
    RuleEntry { object: "user", why: "Every page of the user's asks for the counts of all pins.", apply: check_pins },
    RuleEntry {
        object: "work_calendar",
        why: "Hours that cannot be read would stop every clock that counts by them.",
        apply: crate::hours::check,
    },
    RuleEntry {
        object: crate::layouts::OBJECT,
        why: "A layout that cannot be read would leave pages without their fields.",
        apply: crate::layouts::check,
    },
    RuleEntry {
        object: crate::rates::OBJECT,
        why: "Amounts are counted by the rates: a wrong one would bend every sum.",
        apply: crate::rates::check,
    },
    RuleEntry {
        object: crate::reactions::OBJECT,
        why: "The database tells by the key that one is there already.",
        apply: crate::reactions::complete,
    },
];

/// In order.
pub const FOLLOWS: &[FollowEntry] = &[crate::hours::FOLLOW, crate::layouts::FOLLOW, crate::push::FOLLOW];

/// Most views in one navigation.
pub(crate) const PINS_MAX: usize = 30;

fn check_pins(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    let fits = match draft.get("pins") {
        Value::Json(json) => json.as_array().is_some_and(|pins| {
            pins.len() <= PINS_MAX && pins.iter().all(|pin| pin.as_str().is_some_and(|id| Uuid::parse_str(id).is_ok()))
        }),
        _ => true,
    };
    if fits {
        return Ok(());
    }
    let message = format!("Pinned views are a list of at most {PINS_MAX} ids. Unpin one first.");
    Err(Problem::invalid(vec![FieldProblem { field: "pins".to_owned(), code: "bad_value".to_owned(), message }]))
}

fn check_rights(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    match draft.get("rights") {
        Value::Json(json) => Rights::from_json(json).map(|_| ()),
        Value::Missing => Ok(()),
        _ => Err(Problem::new(Code::Invalid, "The rights of a role are a JSON object.")),
    }
}
