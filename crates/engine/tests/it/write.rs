//! Creating, changing, refusing, replaying.

use engine::{Command, IdempotencyKey, Query};
use model::Code;
use serde_json::json;
use testkit::{on_both, problem};

#[test]
fn a_record_comes_into_being_and_changes() {
    on_both(|kit| {
        let company = kit.create("company", json!({ "name": "Müller & Söhne", "domains": ["mueller.example"] }));
        let ann = kit.create(
            "person",
            json!({ "given_name": "Ann", "family_name": "Lee", "company": company, "emails": ["Ann@Example.com"] }),
        );
        let record = kit.get("person", ann);
        assert_eq!(record["name"], "Ann Lee");
        assert_eq!(record["version"], 1);
        assert_eq!(record["emails"][0]["value"], "ann@example.com");
        kit.update("person", ann, json!({ "family_name": "Li" }));
        let record = kit.get("person", ann);
        assert_eq!((&record["name"], &record["version"]), (&json!("Ann Li"), &json!(2)));
        let history = kit.workspace.history(&kit.system(), "person", ann, None, 0).wait().unwrap();
        assert_eq!(history["changes"][0]["fields"]["family_name"], json!(["Lee", "Li"]));
        assert_eq!(history["changes"][1]["op"], "create");
    });
}

#[test]
fn an_edit_that_changes_nothing_leaves_no_trace() {
    on_both(|kit| {
        let id = kit.create("company", json!({ "name": "Acme" }));
        kit.update("company", id, json!({ "name": "Acme" }));
        assert_eq!(kit.get("company", id)["version"], 1);
    });
}

#[test]
fn a_stale_version_is_refused_with_the_current_record() {
    on_both(|kit| {
        let id = kit.create("company", json!({ "name": "Acme" }));
        kit.update("company", id, json!({ "name": "Acme 2" }));
        let refused = problem(kit.try_update(&kit.system(), "company", id, json!({ "name": "Mine" }), Some(1)));
        assert_eq!(refused.code, Code::Stale);
        assert_eq!(refused.extra["current"]["name"], "Acme 2");
    });
}

#[test]
fn bad_values_are_all_named_and_nothing_is_kept() {
    on_both(|kit| {
        let before = kit.checksum();
        let refused = problem(kit.try_create(
            &kit.system(),
            "person",
            json!({ "given_name": "Ann", "emails": ["not an address"], "company": "nowhere", "shoe_size": 41 }),
        ));
        let mut fields: Vec<&str> = refused.fields.iter().map(|fault| fault.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["company", "emails", "shoe_size"]);
        let nobody = uuid::Uuid::now_v7();
        let refused = problem(kit.try_create(&kit.system(), "person", json!({ "given_name": "A", "company": nobody })));
        assert_eq!(refused.fields[0].code, "unknown_record");
        assert_eq!(kit.checksum(), before);
    });
}

#[test]
fn a_unique_value_belongs_to_one_live_record() {
    on_both(|kit| {
        let role = kit.create("role", json!({ "name": "R", "rights": { "admin": true } }));
        let user = |name: &str| json!({ "name": name, "email": "same@example.com", "role": role, "active": true });
        let first = kit.create("user", user("One"));
        let refused = problem(kit.try_create(&kit.system(), "user", user("Two")));
        assert_eq!((refused.code, refused.fields[0].field.as_str()), (Code::Conflict, "email"));
        kit.delete("user", first);
        kit.create("user", user("Three"));
    });
}

#[test]
fn the_same_key_does_the_work_once() {
    on_both(|kit| {
        let key = |hash: &str| IdempotencyKey {
            principal: "user:1".to_owned(),
            key: "k".to_owned(),
            request_hash: hash.to_owned(),
        };
        let command = || Command::Create {
            object: "company".to_owned(),
            values: vec![kit.patch("company", json!({ "name": "Once" })).unwrap()],
            strict: true,
        };
        let first = kit.workspace.write(&kit.system(), command(), Some(key("a"))).wait().unwrap().1;
        let again = kit.workspace.write(&kit.system(), command(), Some(key("a"))).wait().unwrap().1;
        assert!(again.replayed && !first.replayed);
        assert_eq!(first.ids, again.ids);
        assert_eq!(problem(kit.workspace.write(&kit.system(), command(), Some(key("b"))).wait()).code, Code::Invalid);
        assert_eq!(kit.column("company", "name", "name == 'Once'", "name").len(), 1);
    });
}

