//! Reactions: one of a kind per person and record, seen by who sees the record, told to the author once, moved by merges.
use engine::{Command, Query};
use model::{Actor, Code, Patch, Problem};
use serde_json::{Value as Json, json};
use store::Priority;
use store::tables::notifications;
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn all() -> Json {
    json!({ "objects": { "*": { "read": "all", "create": true, "update": "all", "delete": "all" } },
        "special": ["merge"] })
}

fn react(kit: &Kit, who: &Actor, object: &str, id: Uuid, emoji: &str) -> Result<Uuid, Problem> {
    let values = json!({ "about": [{ "object": object, "id": id }], "emoji": emoji });
    match kit.try_create(who, "reaction", values) {
        Ok(made) => Ok(made.ids[0]),
        Err(error) => Err(problem(Err::<(), _>(error))),
    }
}

fn take_back(kit: &Kit, who: &Actor, id: Uuid) -> Result<Uuid, Problem> {
    let command = Command::Delete { object: "reaction".to_owned(), ids: vec![id], strict: true };
    match kit.workspace.write(who, command, None).wait() {
        Ok((_, made)) => Ok(made.batch),
        Err(error) => Err(problem(Err::<(), _>(error))),
    }
}

/// The reactions that somebody finds in the list.
fn listed(kit: &Kit, who: &Actor) -> Vec<String> {
    let query = Query { object: "reaction".to_owned(), sort: Some("created_at".to_owned()), ..Query::default() };
    let list = kit.try_list(who, query).unwrap();
    list["records"].as_array().unwrap().iter().map(|one| one["emoji"].as_str().unwrap().to_owned()).collect()
}

/// The reactions on the comment that a company's timeline shows: emoji, how many, whether one's own is among them.
fn shown(kit: &Kit, who: &Actor, company: Uuid) -> Vec<(String, usize, bool)> {
    let timeline = kit.workspace.timeline(who, "company", company, Some(vec!["comment".to_owned()]), None, 9);
    let timeline = timeline.wait().unwrap();
    let reactions = timeline["entries"][0]["reactions"].as_array().cloned().unwrap_or_default();
    let one = |one: &Json| {
        let users = one["users"].as_array().unwrap();
        assert!(
            users.iter().all(|id| timeline["actors"][format!("user:{}", id.as_str().unwrap())]["name"].is_string())
        );
        (one["emoji"].as_str().unwrap().to_owned(), users.len(), one["mine"].is_string())
    };
    reactions.iter().map(one).collect()
}

fn comment(kit: &Kit, who: &Actor, company: Uuid) -> Uuid {
    let values = json!({ "body": "We won them", "about": [{ "object": "company", "id": company }] });
    kit.try_create(who, "comment", values).unwrap().ids[0]
}

#[test]
fn everyone_reacts_once_with_each_emoji() {
    on_both(|kit| {
        let [ann, ben] = ["ann", "ben"].map(|name| kit.user(name, all(), None));
        let acme = kit.create("company", json!({ "name": "Acme" }));
        let said = comment(kit, &ann, acme);
        let first = react(kit, &ben, "comment", said, "🎉").unwrap();
        react(kit, &ann, "comment", said, "🎉").unwrap();
        react(kit, &ben, "comment", said, "👍").unwrap();
        assert_eq!(shown(kit, &ben, acme), [("🎉".to_owned(), 2, true), ("👍".to_owned(), 1, true)]);
        assert_eq!(shown(kit, &ann, acme), [("🎉".to_owned(), 2, true), ("👍".to_owned(), 1, false)]);
        assert_eq!(react(kit, &ben, "comment", said, "🎉").unwrap_err().code, Code::Conflict);
        // What is no reaction, what carries none, and what is somebody else's.
        assert_eq!(react(kit, &ben, "comment", said, "<b>").unwrap_err().code, Code::Invalid);
        assert_eq!(react(kit, &ben, "reaction", first, "👍").unwrap_err().code, Code::Invalid);
        assert_eq!(react(kit, &ben, "user", ann.id, "👍").unwrap_err().code, Code::Invalid);
        let forged = json!({ "about": [{ "object": "comment", "id": said }], "emoji": "👍", "user": ann.id });
        assert_eq!(problem(kit.try_create(&ben, "reaction", forged)).code, Code::Forbidden);
        assert_eq!(take_back(kit, &ann, first).unwrap_err().code, Code::Forbidden);
        let moved = kit.try_update(&ben, "reaction", first, json!({ "emoji": "🔥" }), None);
        assert_eq!(problem(moved).code, Code::Forbidden);
        // Taken back, undone, taken back, and given again.
        let gone = take_back(kit, &ben, first).unwrap();
        assert_eq!(shown(kit, &ben, acme)[0], ("🎉".to_owned(), 1, false));
        kit.workspace.undo(&ben, gone).unwrap();
        assert_eq!(shown(kit, &ben, acme)[0], ("🎉".to_owned(), 2, true));
        take_back(kit, &ben, first).unwrap();
        react(kit, &ben, "comment", said, "🎉").unwrap();
        // The comment goes and comes back with them.
        let batch = kit.delete("comment", said);
        assert_eq!(listed(kit, &ben), Vec::<String>::new());
        kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!(listed(kit, &ben).len(), 3);
    });
}

