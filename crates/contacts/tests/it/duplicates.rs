//! Duplicates and merging over real workspaces, on both databases.

use contacts::{dedupe, merge};
use engine::SchemaEdit;
use model::{Actor, Code, Field, Kind, Patch};
use serde_json::{Value as Json, json};
use store::tables::jobs::Choice;
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn check(kit: &Kit, actor: &Actor, object: &str, values: Json) -> Vec<Json> {
    let values = kit.patch(object, values).unwrap();
    let answer = dedupe::check(&kit.workspace, actor, object, values, None).wait().unwrap();
    answer["duplicates"].as_array().unwrap().clone()
}

fn pairs(kit: &Kit, object: &str, status: &str) -> Json {
    dedupe::list_pairs(&kit.workspace, &kit.system(), object, status, None, 50).wait().unwrap()
}

fn scan(kit: &Kit, object: &str) {
    let (_, job) = dedupe::start_scan(&kit.workspace, &kit.system(), object).wait().unwrap();
    while kit.workspace.run_due_job().unwrap() {}
    let job = kit.workspace.find_job(&kit.system(), job).unwrap();
    assert_eq!((job.status.as_str(), job.error), ("done", None));
}

fn merged(kit: &Kit, object: &str, keep: Uuid, others: &[Uuid], values: Json) -> (Uuid, Json) {
    let values = kit.patch(object, values).unwrap();
    let (batch, record) =
        merge::merge(&kit.workspace, &kit.system(), object, keep, others.to_vec(), values).wait().unwrap();
    assert_eq!(record.id, keep);
    (batch, kit.get(object, keep))
}

#[test]
fn a_new_person_who_is_known_is_found() {
    on_both(|kit| {
        let ann = kit.create(
            "person",
            json!({ "given_name": "Ann", "family_name": "Miller", "emails": ["ann@acme.com"], "job_title": "Buyer" }),
        );
        kit.create("person", json!({ "given_name": "Bob", "family_name": "Stone", "emails": ["bob@acme.com"] }));
        let system = kit.system();
        let found = check(kit, &system, "person", json!({ "emails": ["ANN@acme.com"] }));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["id"], json!(ann));
        assert_eq!(found[0]["title"], json!("Ann Miller"));
        assert_eq!(found[0]["subtitle"], json!("Buyer"));
        assert_eq!(found[0]["reasons"], json!(["same e-mail"]));
        assert!(found[0]["confidence"].as_f64().unwrap() > 0.9);
        let misspelt = check(kit, &system, "person", json!({ "given_name": "Anne", "family_name": "Miler" }));
        assert!(misspelt.is_empty(), "a similar name alone is no reason: {misspelt:?}");
        assert_eq!(check(kit, &system, "person", json!({ "given_name": "ann", "family_name": "MILLER" })).len(), 1);
        assert!(check(kit, &system, "person", json!({ "given_name": "Zoe", "family_name": "Quast" })).is_empty());
    });
}

#[test]
fn a_new_company_who_is_known_is_found() {
    on_both(|kit| {
        let acme = kit.create("company", json!({ "name": "ACME Rockets GmbH", "domains": ["acme.com"] }));
        let found = check(kit, &kit.system(), "company", json!({ "name": "Acme Rockets, Inc." }));
        assert_eq!(found[0]["id"], json!(acme));
        let found =
            check(kit, &kit.system(), "company", json!({ "name": "Acme Rocket", "links": ["https://acme.com"] }));
        assert_eq!(found[0]["reasons"], json!(["same domain", "similar name"]));
    });
}

#[test]
fn nobody_learns_of_people_they_may_not_see() {
    on_both(|kit| {
        kit.create("person", json!({ "given_name": "Ann", "family_name": "Miller", "emails": ["ann@acme.com"] }));
        let rights = json!({ "objects": { "person": { "read": "own", "create": true, "update": "own" } } });
        let clerk = kit.user("clerk", rights, None);
        assert!(check(kit, &clerk, "person", json!({ "emails": ["ann@acme.com"] })).is_empty());
        let refused = dedupe::start_scan(&kit.workspace, &clerk, "person").wait();
        assert_eq!(problem(refused).code, Code::Forbidden);
    });
}

