//! The audit log: who did what and from where, the proof that nothing in it was changed, and a copy of it as a file.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use contacts::import::guard::guard;
use engine::Workspace;
use model::value::instant_from_text;
use model::{Actor, Problem};
use serde_json::{Value as Json, json as json_of};
use store::tables::audit::Wanted;

use crate::Api;
use crate::caller::Caller;
use crate::headers::disposition;
use crate::params::{Params, bad_parameter};
use crate::problem_json::Answer;
use crate::routes::{json, json_bytes};

/// Parameters of the list.
pub const LIST: &[&str] = &["kind", "actor", "subject", "from", "to", "cursor", "limit"];
/// Parameters of the file.
pub const EXPORT: &[&str] = &["kind", "actor", "subject", "from", "to", "cursor"];
/// Most entries of one file; `cursor` goes on behind them.
const EXPORT_MAX: usize = 100_000;
/// Entries read at once for a file.
const SLICE: usize = 5_000;
/// The columns of the file.
const COLUMNS: [&str; 9] =
    ["index", "at", "kind", "actor", "actor_name", "subject", "subject_name", "address", "details"];

/// `GET /audit`
pub async fn list(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let wanted = Wanted { limit: params.limit(50, 200)?, ..wanted(&params)? };
    let workspace = api.workspace.clone();
    Ok(json(&api.blocking(move || workspace.audit_page(&caller.actor, wanted)).await?))
}

/// `GET /audit/verify`
pub async fn verify(State(api): State<Api>, caller: Caller) -> Answer {
    let workspace = api.workspace.clone();
    Ok(json(&json_of!(api.blocking(move || workspace.verify_audit(&caller.actor)).await?)))
}

/// `GET /audit/export`
pub async fn export(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let wanted = wanted(&params)?;
    let workspace = api.workspace.clone();
    let csv = api.blocking(move || csv_of(&workspace, &caller.actor, wanted)).await?;
    let mut response = json_bytes(csv.into_bytes());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, disposition(false, "audit.csv"));
    Ok(response)
}

fn csv_of(workspace: &Workspace, actor: &Actor, mut wanted: Wanted) -> Result<String, store::Error> {
    workspace.check_special(actor, "audit")?;
    let (mut csv, mut rows) = (format!("{}\r\n", COLUMNS.join(",")), 0);
    while rows < EXPORT_MAX {
        wanted.limit = SLICE.min(EXPORT_MAX - rows);
        let page = workspace.audit_page(actor, wanted.clone())?;
        let entries = page.get("entries").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        for entry in entries {
            push_row(&mut csv, entry, page.get("names").unwrap_or(&Json::Null));
        }
        rows += entries.len();
        wanted.before = page.get("next").and_then(Json::as_i64);
        if wanted.before.is_none() {
            break;
        }
    }
    workspace.audit(actor, "audit.exported", None, json_of!({ "rows": rows })).wait()?;
    Ok(csv)
}

fn push_row(csv: &mut String, entry: &Json, names: &Json) {
    for (at, column) in COLUMNS.iter().enumerate() {
        let value = match column.strip_suffix("_name") {
            Some(whose) => entry.get(whose).and_then(Json::as_str).and_then(|label| names.get(label)?.get("name")),
            None => entry.get(column),
        };
        let text = match value {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        if at > 0 {
            csv.push(',');
        }
        csv.push('"');
        csv.push_str(&guard(&text).replace('"', "\"\""));
        csv.push('"');
    }
    csv.push_str("\r\n");
}

fn wanted(params: &Params) -> Result<Wanted, Problem> {
    let short = |name: &str| match params.owned(name) {
        Some(text) if text.chars().count() > 200 => {
            Err(bad_parameter(name, "too_long", "It has at most 200 characters."))
        }
        other => Ok(other),
    };
    let instant = |name: &str| {
        let wrong = || bad_parameter(name, "bad_value", "It is an instant such as 2027-01-31T00:00:00Z.");
        params.given(name).map(|text| instant_from_text(text).ok_or_else(wrong)).transpose()
    };
    Ok(Wanted {
        kind: short("kind")?,
        actor: short("actor")?,
        subject: short("subject")?,
        from: instant("from")?,
        to: instant("to")?,
        before: params.parsed("cursor")?,
        limit: 0,
    })
}
