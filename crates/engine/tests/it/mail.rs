//! The outbox on both databases: what is queued is sent once the server takes it, and the ledger agrees at every step.

use std::sync::{Arc, Mutex};

use engine::mail::{Carried, MailSettings, Parcel, Security, Stage};
use model::Actor;
use serde_json::{Value as Json, json};
use store::Priority;
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

/// What the carrier answers next, and what it was given.
type Script = Arc<Mutex<(Vec<Carried>, Vec<Parcel>)>>;

fn settings() -> MailSettings {
    MailSettings {
        host: "mail.example.com".to_owned(),
        port: 465,
        security: Security::Tls,
        user: "crm".to_owned(),
        sender_address: "crm@example.com".to_owned(),
        ..MailSettings::default()
    }
}

/// A workspace that sends to a script; it accepts when the script has ended.
fn set_up(kit: &Kit) -> Script {
    let script: Script = Arc::default();
    let inner = script.clone();
    kit.workspace.attach_post(
        "https://crm.example.com/",
        Arc::new(move |server, parcel| {
            assert_eq!(server.password, "s3cret");
            let (answers, seen) = &mut *inner.lock().unwrap();
            seen.push(parcel.clone());
            if answers.is_empty() { Carried::Accepted("250 ok".to_owned()) } else { answers.remove(0) }
        }),
    );
    kit.workspace.set_mail(&kit.system(), Some(settings()), Some("s3cret".to_owned())).unwrap();
    script
}

/// Invites a user by mail.
fn invite(kit: &Kit, user: &Actor, useless_at: i64) {
    let (workspace, id, by) = (kit.workspace.clone(), user.id, kit.system());
    let work = move |tx: &mut store::Tx| {
        let schema = workspace.schema();
        let user = tx.find(schema.find_object("user").unwrap(), id)?.unwrap();
        workspace.mail_invitation(tx, &by, &user, "TOKEN-7f3a", useless_at)
    };
    assert!(kit.workspace.store().write(Priority::Interactive, work).wait().unwrap());
}

fn page(kit: &Kit) -> Json {
    let page = kit.workspace.list_mails(&kit.system(), None, None, 50).unwrap();
    let ledger = &page["ledger"];
    let figure = |name: &str| ledger[name].as_i64().unwrap();
    assert_eq!(figure("queued"), figure("waiting") + figure("sent") + figure("failed") + figure("cancelled"));
    page
}

fn first(kit: &Kit) -> (String, String) {
    let one = page(kit)["mails"][0].clone();
    (one["status"].as_str().unwrap().to_owned(), one["answer"].as_str().unwrap_or_default().to_owned())
}

fn mail_id(kit: &Kit) -> Uuid {
    page(kit)["mails"][0]["id"].as_str().unwrap().parse().unwrap()
}

fn later(kit: &Kit) -> i64 {
    kit.workspace.now() + 3_600_000_000
}

#[test]
fn what_is_queued_goes_out_and_says_what_it_should() {
    on_both(|kit| {
        let script = set_up(kit);
        let ann = kit.user("ann", json!({}), None);
        assert!(!kit.workspace.post_due().unwrap());
        invite(kit, &ann, later(kit));
        assert_eq!(first(kit).0, "waiting");
        assert!(kit.workspace.post_due().unwrap() && !kit.workspace.post_due().unwrap());
        assert_eq!(first(kit), ("sent".to_owned(), "250 ok".to_owned()));
        let parcel = script.lock().unwrap().1.remove(0);
        assert_eq!(parcel.to, ("ann".to_owned(), "ann@example.com".to_owned()));
        assert!(parcel.message_id.ends_with("@example.com"));
        assert!(parcel.letter.text.contains("https://crm.example.com/invite/TOKEN-7f3a\n"), "{}", parcel.letter.text);
        assert!(parcel.letter.html.contains("href=\"https://crm.example.com/invite/TOKEN-7f3a\""));
        // Sent is sent.
        problem(kit.workspace.change_mail(&kit.system(), mail_id(kit), true));
        problem(kit.workspace.change_mail(&kit.system(), mail_id(kit), false));
    });
}

#[test]
fn refusals_end_faults_are_tried_again_and_lost_answers_are_marked() {
    on_both(|kit| {
        let script = set_up(kit);
        let ann = kit.user("ann", json!({}), None);
        let answer = |carried: Carried| script.lock().unwrap().0.push(carried);
        invite(kit, &ann, later(kit));
        answer(Carried::Unsure("the answer was lost".to_owned()));
        kit.workspace.post_due().unwrap();
        let one = page(kit)["mails"][0].clone();
        assert_eq!((one["status"].as_str(), one["unsure"].as_bool()), (Some("waiting"), Some(true)));
        assert!(!kit.workspace.post_due().unwrap(), "not before its time");
        kit.workspace.change_mail(&kit.system(), mail_id(kit), true).unwrap();
        answer(Carried::Later(Stage::Recipient, "450 greylisted".to_owned()));
        kit.workspace.post_due().unwrap();
        assert_eq!(first(kit), ("waiting".to_owned(), "450 greylisted".to_owned()));
        kit.workspace.change_mail(&kit.system(), mail_id(kit), true).unwrap();
        answer(Carried::Refused(Stage::Recipient, "550 no such user\r\nX: y".to_owned()));
        kit.workspace.post_due().unwrap();
        assert_eq!(first(kit), ("failed".to_owned(), "550 no such user X: y".to_owned()));
        // By hand it is tried again, with what it said before and under the same Message-ID.
        kit.workspace.change_mail(&kit.system(), mail_id(kit), true).unwrap();
        kit.workspace.post_due().unwrap();
        assert_eq!(first(kit).0, "sent");
        let seen = script.lock().unwrap().1.clone();
        assert_eq!(seen.len(), 4);
        assert!(seen.iter().all(|one| (&one.message_id, one.at) == (&seen[0].message_id, seen[0].at)));
        assert!(seen.iter().all(|one| one.letter == seen[0].letter));
        // Ever more of it: given up after ten tries.
        invite(kit, &ann, later(kit));
        for _ in 0..10 {
            answer(Carried::Later(Stage::Connect, "no route".to_owned()));
            let now = kit.workspace.now();
            let hurry = move |tx: &mut store::Tx| store::tables::mails::hurry(tx, now);
            kit.workspace.store().write(Priority::Interactive, hurry).wait().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(2));
            assert!(kit.workspace.post_due().unwrap());
        }
        assert_eq!(first(kit), ("failed".to_owned(), "no route".to_owned()));
    });
}

