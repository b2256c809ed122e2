//! Shared records: what a share opens, to whom, until when, and who may give one.
use engine::{Command, Query};
use model::{Actor, Code, Problem};
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn names(kit: &Kit, actor: &Actor, filter: Option<&str>) -> Vec<String> {
    let query = Query {
        object: "company".to_owned(),
        filter: filter.map(str::to_owned),
        sort: Some("name".to_owned()),
        ..Query::default()
    };
    let list = kit.try_list(actor, query).unwrap();
    list["records"].as_array().unwrap().iter().map(|record| record["name"].as_str().unwrap().to_owned()).collect()
}

fn about(id: Uuid) -> Json {
    json!([{ "object": "company", "id": id }])
}

/// Shares a company with a person.
fn share(kit: &Kit, by: &Actor, id: Uuid, with: &Actor, more: Json) -> Result<(Uuid, Uuid), Problem> {
    let mut values = json!({ "about": about(id), "user": with.id });
    for (name, value) in more.as_object().unwrap() {
        values[name] = value.clone();
    }
    match kit.try_create(by, "share", values) {
        Ok(made) => Ok((made.ids[0], made.batch)),
        Err(error) => Err(problem(Err::<(), _>(error))),
    }
}

/// What the list's filter *shared with me* says.
const WITH_ME: &str =
    "record_shares.exists(s, (s.user == me || s.team in my_teams) && (!has(s.until) || s.until >= today))";

#[test]
fn shared_with_me_is_a_condition_that_tells_of_ones_own_shares_alone() {
    on_both(|kit| {
        let team = kit.create("team", json!({ "name": "North" }));
        let all = json!({ "objects": { "company": { "read": "all" } } });
        let ann = kit.user("ann", own(), None);
        let (bob, eve) = (kit.user("bob", own(), Some(team)), kit.user("eve", own(), None));
        let boss = kit.user("boss", all, None);
        let company = |name: &str| kit.try_create(&ann, "company", json!({ "name": name })).unwrap().ids[0];
        let [with_bob, with_team, ended, with_boss] = ["Bob's", "The team's", "Ended", "To the boss"].map(company);
        share(kit, &ann, with_bob, &bob, json!({ "until": day(0) })).unwrap();
        kit.try_create(&ann, "share", json!({ "about": about(with_team), "team": team })).unwrap();
        share(kit, &ann, ended, &bob, json!({ "until": day(-1) })).unwrap();
        share(kit, &ann, with_boss, &boss, json!({})).unwrap();
        kit.try_create(&bob, "company", json!({ "name": "His own" })).unwrap();
        assert_eq!(names(kit, &bob, Some(WITH_ME)), ["Bob's", "The team's"]);
        // Who sees everything by their role is shown what is shared with them, not with others.
        assert_eq!(names(kit, &boss, Some(WITH_ME)), ["To the boss"]);
        assert_eq!(names(kit, &eve, Some(WITH_ME)), [""; 0]);
        // Of others' shares nobody learns beyond the records that they see by their role.
        let with = |actor: &Actor| format!("record_shares.exists(s, s.user == '{}')", actor.id);
        assert_eq!(names(kit, &bob, Some(&with(&boss))), [""; 0]);
        assert_eq!(names(kit, &eve, Some("record_shares.size() > 0")), [""; 0]);
    });
}

fn delete(kit: &Kit, by: &Actor, object: &str, id: Uuid) -> Result<Uuid, Problem> {
    let command = Command::Delete { object: object.to_owned(), ids: vec![id], strict: true };
    match kit.workspace.write(by, command, None).wait() {
        Ok((_, made)) => Ok(made.batch),
        Err(error) => Err(problem(Err::<(), _>(error))),
    }
}

fn own() -> Json {
    json!({ "objects": { "company": { "read": "own", "create": true, "update": "own", "delete": "own" },
        "person": { "read": "all" } } })
}

fn day(from_now: i64) -> String {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    now.checked_add(jiff::Span::new().days(from_now)).unwrap().date().to_string()
}