#[test]
fn reactions_are_seen_with_their_record_alone() {
    on_both(|kit| {
        let ann = kit.user("ann", all(), None);
        let own = json!({ "objects": { "company": { "read": "own" }, "comment": { "read": "own", "create": true } } });
        let (eve, none) = (kit.user("eve", own, None), kit.user("none", json!({}), None));
        let acme = kit.create("company", json!({ "name": "Acme", "owner": eve.id }));
        let other = kit.create("company", json!({ "name": "Other" }));
        let hidden = react(kit, &ann, "company", other, "🔥").unwrap();
        react(kit, &ann, "company", acme, "👍").unwrap();
        assert_eq!(listed(kit, &ann), ["🔥", "👍"]);
        assert_eq!(listed(kit, &eve), ["👍"]);
        assert_eq!(problem(kit.try_get(&eve, "reaction", hidden)).code, Code::NotFound);
        assert_eq!(take_back(kit, &eve, hidden).unwrap_err().code, Code::NotFound);
        assert_eq!(react(kit, &eve, "company", other, "👍").unwrap_err().code, Code::Invalid);
        assert_eq!(react(kit, &none, "company", acme, "👍").unwrap_err().code, Code::Forbidden);
        let query = Query { object: "reaction".to_owned(), ..Query::default() };
        assert_eq!(problem(kit.try_list(&none, query)).code, Code::Forbidden);
        // Who may only read reacts.
        react(kit, &eve, "company", acme, "👍").unwrap();
    });
}

/// What a user was told of reactions, and reads it: `name xnumber`.
fn told(kit: &Kit, user: &Actor) -> Vec<String> {
    kit.consume("notifications");
    let page = kit.workspace.notifications(user, user.id, true, None, 50).wait().unwrap();
    let of = |one: &Json| {
        let name = page["actors"][one["actor"].as_str().unwrap()]["name"].as_str().unwrap();
        format!("{name} x{} at {}", one["number"], one["subject"]["title"].as_str().unwrap())
    };
    let kind = |one: &&Json| one["kind"] == "reaction";
    page["notifications"].as_array().unwrap().iter().filter(kind).map(of).collect()
}

fn read_all(kit: &Kit, user: &Actor) {
    let (id, now) = (user.id, kit.workspace.now());
    kit.workspace
        .store()
        .write(Priority::Interactive, move |tx| notifications::mark(tx, id, None, Some(now)))
        .wait()
        .unwrap();
}

#[test]
fn the_author_is_told_once_of_all() {
    on_both(|kit| {
        let [ann, ben, cid, dan] = ["ann", "ben", "cid", "dan"].map(|name| kit.user(name, all(), None));
        told(kit, &ann);
        let acme = kit.create("company", json!({ "name": "Acme" }));
        let said = comment(kit, &ann, acme);
        react(kit, &ann, "comment", said, "🎉").unwrap();
        assert_eq!(told(kit, &ann), Vec::<String>::new());
        let first = react(kit, &ben, "comment", said, "🎉").unwrap();
        react(kit, &ben, "comment", said, "👍").unwrap();
        assert_eq!(told(kit, &ann), ["ben x1 at Acme"]);
        let third = react(kit, &cid, "comment", said, "👍").unwrap();
        react(kit, &dan, "comment", said, "👍").unwrap();
        assert_eq!(told(kit, &ann), ["dan x3 at Acme"]);
        take_back(kit, &cid, third).unwrap();
        assert_eq!(told(kit, &ann), ["dan x2 at Acme"]);
        read_all(kit, &ann);
        // What was read is not told again; what is taken back afterwards says nothing.
        take_back(kit, &ben, first).unwrap();
        assert_eq!(told(kit, &ann), Vec::<String>::new());
        let again = react(kit, &cid, "comment", said, "🔥").unwrap();
        assert_eq!(told(kit, &ann), ["cid x1 at Acme"]);
        take_back(kit, &cid, again).unwrap();
        assert_eq!(told(kit, &ann), Vec::<String>::new());
        // Switched off.
        kit.try_update(&ann, "user", ann.id, json!({ "muted": ["reaction"] }), None).unwrap();
        react(kit, &cid, "comment", said, "🚀").unwrap();
        assert_eq!(told(kit, &ann), Vec::<String>::new());
    });
}

#[test]
fn a_merge_moves_them_and_its_undo_brings_them_back() {
    on_both(|kit| {
        let [ann, ben] = ["ann", "ben"].map(|name| kit.user(name, all(), None));
        let [keep, lost] = ["Acme", "Acme Inc"].map(|name| kit.create("company", json!({ "name": name })));
        for (who, record) in [(&ann, keep), (&ben, lost), (&ann, lost)] {
            react(kit, who, "company", record, "👍").unwrap();
        }
        react(kit, &ben, "company", lost, "🔥").unwrap();
        let on = |record: Uuid| {
            let found = kit.column("reaction", "emoji", &format!("'{record}' in about"), "created_at");
            found.iter().map(|emoji| emoji.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let merged = contacts::merge::merge(&kit.workspace, &ann, "company", keep, vec![lost], Patch::new());
        let (batch, _) = merged.wait().unwrap();
        assert_eq!((on(keep), on(lost)), (vec!["👍".to_owned(), "👍".into(), "🔥".into()], vec![]));
        let undone = kit.workspace.undo(&ann, batch).unwrap();
        assert!(undone.kept.is_empty(), "{:?}", undone.kept);
        assert_eq!((on(keep).len(), on(lost).len()), (1, 3));
        let again = kit.workspace.undo(&ann, undone.batch).unwrap();
        assert!(again.kept.is_empty(), "{:?}", again.kept);
        assert_eq!((on(keep).len(), on(lost).len()), (3, 0));
    });
}
