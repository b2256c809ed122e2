//! The digest on both databases: what is unread, once, by the reader's rights, language and clock at that moment.

use std::sync::{Arc, Mutex};

use engine::mail::{Carried, MailSettings, Parcel};
use model::Actor;
use serde_json::{Value as Json, json};
use store::Priority;
use store::tables::{mails, notifications};
use testkit::{Kit, on_both};
use uuid::Uuid;

type Sent = Arc<Mutex<Vec<Parcel>>>;

fn set_up(kit: &Kit) -> Sent {
    let sent = Sent::default();
    let inner = sent.clone();
    let carrier = Arc::new(move |_: &engine::mail::Server, parcel: &Parcel| {
        inner.lock().unwrap().push(parcel.clone());
        Carried::Accepted("250 ok".to_owned())
    });
    kit.workspace.attach_post("https://crm.example.com", carrier);
    let settings = MailSettings {
        host: "mail.example.com".to_owned(),
        port: 465,
        sender_address: "crm@example.com".to_owned(),
        ..MailSettings::default()
    };
    kit.workspace.set_mail(&kit.system(), Some(settings), None).unwrap();
    sent
}

fn user(kit: &Kit, name: &str, more: Json) -> Actor {
    let rights = json!({ "objects": { "*": { "read": "all", "create": true, "update": "all", "delete": "all" } } });
    let user = kit.user(name, rights, None);
    kit.update("user", user.id, more);
    user
}

/// Runs what is planned for a user as if its time had come, and sends.
fn collect(kit: &Kit, user: &Actor, at: i64) {
    kit.consume("notifications");
    let (workspace, payload, now) = (kit.workspace.clone(), json!({ "user": user.id, "at": at }), kit.workspace.now());
    let queue = move |tx: &mut store::Tx| workspace.enqueue(tx, "digest.collect", &payload, now).map(drop);
    kit.workspace.store().write(Priority::Interactive, queue).wait().unwrap();
    while kit.workspace.run_due_job().unwrap() {}
    while kit.workspace.post_due().unwrap() {}
}

/// The mails queued before belong to a time long ago.
fn age(kit: &Kit) {
    kit.workspace.store().write(Priority::Interactive, testkit::tamper::age_mails).wait().unwrap();
}

fn taken(sent: &Sent) -> Vec<Parcel> {
    std::mem::take(&mut *sent.lock().unwrap())
}

fn planned(kit: &Kit) -> usize {
    kit.workspace.list_jobs("digest.collect", 50).wait().unwrap().iter().filter(|job| job.status == "queued").count()
}

fn give(kit: &Kit, from: &Actor, to: &Actor, title: &str) -> Uuid {
    kit.try_create(from, "task", json!({ "title": title, "assignee": to.id })).unwrap().ids[0]
}

#[test]
fn what_is_unread_is_told_once_in_the_readers_words() {
    on_both(|kit| {
        let sent = set_up(kit);
        let ann = user(kit, "ann", json!({ "name": "<b>Ann</b>\u{2028}Bcc: x@example.com" }));
        let ben = user(kit, "ben", json!({ "digest": "soon", "locale": "de-DE", "time_zone": "Europe/Berlin" }));
        kit.consume("notifications");
        let [first, _, gone] = ["Angebot <script>", "Vertrag", "Weg"].map(|title| give(kit, &ann, &ben, title));
        kit.consume("notifications");
        assert_eq!(planned(kit), 1, "many notifications, one mail");
        kit.delete("task", gone);
        collect(kit, &ben, 0);
        let mail = taken(&sent).remove(0);
        assert_eq!(
            (mail.to.1.as_str(), mail.letter.subject.as_str()),
            ("ben@example.com", "2 neue Benachrichtigungen")
        );
        let (text, html) = (&mail.letter.text, &mail.letter.html);
        assert!(text.contains("- <b>Ann</b> Bcc: x@example.com hat Ihnen Angebot <script> übergeben ("), "{text}");
        assert!(text.contains(&format!("https://crm.example.com/tasks/{first}")) && text.contains("/settings/profile"));
        assert!(
            html.contains("&lt;b&gt;Ann&lt;/b&gt;")
                && html.contains("Angebot &lt;script&gt;")
                && !html.contains("<script")
        );
        assert!(!text.contains("Weg"), "what is in the recycle bin is not named");
        // Never twice.
        age(kit);
        collect(kit, &ben, 0);
        assert!(taken(&sent).is_empty());
    });
}

