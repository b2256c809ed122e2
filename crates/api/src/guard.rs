//! The gate in front of every operation: who may come, which parameters are known, how long it may take.

use std::time::Duration;

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::Code;

use crate::caller::{Caller, not_authenticated};
use crate::params::Params;
use crate::problem_json::{Answer, Failure};

/// Said to who sees as somebody else and asks for what is only theirs, or for a file to take along.
pub(crate) const PRIVATE: &str =
    "You see this as somebody else; this is only for themselves. Press Stop to be yourself again.";

/// Who may come to an operation at all. What a caller may do there is the engine's policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody on the network.
    Public,
    /// People who are logged in.
    Person,
    /// People and keys.
    Caller,
}

/// What the gate knows of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Gate {
    /// Who may come.
    pub access: Access,
    /// The query parameters it knows.
    pub query: &'static [&'static str],
    /// Whether who sees as somebody else may come.
    pub viewing: bool,
    /// How long it may take until its answer begins.
    pub seconds: u64,
}

/// Middleware of one operation.
pub async fn guard(gate: Gate, mut request: Request, next: Next) -> Response {
    match check(gate, &request) {
        Ok(params) => request.extensions_mut().insert(std::sync::Arc::new(params)),
        Err(failure) => return failure.into_response(),
    };
    match tokio::time::timeout(Duration::from_secs(gate.seconds), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure {
            retry_after: Some(5),
            ..Failure::new(Code::Busy, "This took too long. Ask for less, or try again later.")
        }
        .into_response(),
    }
}

fn check(gate: Gate, request: &Request) -> Answer<Params> {
    let caller = request.extensions().get::<Caller>();
    match (gate.access, caller) {
        (Access::Public, _) | (Access::Caller, Some(_)) => {}
        (Access::Person, Some(caller)) => {
            caller.user()?;
        }
        (_, None) => return Err(not_authenticated()),
    }
    if !gate.viewing && gate.access != Access::Public && caller.is_some_and(|caller| caller.viewer.is_some()) {
        let detail = if request.method() == Method::GET { PRIVATE } else { engine::VIEWING };
        return Err(Failure::new(Code::Forbidden, detail));
    }
    Ok(Params::parse(request.uri().query().unwrap_or_default())?.only(gate.query)?)
}
