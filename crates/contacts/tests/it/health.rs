//! Health of customers: follows what happens with them, says why, and gives nothing away.
use contacts::health::{PartSetting, Setting, catch_up, explain, set_setting, setting};
use serde_json::{Value as Json, json};
use store::tables::jobs::{self, Choice};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn run_jobs(kit: &Kit) {
    while kit.workspace.run_due_job().unwrap() {}
}

fn at(days: i64) -> String {
    let now = jiff::Timestamp::now();
    (now + jiff::SignedDuration::from_hours(24 * days)).to_string()
}

fn about(object: &str, id: Uuid) -> Json {
    json!([{ "object": object, "id": id }])
}

/// Health, its word, and each reason as `part -points`.
fn told(kit: &Kit, id: Uuid) -> String {
    let answer = explain(&kit.workspace, &kit.system(), id).unwrap();
    let stored = kit.get("company", id);
    assert_eq!((&answer["health"], &answer["level"]), (&stored["health"], &stored["health_level"]), "{answer}");
    let reasons = answer["reasons"].as_array().unwrap().iter();
    let reasons: Vec<String> =
        reasons.map(|reason| format!("{} -{}", reason["part"].as_str().unwrap(), reason["points"])).collect();
    format!("{} {} {}", answer["health"], answer["level"].as_str().unwrap_or("-"), reasons.join(", "))
}

/// A customer with a person who was called some days ago.
fn customer(kit: &Kit, called: i64) -> (Uuid, Uuid) {
    let acme = kit.create("company", json!({ "name": "Acme", "kind": "customer" }));
    let ann = kit.create("person", json!({ "given_name": "Ann", "company": acme, "emails": ["ann@acme.example"] }));
    kit.create("call", json!({ "about": about("person", ann), "started_at": at(-called) }));
    (acme, ann)
}

#[test]
fn health_follows_what_happens_and_leaves_no_trace_in_history() {
    on_both(|kit| {
        kit.consume("health");
        let (acme, ann) = customer(kit, 93);
        let other = kit.create("company", json!({ "name": "Rival", "kind": "competitor" }));
        kit.consume("health");
        assert_eq!(told(kit, other), "null - ");
        assert_eq!(told(kit, acme), "69 fair contact -16, next_step -15", "3 days late");
        let late = json!({ "title": "Send the offer", "due_at": at(-2), "about": about("person", ann) });
        let late = kit.create("task", late);
        kit.consume("health");
        assert_eq!(told(kit, acme), "62 fair contact -16, next_step -15, tasks -7");
        kit.create("meeting", json!({ "title": "Review", "starts_at": at(5), "attendees": [ann] }));
        kit.update("task", late, json!({ "status": "done" }));
        kit.create("call", json!({ "about": about("company", acme), "started_at": at(-1) }));
        kit.consume("health");
        assert_eq!(told(kit, acme), "100 good ");
        kit.update("company", acme, json!({ "main_contact": ann }));
        kit.update("person", ann, json!({ "company": other, "emails": [] }));
        kit.consume("health");
        assert_eq!(told(kit, acme), "50 fair left -20, next_step -15, mail -15", "the person was found by both ways");
        assert_eq!(kit.get("company", acme)["version"], 2, "nobody's edit");
        let history = kit.workspace.history(&kit.system(), "company", acme, None, 50).wait().unwrap();
        assert!(!history.to_string().contains("health"), "{history}");
        let poor = kit.column("company", "name", "health <= 50 && health_level == 'fair'", "-health");
        assert_eq!(poor, ["Acme"], "it is filtered and sorted by");
        kit.update("company", acme, json!({ "kind": "former" }));
        kit.consume("health");
        assert_eq!(told(kit, acme), "null - ");
        let refused = kit.try_update(&kit.system(), "company", acme, json!({ "health": 100 }), None);
        assert_eq!(problem(refused).fields[0].code, "read_only");
    });
}

