//! Tasks and meetings: what they keep in order by themselves, and how a task that repeats goes on.

mod series;

use engine::{FollowEntry, RuleEntry};

/// Behaviour of tasks and meetings.
pub const RULES: &[RuleEntry; 2] = &[
    RuleEntry {
        object: "task",
        why: "A rule that cannot be read would stop the series unseen when its first task is done.",
        apply: series::keep_task,
    },
    RuleEntry {
        object: "meeting",
        why: "Calendars elsewhere must be able to read the rule.",
        apply: series::keep_meeting,
    },
];

/// What follows when they change.
pub const FOLLOWS: &[FollowEntry] = &[FollowEntry {
    object: "task",
    why: "Between a task that is done and the next one of its series nobody may see none.",
    settles: false,
    apply: |batch, drafts| drafts.iter().try_for_each(|draft| series::go_on(batch, draft)),
}];
