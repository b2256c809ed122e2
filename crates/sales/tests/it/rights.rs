//! Whoever sees a deal sees its way through the stages, nobody else does, and nobody writes it by hand.

use engine::Query;
use model::Actor;
use serde_json::json;
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

use crate::stages::stage;

fn seen(kit: &Kit, actor: &Actor) -> usize {
    let query = Query { object: "stage_change".into(), limit: 50, ..Query::default() };
    kit.try_list(actor, query).unwrap()["records"].as_array().unwrap().len()
}

#[test]
fn parts_follow_their_whole() {
    on_both(|kit| {
        let own = json!({ "objects": { "*": { "read": "own", "create": true, "update": "own", "delete": "own" },
            "stage": { "read": "all" }, "pipeline": { "read": "all" } } });
        let (ann, ben) = (kit.user("ann", own.clone(), None), kit.user("ben", own, None));
        let all = kit.user("chief", json!({ "objects": { "*": { "read": "all" } } }), None);
        let blind = kit.user("blind", json!({ "objects": { "person": { "read": "all" } } }), None);
        let id = kit.create("deal", json!({ "name": "Licence", "owner": ann.id }));
        let change = kit.column("stage_change", "id", "true", "at")[0].as_str().unwrap().to_owned();
        let change = Uuid::try_parse(&change).unwrap();
        assert_eq!((seen(kit, &ann), seen(kit, &ben), seen(kit, &all)), (1, 0, 1));
        assert!(kit.try_get(&ben, "stage_change", change).is_err());
        assert!(kit.try_list(&blind, Query { object: "stage_change".into(), ..Query::default() }).is_err());
        // The new owner sees all of it, the old one nothing any more.
        kit.update("deal", id, json!({ "owner": ben.id }));
        assert_eq!((seen(kit, &ann), seen(kit, &ben)), (0, 1));
        kit.create("share", json!({ "about": [{ "object": "deal", "id": id }], "user": ann.id, "level": "read" }));
        assert_eq!(seen(kit, &ann), 1);
    });
}

#[test]
fn nobody_writes_the_way_by_hand() {
    on_both(|kit| {
        let chief = kit.user("chief", json!({ "admin": true }), None);
        let id = kit.create("deal", json!({ "name": "Licence", "owner": chief.id }));
        let change = kit.column("stage_change", "id", "true", "at")[0].as_str().unwrap().to_owned();
        let change = Uuid::try_parse(&change).unwrap();
        let made = json!({ "deal": id, "to_stage": stage(kit, "Won"), "at": "2026-01-01T00:00:00Z" });
        assert!(problem(kit.try_create(&chief, "stage_change", made)).detail.contains("by the program"));
        let changed = kit.try_update(&chief, "stage_change", change, json!({ "at": "2026-01-01T00:00:00Z" }), None);
        assert!(problem(changed).detail.contains("by the program"));
    });
}

#[test]
fn who_may_not_know_of_deals_does_not_read_what_they_are_worth() {
    on_both(|kit| {
        let blind = kit.user("blind", json!({ "objects": { "company": { "read": "all" } } }), None);
        let seeing = kit.user("seeing", json!({ "objects": { "*": { "read": "all" } } }), None);
        let company = kit.create("company", json!({ "name": "Acme" }));
        kit.create(
            "deal",
            json!({ "name": "Licence", "company": company, "amount": { "amount": 7, "currency": "EUR" } }),
        );
        assert_eq!(kit.try_get(&seeing, "company", company).unwrap()["open_deals"], 1);
        let shown = kit.try_get(&blind, "company", company).unwrap();
        assert!(shown.get("open_deals").is_none() && shown.get("pipeline_value").is_none(), "{shown}");
        let by_worth =
            Query { object: "company".into(), filter: Some("open_deals > 0".into()), limit: 5, ..Query::default() };
        assert!(kit.try_list(&blind, by_worth).is_err());
    });
}
