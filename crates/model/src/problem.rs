//! The only error a client sees (RFC 9457).

use serde::Serialize;

/// Stable names of what can go wrong, with their HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// 400: the request cannot be understood.
    BadRequest,
    /// 400: an expression does not check.
    BadExpression,
    /// 401: nobody is logged in.
    NotAuthenticated,
    /// 403: not allowed.
    Forbidden,
    /// 404: not there, or not visible.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 409: it collides with what is there (unique, state).
    Conflict,
    /// 409: possible duplicates were found; say `allow_duplicates` to go on.
    Duplicate,
    /// 412: the version does not match.
    Stale,
    /// 413.
    TooLarge,
    /// 415.
    UnsupportedMedia,
    /// 422: values do not fit their fields.
    Invalid,
    /// 429.
    TooManyRequests,
    /// 500: our fault; the cause is in the log.
    Internal,
    /// 503: busy; try again.
    Busy,
}

impl Code {
    /// HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest | Self::BadExpression => 400,
            Self::NotAuthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict | Self::Duplicate => 409,
            Self::Stale => 412,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::Invalid => 422,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Busy => 503,
        }
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldProblem {
    /// Field name.
    pub field: String,
    /// Stable name of the fault: `required`, `unknown_field`, `bad_email`, `not_unique` …
    pub code: String,
    /// What to do about it.
    pub message: String,
}

/// An error that says what to do next.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// Stable name.
    pub code: Code,
    /// What went wrong and what to do next, one or two sentences.
    pub detail: String,
    /// The fields concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// More for machines: the current record of a conflict, the position in an expression, duplicates found.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Problem {
    /// A problem with nothing but its words.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), fields: Vec::new(), extra: serde_json::Map::new() }
    }

    /// Not there, or not visible: the same answer for both.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}, or you may not see it."))
    }

    /// Values that do not fit.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        let detail = match fields.as_slice() {
            [one] => one.message.clone(),
            many => format!("{} values need correcting.", many.len()),
        };
        Self { fields, ..Self::new(Code::Invalid, detail) }
    }

    /// Adds something for machines.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<serde_json::Value>) -> Self {
        self.extra.insert(key.to_owned(), value.into());
        self
    }
}
