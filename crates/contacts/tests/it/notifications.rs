//! Who is told what, on both databases: each change once, nobody about their own doing or about what they may not see.

use engine::{Command, Edit};
use model::Actor;
use serde_json::{Value as Json, json};
use store::Priority;
use store::tables::notifications;
use testkit::{Kit, on_both};
use uuid::Uuid;

const ALL: &str = r#"{"objects":{"*":{"read":"all","create":true,"update":"all","delete":"all"}}}"#;

/// What a user was told since, oldest first: `kind subject`, with the number where it is more than one.
fn told(kit: &Kit, user: &Actor) -> Vec<String> {
    kit.consume("notifications");
    let id = user.user.unwrap();
    let page = kit.workspace.notifications(user, id, true, None, 50).wait().unwrap();
    let shown = page["notifications"].as_array().unwrap().iter().rev().map(|one| {
        let number = if one["number"] == 1 { String::new() } else { format!(" x{}", one["number"]) };
        format!("{} {}{number}", one["kind"].as_str().unwrap(), one["subject"]["title"].as_str().unwrap())
    });
    let shown = shown.collect();
    let now = kit.workspace.now();
    let read =
        kit.workspace.store().write(Priority::Interactive, move |tx| notifications::mark(tx, id, None, Some(now)));
    read.wait().unwrap();
    shown
}

fn say(kit: &Kit, who: &Actor, about: Uuid, rest: Json) -> Uuid {
    let mut values = json!({ "body": "Have a look", "about": [{ "object": "company", "id": about }] });
    values.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    kit.try_create(who, "comment", values).unwrap().ids[0]
}

#[test]
fn talk_reaches_those_whom_it_concerns() {
    on_both(|kit| {
        let rights: Json = serde_json::from_str(ALL).unwrap();
        let [ann, ben, eva, out] = ["ann", "ben", "eva", "out"].map(|name| kit.user(name, rights.clone(), None));
        let blind = kit.user("blind", json!({ "objects": { "task": { "read": "all" } } }), None);
        kit.consume("notifications");
        let acme = kit.create("company", json!({ "name": "Acme", "owner": eva.user }));
        assert_eq!(told(kit, &eva), ["assigned Acme"]);
        // Mentioned, the owner, and one who may not see it.
        let first = say(kit, &ann, acme, json!({ "mentions": [ben.user, blind.user, ann.user] }));
        assert_eq!(told(kit, &ben), ["mention Acme"]);
        assert_eq!(told(kit, &eva), ["comment Acme"]);
        assert!(told(kit, &blind).is_empty() && told(kit, &ann).is_empty() && told(kit, &out).is_empty());
        // An answer reaches the author as such, and the talk those who take part in it.
        say(kit, &ben, acme, json!({ "reply_to": first }));
        assert_eq!(
            (told(kit, &ann), told(kit, &eva)),
            (vec!["reply Acme".to_owned()], vec!["comment Acme".to_owned()])
        );
        say(kit, &eva, acme, json!({}));
        assert_eq!(
            (told(kit, &ann), told(kit, &ben)),
            (vec!["comment Acme".to_owned()], vec!["comment Acme".to_owned()])
        );
        // Mentioned later: only the new one.
        kit.try_update(&ann, "comment", first, json!({ "mentions": [ben.user, out.user] }), None).unwrap();
        assert_eq!((told(kit, &out), told(kit, &ben)), (vec!["mention Acme".to_owned()], vec![]));
        // The text comes along where it may be read.
        say(kit, &ann, acme, json!({ "mentions": [ben.user], "body": "x".repeat(500) }));
        kit.consume("notifications");
        let page = kit.workspace.notifications(&ben, ben.user.unwrap(), true, None, 1).wait().unwrap();
        assert_eq!(page["notifications"][0]["text"].as_str().unwrap().chars().count(), 201);
        assert_eq!(page["unread"], 1);
    });
}

#[test]
fn what_one_follows_tells_of_its_changes_once() {
    on_both(|kit| {
        let rights: Json = serde_json::from_str(ALL).unwrap();
        let [ann, ben] = ["ann", "ben"].map(|name| kit.user(name, rights.clone(), None));
        let acme = kit.create("company", json!({ "name": "Acme" }));
        let (user, now) = (ben.user.unwrap(), kit.workspace.now());
        let follow = move |at| move |tx: &mut store::Tx| notifications::follow(tx, user, "company", acme, at);
        kit.workspace.store().write(Priority::Interactive, follow(Some(now))).wait().unwrap();
        kit.consume("notifications");
        for industry in ["Boats", "Ships", "Trains"] {
            kit.try_update(&ann, "company", acme, json!({ "industry": industry }), None).unwrap();
            kit.consume("notifications");
        }
        assert_eq!(told(kit, &ben), ["change Acme"]);
        assert!(told(kit, &ben).is_empty());
        kit.try_update(&ben, "company", acme, json!({ "industry": "Planes" }), None).unwrap();
        assert!(told(kit, &ben).is_empty());
        kit.workspace.store().write(Priority::Interactive, follow(None)).wait().unwrap();
        kit.try_update(&ann, "company", acme, json!({ "industry": "Bikes" }), None).unwrap();
        assert!(told(kit, &ben).is_empty());
    });
}