#[test]
fn a_scan_fills_the_queue_and_decisions_stay() {
    on_both(|kit| {
        let person = |given: &str, family: &str, email: &str| {
            kit.create("person", json!({ "given_name": given, "family_name": family, "emails": [email] }))
        };
        let (a, b) = (person("Ann", "Miller", "ann@acme.com"), person("Anne", "Miller", "ann@acme.com"));
        let (c, d) = (person("Carl", "Berg", "carl@x.org"), person("Karl", "Berg", "carl@x.org"));
        for number in 0..30 {
            person(&format!("Person{number}"), &format!("Family{number}"), &format!("p{number}@example.com"));
        }
        scan(kit, "person");
        let open = pairs(kit, "person", "open");
        assert_eq!(open["total"], json!(2), "{open:#}");
        let ids = |pair: &Json| [pair["a"]["id"].clone(), pair["b"]["id"].clone()];
        let with_a =
            open["pairs"].as_array().unwrap().iter().find(|pair| ids(pair).contains(&json!(a))).unwrap().clone();
        assert!(ids(&with_a).contains(&json!(b)));
        assert_eq!(with_a["a"]["title"], json!("Ann Miller"));
        let id = with_a["id"].as_str().unwrap().parse().unwrap();
        dedupe::set_pair_status(&kit.workspace, &kit.system(), id, "dismissed").wait().unwrap();
        scan(kit, "person");
        assert_eq!(pairs(kit, "person", "open")["total"], json!(1));
        assert_eq!(pairs(kit, "person", "dismissed")["total"], json!(1));
        let (batch, _) = merged(kit, "person", c, &[d], json!({}));
        assert_eq!(pairs(kit, "person", "open")["total"], json!(0));
        kit.workspace.undo(&kit.system(), batch).unwrap();
        scan(kit, "person");
        assert_eq!(pairs(kit, "person", "open")["total"], json!(1));
    });
}

/// Runs one step of a job as a worker that is told to stop at once: what it keeps is where the next one goes on.
#[test]
fn a_search_goes_on_after_a_restart_and_ends_when_told() {
    on_both(|kit| {
        for given in ["Ann", "Anne"] {
            kit.create("person", json!({ "given_name": given, "family_name": "Miller", "emails": ["ann@acme.com"] }));
        }
        let start = || dedupe::start_scan(&kit.workspace, &kit.system(), "person").wait().unwrap().1;
        let job = start();
        assert_eq!(start(), job, "one that waits or runs goes on instead of a second one");
        let search = pairs(kit, "person", "open")["search"].clone();
        assert_eq!((&search["job"], &search["last"]), (&json!(job), &json!(null)));

        // Killed after the round of e-mails: the row says so, and the lease has run out.
        let found_at = kit.workspace.now();
        let payload = json!({ "object": "person", "started": found_at - 1, "round": 11 });
        let kept = kit.workspace.store().write(store::Priority::Interactive, move |tx| {
            let taken = store::tables::jobs::take(tx, i64::MAX - 1, 0, &Choice::default())?.unwrap();
            store::tables::jobs::keep_payload(tx, taken.id, taken.fence, &payload)
        });
        assert!(kept.wait().unwrap());
        while kit.workspace.run_due_job().unwrap() {}
        let ended = kit.workspace.find_job(&kit.system(), job).unwrap();
        assert_eq!((ended.status.as_str(), &ended.payload["started"]), ("done", &json!(found_at - 1)));
        assert_eq!(pairs(kit, "person", "open")["total"], json!(0), "the rounds before were not run again");

        let job = start();
        dedupe::cancel_scan(&kit.workspace, &kit.system(), "person").wait().unwrap();
        while kit.workspace.run_due_job().unwrap() {}
        assert_eq!(kit.workspace.find_job(&kit.system(), job).unwrap().status, "cancelled");
        let none = dedupe::cancel_scan(&kit.workspace, &kit.system(), "person").wait();
        assert_eq!(problem(none).code, Code::NotFound);
        scan(kit, "person");
        let list = pairs(kit, "person", "open");
        assert_eq!((&list["total"], &list["search"]["last"]["records"]), (&json!(1), &json!(2)));
        let weights = list["pairs"][0]["weights"].as_array().unwrap();
        assert!(
            weights.iter().any(|weight| weight["reason"] == "same e-mail" && weight["bits"] == 23.0),
            "{weights:?}"
        );
    });
}

