//! Consent and suppression over real workspaces, on both databases.

use contacts::consent::{self, Channel, Purpose, Question, State, Verdict, normalise_address};
use contacts::{import, merge};
use model::fold::fold;
use model::{Actor, Code};
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

const ANN: &str = "ann@example.com";

fn ask(kit: &Kit, address: &str, channel: &str, purpose: &str, topic: &str) -> Verdict {
    let channel = Channel::parse(channel).unwrap();
    let question = Question {
        address: normalise_address(address, Some(channel), "DE").unwrap(),
        channel,
        purpose: Purpose::parse(purpose).unwrap(),
        topic: Some(fold(topic)).filter(|topic| !topic.is_empty()),
        at: kit.workspace.now(),
    };
    let workspace = kit.workspace.clone();
    kit.workspace.store().read(move |tx| consent::may_send(&workspace, tx, &question)).wait().unwrap()
}

/// `state: code, code` of marketing by e-mail.
fn email(kit: &Kit, address: &str, topic: &str) -> String {
    told(&ask(kit, address, "email", "marketing", topic))
}

fn told(verdict: &Verdict) -> String {
    let codes: Vec<&str> = verdict.why.iter().map(|reason| reason.code).collect();
    assert_eq!(verdict.allowed, verdict.state == State::Allowed);
    format!("{}: {}", verdict.state.name(), codes.join(", "))
}

fn act(kit: &Kit, address: &str, act: &str, more: Json) -> Uuid {
    let mut values = json!({ "address": address, "act": act, "channel": "email", "source": "form" });
    values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    kit.create("consent", values)
}

fn suppress(kit: &Kit, address: &str, reason: &str, scope: &str) -> Uuid {
    kit.create("suppression", json!({ "address": address, "reason": reason, "scope": scope }))
}

fn forever(kit: &Kit) -> Vec<String> {
    let numbers = kit.column("suppression", "number", "true", "number");
    numbers.iter().map(|number| number.as_str().unwrap().to_owned()).collect()
}

#[test]
fn marketing_needs_a_yes_and_the_last_word_counts() {
    on_both(|kit| {
        assert_eq!(email(kit, ANN, ""), "unknown: no_consent");
        act(kit, " Ann <ANN@Example.com>", "given", json!({}));
        assert_eq!(email(kit, ANN, ""), "allowed: consent_given");
        assert_eq!(email(kit, ANN, "Wine"), "allowed: consent_given");
        assert_eq!(told(&ask(kit, ANN, "chat", "marketing", "")), "unknown: no_consent");
        assert_eq!(told(&ask(kit, ANN, "email", "tracking", "")), "unknown: no_consent");
        act(kit, ANN, "withdrawn", json!({ "topic": "wine" }));
        assert_eq!(email(kit, ANN, "WINE"), "refused: consent_withdrawn");
        assert_eq!(email(kit, ANN, ""), "allowed: consent_given");
        act(kit, ANN, "given", json!({}));
        assert_eq!(email(kit, ANN, "Wine"), "refused: consent_withdrawn", "in general is not back to the topic");
        act(kit, ANN, "confirmed", json!({ "topic": "Wine" }));
        assert_eq!(email(kit, ANN, "Wine"), "allowed: consent_confirmed");
        act(kit, ANN, "withdrawn", json!({ "channel": "all" }));
        assert_eq!(email(kit, ANN, "Wine"), "refused: consent_withdrawn");
        assert_eq!(email(kit, ANN, ""), "refused: consent_withdrawn");
        assert_eq!(told(&ask(kit, ANN, "email", "service", "")), "allowed: not_needed");
        act(kit, ANN, "withdrawn", json!({ "purpose": "service" }));
        assert_eq!(told(&ask(kit, ANN, "email", "service", "")), "refused: consent_withdrawn");
        assert_eq!(told(&ask(kit, ANN, "email", "transactional", "")), "allowed: not_needed");
    });
}

#[test]
fn a_letter_finds_its_consent_however_the_address_is_laid_out() {
    on_both(|kit| {
        let written = "Faradayweg 4-6\n14195 Berlin";
        let id = act(kit, written, "given", json!({ "channel": "post", "source": "written" }));
        assert_eq!(kit.get("consent", id)["address"], json!("Faradayweg 4-6 14195 Berlin"), "the proof is as written");
        assert_eq!(told(&ask(kit, "FARADAYWEG 4-6, 14195 Berlin", "post", "marketing", "")), "allowed: consent_given");
        kit.create("suppression", json!({ "address": written, "channel": "post", "scope": "channel" }));
        let verdict = told(&ask(kit, "Faradayweg 4-6, 14195 Berlin", "post", "marketing", ""));
        assert_eq!(verdict, "refused: suppressed, consent_given");
    });
}

