//! HTTP for staff and machines: the REST API under `/api/v1`, live events, OpenAPI, health and metrics.

pub mod body;
pub mod headers;
pub mod network;
pub mod params;
pub mod passwords;
pub mod problem_json;
pub mod rate_limits;
pub mod tokens;
mod weak_passwords;
