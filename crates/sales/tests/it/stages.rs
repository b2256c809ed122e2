//! The pipeline that everybody begins with, and what of pipelines and stages may be changed.

use engine::Command;
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

/// The stage of that name.
pub fn stage(kit: &Kit, name: &str) -> Uuid {
    let ids = kit.column("stage", "id", &format!("name == '{name}'"), "position");
    Uuid::try_parse(ids[0].as_str().unwrap()).unwrap()
}

/// The pipeline that an installation begins with.
pub fn pipeline(kit: &Kit) -> Uuid {
    let ids = kit.column("pipeline", "id", "name == 'Sales'", "position");
    Uuid::try_parse(ids[0].as_str().unwrap()).unwrap()
}

fn try_delete(kit: &Kit, object: &str, id: Uuid) -> Result<(), store::Error> {
    let command = Command::Delete { object: object.to_owned(), ids: vec![id], strict: true };
    kit.workspace.write(&kit.system(), command, None).wait().map(drop)
}

#[test]
fn an_installation_begins_with_a_pipeline_and_its_board_and_only_once() {
    on_both(|kit| {
        let names = kit.column("stage", "name", "pipeline.name == 'Sales'", "position");
        assert_eq!(names, ["Qualification", "Needs analysis", "Proposal", "Negotiation", "Won", "Lost"]);
        let views = kit.column("view", "opens_first", "object == 'deal' && type == 'board'", "name");
        assert_eq!(views, [json!(true)]);
        for id in kit.column("stage", "id", "true", "position") {
            kit.delete("stage", Uuid::try_parse(id.as_str().unwrap()).unwrap());
        }
        kit.delete("pipeline", pipeline(kit));
        kit.workspace.begin().unwrap();
        assert!(kit.column("pipeline", "name", "true", "name").is_empty());
        let refused = problem(kit.try_create(&kit.system(), "deal", json!({ "name": "Nowhere" })));
        assert_eq!(refused.fields[0].field, "pipeline");
    });
}

#[test]
fn a_new_pipeline_gets_a_board_which_does_not_open_first() {
    on_both(|kit| {
        let made = kit.create("pipeline", json!({ "name": "Renewals" }));
        let views = kit.column("view", "filter", "object == 'deal' && name == 'Renewals'", "name");
        assert_eq!(views, [json!(format!("pipeline == '{made}'"))]);
        assert_eq!(kit.column("view", "opens_first", "name == 'Renewals'", "name"), [json!(false)]);
    });
}

#[test]
fn stages_with_deals_stay_what_they_are() {
    on_both(|kit| {
        let (first, other) = (stage(kit, "Qualification"), stage(kit, "Proposal"));
        kit.create("deal", json!({ "name": "Licence" }));
        assert_eq!(kit.get("stage", first)["deals_count"], 1);
        let refused = problem(kit.try_update(&kit.system(), "stage", first, json!({ "kind": "won" }), None));
        assert_eq!(refused.fields[0].code, "in_use");
        assert!(problem(try_delete(kit, "stage", first)).detail.contains("Move them"));
        assert!(problem(try_delete(kit, "pipeline", pipeline(kit))).detail.contains("Move them"));
        kit.update("stage", first, json!({ "name": "First look", "probability": 15 }));
        try_delete(kit, "stage", other).unwrap();
    });
}

#[test]
fn criteria_that_cannot_be_read_are_refused_and_closed_stages_are_certain() {
    on_both(|kit| {
        let proposal = stage(kit, "Proposal");
        let refused = kit.try_update(&kit.system(), "stage", proposal, json!({ "exit_criteria": "has(amuont)" }), None);
        assert!(problem(refused).detail.contains("Did you mean `amount`"));
        let won = stage(kit, "Won");
        kit.update("stage", won, json!({ "probability": 40, "forecast_category": "commit" }));
        let won: Json = kit.get("stage", won);
        assert_eq!((&won["probability"], &won["forecast_category"]), (&json!(100), &json!("closed")));
    });
}

#[test]
fn undo_of_a_new_stage_leaves_it_under_its_deals() {
    on_both(|kit| {
        let made = kit.patch("stage", json!({ "name": "Trial", "pipeline": pipeline(kit) })).unwrap();
        let command = Command::Create { object: "stage".into(), values: vec![made], strict: true };
        let batch = kit.workspace.write(&kit.system(), command, None).wait().unwrap().0;
        kit.create("deal", json!({ "name": "Licence", "stage": stage(kit, "Trial") }));
        let undone = kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!((undone.undone, undone.kept.len()), (0, 1), "{:?}", undone.kept);
        assert_eq!(kit.get("stage", stage(kit, "Trial"))["deals_count"], 1);
    });
}

#[test]
fn who_writes_criteria_asks_for_nothing_that_is_hidden_from_them() {
    on_both(|kit| {
        let all = json!({ "read": "all", "create": true, "update": "all" });
        let rights = json!({ "objects": { "*": all,
            "deal": { "read": "all", "fields": { "amount": "none" } } } });
        let author = kit.user("author", rights, None);
        let first = stage(kit, "Qualification");
        let ask = |text: &str| kit.try_update(&author, "stage", first, json!({ "exit_criteria": text }), None);
        assert!(problem(ask("amount > 1000")).detail.contains("amount"));
        ask("has(next_step)").unwrap();
    });
}
