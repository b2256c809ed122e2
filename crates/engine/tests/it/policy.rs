//! Rights: rows, fields, special rights, on every path.

use engine::{Command, Query};
use model::{Actor, Code};
use serde_json::json;
use testkit::{Kit, on_both, problem};

fn names(kit: &Kit, actor: &Actor) -> Vec<serde_json::Value> {
    let query = Query { object: "company".to_owned(), sort: Some("name".to_owned()), ..Query::default() };
    let list = kit.try_list(actor, query).unwrap();
    list["records"].as_array().unwrap().iter().map(|record| record["name"].clone()).collect()
}

#[test]
fn rows_out_of_reach_are_not_there() {
    on_both(|kit| {
        let north = kit.create("team", json!({ "name": "North" }));
        let city = kit.create("team", json!({ "name": "City", "parent": north }));
        let south = kit.create("team", json!({ "name": "South" }));
        let rights = |read: &str| json!({ "objects": { "company": { "read": read, "create": true, "update": "own", "delete": "own" } } });
        let boss = kit.user("boss", rights("team"), Some(north));
        let rep = kit.user("rep", rights("own"), Some(city));
        let far = kit.user("far", rights("team"), Some(south));
        let made = kit.try_create(&rep, "company", json!({ "name": "Reps" })).unwrap().ids[0];
        kit.try_create(&far, "company", json!({ "name": "Fars" })).unwrap();
        assert_eq!(names(kit, &rep), ["Reps"]);
        assert_eq!(names(kit, &boss), ["Reps"]);
        assert_eq!(names(kit, &far), ["Fars"]);
        assert_eq!(problem(kit.try_get(&far, "company", made)).code, Code::NotFound);
        assert_eq!(problem(kit.try_update(&far, "company", made, json!({ "name": "X" }), None)).code, Code::NotFound);
        assert_eq!(problem(kit.try_update(&boss, "company", made, json!({ "name": "X" }), None)).code, Code::Forbidden);
        let found = kit.workspace.search(&far, "Reps", vec![], None, 5).wait().unwrap();
        assert_eq!(found["results"], json!([]));
        assert_eq!(problem(kit.workspace.timeline(&far, "company", made, None, None, 5).wait()).code, Code::NotFound);
    });
}

#[test]
fn a_row_condition_binds_reading_and_writing() {
    on_both(|kit| {
        let rights = json!({ "objects": { "company": {
            "read": "employees < 100", "create": true, "update": "employees < 100", "delete": "none" } } });
        let small = kit.user("small", rights, None);
        let id = kit.create("company", json!({ "name": "Small", "employees": 5 }));
        kit.create("company", json!({ "name": "Big", "employees": 500 }));
        assert_eq!(names(kit, &small), ["Small"]);
        let before = kit.checksum();
        let refused = problem(kit.try_update(&small, "company", id, json!({ "employees": 500 }), None));
        assert_eq!(refused.code, Code::Forbidden);
        let refused = problem(kit.try_create(&small, "company", json!({ "name": "Huge", "employees": 900 })));
        assert_eq!(refused.code, Code::Forbidden);
        let command = Command::Delete { object: "company".to_owned(), ids: vec![id], strict: true };
        assert_eq!(problem(kit.workspace.write(&small, command, None).wait()).code, Code::Forbidden);
        assert_eq!(kit.checksum(), before);
    });
}