#[test]
fn consent_ends_by_itself_and_never_begins_in_the_future() {
    on_both(|kit| {
        let past = json!({ "at": "2020-01-01T00:00:00Z", "valid_until": "2021-01-01T00:00:00Z" });
        act(kit, ANN, "given", past);
        assert_eq!(email(kit, ANN, ""), "refused: consent_expired");
        let ahead = json!({ "address": ANN, "act": "given", "channel": "email", "at": "2999-01-01T00:00:00Z" });
        let refused = problem(kit.try_create(&kit.system(), "consent", ahead));
        assert_eq!(refused.fields[0].field, "at");
        let contract = json!({ "address": ANN, "act": "given", "channel": "email", "legal_basis": "contract" });
        assert_eq!(problem(kit.try_create(&kit.system(), "consent", contract)).fields[0].field, "legal_basis");
        let no_address = json!({ "address": "Ann", "act": "given", "channel": "email" });
        assert_eq!(problem(kit.try_create(&kit.system(), "consent", no_address)).fields[0].code, "bad_email");
    });
}

#[test]
fn the_ledger_is_only_added_to() {
    on_both(|kit| {
        let ann = kit.create("person", json!({ "given_name": "Ann", "emails": [ANN] }));
        let id = act(kit, ANN, "given", json!({ "wording": "Yes, send me news.", "person": ann }));
        let stored = kit.get("consent", id);
        let sha256 = "b462b59da1daf2427bd1d13a9f7b7a64e16a9dc2021dc23e098b0ea151753d29";
        assert_eq!(stored["wording_sha256"], json!(sha256));
        for change in [json!({ "act": "withdrawn" }), json!({ "wording": "x" }), json!({ "person": null })] {
            let refused = problem(kit.try_update(&kit.system(), "consent", id, change, None));
            assert_eq!(refused.code, Code::Conflict);
            assert!(refused.detail.contains("Record a new act"), "{}", refused.detail);
        }
        let delete = engine::Command::Delete { object: "consent".to_owned(), ids: vec![id], strict: true };
        let refused = problem(kit.workspace.write(&kit.system(), delete, None).wait());
        assert!(refused.detail.contains("is not deleted"), "{}", refused.detail);
        assert_eq!(kit.get("consent", id), stored);
    });
}

#[test]
fn undo_takes_a_yes_back_and_never_a_no() {
    on_both(|kit| {
        let values = ["given", "withdrawn"].map(|act| {
            let address = format!("{act}@example.com");
            kit.patch("consent", json!({ "address": address, "act": act, "channel": "email" })).unwrap()
        });
        let create = engine::Command::Create { object: "consent".to_owned(), values: values.to_vec(), strict: true };
        let (batch, outcome) = kit.workspace.write(&kit.system(), create, None).wait().unwrap();
        let undone = kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!((undone.undone, undone.kept_count), (1, 1));
        assert_eq!(undone.kept[0].id, outcome.ids[1]);
        assert!(undone.kept[0].reason.contains("withdrawal of consent stays"), "{}", undone.kept[0].reason);
        assert_eq!(email(kit, "given@example.com", ""), "unknown: no_consent");
        assert_eq!(email(kit, "withdrawn@example.com", ""), "refused: consent_withdrawn");
        kit.workspace.undo(&kit.system(), undone.batch).unwrap();
        assert_eq!(email(kit, "given@example.com", ""), "allowed: consent_given");
    });
}

#[test]
fn a_suppression_keeps_no_address_and_outlives_everything() {
    on_both(|kit| {
        let ann = kit.create("person", json!({ "given_name": "Ann", "emails": [ANN] }));
        act(kit, ANN, "given", json!({ "person": ann }));
        let values = vec![kit.patch("suppression", json!({ "address": "ANN@example.com" })).unwrap()];
        let create = engine::Command::Create { object: "suppression".to_owned(), values, strict: true };
        let (batch, outcome) = kit.workspace.write(&kit.system(), create, None).wait().unwrap();
        let id = outcome.ids[0];
        assert!(!outcome.records[0].to_json().to_string().contains("ann@"));
        let stored = kit.get("suppression", id);
        assert_eq!((&stored["address"], stored["key"].as_str().unwrap().len()), (&Json::Null, 64));
        let history = kit.workspace.history(&kit.system(), "suppression", id, None, 50).wait().unwrap();
        assert!(!history.to_string().to_lowercase().contains("ann@"), "{history}");
        assert_eq!(email(kit, ANN, ""), "refused: suppressed, consent_given");
        let undone = kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!((undone.undone, undone.kept_count), (0, 1));
        kit.delete("person", ann);
        let again = kit.create("person", json!({ "given_name": "Ann", "emails": [ANN] }));
        assert_eq!(email(kit, ANN, ""), "refused: suppressed, consent_given", "{again}");
        for change in [json!({ "scope": "topic", "topic": "x" }), json!({ "note": "x" })] {
            assert_eq!(problem(kit.try_update(&kit.system(), "suppression", id, change, None)).code, Code::Conflict);
        }
        assert_eq!(forever(kit), ["S-00001"]);
    });
}