#[test]
fn a_mail_ends_when_it_is_of_no_use() {
    on_both(|kit| {
        let script = set_up(kit);
        let [ann, ben] = ["ann", "ben"].map(|name| kit.user(name, json!({}), None));
        invite(kit, &ann, kit.workspace.now() - 1);
        kit.workspace.post_due().unwrap();
        assert_eq!(first(kit), ("failed".to_owned(), "Too late: its link has ended.".to_owned()));
        invite(kit, &ben, later(kit));
        kit.update("user", ben.id, json!({ "active": false }));
        kit.workspace.post_due().unwrap();
        assert_eq!(first(kit).0, "cancelled");
        assert!(script.lock().unwrap().1.is_empty());
        invite(kit, &ann, later(kit));
        kit.workspace.change_mail(&kit.system(), mail_id(kit), false).unwrap();
        assert!(!kit.workspace.post_due().unwrap());
        assert_eq!(page(kit)["ledger"]["cancelled"], 2);
    });
}

#[test]
fn two_senders_never_get_the_same_mail() {
    on_both(|kit| {
        let script = set_up(kit);
        let ann = kit.user("ann", json!({}), None);
        for _ in 0..20 {
            invite(kit, &ann, later(kit));
        }
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| while kit.workspace.post_due().unwrap() {});
            }
        });
        let mut seen: Vec<String> = script.lock().unwrap().1.iter().map(|one| one.message_id.clone()).collect();
        assert_eq!(seen.len(), 20);
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len(), &page(kit)["ledger"]["sent"]), (20, &json!(20)));
    });
}

#[test]
fn a_restored_workspace_sends_nothing_until_somebody_says_so() {
    on_both(|kit| {
        let script = set_up(kit);
        let ann = kit.user("ann", json!({}), None);
        invite(kit, &ann, later(kit));
        invite(kit, &ann, later(kit));
        assert_eq!(kit.workspace.hold_mail().unwrap(), 2);
        assert!(!kit.workspace.post_due().unwrap());
        assert_eq!((first(kit).0.as_str(), &page(kit)["ledger"]["held"]), ("held", &json!(2)));
        kit.workspace.change_mail(&kit.system(), mail_id(kit), false).unwrap();
        assert_eq!(kit.workspace.release_mail(&kit.system(), true).unwrap(), 1);
        while kit.workspace.post_due().unwrap() {}
        assert_eq!(script.lock().unwrap().1.len(), 1);
    });
}

#[test]
fn the_password_is_sealed_and_goes_nowhere_else() {
    on_both(|kit| {
        set_up(kit);
        let system = kit.system();
        let shown = kit.workspace.mail_settings(&system).unwrap();
        assert_eq!((&shown["has_password"], shown.to_string().contains("s3cret")), (&json!(true), false));
        let kept = kit.workspace.store().read(|tx| store::tables::settings::find(tx, "mail")).wait().unwrap().unwrap();
        assert!(!kept.to_string().contains("s3cret"));
        // The name of the sender may change, the server may not without its password.
        let named = MailSettings { sender_name: "Acme\r\nBcc: eve@example.com".to_owned(), ..settings() };
        kit.workspace.set_mail(&system, Some(named), None).unwrap();
        let shown = kit.workspace.mail_settings(&system).unwrap();
        assert_eq!(shown["settings"]["sender_name"], "Acme Bcc: eve@example.com");
        for elsewhere in [
            MailSettings { host: "evil.example.com".to_owned(), ..settings() },
            MailSettings { port: 25, ..settings() },
            MailSettings { user: "other".to_owned(), ..settings() },
            MailSettings { security: Security::StartTls, ..settings() },
        ] {
            let refused = problem(kit.workspace.set_mail(&system, Some(elsewhere), None));
            assert_eq!(refused.fields[0].field, "password");
        }
        let nobody = kit.user("nobody", json!({}), None);
        problem(kit.workspace.mail_settings(&nobody));
        problem(kit.workspace.set_mail(&nobody, None, None));
        problem(kit.workspace.list_mails(&nobody, None, None, 5));
        problem(kit.workspace.release_mail(&nobody, true));
        kit.workspace.set_mail(&system, None, None).unwrap();
        assert_eq!(kit.workspace.mail_settings(&system).unwrap(), Json::Null);
    });
}

#[test]
fn verify_finds_a_bent_ledger() {
    let kit = testkit::sqlite();
    set_up(&kit);
    let ann = kit.user("ann", json!({}), None);
    invite(&kit, &ann, later(&kit));
    kit.check();
    kit.workspace.store().write(Priority::Interactive, testkit::tamper::lose_mails).wait().unwrap();
    let faults = kit.workspace.verify().unwrap();
    assert!(faults.iter().any(|fault| fault.promise == "mail"), "{faults:?}");
}
