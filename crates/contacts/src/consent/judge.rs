//! The judgement: from what is known of an address to a yes or a no with its reasons. Pure, so that every rule of it can
//! be shown in a table.
//!
//! What restricts always counts, whatever its time; what allows counts from its time on. So a clock that goes wrong
//! never allows what was forbidden.

use uuid::Uuid;

use super::words::{Act, Channel, Purpose, Scope, Why};

/// "May I send this to this address now?"
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// In its one form.
    pub address: String,
    /// Over which channel.
    pub channel: Channel,
    /// What for.
    pub purpose: Purpose,
    /// About what, folded; `None` when the message belongs to no topic.
    pub topic: Option<String>,
    /// When, in microseconds since the epoch.
    pub at: i64,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its record.
    pub id: Uuid,
    /// What was done.
    pub act: Act,
    /// For which channel.
    pub channel: Channel,
    /// For which purpose.
    pub purpose: Purpose,
    /// For which topic, folded; `None` for all.
    pub topic: Option<String>,
    /// When.
    pub at: i64,
    /// When it ends by itself.
    pub valid_until: Option<i64>,
    /// Whether a file said so: then it never lifts a suppression.
    pub is_imported: bool,
}

/// One suppression of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Its record.
    pub id: Uuid,
    /// How far it reaches.
    pub scope: Scope,
    /// Why it is there.
    pub why: Why,
    /// The channel, where the scope is one, or one topic over one channel.
    pub channel: Option<Channel>,
    /// The topic, folded, where the scope is one.
    pub topic: Option<String>,
    /// Since when.
    pub at: i64,
    /// When an administrator lifted it.
    pub lifted_at: Option<i64>,
}

/// What the people with this address said about themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// People who want no calls.
    pub do_not_call: Vec<Uuid>,
    /// People whose opens and clicks are not recorded.
    pub do_not_track: Vec<Uuid>,
}

/// Everything known of one address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The ledger.
    pub grants: Vec<Grant>,
    /// The suppressions.
    pub stops: Vec<Stop>,
    /// The people.
    pub flags: Flags,
}

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Yes.
    Allowed,
    /// No: somebody or something forbids it.
    Refused,
    /// No: nobody was ever asked.
    Unknown,
}

impl State {
    /// As the API says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// One reason, with the record that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Stable name: `consent_given`, `consent_confirmed`, `consent_withdrawn`, `consent_expired`, `no_consent`,
    /// `not_needed`, `suppressed`, `suppression_lifted`, `do_not_call`, `do_not_track`.
    pub code: &'static str,
    /// Whether it speaks for sending.
    pub allows: bool,
    /// The record: object and id.
    pub record: Option<(&'static str, Uuid)>,
    /// When it came about.
    pub at: Option<i64>,
    /// Of a suppression: why and how far.
    pub stop: Option<(Why, Scope)>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it may be sent.
    pub allowed: bool,
    /// In one word.
    pub state: State,
    /// Everything that decided, what forbids first.
    pub why: Vec<Reason>,
}

impl Question {
    /// Whether a line of the ledger is about this.
    fn is_covered(&self, grant: &Grant) -> bool {
        self.purpose == grant.purpose
            && (grant.channel == Channel::All || grant.channel == self.channel)
            && (grant.topic.is_none() || grant.topic == self.topic)
    }

    /// Whether a suppression reaches this.
    fn is_stopped(&self, stop: &Stop) -> bool {
        let same_channel = stop.channel.is_none_or(|channel| channel == self.channel);
        match stop.scope {
            Scope::Everything => true,
            Scope::Marketing => self.purpose.needs_consent(),
            Scope::Channel => self.purpose.needs_consent() && same_channel,
            Scope::Topic => self.purpose.needs_consent() && same_channel && stop.topic == self.topic,
        }
    }
}

impl Grant {
    fn allows(&self) -> bool {
        self.act != Act::Withdrawn
    }

    /// Whether this one is about nothing that the other is not about.
    fn is_within(&self, other: &Self) -> bool {
        self.purpose == other.purpose
            && (other.channel == Channel::All || self.channel == other.channel)
            && (other.topic.is_none() || self.topic == other.topic)
    }

    fn has_expired(&self, at: i64) -> bool {
        self.valid_until.is_some_and(|end| end <= at)
    }

