//! What is done for every request, whatever becomes of it: its id, its peer, its answer's headers, a line in the log,
//! a figure in the metrics.

use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::Api;
use crate::headers::secure;
use crate::network::peer_of;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Bounds of the duration histogram, in seconds.
const DURATIONS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// The outermost middleware.
pub async fn observe(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = request_id(&request);
    let peer = peer_of(request.headers(), request.extensions(), &api.options.trusted_proxies, api.is_tls());
    request.extensions_mut().insert(peer);
    let method = request.method().clone();
    let is_api = request.uri().path().starts_with("/api");
    // The pattern, not the path: paths of invitations hold secrets, ids would make endless metrics.
    let route = request.extensions().get::<MatchedPath>().map_or("ui", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id = %id.to_str().unwrap_or_default(), %method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    secure(response.headers_mut(), peer.tls, is_api || route != "ui");
    response.headers_mut().insert(REQUEST_ID, id);
    let (status, took) = (response.status().as_u16(), began.elapsed());
    // Reads that went well are many and say little.
    let quiet = method == Method::GET && status < 400;
    span.in_scope(|| {
        let (took_us, peer) = (took.as_micros() as u64, peer.address);
        if quiet {
            tracing::debug!(status, took_us, %peer, "answered");
        } else {
            tracing::info!(status, took_us, %peer, "answered");
        }
    });
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels).record(took.as_secs_f64());
    response
}

/// The id a client or proxy gave, when it is harmless, else a new one.
fn request_id(request: &Request) -> HeaderValue {
    let harmless = |value: &&HeaderValue| {
        (8..=64).contains(&value.len())
            && value.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    match request.headers().get(REQUEST_ID).filter(harmless) {
        Some(given) => given.clone(),
        None => HeaderValue::try_from(Uuid::now_v7().to_string()).unwrap_or_else(|_| HeaderValue::from_static("none")),
    }
}

/// The metrics of this process; the recorder is installed at the first call.
pub fn metrics_text() -> Option<String> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let handle = HANDLE.get_or_init(|| {
        let builder =
            PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &DURATIONS);
        builder.ok()?.install_recorder().ok()
    });
    handle.as_ref().map(|handle| {
        handle.run_upkeep();
        handle.render()
    })
}
