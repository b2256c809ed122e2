//! The question as people and programs ask it: the answer in words, with those records that they may see.

use std::collections::HashSet;

use engine::Workspace;
use jiff::Timestamp;
use model::fold::fold;
use model::{Actor, Code, FieldProblem, Problem, Record};
use serde_json::{Value as Json, json};
use store::{Error, Pending, Tx};
use uuid::Uuid;

use super::address::normalise_address;
use super::ask::{addresses_in, may_send};
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
    let (channel, purpose) = (read_channel(channel)?, read_purpose(purpose)?);
    let address = normalise_address(address, Some(channel), &workspace.settings().default_country)
        .map_err(|fault| Problem { fields: vec![fault.clone()], ..Problem::new(Code::BadRequest, fault.message) })?;
    let question = Question { address, channel, purpose, topic: read_topic(topic), at: workspace.now() };
    let (workspace, actor) = (workspace.clone(), actor.clone());
    Ok(workspace.clone().store().read(move |tx| answer(&workspace, tx, &actor, &question)))
}

/// `{"channels":[{"channel","allowed","state","address","why"}]}`: the same question for every address of a person, as
/// far as the actor may see the person and the addresses.
///
/// # Errors
/// A purpose that is none.
pub fn of_person(
    workspace: &Workspace,
    actor: &Actor,
    id: Uuid,
    purpose: &str,
    topic: Option<&str>,
) -> Result<Pending<Json>, Problem> {
    let (purpose, topic) = (read_purpose(purpose)?, read_topic(topic));
    let (workspace, actor) = (workspace.clone(), actor.clone());
    Ok(workspace.clone().store().read(move |tx| {
        let person = workspace.visible_many(tx, &actor, "person", &[id])?.pop();
        let person = person.ok_or_else(|| Problem::not_found("person"))?;
        let mut channels = Vec::new();
        for (channel, address) in reachable(&person, &workspace.settings().default_country) {
            let at = workspace.now();
            let question = Question { address, channel, purpose, topic: topic.clone(), at };
            let mut told = answer(&workspace, tx, &actor, &question)?;
            if let Some(map) = told.as_object_mut() {
                map.insert("channel".to_owned(), json!(channel.name()));
            }
            channels.push(told);
        }
        Ok(json!({ "channels": channels }))
    }))
}

/// Every way to reach a person, the first of each list first.
fn reachable(person: &Record, country: &str) -> Vec<(Channel, String)> {
    let mut found: Vec<(Channel, String)> = Vec::new();
    let mut add = |channel: Channel, text: &str| {
        if let Ok(address) = normalise_address(text, Some(channel), country)
            && !found.contains(&(channel, address.clone()))
        {
            found.push((channel, address));
        }
    };
    for (channel, field) in [(Channel::Email, "emails"), (Channel::Phone, "phones"), (Channel::Sms, "phones")] {
        addresses_in(person.get(field)).for_each(|text| add(channel, text));
    }
    for field in ["address", "other_address"] {
        let parts = person.get(field).as_json();
        let line = ["street", "postal_code", "city", "region", "country"].iter();
        let line: Vec<&str> = line.filter_map(|part| parts?.get(*part)?.as_str()).collect();
        add(Channel::Post, &line.join(", "));
    }
    found
}

fn answer(workspace: &Workspace, tx: &mut Tx, actor: &Actor, question: &Question) -> Result<Json, Error> {
    let verdict = may_send(workspace, tx, question)?;
    let visible = visible(workspace, tx, actor, &verdict)?;
    Ok(json!({
        "allowed": verdict.allowed,
        "state": verdict.state.name(),
        "address": question.address,
        "why": verdict.why.iter().map(|reason| in_words(reason, &visible)).collect::<Vec<Json>>(),
    }))
}

fn one_of(field: &str, names: &[&str]) -> Problem {
    let message = format!("It is one of {}.", names.join(", "));
    let fault = FieldProblem { field: field.to_owned(), code: "bad_value".to_owned(), message };
    Problem { fields: vec![fault], ..Problem::new(Code::BadRequest, format!("`{field}` cannot be read.")) }
}

/// Nothing is sent over `all`: it stands only in the ledger.
fn read_channel(word: &str) -> Result<Channel, Problem> {
    Channel::parse(word).filter(|channel| *channel != Channel::All).ok_or_else(|| {
        let all = Channel::ALL.iter().filter(|channel| **channel != Channel::All);
        one_of("channel", &all.map(|channel| channel.name()).collect::<Vec<&str>>())
    })
}

fn read_purpose(word: &str) -> Result<Purpose, Problem> {
    let names = || Purpose::ALL.iter().map(|purpose| purpose.name()).collect::<Vec<&str>>();
    Purpose::parse(word).ok_or_else(|| one_of("purpose", &names()))
}

fn read_topic(topic: Option<&str>) -> Option<String> {
    topic.map(fold).filter(|topic| !topic.is_empty())
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