#[test]
fn a_hidden_field_is_no_oracle() {
    on_both(|kit| {
        let rights = json!({ "objects": { "company": {
            "read": "all", "create": true, "update": "all", "delete": "none",
            "fields": { "annual_revenue": "none", "industry": "read" } } } });
        let blind = kit.user("blind", rights, None);
        let id = kit.create("company", json!({ "name": "Acme", "annual_revenue": { "amount": 5, "currency": "EUR" } }));
        assert!(kit.try_get(&blind, "company", id).unwrap().get("annual_revenue").is_none());
        let query = |filter: Option<&str>, sort: Option<&str>| Query {
            object: "company".to_owned(),
            filter: filter.map(str::to_owned),
            sort: sort.map(str::to_owned),
            ..Query::default()
        };
        for query in [query(Some("annual_revenue > 4"), None), query(None, Some("annual_revenue"))] {
            assert_eq!(problem(kit.try_list(&blind, query)).code, Code::Forbidden);
        }
        let over = Query {
            object: "person".to_owned(),
            filter: Some("company.annual_revenue > 4".to_owned()),
            ..Query::default()
        };
        assert_eq!(problem(kit.try_list(&blind, over)).code, Code::Forbidden);
        let write = kit.try_update(&blind, "company", id, json!({ "annual_revenue": null }), None);
        assert_eq!(problem(write).code, Code::Forbidden);
        let sum = kit.workspace.aggregate(&blind, query(None, None), vec![], vec!["sum:annual_revenue".to_owned()]);
        assert_eq!(problem(sum.wait()).code, Code::Forbidden);
        let history = kit.workspace.history(&blind, "company", id, None, 0).wait().unwrap();
        assert!(history["changes"][0]["fields"].get("annual_revenue").is_none());
    });
}

#[test]
fn groups_by_a_part_of_an_address_have_the_right_of_the_address() {
    on_both(|kit| {
        for (name, country) in [("A", Some("DE")), ("B", Some("DE")), ("C", Some("BR")), ("D", None)] {
            let address = country.map(|country| json!({ "country": country, "city": "X" }));
            kit.create("company", json!({ "name": name, "billing_address": address }));
        }
        let query = || Query { object: "company".to_owned(), ..Query::default() };
        let counted = |actor: &Actor, by: &str| {
            kit.workspace.aggregate(actor, query(), vec![by.to_owned()], vec!["count".to_owned()]).wait()
        };
        let found = counted(&kit.system(), "billing_address.country").unwrap();
        let groups = found["groups"].as_array().unwrap().iter();
        let pairs: Vec<_> =
            groups.map(|group| (group["keys"]["billing_address.country"].clone(), group["count"].clone())).collect();
        assert_eq!(pairs, [(json!("DE"), json!(2)), (json!("BR"), json!(1)), (json!(null), json!(1))]);
        let rights = json!({ "objects": { "company": { "read": "all", "fields": { "billing_address": "none" } } } });
        let blind = kit.user("blind", rights, None);
        assert_eq!(problem(counted(&blind, "billing_address.country")).code, Code::Forbidden);
        assert_eq!(problem(counted(&kit.system(), "billing_address.planet")).code, Code::BadRequest);
        assert_eq!(problem(counted(&kit.system(), "name.country")).code, Code::BadRequest);
    });
}

#[test]
fn a_record_out_of_sight_is_no_oracle_over_a_relation() {
    on_both(|kit| {
        let rights = json!({ "objects": {
            "company": { "read": "employees < 100", "create": false, "update": "none", "delete": "none" },
            "person": { "read": "all", "create": true, "update": "all", "delete": "none" } }, "special": ["bulk"] });
        let few = kit.user("few", rights, None);
        for (name, employees) in [("Small", 5), ("Big", 500)] {
            let company = kit.create("company", json!({ "name": name, "employees": employees }));
            kit.create("person", json!({ "family_name": format!("Of {name}"), "company": company }));
        }
        let found = |filter: &str| {
            let query = Query { object: "person".to_owned(), filter: Some(filter.to_owned()), ..Query::default() };
            let page = kit.try_list(&few, query).unwrap();
            let names = page["records"].as_array().unwrap().iter().map(|record| record["family_name"].clone());
            names.map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("company.employees > 0"), ["Of Small"]);
        assert_eq!(found("company.employees > 400"), [""; 0]);
        assert_eq!(found("company.name.startsWith('B')"), [""; 0]);
        // Hidden is as good as none: the opposite holds.
        assert_eq!(found("!(company.employees > 0)"), ["Of Big"]);
        assert_eq!(found("!has(company.name)"), ["Of Big"]);
        let query =
            Query { object: "person".to_owned(), filter: Some("company.name == 'Big'".to_owned()), ..Query::default() };
        let counted = kit.workspace.aggregate(&few, query, vec![], vec!["count".to_owned()]).wait().unwrap();
        assert_eq!(counted["groups"][0]["count"].as_i64().unwrap_or(0), 0, "{counted}");
        let patch = kit.patch("person", json!({ "job_title": "Found out" })).unwrap();
        let filter = "company.name == 'Big'".to_owned();
        let command = Command::UpdateWhere { object: "person".to_owned(), filter, patch };
        assert_eq!(kit.workspace.write(&few, command, None).wait().unwrap().1.updated, 0);
    });
}