#[test]
fn a_search_that_is_cancelled_while_it_runs_stops_at_its_next_sign_of_life() {
    on_both(|kit| {
        let job = dedupe::start_scan(&kit.workspace, &kit.system(), "person").wait().unwrap().1;
        let taken = kit.workspace.store().write(store::Priority::Interactive, |tx| {
            store::tables::jobs::take(tx, i64::MAX - 1, i64::MAX, &Choice::default())
        });
        let fence = taken.wait().unwrap().unwrap().fence;
        dedupe::cancel_scan(&kit.workspace, &kit.system(), "person").wait().unwrap();
        let renewed = kit.workspace.store().write(store::Priority::Interactive, move |tx| {
            let finished = store::tables::jobs::finish(tx, job, fence, 1)?;
            Ok((finished, store::tables::jobs::renew(tx, job, fence, i64::MAX, 0.5)?))
        });
        assert_eq!(renewed.wait().unwrap(), (false, false));
    });
}

#[test]
fn the_next_night_is_planned_once_however_often() {
    on_both(|kit| {
        kit.workspace.plan_nights().unwrap();
        kit.workspace.plan_nights().unwrap();
        let planned = kit.workspace.list_jobs("duplicates.scan", 50).wait().unwrap();
        let mut objects: Vec<&str> = planned.iter().map(|job| job.payload["object"].as_str().unwrap()).collect();
        objects.sort_unstable();
        assert_eq!(objects, ["company", "person"]);
        assert!(!kit.workspace.run_due_job().unwrap(), "not before its time");
        assert_ne!(pairs(kit, "person", "open")["search"]["next_at"], json!(null));
        // Asked for by day, it does not wait for the night.
        kit.create("person", json!({ "given_name": "Ann" }));
        scan(kit, "person");
    });
}

#[test]
fn records_that_are_one_with_a_third_are_put_together() {
    on_both(|kit| {
        let person = |given: &str, family: &str, email: Json| {
            kit.create("person", json!({ "given_name": given, "family_name": family, "emails": email }));
        };
        person("Ann", "Miller", json!(["ann@acme.com"]));
        person("Ann", "Miller", json!(["ann@acme.com", "stone@home.org"]));
        person("Ann", "Stone", json!(["stone@home.org"]));
        scan(kit, "person");
        let list = pairs(kit, "person", "open");
        assert_eq!(list["total"], json!(3), "{list:#}");
        let last = &list["pairs"][2];
        assert_eq!(last["reasons"][0], json!("both are like a third record"));
    });
}

