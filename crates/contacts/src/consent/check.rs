//! The question as people and programs ask it: the answer in words, with those records that they may see.

use std::collections::HashSet;

use engine::Workspace;
use jiff::Timestamp;
use model::fold::fold;
use model::{Actor, Code, FieldProblem, Problem};
use serde_json::{Value as Json, json};
use store::{Error, Pending, Tx};
use uuid::Uuid;

use super::address::normalise_address;
use super::ask::may_send;
use super::judge::{Question, Reason, Verdict};
use super::words::{Channel, Purpose, Scope};

/// `{"allowed","state","address","why":[{"code","message","allows","object","id","at",…}]}`. Records that the actor may
/// not see are left out; the answer itself is the same for everybody, because it is the truth.
///
/// # Errors
/// A channel, purpose or address that is none.
pub fn check(
    workspace: &Workspace,
    actor: &Actor,
    address: &str,
    channel: &str,
    purpose: &str,
    topic: Option<&str>,
) -> Result<Pending<Json>, Problem> {
    let question = read(workspace, address, channel, purpose, topic)?;
    let (workspace, actor) = (workspace.clone(), actor.clone());
    Ok(workspace.clone().store().read(move |tx| {
        let verdict = may_send(&workspace, tx, &question)?;
        let visible = visible(&workspace, tx, &actor, &verdict)?;
        Ok(json!({
            "allowed": verdict.allowed,
            "state": verdict.state.name(),
            "address": question.address,
            "why": verdict.why.iter().map(|reason| in_words(reason, &visible)).collect::<Vec<Json>>(),
        }))
    }))
}

fn read(
    workspace: &Workspace,
    address: &str,
    channel: &str,
    purpose: &str,
    topic: Option<&str>,
) -> Result<Question, Problem> {
    let one_of = |field: &str, names: Vec<&str>| {
        let message = format!("It is one of {}.", names.join(", "));
        let fault = FieldProblem { field: field.to_owned(), code: "bad_value".to_owned(), message };
        Problem { fields: vec![fault], ..Problem::new(Code::BadRequest, format!("`{field}` cannot be read.")) }
    };
    let channels: Vec<Channel> = Channel::ALL.iter().copied().filter(|channel| *channel != Channel::All).collect();
    let channel = Channel::parse(channel)
        .filter(|channel| *channel != Channel::All)
        .ok_or_else(|| one_of("channel", channels.iter().map(|channel| channel.name()).collect()))?;
    let purpose = Purpose::parse(purpose)
        .ok_or_else(|| one_of("purpose", Purpose::ALL.iter().map(|purpose| purpose.name()).collect()))?;
    let address = normalise_address(address, Some(channel), &workspace.settings().default_country)
        .map_err(|fault| Problem { fields: vec![fault.clone()], ..Problem::new(Code::BadRequest, fault.message) })?;
    let topic = topic.map(fold).filter(|topic| !topic.is_empty());
    Ok(Question { address, channel, purpose, topic, at: workspace.now() })
}

/// Which of the deciding records the actor may see.
fn visible(workspace: &Workspace, tx: &mut Tx, actor: &Actor, verdict: &Verdict) -> Result<HashSet<Uuid>, Error> {
    let mut seen = HashSet::new();
    for object in ["consent", "suppression", "person"] {
        let records = verdict.why.iter().filter_map(|reason| reason.record);
        let ids: Vec<Uuid> = records.filter(|(name, _)| *name == object).map(|(_, id)| id).collect();
        match workspace.visible_many(tx, actor, object, &ids) {
            Ok(records) => seen.extend(records.into_iter().map(|record| record.id)),
            Err(Error::Problem(problem)) if problem.code == Code::Forbidden => {}
            Err(other) => return Err(other),
        }
    }
    Ok(seen)
}

fn in_words(reason: &Reason, visible: &HashSet<Uuid>) -> Json {
    let mut words = json!({ "code": reason.code, "message": message(reason), "allows": reason.allows });
    let Some(map) = words.as_object_mut() else { return words };
    if let Some(at) = reason.at.and_then(|at| Timestamp::from_microsecond(at).ok()) {
        map.insert("at".to_owned(), json!(at.to_string()));
    }
    if let Some((why, scope)) = reason.stop {
        map.insert("reason".to_owned(), json!(why.name()));
        map.insert("scope".to_owned(), json!(scope.name()));
    }
    if let Some((object, id)) = reason.record.filter(|(_, id)| visible.contains(id)) {
        map.insert("object".to_owned(), json!(object));
        map.insert("id".to_owned(), json!(id));
    }
    words
}

fn message(reason: &Reason) -> String {
    let text = match reason.code {
        "consent_given" => "Consent was given.",
        "consent_confirmed" => "Consent was given and confirmed by the owner of the address.",
        "consent_withdrawn" => "Consent was withdrawn.",
        "consent_expired" => "Consent has expired.",
        "no_consent" => "Nobody gave consent for this address.",
        "not_needed" => "This purpose needs no consent.",
        "do_not_call" => "The person does not want to be called.",
        "do_not_track" => "The person does not want to be followed.",
        "suppression_lifted" => "A suppression was lifted.",
        _ => {
            let what = match reason.stop.map(|(_, scope)| scope) {
                Some(Scope::Topic) => "marketing about this topic",
                Some(Scope::Channel) => "marketing over this channel",
                Some(Scope::Everything) => "everything",
                _ => "all marketing",
            };
            return format!("The address is suppressed for {what}.");
        }
    };
    text.to_owned()
}
