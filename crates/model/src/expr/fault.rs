//! What is wrong with an expression and where.

use crate::problem::{Code, Problem};

/// A fault at a place of the source, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    pub start: usize,
    pub end: usize,
    pub detail: String,
    pub hint: Option<String>,
}

impl Fault {
    pub fn new(span: (usize, usize), detail: impl Into<String>) -> Self {
        Self { start: span.0, end: span.1, detail: detail.into(), hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The problem that the client sees; positions are counted in characters.
    pub fn into_problem(self, source: &str) -> Problem {
        let characters =
            |from: usize, to: usize| source.char_indices().filter(|(at, _)| *at >= from && *at < to).count();
        let position = characters(0, self.start);
        let length = characters(self.start, self.end).max(1);
        let detail = match &self.hint {
            Some(hint) => format!("{} {hint}", self.detail),
            None => self.detail,
        };
        let problem = Problem::new(Code::BadExpression, detail).with("position", position).with("length", length);
        match self.hint {
            Some(hint) => problem.with("hint", hint),
            None => problem,
        }
    }
}
