//! Problems on the wire: RFC 9457 `application/problem+json`. The one place where an error becomes an answer.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{Code, Problem};
use serde_json::{Map, Value as Json, json};

/// What a route fails with; always a [`Problem`] for the client. Internal causes are logged here, once.
#[derive(Debug)]
pub struct Failure {
    /// What the client is told.
    pub problem: Box<Problem>,
    /// Seconds after which a retry makes sense.
    pub retry_after: Option<u64>,
}

/// What routes return.
pub type Answer<T = Response> = Result<T, Failure>;

impl Failure {
    /// A problem of a code with its words.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Problem::new(code, detail).into()
    }

    /// 400.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(Code::BadRequest, detail)
    }

    /// 429 with the time to wait.
    pub fn too_many(detail: impl Into<String>, retry_after_s: u64) -> Self {
        Self { retry_after: Some(retry_after_s.max(1)), ..Self::new(Code::TooManyRequests, detail) }
    }

    /// 500: the cause goes to the log, never to the client.
    pub fn internal(cause: &anyhow::Error) -> Self {
        tracing::error!(cause = format!("{cause:#}"), "request failed");
        Self::new(Code::Internal, "Something went wrong on our side. Nothing was changed; try again.")
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let retry_after = matches!(problem.code, Code::Busy | Code::TooManyRequests).then_some(1);
        Self { problem: Box::new(problem), retry_after }
    }
}

impl From<Box<Problem>> for Failure {
    fn from(problem: Box<Problem>) -> Self {
        (*problem).into()
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Problem(problem) => problem.into(),
            store::Error::Unique { column } => {
                let detail = format!("Another record has this value already ({column}). Use a different one.");
                Self::new(Code::Conflict, detail)
            }
            store::Error::Busy | store::Error::Retry(_) => {
                Problem::new(Code::Busy, "The server is busy. Try again in a moment.").into()
            }
            store::Error::Database(cause) => cause.into(),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(cause: anyhow::Error) -> Self {
        match cause.downcast::<Problem>() {
            Ok(problem) => problem.into(),
            Err(cause) => Self::internal(&cause),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, to_json(&self.problem).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.problem.code == Code::NotAuthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"rapport\""));
        }
        response
    }
}

/// The JSON of a problem: `type`, `title`, `status`, `code`, `detail`, `fields` and its extras beside them.
pub fn to_json(problem: &Problem) -> Json {
    let code = code_name(problem.code);
    let mut body = Map::new();
    body.insert("type".to_owned(), Json::String(format!("urn:rapport:problem:{code}")));
    body.insert("title".to_owned(), Json::String(title(problem.code).to_owned()));
    body.insert("status".to_owned(), json!(problem.code.status()));
    body.insert("code".to_owned(), Json::String(code));
    body.insert("detail".to_owned(), Json::String(problem.detail.clone()));
    let fields = problem.fields.iter().map(|field| json!(field)).collect();
    body.insert("fields".to_owned(), Json::Array(fields));
    for (key, value) in &problem.extra {
        body.entry(key.clone()).or_insert_with(|| value.clone());
    }
    Json::Object(body)
}

/// Adds `type`, `title` and `status` to a problem that the engine serialised itself.
pub fn complete(mut problem: Json) -> Json {
    let code = CODES.into_iter().find(|code| problem.get("code").is_some_and(|name| *name == code_name(*code)));
    if let (Some(code), Some(map)) = (code, problem.as_object_mut()) {
        map.insert("type".to_owned(), Json::String(format!("urn:rapport:problem:{}", code_name(code))));
        map.insert("title".to_owned(), Json::String(title(code).to_owned()));
        map.insert("status".to_owned(), json!(code.status()));
        map.entry("fields").or_insert_with(|| json!([]));
        if let Some(Json::Object(extra)) = map.remove("extra") {
            map.extend(extra);
        }
    }
    problem
}

/// Every code.
pub const CODES: [Code; 15] = [
    Code::BadRequest,
    Code::BadExpression,
    Code::NotAuthenticated,
    Code::Forbidden,
    Code::NotFound,
    Code::MethodNotAllowed,
    Code::Conflict,
    Code::Duplicate,
    Code::Stale,
    Code::TooLarge,
    Code::UnsupportedMedia,
    Code::Invalid,
    Code::TooManyRequests,
    Code::Internal,
    Code::Busy,
];

/// `snake_case` name of a code, as serialised.
pub fn code_name(code: Code) -> String {
    json!(code).as_str().unwrap_or("internal").to_owned()
}

fn title(code: Code) -> &'static str {
    match code {
        Code::BadRequest => "The request cannot be understood",
        Code::BadExpression => "The expression does not check",
        Code::NotAuthenticated => "Log in first",
        Code::Forbidden => "Not allowed",
        Code::NotFound => "Not found",
        Code::MethodNotAllowed => "Method not allowed",
        Code::Conflict => "It collides with what is there",
        Code::Duplicate => "Possible duplicates",
        Code::Stale => "Someone else changed it",
        Code::TooLarge => "Too large",
        Code::UnsupportedMedia => "Media type not supported",
        Code::Invalid => "Values need correcting",
        Code::TooManyRequests => "Too many requests",
        Code::Internal => "Something went wrong",
        Code::Busy => "Busy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_keeps_its_extras_beside_the_standard_members() {
        let problem = Problem::new(Code::Stale, "Reload.").with("current", json!({"version": 3})).with("status", 1);
        let body = to_json(&problem);
        assert_eq!(body["status"], 412);
        assert_eq!(body["code"], "stale");
        assert_eq!(body["current"]["version"], 3);
    }

    #[test]
    fn an_unknown_cause_never_reaches_the_client() {
        let failure = Failure::from(anyhow::anyhow!("password of the database is hunter2"));
        assert_eq!(failure.problem.code, Code::Internal);
        assert!(!to_json(&failure.problem).to_string().contains("hunter2"));
    }
}
