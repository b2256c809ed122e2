//! The `Idempotency-Key` header: a promise that two requests with the same key are one.

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use engine::IdempotencyKey;
use sha2::{Digest, Sha256};

use crate::caller::Caller;
use crate::problem_json::{Answer, Failure};
use crate::tokens::hex;

/// Longest key.
const KEY_BYTES_MAX: usize = 255;

/// The header of a request with what it is bound to; without the header it binds nothing.
#[derive(Debug)]
pub struct Promise {
    key: Option<String>,
    request: String,
}

impl Promise {
    /// The key for the engine: bound to caller, method, path and body.
    pub fn key(&self, caller: &Caller, body: &Bytes) -> Option<IdempotencyKey> {
        let key = self.key.clone()?;
        let mut hasher = Sha256::new();
        hasher.update(self.request.as_bytes());
        hasher.update([0]);
        hasher.update(body);
        let request_hash = hex(&hasher.finalize());
        Some(IdempotencyKey { principal: caller.actor.label(), key, request_hash })
    }
}

impl<S: Sync> FromRequestParts<S> for Promise {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Answer<Self> {
        let request = format!("{} {}", parts.method, parts.uri);
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self { key: None, request }) };
        let key = value.to_str().unwrap_or_default();
        if !(1..=KEY_BYTES_MAX).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::bad_request("`Idempotency-Key` has 1 to 255 visible ASCII characters."));
        }
        Ok(Self { key: Some(key.to_owned()), request })
    }
}

/// Says that an answer was given before.
pub fn mark(mut response: Response, replayed: bool) -> Response {
    if replayed {
        let name = HeaderName::from_static("idempotent-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response
}
