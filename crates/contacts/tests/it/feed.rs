//! What colleagues did: one entry for each batch, as far as the reader may see it, by person, team, object and time.
use engine::{Command, Edit, FeedQuery, Who};
use model::{Actor, Code, Patch};
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn all() -> Json {
    json!({ "objects": { "*": { "read": "all", "create": true, "update": "all", "delete": "all" } },
        "special": ["merge", "import", "bulk"] })
}

fn feed(kit: &Kit, who: &Actor, query: FeedQuery) -> Json {
    kit.workspace.feed(who, query).wait().unwrap()
}

/// Entries in words: who, what was done to how many, the first record.
fn words(answer: &Json) -> Vec<String> {
    let part = |part: &Json| {
        let more = if part["more"] == true { "+" } else { "" };
        let title = part["records"][0]["title"].as_str().unwrap();
        format!("{} {}{more} {} {title}", part["op"].as_str().unwrap(), part["count"], part["object"].as_str().unwrap())
    };
    let entry = |entry: &Json| {
        let name = answer["actors"][entry["actor"].as_str().unwrap()]["name"].as_str().unwrap();
        let parts: Vec<String> = entry["parts"].as_array().unwrap().iter().map(part).collect();
        let undone = if entry["undone"] == true { " undone" } else { "" };
        format!("{name} {}: {}{undone}", entry["verb"].as_str().unwrap(), parts.join(", "))
    };
    answer["entries"].as_array().unwrap().iter().map(entry).collect()
}

fn make(kit: &Kit, who: &Actor, object: &str, values: Json) -> Uuid {
    kit.try_create(who, object, values).unwrap().ids[0]
}

#[test]
fn everything_people_do_is_one_line_each() {
    on_both(|kit| {
        let [ann, ben] = ["ann", "ben"].map(|name| kit.user(name, all(), None));
        kit.create("company", json!({ "name": "By the program" }));
        let acme = make(kit, &ann, "company", json!({ "name": "Acme" }));
        let said = json!({ "body": "Well done", "about": [{ "object": "company", "id": acme }] });
        make(kit, &ben, "comment", said);
        kit.try_update(&ben, "company", acme, json!({ "industry": "Boats" }), None).unwrap();
        let task = make(kit, &ann, "task", json!({ "title": "Call them" }));
        kit.try_update(&ann, "task", task, json!({ "status": "done" }), None).unwrap();
        let answer = feed(kit, &ben, FeedQuery::default());
        assert_eq!(
            words(&answer),
            [
                "ann changed: update 1 task Call them",
                "ann changed: create 1 task Call them",
                "ben changed: update 1 company Acme",
                "ben changed: create 1 comment Comment",
                "ann changed: create 1 company Acme",
            ]
        );
        assert_eq!(answer["entries"][2]["parts"][0]["fields"]["industry"], json!([null, "Boats"]));
        assert_eq!(answer["entries"][3]["parts"][0]["text"], "Well done");
        assert_eq!(answer["entries"][3]["parts"][0]["about"][0]["title"], "Acme");
        // By person, object, time and page.
        let user = FeedQuery { who: Who::User(ben.id), ..FeedQuery::default() };
        assert_eq!(words(&feed(kit, &ann, user)).len(), 2);
        let object = FeedQuery { object: Some("task".to_owned()), ..FeedQuery::default() };
        assert_eq!(words(&feed(kit, &ann, object)).len(), 2);
        let since = FeedQuery { since: Some(kit.workspace.now() + 1), ..FeedQuery::default() };
        assert!(words(&feed(kit, &ann, since)).is_empty());
        let mut pages = Vec::new();
        let mut before = None;
        loop {
            let page = feed(kit, &ann, FeedQuery { before, limit: 2, ..FeedQuery::default() });
            pages.extend(words(&page));
            match page["next"].as_str() {
                Some(next) => before = next.parse().ok(),
                None => break,
            }
        }
        assert_eq!(pages, words(&answer));
    });
}

#[test]
fn much_at_once_is_one_line_and_merges_say_so() {
    on_both(|kit| {
        let ann = kit.user("ann", all(), None);
        let ids: Vec<Uuid> = {
            let values =
                (0..70).map(|at| kit.patch("company", json!({ "name": format!("C{at:02}") })).unwrap()).collect();
            let command = Command::Create { object: "company".to_owned(), values, strict: true };
            kit.workspace.write(&ann, command, None).wait().unwrap().1.ids
        };
        let patch = kit.patch("company", json!({ "industry": "Boats" })).unwrap();
        let edits = ids.iter().map(|id| Edit { id: *id, patch: patch.clone(), if_version: None }).collect();
        let command = Command::Update { object: "company".to_owned(), edits, strict: true };
        let bulk = kit.workspace.write(&ann, command, None).wait().unwrap().1.batch;
        let merged = contacts::merge::merge(&kit.workspace, &ann, "company", ids[0], ids[1..4].to_vec(), Patch::new());
        merged.wait().unwrap();
        kit.workspace.undo(&ann, bulk).unwrap();
        let told = words(&feed(kit, &ann, FeedQuery::default()));
        assert_eq!(
            told,
            [
                "ann merged: delete 3 company C00",
                "ann changed: update 70 company C00 undone",
                "ann changed: create 70 company C00",
            ]
        );
    });
}