#[test]
fn a_page_of_the_queue_goes_on_where_the_last_ended() {
    on_both(|kit| {
        let families = ["Miller", "Stone", "Quast", "Vogel", "Dorn", "Hartwig", "Zimmer"];
        for family in families {
            for given in ["Ann", "Anne"] {
                let email = format!("{family}@acme.com");
                kit.create("person", json!({ "given_name": given, "family_name": family, "emails": [email] }));
            }
        }
        scan(kit, "person");
        let mut seen: Vec<String> = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let list = dedupe::list_pairs(&kit.workspace, &kit.system(), "person", "open", cursor.as_deref(), 3);
            let page = list.wait().unwrap();
            seen.extend(page["pairs"].as_array().unwrap().iter().map(|pair| pair["id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), families.len());
    });
}

#[test]
fn merging_takes_everything_along_and_undo_brings_it_back() {
    on_both(|kit| {
        let acme = kit.create("company", json!({ "name": "Acme" }));
        let ann = kit.create(
            "person",
            json!({
                "given_name": "Ann", "family_name": "Miller", "emails": ["ann@acme.com"], "tags": ["vip"],
                "external_ids": { "hubspot": "1" },
            }),
        );
        let annie = kit.create(
            "person",
            json!({
                "given_name": "Annie", "family_name": "Miller", "emails": ["annie@home.org", "ANN@acme.com"],
                "job_title": "Buyer", "company": acme, "tags": ["fair", "vip"], "reports_to": ann,
                "external_ids": { "hubspot": "2", "sap": "7" },
            }),
        );
        let boss = kit.create("person", json!({ "given_name": "Bob", "family_name": "Stone", "reports_to": annie }));
        let about = json!([{ "object": "person", "id": annie }, { "object": "company", "id": acme }]);
        let note = kit.create("note", json!({ "body": "Met at the fair", "about": about }));
        let before = kit.checksum();

        let (batch, record) = merged(kit, "person", ann, &[annie], json!({ "given_name": "Annie" }));
        assert_eq!(record["name"], json!("Annie Miller"));
        assert_eq!(record["job_title"], json!("Buyer"));
        assert_eq!(record["company"], json!(acme));
        assert_eq!(record["tags"], json!(["vip", "fair"]));
        assert_eq!(record["external_ids"], json!({ "hubspot": "1", "sap": "7" }));
        assert_eq!(record["reports_to"], json!(null), "nobody reports to themselves");
        let emails: Vec<(&str, bool)> = record["emails"]
            .as_array()
            .unwrap()
            .iter()
            .map(|email| (email["value"].as_str().unwrap(), email["primary"].as_bool().unwrap_or_default()))
            .collect();
        assert_eq!(emails, [("ann@acme.com", true), ("annie@home.org", false)]);
        assert_eq!(kit.get("person", boss)["reports_to"], json!(ann));
        assert_eq!(kit.get("note", note)["about"][0]["id"], json!(ann));
        assert_ne!(kit.get("person", annie)["deleted_at"], json!(null));
        let timeline = kit.workspace.timeline(&kit.system(), "person", ann, Some(vec!["note".to_owned()]), None, 10);
        assert_eq!(timeline.wait().unwrap()["entries"].as_array().unwrap().len(), 1);
        kit.check();

        let undone = kit.workspace.undo(&kit.system(), batch).unwrap();
        assert!(undone.kept.is_empty(), "{:?}", undone.kept);
        assert_eq!(kit.checksum(), before);
        assert_eq!(kit.get("person", boss)["reports_to"], json!(annie));
    });
}

#[test]
fn merging_companies_moves_their_people() {
    on_both(|kit| {
        let keep = kit.create("company", json!({ "name": "Acme" }));
        let lose = kit.create("company", json!({ "name": "Acme Inc.", "parent": keep, "domains": ["acme.com"] }));
        let people: Vec<Uuid> = (0..3)
            .map(|number| kit.create("person", json!({ "given_name": format!("P{number}"), "company": lose })))
            .collect();
        let (_, record) = merged(kit, "company", keep, &[lose], json!({}));
        assert_eq!(record["parent"], json!(null));
        assert_eq!(record["domains"], json!(["acme.com"]));
        assert_eq!(record["people_count"], json!(3));
        for id in people {
            assert_eq!(kit.get("person", id)["company"], json!(keep));
        }
    });
}

#[test]
fn what_stood_between_two_that_become_one_stands_below_them() {
    on_both(|kit| {
        let company =
            |name: &str, parent: Option<Uuid>| kit.create("company", json!({ "name": name, "parent": parent }));
        let parent = |id: Uuid| kit.get("company", id)["parent"].clone();
        let top = company("Top", None);
        let old = company("Acme", Some(top));
        let mid = company("Mid", Some(old));
        let new = company("Acme", Some(mid));
        // The lower of the two stays.
        let (batch, _) = merged(kit, "company", new, &[old], json!({}));
        assert_eq!((parent(new), parent(mid)), (json!(top), json!(new)));
        assert!(kit.workspace.undo(&kit.system(), batch).unwrap().kept.is_empty());
        assert_eq!((parent(old), parent(mid), parent(new)), (json!(top), json!(old), json!(mid)));
        // The upper one stays, also where somebody chose the place of the other.
        for chosen in [json!({}), json!({ "parent": mid })] {
            let (batch, _) = merged(kit, "company", old, &[new], chosen);
            assert_eq!((parent(old), parent(mid)), (json!(top), json!(old)));
            assert!(kit.workspace.undo(&kit.system(), batch).unwrap().kept.is_empty());
        }
        // The upper one stood nowhere; by the rules the place of the lower one would survive.
        kit.update("company", old, json!({ "parent": null }));
        merged(kit, "company", old, &[new], json!({}));
        assert_eq!((parent(old), parent(mid)), (json!(null), json!(old)));
    });
}

#[test]
fn rights_come_before_what_stands_in_the_way_of_a_merge() {
    on_both(|kit| {
        let rights = json!({ "objects": { "company": { "read": "all", "update": "all", "delete": "own" } }, "special": ["merge"] });
        let member = kit.user("member", rights, None);
        let old = kit.create("company", json!({ "name": "Acme" }));
        let mid = kit.create("company", json!({ "name": "Mid", "parent": old }));
        let new = kit.create("company", json!({ "name": "Acme", "parent": mid }));
        let refused = merge::merge(&kit.workspace, &member, "company", new, vec![old], Patch::new()).wait();
        assert_eq!(problem(refused).code, Code::Forbidden);
    });
}

#[test]
fn a_merge_that_makes_no_sense_is_refused() {
    on_both(|kit| {
        let ann = kit.create("person", json!({ "given_name": "Ann" }));
        let bob = kit.create("person", json!({ "given_name": "Bob" }));
        let refuse = |others: Vec<Uuid>| {
            let none = model::Patch::new();
            problem(merge::merge(&kit.workspace, &kit.system(), "person", ann, others, none).wait()).code
        };
        assert_eq!(refuse(vec![]), Code::BadRequest);
        assert_eq!(refuse(vec![ann]), Code::BadRequest);
        assert_eq!(refuse(vec![bob, bob]), Code::BadRequest);
        assert_eq!(refuse(vec![Uuid::now_v7()]), Code::NotFound);
        kit.delete("person", bob);
        assert_eq!(refuse(vec![bob]), Code::NotFound);
        let rights = json!({ "objects": { "*": { "read": "all", "create": true, "update": "all", "delete": "all" } } });
        let clerk = kit.user("clerk", rights, None);
        let carl = kit.create("person", json!({ "given_name": "Carl" }));
        let refused = merge::merge(&kit.workspace, &clerk, "person", ann, vec![carl], model::Patch::new()).wait();
        assert_eq!(problem(refused).code, Code::Forbidden);
    });
}

/// Sets the rules of people, with a field for the customer number.
fn rule(kit: &Kit, rules: Json) {
    let mut object = kit.workspace.schema().find_object("person").unwrap().as_ref().clone();
    let mut edits = Vec::new();
    if object.find_field("customer_no").is_none() {
        let field = Box::new(Field::new("customer_no", Kind::Text, "Customer number"));
        edits.push(SchemaEdit::AddField { object: "person".to_owned(), field });
    }
    object.duplicates = serde_json::from_value(rules).unwrap();
    edits.push(SchemaEdit::ChangeObject(Box::new(object)));
    kit.workspace.edit_schema(&kit.system(), edits).unwrap();
    while kit.workspace.run_due_job().unwrap() {}
}

#[test]
fn rules_say_what_proves_what_is_left_out_and_from_when_a_pair_is_shown() {
    on_both(|kit| {
        rule(kit, json!({}));
        let ann = kit.create(
            "person",
            json!({ "given_name": "Ann", "family_name": "Miller", "phones": ["+4930123456"], "customer_no": "K-17" }),
        );
        let same = json!({ "given_name": "Antje", "family_name": "Kramer", "customer_no": "k17" });
        let caller = json!({ "given_name": "Ann", "family_name": "Milner", "phones": ["+4930123456"] });
        let found = |values: &Json| check(kit, &kit.system(), "person", values.clone());
        assert!(found(&same).is_empty(), "nobody said yet what the number is worth");
        assert_eq!(found(&caller).len(), 1);
        // What was stored before gets its keys in the job that the rule starts.
        rule(kit, json!({ "identifying": ["customer_no"], "weights": { "phone": 0 } }));
        assert_eq!(found(&same)[0]["id"], json!(ann));
        assert_eq!(found(&same)[0]["reasons"][0], json!("same identifying number"));
        assert!(found(&caller).is_empty(), "phone numbers say nothing now: {:?}", found(&caller));
        kit.create("person", same.clone());
        scan(kit, "person");
        assert_eq!(pairs(kit, "person", "open")["total"], json!(1));
        rule(kit, json!({ "identifying": ["customer_no"], "among": "lifecycle != 'former'" }));
        kit.update("person", ann, json!({ "lifecycle": "former" }));
        assert_eq!(found(&same).len(), 1, "the other one is still compared");
        scan(kit, "person");
        assert_eq!(pairs(kit, "person", "open")["total"], json!(0));
        let plain = json!({ "given_name": "Ann", "family_name": "Miller" });
        rule(kit, json!({}));
        assert_eq!(found(&plain).len(), 1);
        rule(kit, json!({ "shown_from": 90 }));
        assert!(found(&plain).is_empty(), "the name alone is not sure enough");
    });
}

#[test]
fn rules_that_cannot_be_kept_are_refused() {
    on_both(|kit| {
        for (rules, word) in [
            (json!({ "shown_from": 20 }), "from 50 to 99"),
            (json!({ "weights": { "phone": 900 } }), "from 0 to 300"),
            (json!({ "identifying": ["customer"] }), "does not exist"),
            (json!({ "identifying": ["birthday"] }), "no text or whole number"),
            (json!({ "keep": { "open_tasks": "newest" } }), "is computed"),
            (json!({ "among": "colour == 'red'" }), "no field `colour`"),
        ] {
            let mut object = kit.workspace.schema().find_object("person").unwrap().as_ref().clone();
            object.duplicates = serde_json::from_value(rules).unwrap();
            let edits = vec![SchemaEdit::ChangeObject(Box::new(object))];
            let refused = problem(kit.workspace.edit_schema(&kit.system(), edits));
            assert!(refused.detail.contains(word), "{word}: {}", refused.detail);
        }
    });
}

#[test]
fn rules_say_whose_value_survives_a_merge() {
    on_both(|kit| {
        let kept =
            json!({ "job_title": "newest", "description": "longest", "birthday": "least", "department": "oldest" });
        rule(kit, json!({ "keep": kept }));
        let old = kit.create(
            "person",
            json!({ "given_name": "Ann", "job_title": "Buyer", "description": "A long story about Ann.",
                    "birthday": "1990-02-01", "department": "Sales", "language": "en" }),
        );
        let new = kit.create(
            "person",
            json!({ "given_name": "Anna", "job_title": "Head buyer", "description": "Short.",
                    "birthday": "1990-01-02", "department": "Purchase", "language": "de" }),
        );
        let (_, record) = merged(kit, "person", new, &[old], json!({}));
        assert_eq!(record["job_title"], "Head buyer");
        assert_eq!(record["description"], "A long story about Ann.");
        assert_eq!(record["birthday"], "1990-01-02");
        assert_eq!(record["department"], "Sales");
        assert_eq!((&record["given_name"], &record["language"]), (&json!("Anna"), &json!("de")), "no rule: who stays");
        let third = kit.create("person", json!({ "given_name": "Anne", "job_title": "Boss", "department": "Board" }));
        let chosen = json!({ "job_title": "Head buyer" });
        let (_, record) = merged(kit, "person", new, &[third], chosen);
        assert_eq!((&record["job_title"], &record["department"]), (&json!("Head buyer"), &json!("Sales")));
    });
}

#[test]
fn a_field_out_of_sight_finds_nothing_however_well_it_is_guessed() {
    on_both(|kit| {
        kit.create("company", json!({ "name": "Acme", "tax_id": "DE123456789" }));
        let fields = json!({ "tax_id": "none" });
        let rights =
            json!({ "objects": { "company": { "read": "all", "create": true, "update": "all", "fields": fields } } });
        let clerk = kit.user("clerk", rights, None);
        let guess = json!({ "name": "Zebra", "tax_id": "DE123456789" });
        assert_eq!(check(kit, &kit.system(), "company", guess.clone()).len(), 1);
        assert!(check(kit, &clerk, "company", guess).is_empty());
    });
}