#[test]
fn a_role_change_binds_at_once() {
    on_both(|kit| {
        let open = json!({ "objects": { "company": { "read": "all" } } });
        let user = kit.user("ann", open, None);
        kit.create("company", json!({ "name": "Acme" }));
        assert_eq!(names(kit, &user), ["Acme"]);
        kit.update("role", user.role.unwrap(), json!({ "rights": { "objects": {} } }));
        let query = Query { object: "company".to_owned(), ..Query::default() };
        assert_eq!(problem(kit.try_list(&user, query)).code, Code::Forbidden);
    });
}

#[test]
fn the_answer_to_a_change_shows_no_record_out_of_sight() {
    on_both(|kit| {
        let rights = json!({ "objects": { "company": { "read": "own", "update": "all", "delete": "all" } } });
        let blind = kit.user("blind", rights, None);
        let id = kit.create("company", json!({ "name": "Hidden" }));
        let before = kit.checksum();
        for (values, version) in [(json!({}), None), (json!({ "name": "X" }), None), (json!({ "name": "X" }), Some(9))]
        {
            assert_eq!(problem(kit.try_update(&blind, "company", id, values, version)).code, Code::NotFound);
        }
        let command = Command::Delete { object: "company".to_owned(), ids: vec![id], strict: true };
        assert_eq!(problem(kit.workspace.write(&blind, command, None).wait()).code, Code::NotFound);
        let batch = kit.update("company", id, json!({ "name": "Renamed" }));
        let undone = kit.workspace.undo(&blind, batch).unwrap();
        assert_eq!((undone.undone, undone.kept.len(), undone.kept_count), (0, 0, 1));
        kit.update("company", id, json!({ "name": "Hidden" }));
        assert_eq!(kit.checksum().len(), before.len());
    });
}

#[test]
fn words_in_a_forbidden_field_find_nothing() {
    on_both(|kit| {
        let rights = json!({ "objects": {
            "company": { "read": "own", "fields": { "legal_name": "none" } } } });
        let rep = kit.user("rep", rights, None);
        for at in 0..60 {
            kit.create("company", json!({ "name": format!("Harbour {at}") }));
        }
        let values = json!({ "name": "Harbour of the rep", "legal_name": "Secretword", "owner": rep.user });
        let own = kit.create("company", values);
        let found = |words: &str| {
            let body = kit.workspace.search(&rep, words, vec![], None, 5).wait().unwrap();
            body["results"].as_array().unwrap().iter().map(|hit| hit["id"].clone()).collect::<Vec<_>>()
        };
        // Those of others take nobody's place.
        assert_eq!(found("harbour"), [json!(own)]);
        assert_eq!(found("harbuor"), [json!(own)]);
        for words in ["secretword", "secretw", "secretwrod", "harbour secretword"] {
            assert_eq!(found(words), [""; 0]);
        }
    });
}

