//! Every combination that the rules of consent name, stored and asked on both databases, against the rules written
//! down a second time in the plainest way.

use contacts::consent::{self, Channel, Purpose, Question, Scope, Why};
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both};

/// What the ledger says of an address, in the order in which it happened; `|` is the moment of the suppression.
const LEDGERS: &[&[(&str, &str)]] = &[
    &[],
    &[("given", "")],
    &[("confirmed", ""), ("|", "")],
    &[("|", ""), ("given", "")],
    &[("|", ""), ("confirmed", "")],
    &[("|", ""), ("confirmed", "wine")],
    &[("|", ""), ("confirmed", ""), ("withdrawn", "")],
    &[("given", ""), ("withdrawn", "wine")],
    &[("withdrawn", ""), ("|", ""), ("confirmed", "")],
    &[("withdrawn", "wine"), ("given", "")],
    &[("given", ""), ("withdrawn", ""), ("given", "wine")],
];

struct Case {
    address: String,
    ledger: &'static [(&'static str, &'static str)],
    stop: Option<(Scope, Why)>,
}

fn cases() -> Vec<Case> {
    let mut stops = vec![None];
    for scope in Scope::ALL {
        stops.extend(Why::ALL.iter().map(|why| Some((*scope, *why))));
    }
    let mut cases = Vec::new();
    for ledger in LEDGERS {
        for stop in &stops {
            cases.push(Case { address: format!("case{}@example.com", cases.len()), ledger, stop: *stop });
        }
    }
    cases
}

/// The moment of the n-th step of a ledger.
fn moment(step: usize) -> String {
    format!("2026-01-01T00:00:{step:02}Z")
}

fn store(kit: &Kit, cases: &[Case]) {
    let (mut acts, mut stops): (Vec<Json>, Vec<Json>) = (Vec::new(), Vec::new());
    for case in cases {
        let steps = case.ledger.iter().enumerate().filter(|(_, (act, _))| *act != "|");
        acts.extend(steps.map(|(step, (act, topic))| {
            json!({ "address": case.address, "channel": "email", "act": act, "topic": topic, "at": moment(step) })
        }));
        if let Some((scope, why)) = case.stop {
            let at = case.ledger.iter().position(|(act, _)| *act == "|").unwrap_or(case.ledger.len());
            let mut stop =
                json!({ "address": case.address, "scope": scope.name(), "reason": why.name(), "at": moment(at) });
            match scope {
                Scope::Topic => stop["topic"] = json!("Wine"),
                Scope::Channel => stop["channel"] = json!("email"),
                _ => {}
            }
            stops.push(stop);
        }
    }
    for (object, rows) in [("consent", acts), ("suppression", stops)] {
        let values = rows.into_iter().map(|row| kit.patch(object, row).unwrap()).collect();
        let command = engine::Command::Create { object: object.to_owned(), values, strict: true };
        kit.workspace.write(&kit.system(), command, None).wait().unwrap();
    }
}

/// The rules once more, as a lawyer would read them aloud. `channel` is the one of the question.
fn expected(case: &Case, channel: Channel, purpose: Purpose, topic: &str) -> bool {
    let marketing = matches!(purpose, Purpose::Marketing | Purpose::Tracking);
    // The ledger of the table is about marketing by e-mail.
    let about = |of: &str| channel == Channel::Email && (of.is_empty() || of == topic);
    let yes = |act: &str| act == "given" || act == "confirmed";
    let steps: Vec<(usize, &str, &str)> =
        case.ledger.iter().enumerate().map(|(step, (act, of))| (step, *act, *of)).collect();
    let mut consent = !marketing;
    if purpose == Purpose::Marketing {
        let asked: Vec<_> = steps.iter().filter(|(_, act, of)| *act != "|" && about(of)).collect();
        let open = asked.iter().any(|(when, act, of)| {
            let back =
                |(later, act, less): &&&(usize, &str, &str)| later > when && yes(act) && (of.is_empty() || less == of);
            *act == "withdrawn" && !asked.iter().any(|step| back(&step))
        });
        consent = !open && asked.iter().any(|(_, act, _)| yes(act));
    }
    let Some((scope, why)) = case.stop else { return consent };
    let reached = match scope {
        Scope::Topic => marketing && topic == "wine",
        Scope::Channel => marketing && channel == Channel::Email,
        Scope::Marketing => marketing,
        Scope::Everything => true,
    };
    let since = case.ledger.iter().position(|(act, _)| *act == "|").unwrap_or(case.ledger.len());
    let by_hand_only = scope == Scope::Everything && (why == Why::Complaint || why == Why::Objection);
    let fresh = steps.iter().any(|(when, act, of)| {
        let fits = match purpose {
            Purpose::Marketing => about(of),
            Purpose::Tracking => false,
            _ => channel == Channel::Email,
        };
        let gone = steps
            .iter()
            .any(|(later, act, more)| *act == "withdrawn" && later > when && (more.is_empty() || more == of));
        *act == "confirmed" && *when > since && fits && !gone
    });
    consent && (!reached || (fresh && !by_hand_only))
}

#[test]
fn every_combination_is_answered_as_the_rules_say() {
    on_both(|kit| {
        let cases = cases();
        store(kit, &cases);
        let addresses: Vec<String> = cases.iter().map(|case| case.address.clone()).collect();
        let workspace = kit.workspace.clone();
        let known = kit.workspace.store().read(move |tx| consent::load(&workspace, tx, &addresses)).wait().unwrap();
        let (mut asked, mut allowed, mut wrong) = (0, 0, Vec::new());
        for case in &cases {
            let known = known.get(&case.address).cloned().unwrap_or_default();
            for channel in [Channel::Email, Channel::Sms] {
                for purpose in Purpose::ALL {
                    for topic in ["", "wine", "beer"] {
                        let question = Question {
                            address: case.address.clone(),
                            channel,
                            purpose: *purpose,
                            topic: Some(topic.to_owned()).filter(|topic| !topic.is_empty()),
                            at: kit.workspace.now(),
                        };
                        let verdict = consent::judge(&question, &known);
                        asked += 1;
                        allowed += usize::from(verdict.allowed);
                        if verdict.allowed != expected(case, channel, *purpose, topic) {
                            wrong.push(format!("{:?} {:?} {question:?} {verdict:?}", case.ledger, case.stop));
                        }
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {asked}: {:#?}", wrong.len(), wrong.first());
        assert_eq!((asked, cases.len()), (6_600, 275));
        assert!(allowed > 1_000 && allowed < asked - 1_000, "{allowed}");
    });
}