#[test]
fn only_administrators_lift_and_say_why() {
    on_both(|kit| {
        act(kit, ANN, "given", json!({}));
        let id = suppress(kit, ANN, "complaint", "everything");
        let all = json!({ "objects": { "*": { "read": "all", "create": true, "update": "all", "delete": "all" } } });
        let member = kit.user("member", all, None);
        let lift = |actor, reason| consent::lift(&kit.workspace, actor, id, reason).wait();
        assert_eq!(problem(lift(&member, "They asked.")).code, Code::Forbidden);
        let system = kit.system();
        assert_eq!(problem(lift(&system, "  ")).fields[0].code, "required");
        let (batch, _) = lift(&system, "Called and asked to get the news again.").unwrap();
        assert_eq!(email(kit, ANN, ""), "allowed: suppression_lifted, consent_given");
        assert_eq!(problem(lift(&system, "Again.")).code, Code::Conflict);
        let undone = kit.workspace.undo(&member, batch).unwrap();
        assert_eq!(undone.undone, 1, "taking a lift back restricts");
        assert_eq!(email(kit, ANN, ""), "refused: suppressed, consent_given");
        let redone = kit.workspace.undo(&system, undone.batch).unwrap();
        assert_eq!((redone.undone, redone.kept_count), (0, 1), "redoing it needs a reason of its own");
        assert_eq!(email(kit, ANN, ""), "refused: suppressed, consent_given");
    });
}

#[test]
fn a_fresh_confirmed_opt_in_lifts_what_it_may() {
    on_both(|kit| {
        let confirmed = |address: &str, more: Json| act(kit, address, "confirmed", more);
        confirmed("old@example.com", json!({ "at": "2020-01-01T00:00:00Z" }));
        suppress(kit, "old@example.com", "unsubscribed", "marketing");
        assert_eq!(email(kit, "old@example.com", ""), "refused: suppressed, consent_confirmed");
        act(kit, "old@example.com", "given", json!({}));
        assert_eq!(email(kit, "old@example.com", ""), "refused: suppressed, consent_given", "not confirmed");
        confirmed("old@example.com", json!({ "source": "import" }));
        assert_eq!(
            email(kit, "old@example.com", ""),
            "refused: suppressed, consent_confirmed",
            "a file proves nothing"
        );
        confirmed("old@example.com", json!({ "topic": "Wine" }));
        assert_eq!(email(kit, "old@example.com", ""), "refused: suppressed, consent_confirmed");
        assert_eq!(email(kit, "old@example.com", "wine"), "allowed: suppression_lifted, consent_confirmed");
        for (reason, state) in [("hard_bounce", "allowed"), ("complaint", "refused"), ("objection", "refused")] {
            let address = format!("{reason}@example.com").replace('_', "");
            suppress(kit, &address, reason, "everything");
            confirmed(&address, json!({}));
            assert!(email(kit, &address, "").starts_with(state), "{reason}");
            assert!(told(&ask(kit, &address, "email", "transactional", "")).starts_with(state), "{reason}");
        }
    });
}

#[test]
fn merged_people_keep_the_strictest_suppression_and_the_consents_of_each_address() {
    on_both(|kit| {
        let person = |name: &str, email: &str| kit.create("person", json!({ "given_name": name, "emails": [email] }));
        let (ann, anne) = (person("Ann", ANN), person("Anne", "anne@example.com"));
        act(kit, ANN, "given", json!({ "person": ann }));
        let other = act(kit, "anne@example.com", "given", json!({ "person": anne }));
        suppress(kit, "anne@example.com", "objection", "everything");
        let merged = merge::merge(&kit.workspace, &kit.system(), "person", ann, vec![anne], model::Patch::new());
        let (batch, _) = merged.wait().unwrap();
        assert_eq!(kit.get("consent", other)["person"], json!(ann), "the proof moves with the person");
        assert_eq!(email(kit, ANN, ""), "allowed: consent_given");
        assert_eq!(email(kit, "anne@example.com", ""), "refused: suppressed, consent_given");
        kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!(kit.get("consent", other)["person"], json!(anne));
        assert_eq!(email(kit, "anne@example.com", ""), "refused: suppressed, consent_given");
    });
}