#[test]
fn a_share_opens_one_record_as_far_as_it_says() {
    on_both(|kit| {
        let (ann, bob) = (kit.user("ann", own(), None), kit.user("bob", own(), None));
        let id = kit.try_create(&ann, "company", json!({ "name": "Acme" })).unwrap().ids[0];
        kit.try_create(&ann, "company", json!({ "name": "Other" })).unwrap();
        assert_eq!(names(kit, &bob, None), [""; 0]);
        let (made, batch) = share(kit, &ann, id, &bob, json!({ "note": "See their order" })).unwrap();
        assert_eq!(names(kit, &bob, None), ["Acme"]);
        assert_eq!(kit.try_get(&bob, "company", id).unwrap()["name"], "Acme");
        let found = kit.workspace.search(&bob, "Acme", vec![], None, 5).wait().unwrap();
        assert_eq!(found["results"].as_array().unwrap().len(), 1);
        let mine = "record_shares.exists(s, s.user == me || s.team in my_teams)";
        assert_eq!(names(kit, &bob, Some(mine)), ["Acme"]);
        // What may be seen may not be changed, nor deleted.
        assert_eq!(problem(kit.try_update(&bob, "company", id, json!({ "name": "X" }), None)).code, Code::Forbidden);
        kit.try_update(&ann, "share", made, json!({ "level": "change" }), None).unwrap();
        kit.try_update(&bob, "company", id, json!({ "name": "Acme Ltd" }), None).unwrap();
        assert_eq!(delete(kit, &bob, "company", id).unwrap_err().code, Code::NotFound);
        // Nor taken: it would outlast the share.
        let taken = kit.try_update(&bob, "company", id, json!({ "owner": bob.id }), None);
        assert_eq!(problem(taken).code, Code::Forbidden);
        // Nor passed on.
        let eve = kit.user("eve", json!({ "objects": own()["objects"], "special": ["share"] }), None);
        assert_eq!(share(kit, &bob, id, &eve, json!({})).unwrap_err().code, Code::Forbidden);
        assert!(matches!(share(kit, &eve, id, &bob, json!({})).unwrap_err().code, Code::NotFound | Code::Invalid));
        let why = kit.workspace.explain(&kit.system(), bob.id, "company", id).wait().unwrap();
        assert_eq!((why.read.because, why.update.because, why.delete.allowed), ("share", "share", false));
        assert_eq!(why.read.share.unwrap().by, "ann");
        // What was changed since stays when the sharing is undone; else undo takes it back.
        assert_eq!(kit.workspace.undo(&ann, batch).unwrap().undone, 0);
        delete(kit, &ann, "share", made).unwrap();
        let (_, batch) = share(kit, &ann, id, &bob, json!({})).unwrap();
        assert_eq!(kit.workspace.undo(&ann, batch).unwrap().undone, 1);
        assert_eq!(names(kit, &bob, None), [""; 0]);
    });
}

#[test]
fn a_share_ends() {
    on_both(|kit| {
        let north = kit.create("team", json!({ "name": "North" }));
        let ann = kit.user("ann", own(), None);
        let (bob, cid) = (kit.user("bob", own(), None), kit.user("cid", own(), Some(north)));
        let id = kit.try_create(&ann, "company", json!({ "name": "Acme" })).unwrap().ids[0];
        let sees = |actor: &Actor| !names(kit, actor, None).is_empty();
        // On its day, by the clock; its last day is still one.
        let (made, _) = share(kit, &ann, id, &bob, json!({ "until": day(-1) })).unwrap();
        assert!(!sees(&bob));
        kit.try_update(&ann, "share", made, json!({ "until": day(0) }), None).unwrap();
        assert!(sees(&bob));
        // When it is taken back, by whom gave it or by whom it was given to; that can be undone.
        let batch = delete(kit, &ann, "share", made).unwrap();
        assert!(!sees(&bob));
        kit.workspace.undo(&ann, batch).unwrap();
        assert!(sees(&bob));
        delete(kit, &bob, "share", made).unwrap();
        assert!(!sees(&bob));
        // With the record: what lies in the recycle bin is for those who see it by their role.
        share(kit, &ann, id, &bob, json!({})).unwrap();
        let gone = delete(kit, &ann, "company", id).unwrap();
        assert_eq!(problem(kit.try_get(&bob, "company", id)).code, Code::NotFound);
        kit.workspace.undo(&ann, gone).unwrap();
        assert!(sees(&bob));
        // With the team.
        kit.try_create(&ann, "share", json!({ "about": about(id), "team": north })).unwrap();
        assert!(sees(&cid));
        kit.delete("team", north);
        let id = cid.id;
        let workspace = kit.workspace.clone();
        let now = kit.workspace.store().read(move |tx| workspace.find_user_actor(tx, id)).wait().unwrap().unwrap();
        assert!(!sees(&now));
    });
}

