//! Public links of documents: made, listed and taken back by those who may change the document.

use axum::extract::State;
use engine::Right;
use model::{Code, FieldProblem, Problem, value};
use serde::Deserialize;
use serde_json::{Value as Json, json as json_of};
use store::Priority;
use store::tables::document_links::{self, DocumentLink};
use uuid::Uuid;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::passwords::BYTES_MAX;
use crate::place::{Place, not_found};
use crate::problem_json::{Answer, Failure};
use crate::routes::{json, json_with};
use crate::tokens::{hash_of, new_token};

/// A day, in microseconds.
const DAY_US: i64 = 86_400_000_000;
/// How long a link works when nobody says.
const DAYS: i64 = 30;
/// How long a link may work.
const DAYS_MAX: i64 = 366;
/// Most links of one document at a time.
const LINKS_MAX: usize = 50;
/// Fewest characters of a link's password: it is tried ten times in a quarter of an hour, not more.
const PASSWORD_MIN: usize = 8;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    expires_at: Option<String>,
    #[serde(default)]
    password: Option<String>,
}

/// Refuses those who may not change the document: whoever publishes it acts for it.
async fn check_writer(api: &Api, caller: &Caller, document: Uuid) -> Answer<Uuid> {
    let user = caller.user()?;
    let access = api.workspace.explain(&caller.actor, user, "document", document).await?;
    if access.update.allowed && access.update.because != "share" {
        return Ok(user);
    }
    if access.update.allowed {
        let detail = "This document was shared with you. Only who changes it by their role may publish it.";
        return Err(Failure::new(Code::Forbidden, detail));
    }
    let schema = api.workspace.schema();
    let object = schema.find_object("document").cloned().ok_or_else(not_found)?;
    let refused = api.workspace.with_policy(&caller.actor, move |policy| Ok(policy.refusal(&object, Right::Update)));
    Err(refused?.into())
}

fn link_json(link: &DocumentLink) -> Json {
    json_of!({
        "id": link.id,
        "created_by": link.created_by,
        "created_at": value::instant_to_text(link.created_at),
        "expires_at": value::instant_to_text(link.expires_at),
        "password": link.password.is_some(),
        "downloads": link.downloads,
        "last_at": link.last_at.map(value::instant_to_text),
    })
}

/// `GET /documents/{id}/links`
pub async fn list(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let document = place.id()?;
    check_writer(&api, &caller, document).await?;
    let links = api.workspace.store().read(move |tx| document_links::of_document(tx, document)).await?;
    Ok(json(&json_of!({ "links": links.iter().map(link_json).collect::<Vec<Json>>() })))
}

/// `POST /documents/{id}/links`: the address is shown this once.
pub async fn make(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let document = place.id()?;
    let asked: Wanted = body.parse()?;
    let user = check_writer(&api, &caller, document).await?;
    let now = api.workspace.now();
    let expires_at = end_of(asked.expires_at.as_deref(), now)?;
    let password = match asked.password.filter(|password| !password.is_empty()) {
        Some(password) => {
            check_password(&password)?;
            Some(api.passwords.hash(password).await?)
        }
        None => None,
    };
    let token = new_token()?;
    let secret = hash_of(&token).ok_or_else(not_found)?;
    let link = DocumentLink {
        id: Uuid::now_v7(),
        document,
        secret,
        password,
        created_by: user,
        created_at: now,
        expires_at,
        downloads: 0,
        last_at: None,
    };
    let mut answer = link_json(&link);
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let kept = api.workspace.store().write(Priority::Interactive, move |tx| {
        if document_links::of_document(tx, document)?.len() >= LINKS_MAX {
            let detail = format!("A document has at most {LINKS_MAX} links. Take one back first.");
            return Err(Problem::new(Code::Conflict, detail).into());
        }
        let details = json_of!({ "link": link.id, "expires_at": value::instant_to_text(link.expires_at),
            "password": link.password.is_some() });
        workspace.audit_in(tx, &actor, "document_link.made", Some(format!("document:{document}")), details);
        document_links::insert(tx, &link)
    });
    kept.await?;
    if let Some(map) = answer.as_object_mut() {
        let base = api.options.public_url.trim_end_matches('/');
        map.insert("url".to_owned(), Json::from(format!("{base}/shared/{token}")));
    }
    Ok(json_with(axum::http::StatusCode::CREATED, &answer))
}

fn end_of(text: Option<&str>, now: i64) -> Result<i64, Problem> {
    let Some(text) = text else { return Ok(now + DAYS * DAY_US) };
    let end = value::instant_from_text(text).filter(|end| (now..=now + DAYS_MAX * DAY_US).contains(end));
    end.ok_or_else(|| fault("expires_at", "out_of_range", format!("A link ends within {DAYS_MAX} days from now.")))
}

fn check_password(password: &str) -> Result<(), Problem> {
    if password.chars().count() < PASSWORD_MIN {
        return Err(fault("password", "too_short", format!("Use at least {PASSWORD_MIN} characters.")));
    }
    if password.len() > BYTES_MAX {
        return Err(fault("password", "too_long", format!("Use at most {BYTES_MAX} bytes.")));
    }
    Ok(())
}

fn fault(field: &str, code: &str, message: String) -> Problem {
    Problem::invalid(vec![FieldProblem { field: field.to_owned(), code: code.to_owned(), message }])
}

/// `DELETE /documents/{id}/links/{link}`
pub async fn remove(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (document, link) = (place.id()?, place.uuid("link")?);
    check_writer(&api, &caller, document).await?;
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let gone = api.workspace.store().write(Priority::Interactive, move |tx| {
        if !document_links::delete(tx, document, link)? {
            return Err(Problem::not_found("link").into());
        }
        let subject = Some(format!("document:{document}"));
        workspace.audit_in(tx, &actor, "document_link.removed", subject, json_of!({ "link": link }));
        Ok(())
    });
    gone.await?;
    Ok(json(&json_of!({})))
}