#[test]
fn many_at_once_are_told_as_one() {
    on_both(|kit| {
        let rights: Json = serde_json::from_str(ALL).unwrap();
        let [ann, ben] = ["ann", "ben"].map(|name| kit.user(name, rights.clone(), None));
        kit.consume("notifications");
        let ids: Vec<Uuid> =
            (0..700).map(|number| kit.create("task", json!({ "title": format!("T{number:03}") }))).collect();
        let patch = kit.patch("task", json!({ "assignee": ben.user })).unwrap();
        let edits = ids.iter().map(|id| Edit { id: *id, patch: patch.clone(), if_version: None }).collect();
        let command = Command::Update { object: "task".to_owned(), edits, strict: true };
        kit.workspace.write(&ann, command, None).wait().unwrap();
        assert_eq!(told(kit, &ben), ["assigned T000 x700"]);
        let alone = kit.create("task", json!({ "title": "Alone", "assignee": ben.user }));
        assert_eq!(told(kit, &ben), ["assigned Alone"]);
        // What is no longer to be seen is no longer told.
        kit.try_update(&ann, "task", alone, json!({ "assignee": ann.user }), None).unwrap();
        assert_eq!(told(kit, &ben), Vec::<String>::new());
        assert!(told(kit, &ann).is_empty());
    });
}

/// Long enough for a busy machine to deal with the tasks before it is over.
const AHEAD_MS: i64 = 3_000;

#[test]
fn a_task_reminds_at_its_time_and_only_while_it_is_open() {
    on_both(|kit| {
        let rights: Json = serde_json::from_str(ALL).unwrap();
        let ben = kit.user("ben", rights, None);
        kit.consume("notifications");
        let soon = |ms: i64| model::value::instant_to_text(kit.workspace.now() + ms * 1_000);
        let task = |title: &str, ms| {
            let values = json!({ "title": title, "assignee": ben.user, "reminder_at": soon(ms) });
            kit.try_create(&ben, "task", values).unwrap().ids[0]
        };
        task("Call", AHEAD_MS);
        let done = task("Done", AHEAD_MS);
        let moved = task("Moved", AHEAD_MS);
        kit.consume("notifications");
        kit.update("task", done, json!({ "status": "done" }));
        kit.update("task", moved, json!({ "reminder_at": soon(3_600_000) }));
        std::thread::sleep(std::time::Duration::from_millis(AHEAD_MS.unsigned_abs() + 200));
        while kit.workspace.run_due_job().unwrap() {}
        assert_eq!(told(kit, &ben), ["reminder Call"]);
    });
}

#[test]
fn the_owner_of_a_document_is_told_before_it_expires() {
    on_both(|kit| {
        let rights: Json = serde_json::from_str(ALL).unwrap();
        let (ben, eve) = (kit.user("ben", rights, None), kit.user("eve", json!({}), None));
        kit.consume("notifications");
        let document = |owner: &Actor, day: &str| {
            kit.create("document", json!({ "name": "Lease", "owner": owner.user, "expires_on": day }))
        };
        let (lease, hidden) = (document(&ben, "2099-03-20"), document(&eve, "2099-03-20"));
        document(&ben, "2001-03-20");
        kit.consume("notifications");
        let jobs = kit.workspace.list_jobs("document.expiry", 9).wait().unwrap();
        let due: Vec<String> = jobs.iter().map(|job| model::value::instant_to_text(job.due_at)).collect();
        assert_eq!(due.iter().filter(|at| *at == "2099-03-06T08:00:00Z").count(), 2, "{due:?}");
        assert_eq!(due.iter().filter(|at| *at == "2099-03-20T08:00:00Z").count(), 2, "{due:?}");
        told(kit, &ben);
        told(kit, &eve);
        for (id, day) in [(lease, "2099-03-20"), (hidden, "2099-03-20"), (lease, "2099-03-21")] {
            let (workspace, payload) = (kit.workspace.clone(), json!({ "document": id, "day": day }));
            let now = workspace.now();
            let queue = move |tx: &mut store::Tx| workspace.enqueue(tx, "document.expiry", &payload, now).map(drop);
            kit.workspace.store().write(Priority::Interactive, queue).wait().unwrap();
        }
        while kit.workspace.run_due_job().unwrap() {}
        assert_eq!(told(kit, &ben), ["expiry Lease"]);
        assert!(told(kit, &eve).is_empty(), "who may not see it is not told");
    });
}