#[test]
fn what_is_out_of_sight_is_neither_told_nor_counted() {
    on_both(|kit| {
        let ann = kit.user("ann", all(), None);
        let narrow = json!({ "objects": { "company": { "read": "own", "fields": { "industry": "none" } },
            "comment": { "read": "all", "fields": { "about": "none", "body": "none" } } } });
        let eve = kit.user("eve", narrow, None);
        let many = |owner: Option<Uuid>, count: usize| -> Vec<Uuid> {
            let one = |at| kit.patch("company", json!({ "name": format!("C{at:02}"), "owner": owner })).unwrap();
            let command =
                Command::Create { object: "company".to_owned(), values: (0..count).map(one).collect(), strict: true };
            kit.workspace.write(&ann, command, None).wait().unwrap().1.ids
        };
        let hidden = many(None, 60);
        let seen = many(Some(eve.id), 60);
        let both = vec![hidden[0], seen[0], seen[1]];
        let set = |ids: &[Uuid], values: Json| {
            let patch = kit.patch("company", values).unwrap();
            let edits = ids.iter().map(|id| Edit { id: *id, patch: patch.clone(), if_version: None }).collect();
            let command = Command::Update { object: "company".to_owned(), edits, strict: true };
            kit.workspace.write(&ann, command, None).wait().unwrap();
        };
        set(&both, json!({ "legal_name": "A" }));
        set(&seen, json!({ "industry": "Boats" }));
        set(&seen, json!({ "industry": "Ships", "legal_name": "B" }));
        let said = json!({ "body": "Secret words", "about": [{ "object": "company", "id": seen[0] }] });
        make(kit, &ann, "comment", said);
        let answer = feed(kit, &eve, FeedQuery::default());
        assert_eq!(
            words(&answer),
            [
                "ann changed: create 1 comment Comment",
                // Of changes in fields that one may not all read only those looked at are counted.
                "ann changed: update 51+ company C00",
                "ann changed: update 2 company C00",
                "ann changed: create 60 company C00",
            ]
        );
        assert!(!answer.to_string().contains("Secret") && !answer.to_string().contains("Ships"));
        assert!(answer["entries"][0]["parts"][0].get("about").is_none());
        assert_eq!(answer["entries"][1]["parts"][0]["names"], json!(["legal_name"]));
        let none = kit.user("none", json!({}), None);
        assert_eq!(problem(kit.workspace.feed(&none, FeedQuery::default()).wait()).code, Code::Forbidden);
    });
}

#[test]
fn teams_are_asked_for_with_those_below() {
    on_both(|kit| {
        let north = kit.create("team", json!({ "name": "North" }));
        let coast = kit.create("team", json!({ "name": "Coast", "parent": north }));
        let (ann, ben) = (kit.user("ann", all(), Some(north)), kit.user("ben", all(), Some(coast)));
        let cid = kit.user("cid", all(), None);
        for (who, name) in [(&ann, "A"), (&ben, "B"), (&cid, "C")] {
            make(kit, who, "company", json!({ "name": name }));
        }
        let of = |who: &Actor, query: Who| -> Vec<String> {
            let answer = feed(kit, who, FeedQuery { who: query, ..FeedQuery::default() });
            words(&answer).iter().map(|line| line.rsplit(' ').next().unwrap().to_owned()).collect()
        };
        assert_eq!(of(&ann, Who::Mine), ["B", "A"]);
        assert_eq!(of(&ben, Who::Mine), ["B"]);
        assert!(of(&cid, Who::Mine).is_empty());
        assert_eq!(of(&cid, Who::Team(north)), ["B", "A"]);
        assert_eq!(of(&cid, Who::All), ["C", "B", "A"]);
        assert!(
            kit.workspace.feed(&cid, FeedQuery { who: Who::Team(Uuid::nil()), ..FeedQuery::default() }).wait().is_err()
        );
    });
}

#[test]
fn the_log_is_never_read_as_a_whole() {
    let kit = testkit::sqlite();
    let actors: Vec<Actor> = (0..3).map(|at| kit.user(&format!("u{at}"), all(), None)).collect();
    for at in 0..300 {
        make(&kit, &actors[at % 3], "company", json!({ "name": format!("C{at}") }));
    }
    let labels: Vec<String> = actors.iter().map(Actor::label).collect();
    let many: Vec<String> = labels.iter().cycle().take(100).cloned().collect();
    for who in [None, Some(labels), Some(many)] {
        let plan = kit.workspace.store().read(move |tx| tx.explain_feed(who.as_deref(), 50)).wait().unwrap();
        assert!(plan.contains("SEARCH b USING"), "{plan}");
        // What is scanned is the page itself and lists of numbers, never the tables of the log.
        let scans =
            |step: &&str| step.starts_with("SCAN") && (step.starts_with("SCAN b ") || step.starts_with("SCAN c"));
        assert_eq!(plan.lines().filter(scans).count(), 0, "{plan}");
    }
    kit.check();
}