#[test]
fn a_place_in_a_timeline_tells_no_forbidden_field() {
    on_both(|kit| {
        let company = kit.create("company", json!({ "name": "Acme" }));
        let person = kit.create("person", json!({ "family_name": "Lee", "company": company }));
        let about = json!([{ "object": "person", "id": person }]);
        let task = json!({ "title": "Call", "about": about, "due_at": "2026-12-01T08:00:00Z" });
        kit.create("task", task);
        let entries = |fields: serde_json::Value| {
            let name = format!("user{}", uuid::Uuid::now_v7().simple());
            let read = |object: &str| json!({ "read": "all", "fields": fields[object] });
            let objects = json!({ "company": read("company"), "person": read("person"), "task": read("task") });
            let user = kit.user(&name, json!({ "objects": objects }), None);
            let body = kit.workspace.timeline(&user, "company", company, None, None, 1).wait().unwrap();
            let mut kinds = vec![body["entries"][0]["object"].as_str().unwrap().to_owned()];
            if let Some(next) = body["next"].as_str() {
                let next = Some(next.to_owned());
                let rest = kit.workspace.timeline(&user, "company", company, None, next, 100).wait().unwrap();
                kinds.extend(
                    rest["entries"].as_array().unwrap().iter().map(|e| e["object"].as_str().unwrap().to_owned()),
                );
            }
            kinds
        };
        let none = |object: &str, field: &str| {
            let mut fields = json!({ "company": {}, "person": {}, "task": {} });
            fields[object][field] = json!("none");
            fields
        };
        assert_eq!(entries(none("company", "industry")), ["task", "person", "company"]);
        assert_eq!(entries(none("task", "due_at")), ["person", "company"]);
        assert_eq!(entries(none("task", "about")), ["person", "company"]);
        assert_eq!(entries(none("person", "company")), ["company"]);
    });
}

#[test]
fn why_somebody_sees_a_record_is_told_from_the_same_evaluation() {
    on_both(|kit| {
        let north = kit.create("team", json!({ "name": "North" }));
        let rights = |read: &str| {
            // Of what they may not see at all, figures are hidden too.
            json!({ "objects": { "*": { "read": "all" }, "task": { "read": "none" },
                    "company": { "read": read, "update": "own", "create": true,
                        "fields": { "industry": "none", "employees": "read" } } } })
        };
        let [all, team, own, part] = [
            ("all", "all"),
            ("team", "team"),
            ("own", "own"),
            ("part", "employees < 100 && name.startsWith('S') && owner != me"),
        ]
        .map(|(name, read)| kit.user(name, rights(read), Some(north)));
        let blind = kit.user("blind", json!({}), None);
        let admin = kit.user("admin", json!({ "admin": true }), None);
        let small =
            kit.create("company", json!({ "name": "Small", "employees": 500, "owner": own.user, "team": north }));
        let why = |user: &Actor| {
            let asked = kit.workspace.explain(&kit.system(), user.user.unwrap(), "company", small).wait().unwrap();
            assert_eq!(asked.read.allowed, kit.try_get(user, "company", small).is_ok(), "{asked:?}");
            assert_eq!(
                asked.update.allowed,
                kit.try_update(user, "company", small, json!({ "name": "Small" }), None).is_ok(),
                "{asked:?}"
            );
            asked
        };
        let read = |user: &Actor| (why(user).read.because, why(user).read.allowed);
        assert_eq!([read(&all), read(&team), read(&own)], [("all", true), ("team", true), ("own", true)]);
        assert_eq!([read(&blind), read(&admin)], [("none", false), ("admin", true)]);
        let told = why(&part);
        let parts: Vec<(&str, bool)> = told.read.parts.iter().map(|(text, holds)| (text.as_str(), *holds)).collect();
        assert_eq!(
            (told.read.because, parts),
            ("condition", vec![("employees < 100", false), ("name.startsWith('S')", true), ("owner != me", true)])
        );
        assert_eq!(told.hidden, ["industry", "open_tasks", "next_task_at"]);
        assert_eq!(told.read_only, ["employees"]);
        // About oneself everyone may ask who sees the record; about others only who manages users.
        let own_user = own.user.unwrap();
        assert!(kit.workspace.explain(&own, own_user, "company", small).wait().unwrap().update.allowed);
        let refused = problem(kit.workspace.explain(&own, all.user.unwrap(), "company", small).wait());
        assert_eq!(refused.code, Code::Forbidden);
        let refused = problem(kit.workspace.explain(&blind, blind.user.unwrap(), "company", small).wait());
        assert!(matches!(refused.code, Code::NotFound | Code::Forbidden));
        kit.update("user", all.user.unwrap(), json!({ "active": false }));
        let gone = kit.workspace.explain(&kit.system(), all.user.unwrap(), "company", small).wait().unwrap();
        assert_eq!((gone.read.because, gone.read.allowed), ("inactive", false));
    });
}