#[test]
fn what_was_read_or_is_out_of_sight_is_not_told() {
    on_both(|kit| {
        let sent = set_up(kit);
        let ann = user(kit, "ann", json!({}));
        let ben = user(kit, "ben", json!({ "digest": "soon" }));
        kit.consume("notifications");
        give(kit, &ann, &ben, "Read");
        kit.consume("notifications");
        let (id, now) = (ben.id, kit.workspace.now());
        let read = move |tx: &mut store::Tx| notifications::mark(tx, id, None, Some(now));
        kit.workspace.store().write(Priority::Interactive, read).wait().unwrap();
        collect(kit, &ben, 0);
        assert!(taken(&sent).is_empty(), "read already");
        // Queued while it was to be seen; by the time it is sent the reader has lost the right.
        give(kit, &ann, &ben, "Secret");
        kit.consume("notifications");
        let queue = {
            let (workspace, payload) = (kit.workspace.clone(), json!({ "user": ben.id, "at": 0 }));
            move |tx: &mut store::Tx| workspace.enqueue(tx, "digest.collect", &payload, now).map(drop)
        };
        kit.workspace.store().write(Priority::Interactive, queue).wait().unwrap();
        while kit.workspace.run_due_job().unwrap() {}
        let role = kit.get("user", ben.id)["role"].as_str().unwrap().parse().unwrap();
        kit.update("role", role, json!({ "rights": {} }));
        while kit.workspace.post_due().unwrap() {}
        assert!(taken(&sent).is_empty(), "out of sight");
        let ledger = kit.workspace.store().read(mails::ledger).wait().unwrap();
        assert_eq!(ledger.states, [("cancelled".to_owned(), 1)]);
    });
}

#[test]
fn everyone_gets_what_they_chose() {
    on_both(|kit| {
        let sent = set_up(kit);
        let ann = user(kit, "ann", json!({}));
        let ben = user(kit, "ben", json!({ "digest": "daily", "digest_hour": 8, "unmailed": ["assigned"] }));
        let eva = user(kit, "eva", json!({}));
        kit.consume("notifications");
        give(kit, &ann, &ben, "One");
        give(kit, &ann, &eva, "Two");
        kit.consume("notifications");
        assert_eq!(planned(kit), 0, "one wants no such kind, the other no mail");
        kit.update("user", ben.id, json!({ "unmailed": [] }));
        give(kit, &ann, &ben, "Three");
        kit.consume("notifications");
        assert_eq!(planned(kit), 1);
        // Planned for an hour that is not the reader's any more: put off.
        collect(kit, &ben, 9 * 3_600_000_000);
        assert!(taken(&sent).is_empty());
        collect(kit, &ben, 8 * 3_600_000_000);
        let mail = taken(&sent).remove(0);
        assert_eq!(mail.letter.subject, "2 new notifications", "what was kept back is told with it");
        give(kit, &ann, &ben, "Four");
        collect(kit, &ben, 8 * 3_600_000_000);
        assert!(taken(&sent).is_empty(), "once a day");
        age(kit);
        collect(kit, &ben, 8 * 3_600_000_000);
        assert_eq!(taken(&sent).remove(0).letter.subject, "One new notification");
        assert!(kit.try_update(&ben, "user", ben.id, json!({ "digest_hour": 24 }), None).is_err());
        kit.try_update(&ben, "user", ben.id, json!({ "digest_hour": null, "digest": null }), None).unwrap();
    });
}
