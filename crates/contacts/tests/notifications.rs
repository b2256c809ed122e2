//! Who is told what, on both databases: each change once, nobody about their own doing or about what they may not see.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use engine::{Command, Edit};
use model::Actor;
use serde_json::{Value as Json, json};
use store::Priority;
use store::tables::{cursors, notifications};
use testkit::{Kit, on_both};
use uuid::Uuid;

const ALL: &str = r#"{"objects":{"*":{"read":"all","create":true,"update":"all","delete":"all"}}}"#;

/// Runs the consumers until they have seen everything: on PostgreSQL a change shows once all older transactions of the
/// server have ended, those of other tests among them.
fn consume(kit: &Kit) {
    let mark = kit.create("tag", json!({ "name": Uuid::now_v7().to_string() }));
    let history = kit.workspace.history(&kit.system(), "tag", mark, None, 1).wait().unwrap();
    let seq = history["changes"][0]["seq"].as_i64().unwrap();
    let begun = std::time::Instant::now();
    loop {
        kit.workspace.run_consumers().unwrap();
        let done = kit.workspace.store().read(|tx| cursors::find(tx, "notifications")).wait().unwrap();
        if done.is_some_and(|done| done >= seq) {
            return;
        }
        assert!(begun.elapsed().as_secs() < 20, "the consumers never came to the end");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// What a user was told since, oldest first: `kind subject`, with the number where it is more than one.
fn told(kit: &Kit, user: &Actor) -> Vec<String> {
    consume(kit);
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
        consume(kit);
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
        consume(kit);
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
        consume(kit);
        for industry in ["Boats", "Ships", "Trains"] {
            kit.try_update(&ann, "company", acme, json!({ "industry": industry }), None).unwrap();
            consume(kit);
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
        consume(kit);
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

#[test]
fn a_task_reminds_at_its_time_and_only_while_it_is_open() {
    on_both(|kit| {
        let rights: Json = serde_json::from_str(ALL).unwrap();
        let ben = kit.user("ben", rights, None);
        consume(kit);
        let soon = |ms: i64| model::value::instant_to_text(kit.workspace.now() + ms * 1_000);
        let task = |title: &str, ms| {
            let values = json!({ "title": title, "assignee": ben.user, "reminder_at": soon(ms) });
            kit.try_create(&ben, "task", values).unwrap().ids[0]
        };
        task("Call", 400);
        let done = task("Done", 400);
        let moved = task("Moved", 400);
        consume(kit);
        kit.update("task", done, json!({ "status": "done" }));
        kit.update("task", moved, json!({ "reminder_at": soon(3_600_000) }));
        std::thread::sleep(std::time::Duration::from_millis(600));
        while kit.workspace.run_due_job().unwrap() {}
        assert_eq!(told(kit, &ben), ["reminder Call"]);
    });
}