#[test]
fn commands_by_filter_touch_what_the_filter_finds() {
    on_both(|kit| {
        for (name, employees) in [("A", 5), ("B", 50), ("C", 500)] {
            kit.create("company", json!({ "name": name, "employees": employees }));
        }
        let patch = kit.patch("company", json!({ "tags": ["big"] })).unwrap();
        let command =
            Command::UpdateWhere { object: "company".to_owned(), filter: "employees >= 50".to_owned(), patch };
        let outcome = kit.workspace.write(&kit.system(), command, None).wait().unwrap().1;
        assert_eq!(outcome.updated, 2);
        assert_eq!(kit.column("company", "name", "'big' in tags", "name"), ["B", "C"]);
        let command = Command::DeleteWhere { object: "company".to_owned(), filter: "'big' in tags".to_owned() };
        assert_eq!(kit.workspace.write(&kit.system(), command, None).wait().unwrap().1.deleted, 2);
        assert_eq!(kit.column("company", "name", "name != null", "name"), ["A"]);
    });
}

#[test]
fn upsert_matches_by_external_id_and_by_address() {
    on_both(|kit| {
        let upsert = |by: &str, rows: Vec<serde_json::Value>| {
            let values = rows.into_iter().map(|row| kit.patch("person", row).unwrap()).collect();
            let command = Command::Upsert { object: "person".to_owned(), by: by.to_owned(), values };
            kit.workspace.write(&kit.system(), command, None).wait().unwrap().1
        };
        let row =
            |name: &str| json!({ "given_name": name, "external_ids": { "hubspot": "42" }, "emails": ["a@b.example"] });
        let first = upsert("external_ids.hubspot", vec![row("Ann")]);
        assert_eq!((first.created, first.updated), (1, 0));
        let again = upsert("external_ids.hubspot", vec![row("Anna")]);
        assert_eq!((again.created, again.updated), (0, 1));
        assert_eq!(first.ids, again.ids);
        let third = upsert("emails", vec![json!({ "emails": ["A@B.example"], "family_name": "Lee" })]);
        assert_eq!(third.ids, first.ids);
        assert_eq!(kit.get("person", first.ids[0])["name"], "Anna Lee");
    });
}

#[test]
fn pages_follow_one_another_without_gaps_over_ties() {
    on_both(|kit| {
        for number in 0..25 {
            kit.create("company", json!({ "name": format!("C{number}"), "employees": number % 3 }));
        }
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let query = Query {
                object: "company".to_owned(),
                sort: Some("-employees".to_owned()),
                limit: 4,
                cursor,
                total: true,
                ..Query::default()
            };
            let page = kit.try_list(&kit.system(), query).unwrap();
            assert_eq!(page["total"], json!({ "count": 25, "exact": true }));
            seen.extend(page["records"].as_array().unwrap().iter().map(|record| record["id"].clone()));
            match page["next"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(seen.len(), 25);
        let distinct: std::collections::HashSet<String> = seen.iter().map(ToString::to_string).collect();
        assert_eq!(distinct.len(), 25);
    });
}

#[test]
fn a_total_knows_the_write_that_was_answered_before() {
    on_both(|kit| {
        let total = || {
            let query = Query { object: "company".to_owned(), limit: 1, total: true, ..Query::default() };
            kit.try_list(&kit.system(), query).unwrap()["total"]["count"].as_u64().unwrap()
        };
        for number in 0..40 {
            // Asked twice, so that the second answer is one that was kept.
            assert_eq!((total(), total()), (number, number));
            kit.create("company", json!({ "name": format!("C{number}") }));
        }
    });
}
