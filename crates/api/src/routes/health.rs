//! Whether the program lives, whether it can answer, and its figures.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use store::tables::pushes::End;

use crate::Api;
use crate::caller::Caller;
use crate::problem_json::{Answer, Failure};

/// `GET /healthz`: the process answers.
pub async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database answers.
pub async fn ready(State(api): State<Api>) -> Response {
    match api.workspace.store().read(|tx| tx.last_seq()).await {
        Ok(_) => "ready".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response()
        }
    }
}

/// `GET /metrics`: Prometheus text, for those who may configure.
pub async fn metrics(State(api): State<Api>, caller: Caller) -> Answer {
    let workspace = api.workspace.clone();
    let ledgers = api.blocking(move || {
        workspace.check_special(&caller.actor, "configure")?;
        Ok((workspace.mail_ledger()?, workspace.push_ledger()?))
    });
    let (ledger, pushed) = ledgers.await?;
    metrics::gauge!("rapport_devices").set(pushed.devices as f64);
    metrics::gauge!("rapport_pushes_queued").set(pushed.queued as f64);
    metrics::gauge!("rapport_pushes", "state" => "waiting").set(pushed.waiting as f64);
    for (end, count) in End::ALL.iter().zip(pushed.ended) {
        metrics::gauge!("rapport_pushes", "state" => end.name()).set(count as f64);
    }
    metrics::gauge!("rapport_mails_queued").set(ledger.queued as f64);
    for state in store::tables::mails::STATES {
        let count = ledger.states.iter().find(|(name, _)| name == state).map_or(0, |(_, count)| *count);
        metrics::gauge!("rapport_mails", "state" => state).set(count as f64);
    }
    let text = crate::observe::metrics_text();
    let text = text.ok_or_else(|| Failure::internal(&anyhow::anyhow!("another metrics recorder is installed")))?;
    let media = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, media)], text).into_response())
}
