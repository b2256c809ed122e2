//! The operations, one file per subject. What they have in common stands here.

pub mod activity;
pub mod api_keys;
pub mod audit;
pub mod batches;
pub mod boot;
pub mod bulk;
pub mod calendars;
pub mod capture;
pub mod consent;
pub mod customers;
pub mod devices;
pub mod duplicates;
pub mod exports;
pub mod files;
pub mod health;
pub mod hours;
pub mod imports;
pub mod jobs;
pub mod leads;
pub mod links;
pub mod mail;
pub mod metadata;
pub mod notifications;
pub mod presence;
pub mod quality;
pub mod quotes;
pub mod rates;
pub mod records;
pub mod relations;
pub mod search;
pub mod second_factor;
pub mod sessions;
pub mod setup;
pub mod shared;
pub mod signals;
pub mod territories;
pub mod users;
pub mod view_as;
pub mod workspace;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value as Json;

/// An answer from bytes that are JSON already.
pub fn json_bytes(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// 200 with JSON.
pub fn json(body: &Json) -> Response {
    json_bytes(body.to_string().into_bytes())
}

/// Another status with JSON.
pub fn json_with(status: StatusCode, body: &Json) -> Response {
    let mut response = json(body);
    *response.status_mut() = status;
    response
}

/// The strong ETag of a record's version.
pub fn etag(version: i64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}
