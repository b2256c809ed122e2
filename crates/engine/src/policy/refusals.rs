//! What is said to whom a right is missing.

use model::{Code, Object, Problem};

use super::{Policy, Right};

impl Policy<'_> {
    /// The refusal of a right over a whole object.
    pub fn refusal(&self, object: &Object, right: Right) -> Problem {
        let verb = match right {
            Right::Read => "see",
            Right::Update => "change",
            Right::Delete => "delete",
        };
        Problem::new(
            Code::Forbidden,
            format!(
                "Your role may not {verb} {}. Ask an administrator for the right.",
                object.label_plural.to_lowercase()
            ),
        )
    }

    /// Refuses a record that is out of reach of a right that the role has to others of its kind.
    pub fn refusal_of_this(&self, object: &Object, right: Right) -> Problem {
        let verb = if right == Right::Delete { "delete" } else { "change" };
        let plural = object.label_plural.to_lowercase();
        Problem::new(
            Code::Forbidden,
            format!(
                "You may {verb} some {plural}, but not this one: ask its owner, or an administrator for the right."
            ),
        )
    }
}