#[test]
fn shares_follow_a_merged_record() {
    on_both(|kit| {
        let mut special = json!({ "objects": own()["objects"], "special": ["merge"] });
        special["objects"]["*"] = json!({ "read": "all", "create": true, "update": "all", "delete": "all" });
        special["objects"]["person"] = special["objects"]["*"].clone();
        let (ann, bob) = (kit.user("ann", special, None), kit.user("bob", own(), None));
        let make = |name: &str| kit.try_create(&ann, "company", json!({ "name": name })).unwrap().ids[0];
        let (keep, lost) = (make("Acme"), make("Acme Inc"));
        share(kit, &ann, lost, &bob, json!({})).unwrap();
        let merged = contacts::merge::merge(&kit.workspace, &ann, "company", keep, vec![lost], model::Patch::new());
        let (batch, _) = merged.wait().unwrap();
        assert_eq!(names(kit, &bob, None), ["Acme"]);
        kit.workspace.undo(&ann, batch).unwrap();
        assert_eq!(names(kit, &bob, None), ["Acme Inc"]);
    });
}

#[test]
fn only_what_one_holds_is_shared() {
    on_both(|kit| {
        let rights = |special: Json| {
            json!({ "objects": { "company": { "read": "all", "create": true, "update": "own", "delete": "none" } },
                "special": special })
        };
        let (ann, bob) = (kit.user("ann", rights(json!(["share"])), None), kit.user("bob", rights(json!([])), None));
        let none = kit.user("none", json!({ "objects": { "person": { "read": "own" } } }), None);
        let cid = kit.user("cid", own(), None);
        let id = kit.create("company", json!({ "name": "Acme" }));
        // Neither owner nor with the right.
        assert_eq!(share(kit, &bob, id, &cid, json!({})).unwrap_err().code, Code::Forbidden);
        // With the right, but not to change it.
        assert_eq!(share(kit, &ann, id, &cid, json!({ "level": "change" })).unwrap_err().code, Code::Forbidden);
        let (made, _) = share(kit, &ann, id, &cid, json!({})).unwrap();
        assert_eq!(names(kit, &cid, None), ["Acme"]);
        let raised = kit.try_update(&ann, "share", made, json!({ "level": "change" }), None);
        assert_eq!(problem(raised).code, Code::Forbidden);
        let other = kit.create("company", json!({ "name": "Other" }));
        let moved = kit.try_update(&ann, "share", made, json!({ "about": about(other) }), None);
        assert_eq!(problem(moved).code, Code::Invalid);
        let both = json!({ "about": about(id), "user": cid.id, "team": kit.create("team", json!({ "name": "T" })) });
        assert_eq!(problem(kit.try_create(&ann, "share", both)).code, Code::Invalid);
        // A share opens rows, not objects.
        share(kit, &ann, id, &none, json!({})).unwrap();
        assert_eq!(problem(kit.try_get(&none, "company", id)).code, Code::Forbidden);
        // Who sees the record by their role sees to whom it is shared; others see what is theirs.
        let seen = |actor: &Actor| {
            let query = Query { object: "share".to_owned(), ..Query::default() };
            kit.try_list(actor, query).unwrap()["records"].as_array().unwrap().len()
        };
        assert_eq!((seen(&ann), seen(&bob), seen(&cid), seen(&none)), (2, 2, 1, 1));
        let stranger = kit.user("stranger", own(), None);
        assert_eq!(seen(&stranger), 0);
        assert_eq!(delete(kit, &stranger, "share", made).unwrap_err().code, Code::NotFound);
        assert_eq!(delete(kit, &bob, "share", made).unwrap_err().code, Code::Forbidden);
    });
}