#[test]
fn people_who_want_no_calls_and_no_tracking_are_heard() {
    on_both(|kit| {
        let values = json!({ "given_name": "Ann", "emails": [ANN], "phones": ["030 1234567"], "do_not_call": true });
        let ann = kit.create("person", values);
        for channel in ["phone", "sms"] {
            act(kit, "+49 30 1234567", "given", json!({ "channel": channel }));
        }
        act(kit, ANN, "given", json!({ "purpose": "tracking" }));
        assert_eq!(told(&ask(kit, "030/1234567", "phone", "marketing", "")), "refused: do_not_call, consent_given");
        assert_eq!(told(&ask(kit, "030/1234567", "phone", "service", "")), "refused: do_not_call, not_needed");
        assert_eq!(told(&ask(kit, "030/1234567", "sms", "marketing", "")), "allowed: consent_given");
        assert_eq!(told(&ask(kit, "030/7654321", "phone", "service", "")), "allowed: not_needed");
        assert_eq!(told(&ask(kit, ANN, "email", "tracking", "")), "allowed: consent_given");
        kit.update("person", ann, json!({ "do_not_track": true, "do_not_call": false }));
        assert_eq!(told(&ask(kit, ANN, "email", "tracking", "")), "refused: do_not_track, consent_given");
        assert_eq!(told(&ask(kit, "030/1234567", "phone", "marketing", "")), "allowed: consent_given");
    });
}

#[test]
fn the_answer_names_only_records_that_may_be_seen() {
    on_both(|kit| {
        let id = act(kit, ANN, "given", json!({}));
        let check = |actor: &Actor| -> Json {
            let answer = consent::check(&kit.workspace, actor, "Ann@example.com", "email", "marketing", None);
            answer.unwrap().wait().unwrap()
        };
        let answer = check(&kit.system());
        assert_eq!((&answer["allowed"], &answer["why"][0]["id"]), (&json!(true), &json!(id)));
        let own = json!({ "objects": { "consent": { "read": "own", "create": true } } });
        let clerk = kit.user("clerk", own, None);
        let answer = check(&clerk);
        assert_eq!((&answer["allowed"], &answer["why"][0]["id"]), (&json!(true), &Json::Null));
        let wrong = consent::check(&kit.workspace, &clerk, ANN, "all", "marketing", None);
        assert_eq!(wrong.err().unwrap().fields[0].field, "channel");
    });
}

#[test]
fn an_import_says_what_is_suppressed_and_never_lifts() {
    on_both(|kit| {
        let folder = tempfile::tempdir().unwrap();
        let run = |object: &str, name: &str, text: &str, dry_run| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            let wanted = import::Wanted { object: object.to_owned(), file, dry_run, on_match: import::OnMatch::Update };
            import::run_to_end(&kit.workspace, &kit.system(), &wanted, |_| {}).unwrap()
        };
        act(kit, ANN, "given", json!({}));
        suppress(kit, ANN, "unsubscribed", "marketing");
        suppress(kit, "+49 30 1234567", "objection", "everything");
        let people = "First name,Last name,E-mail,Phone\nAnn,Lee,ANN@example.com,\n\
                      Bob,Ray,bob@example.com,030 1234567\nCho,Kim,cho@example.com,\n";
        for dry_run in [true, false] {
            let counts = run("people", "people.csv", people, dry_run).counts();
            assert_eq!((counts.created, counts.suppressed, counts.adds_up()), (3, 2, true));
            assert_eq!(email(kit, ANN, ""), "refused: suppressed, consent_given");
        }
        let consents = "Address,Act,Channel,When,Source\n\
                        ann@example.com,confirmed,email,2026-01-05T10:00:00Z,form\n\
                        bob@example.com,given,email,,form\n\
                        cho@example.com,withdrawn,email,2026-01-05T10:00:00Z,form\n";
        let import = run("consents", "consents.csv", consents, false);
        assert_eq!((import.counts().created, import.counts().errors), (2, 1), "an import says when it was");
        assert_eq!(email(kit, ANN, ""), "refused: suppressed, consent_given");
        assert_eq!(kit.column("consent", "source", "address == 'cho@example.com'", "at"), [json!("import")]);
        kit.workspace.undo(&kit.system(), import.row.batch.unwrap()).unwrap();
        assert_eq!(email(kit, "cho@example.com", ""), "refused: consent_withdrawn", "a no is never lost");
    });
}