#[test]
fn what_it_is_made_of_is_a_setting_that_all_companies_follow() {
    on_both(|kit| {
        let (acme, _) = customer(kit, 93);
        for _ in 0..2 {
            catch_up(&kit.workspace).unwrap();
        }
        let asked = kit.workspace.list_jobs("health.refresh", 9).wait().unwrap();
        let now = kit.workspace.now();
        assert_eq!(asked.iter().filter(|job| job.due_at <= now).count(), 1, "asked for once");
        let sparing = |kind: &'static str| Choice { spared: vec![kind], ..Choice::default() };
        let due = |choice: Choice| kit.workspace.store().read(move |tx| jobs::is_due(tx, now, &choice)).wait().unwrap();
        assert!(due(Choice::default()) && !due(sparing("health.refresh")), "who spares upkeep leaves it to others");
        // Killed in the middle: it goes on, and nobody asks for another.
        let take = move |tx: &mut store::Tx| jobs::take(tx, i64::MAX - 1, 0, &sparing("quality.scan"));
        kit.workspace.store().write(store::Priority::Interactive, take).wait().unwrap().unwrap();
        catch_up(&kit.workspace).unwrap();
        assert_eq!(kit.workspace.list_jobs("health.refresh", 9).wait().unwrap().len(), asked.len());
        run_jobs(kit);
        assert_eq!(told(kit, acme), "69 fair contact -16, next_step -15", "companies from before it was counted");
        let mut changed: Setting = setting(&kit.workspace).unwrap();
        changed.parts.insert("next_step".to_owned(), PartSetting { on: false, weight: 15, threshold: 60 });
        changed.parts.insert("contact".to_owned(), PartSetting { on: true, weight: 80, threshold: 3 });
        changed.good = 90;
        set_setting(&kit.workspace, &kit.system(), &changed).unwrap();
        run_jobs(kit);
        assert_eq!(told(kit, acme), "20 poor contact -80");
        let member = kit.user("member", json!({ "objects": { "company": { "read": "all" } } }), None);
        problem(set_setting(&kit.workspace, &member, &changed));
        let refused = |change: &dyn Fn(&mut Setting)| {
            let mut wrong = changed.clone();
            change(&mut wrong);
            problem(set_setting(&kit.workspace, &kit.system(), &wrong))
        };
        refused(&|wrong| wrong.fair = 95);
        refused(&|wrong| wrong.kinds = vec!["alien".to_owned()]);
        refused(&|wrong| wrong.parts.get_mut("tasks").unwrap().threshold = 0);
        refused(&|wrong| {
            wrong.parts.insert("luck".to_owned(), PartSetting { on: true, weight: 1, threshold: 1 });
        });
    });
}

#[test]
fn a_reason_is_told_to_those_who_may_know_it() {
    on_both(|kit| {
        kit.consume("health");
        let (acme, _) = customer(kit, 10);
        let boss = kit.user("boss", json!({ "admin": true }), None);
        let secret = json!({ "title": "CANARY", "due_at": at(-2), "about": about("company", acme), "owner": boss.id });
        kit.create("task", secret);
        kit.create("meeting", json!({ "title": "Review", "starts_at": at(5), "about": about("company", acme) }));
        kit.consume("health");
        assert_eq!(told(kit, acme), "93 good tasks -7");
        let all = json!({ "read": "all" });
        let tell = |name: &str, objects: Json| {
            let actor = kit.user(name, json!({ "objects": objects }), None);
            explain(&kit.workspace, &actor, acme)
        };
        let own = tell("own", json!({ "*": all, "task": { "read": "own" } })).unwrap();
        assert_eq!((&own["health"], &own["unseen"], &own["reasons"]), (&json!(93), &json!(7), &json!([])));
        assert!(!own["fine"].as_array().unwrap().contains(&json!("tasks")), "that nothing is overdue would be wrong");
        let none = tell("none", json!({ "company": all })).unwrap();
        assert_eq!((&none["unseen"], &none["fine"]), (&json!(7), &json!(["contact"])));
        assert!(!own.to_string().contains("CANARY"));
        let sees = tell("sees", json!({ "*": all })).unwrap();
        assert_eq!((&sees["reasons"][0]["records"][0]["title"], &sees["unseen"]), (&json!("CANARY"), &json!(0)));
        problem(tell("blind", json!({ "company": { "read": "all", "fields": { "health": "none" } } })));
        problem(tell("elsewhere", json!({ "company": { "read": "own" } })));
    });
}