fn merge(kit: &Kit, by: &Actor, keep: Uuid, other: Uuid) -> Result<Uuid, Problem> {
    let none = model::Patch::new();
    match contacts::merge::merge(&kit.workspace, by, "company", keep, vec![other], none).wait() {
        Ok((batch, _)) => Ok(batch),
        Err(error) => Err(problem(Err::<(), _>(error))),
    }
}

/// Sees all, changes own, merges.
fn merger() -> Json {
    json!({ "objects": { "company": { "read": "all", "create": true, "update": "own", "delete": "own" } },
        "special": ["merge"] })
}

#[test]
fn no_merge_and_no_undo_of_one_gives_more_than_its_author_holds() {
    on_both(|kit| {
        let (ann, bob) = (kit.user("ann", merger(), None), kit.user("bob", merger(), None));
        let victim = kit.try_create(&ann, "company", json!({ "name": "Acme" })).unwrap().ids[0];
        // Bob's own copy, shared with himself to change, merged into the one that he may only see.
        let copy = kit.try_create(&bob, "company", json!({ "name": "Acme" })).unwrap().ids[0];
        share(kit, &bob, copy, &bob, json!({ "level": "change" })).unwrap();
        let refused = merge(kit, &bob, victim, copy).unwrap_err();
        assert!(refused.code == Code::Forbidden && refused.detail.contains("change"), "{}", refused.detail);
        assert_eq!(
            problem(kit.try_update(&bob, "company", victim, json!({ "name": "X" }), None)).code,
            Code::Forbidden
        );
        // Neither without a share: what stays must be theirs to change.
        let plain = kit.try_create(&bob, "company", json!({ "name": "Acme" })).unwrap().ids[0];
        let refused = merge(kit, &bob, victim, plain).unwrap_err();
        assert!(refused.code == Code::Forbidden && refused.detail.contains("change"), "{}", refused.detail);
        // What is all theirs may be merged, and the share follows.
        merge(kit, &bob, copy, plain).unwrap();
        // Nor by doing again what somebody with more rights undid.
        let admin = kit.system();
        let lent = kit.try_create(&ann, "company", json!({ "name": "Lent" })).unwrap().ids[0];
        share(kit, &ann, lent, &bob, json!({ "level": "change" })).unwrap();
        let merged = merge(kit, &admin, victim, lent).unwrap();
        kit.try_update(&bob, "company", victim, json!({ "name": "Meanwhile open" }), None).unwrap();
        let undone = kit.workspace.undo(&admin, merged).unwrap();
        kit.workspace.undo(&bob, undone.batch).ok();
        assert_eq!(
            problem(kit.try_update(&bob, "company", victim, json!({ "name": "X" }), None)).code,
            Code::Forbidden
        );
    });
}

#[test]
fn a_share_is_not_made_lasting_by_a_change_of_what_rights_ask_about() {
    on_both(|kit| {
        let mine = "industry == 'retail' || owner == me";
        let rights = json!({ "objects": { "company": { "read": mine, "create": true, "update": mine } } });
        let (ann, bob) = (kit.user("ann", rights.clone(), None), kit.user("bob", rights, None));
        let id = kit.try_create(&ann, "company", json!({ "name": "Acme", "industry": "energy" })).unwrap().ids[0];
        let (made, _) = share(kit, &ann, id, &bob, json!({ "level": "change" })).unwrap();
        kit.try_update(&bob, "company", id, json!({ "name": "Acme Ltd" }), None).unwrap();
        let taken = problem(kit.try_update(&bob, "company", id, json!({ "industry": "retail" }), None));
        assert_eq!(taken.code, Code::Forbidden);
        assert!(taken.detail.contains("when the share ends"), "{}", taken.detail);
        kit.try_update(&bob, "company", id, json!({ "industry": "transport" }), None).unwrap();
        delete(kit, &ann, "share", made).unwrap();
        assert_eq!(names(kit, &bob, None), [""; 0]);
    });
}