    /// Whether somebody said yes, it is in force, and no withdrawal of it or of more came at the same time or later.
    fn stands(&self, at: i64, all: &[Grant]) -> bool {
        let taken_back = |other: &Grant| !other.allows() && other.at >= self.at && self.is_within(other);
        self.allows() && self.at <= at && !self.has_expired(at) && !all.iter().any(taken_back)
    }
}

/// Answers a question from what is known of its address. The order of what is known does not matter.
pub fn judge(question: &Question, known: &Known) -> Verdict {
    let mut grants: Vec<Grant> = known.grants.clone();
    grants.sort_by_key(|grant| (grant.at, grant.id));
    let mut stops: Vec<&Stop> = known.stops.iter().filter(|stop| question.is_stopped(stop)).collect();
    stops.sort_by_key(|stop| (stop.at, stop.id));
    let mut why = people(question, &known.flags);
    why.extend(stops.into_iter().map(|stop| weigh_stop(question, stop, &grants)));
    why.push(weigh_grants(question, &grants));
    why.sort_by_key(|reason| reason.allows);
    let allowed = why.iter().all(|reason| reason.allows);
    let unasked = why.iter().all(|reason| reason.allows || reason.code == "no_consent");
    let state = match (allowed, unasked) {
        (true, _) => State::Allowed,
        (false, true) => State::Unknown,
        (false, false) => State::Refused,
    };
    Verdict { allowed, state, why }
}

/// What people said about themselves counts for every purpose.
fn people(question: &Question, flags: &Flags) -> Vec<Reason> {
    let reasons = |code, people: &[Uuid]| {
        let mut people = people.to_vec();
        people.sort_unstable();
        let reason = |id| Reason { code, allows: false, record: Some(("person", id)), at: None, stop: None };
        people.into_iter().map(reason).collect::<Vec<Reason>>()
    };
    let mut found = Vec::new();
    if question.channel == Channel::Phone {
        found.extend(reasons("do_not_call", &flags.do_not_call));
    }
    if question.purpose == Purpose::Tracking {
        found.extend(reasons("do_not_track", &flags.do_not_track));
    }
    found
}

/// A suppression stands until an administrator lifts it or the owner of the address opts in anew and proves it; one of
/// everything after a complaint or an objection is lifted by hand alone.
fn weigh_stop(question: &Question, stop: &Stop, grants: &[Grant]) -> Reason {
    let record = Some(("suppression", stop.id));
    let detail = Some((stop.why, stop.scope));
    if let Some(at) = stop.lifted_at.filter(|at| *at <= question.at) {
        return Reason { code: "suppression_lifted", allows: true, record, at: Some(at), stop: detail };
    }
    let is_final = stop.scope == Scope::Everything && matches!(stop.why, Why::Complaint | Why::Objection);
    let is_fresh = |grant: &&Grant| {
        // Whoever opted in anew for anything over this channel has an address that service messages reach too.
        let covers = if question.purpose.needs_consent() {
            question.is_covered(grant)
        } else {
            grant.channel == Channel::All || grant.channel == question.channel
        };
        grant.act == Act::Confirmed
            && !grant.is_imported
            && grant.at > stop.at
            && covers
            && grant.stands(question.at, grants)
    };
    match grants.iter().rfind(is_fresh).filter(|_| !is_final) {
        Some(grant) => Reason {
            code: "suppression_lifted",
            allows: true,
            record: Some(("consent", grant.id)),
            at: Some(grant.at),
            stop: detail,
        },
        None => Reason { code: "suppressed", allows: false, record, at: Some(stop.at), stop: detail },
    }
}

/// What the ledger says. Every withdrawal that reaches the question must be answered by a later yes for the same or for
/// less: who leaves a topic and then agrees to marketing in general has not come back to the topic.
fn weigh_grants(question: &Question, grants: &[Grant]) -> Reason {
    let of = |code, allows, grant: &Grant| Reason {
        code,
        allows,
        record: Some(("consent", grant.id)),
        at: Some(grant.at),
        stop: None,
    };
    let nothing = |code, allows| Reason { code, allows, record: None, at: None, stop: None };
    if question.purpose == Purpose::Transactional {
        return nothing("not_needed", true);
    }
    let covering: Vec<&Grant> = grants.iter().filter(|grant| question.is_covered(grant)).collect();
    let in_force = |grant: &Grant| grant.allows() && grant.at <= question.at && !grant.has_expired(question.at);
    let is_answered = |withdrawal: &Grant| {
        covering.iter().any(|yes| in_force(yes) && yes.at > withdrawal.at && yes.is_within(withdrawal))
    };
    if let Some(open) = covering.iter().rfind(|grant| !grant.allows() && !is_answered(grant)) {
        return of("consent_withdrawn", false, open);
    }
    if let Some(yes) = covering.iter().rfind(|grant| in_force(grant)) {
        let code = if yes.act == Act::Confirmed { "consent_confirmed" } else { "consent_given" };
        return of(code, true, yes);
    }
    if !question.purpose.needs_consent() {
        return nothing("not_needed", true);
    }
    match covering.iter().rfind(|grant| grant.allows() && grant.has_expired(question.at)) {
        Some(expired) => of("consent_expired", false, expired),
        None => nothing("no_consent", false),
    }
}

#[cfg(test)]
mod tests;
