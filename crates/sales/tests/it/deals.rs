//! Deals on their way through the stages.

use engine::Command;
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

use crate::stages::{pipeline, stage};

fn deal(kit: &Kit, more: Json) -> Uuid {
    let mut values = json!({ "name": "Licence" });
    values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    kit.create("deal", values)
}

fn move_to(kit: &Kit, id: Uuid, name: &str) -> Uuid {
    kit.update("deal", id, json!({ "stage": stage(kit, name) }))
}

fn try_move(kit: &Kit, id: Uuid, values: Json) -> model::Problem {
    problem(kit.try_update(&kit.system(), "deal", id, values, None))
}

/// The names of the stage changes of a deal, in their order.
fn way(kit: &Kit, id: Uuid) -> Vec<String> {
    let names = kit.column("stage_change", "name", &format!("deal == '{id}'"), "at,created_at,id");
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn euros(amount: i64) -> Json {
    json!({ "amount": amount, "currency": "EUR" })
}

#[test]
fn a_deal_begins_in_the_first_stage_and_takes_over_what_stages_say() {
    on_both(|kit| {
        let id = deal(kit, json!({ "amount": euros(1_000) }));
        let made = kit.get("deal", id);
        assert_eq!(made["stage"], json!(stage(kit, "Qualification")));
        assert_eq!(made["pipeline"], json!(pipeline(kit)));
        assert_eq!((&made["probability"], &made["forecast_category"]), (&json!(10), &json!("pipeline")));
        assert_eq!((&made["status"], &made["weighted_amount"]["amount"]), (&json!("open"), &json!(100)));
        move_to(kit, id, "Proposal");
        let moved = kit.get("deal", id);
        assert_eq!((&moved["probability"], &moved["forecast_category"]), (&json!(50), &json!("best_case")));
        assert_eq!(moved["weighted_amount"]["amount"], 500);
        assert_eq!(way(kit, id), ["Qualification", "Qualification → Proposal"]);
    });
}

#[test]
fn what_is_said_by_hand_stays_until_the_next_move() {
    on_both(|kit| {
        let id = deal(kit, json!({ "probability": 35, "amount": euros(10), "expected_close": "2099-01-01" }));
        assert_eq!(kit.get("deal", id)["probability"], 35);
        kit.update("stage", stage(kit, "Qualification"), json!({ "probability": 15 }));
        move_to(kit, id, "Proposal");
        let moved = kit.get("deal", id);
        assert_eq!((&moved["probability"], &moved["forecast_category"]), (&json!(50), &json!("best_case")));
        kit.update("deal", id, json!({ "stage": stage(kit, "Negotiation"), "forecast_category": "pipeline" }));
        assert_eq!(kit.get("deal", id)["forecast_category"], "pipeline");
        kit.update("deal", id, json!({ "stage": stage(kit, "Won"), "probability": 40 }));
        let won = kit.get("deal", id);
        assert_eq!((&won["probability"], &won["forecast_category"]), (&json!(100), &json!("closed")));
        move_to(kit, id, "Proposal");
        assert_eq!(kit.get("deal", id)["probability"], 50);
    });
}

#[test]
fn winning_and_losing_say_when_and_why_and_reopening_forgets_it() {
    on_both(|kit| {
        let id = deal(kit, json!({ "amount": euros(10) }));
        let lost = stage(kit, "Lost");
        let refused = try_move(kit, id, json!({ "stage": lost }));
        assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("lost_reason", "required"));
        kit.update("deal", id, json!({ "stage": lost, "lost_reason": "price" }));
        let record = kit.get("deal", id);
        assert_eq!((&record["status"], &record["probability"]), (&json!("lost"), &json!(0)));
        assert!(record["closed_at"].is_string() && record["sales_cycle"].is_number());
        move_to(kit, id, "Needs analysis");
        let record = kit.get("deal", id);
        assert!(record["closed_at"].is_null() && record["lost_reason"].is_null());
        assert_eq!(record["status"], "open");
        kit.update("deal", id, json!({ "stage": stage(kit, "Won"), "closed_at": "2026-03-01T10:00:00Z" }));
        assert_eq!(kit.get("deal", id)["closed_at"], "2026-03-01T10:00:00Z");
    });
}

#[test]
fn a_stage_of_another_pipeline_is_refused_and_a_change_of_pipeline_begins_anew() {
    on_both(|kit| {
        let renewals = kit.create("pipeline", json!({ "name": "Renewals", "position": 20 }));
        let id = deal(kit, json!({}));
        let nowhere = try_move(kit, id, json!({ "pipeline": renewals }));
        assert_eq!(nowhere.fields[0].code, "no_stage");
        let due = kit.create("stage", json!({ "name": "Due", "pipeline": renewals, "probability": 60 }));
        let refused = try_move(kit, id, json!({ "stage": due }));
        assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("stage", "other_pipeline"));
        assert!(refused.detail.contains("another pipeline"), "{}", refused.detail);
        kit.update("deal", id, json!({ "pipeline": renewals }));
        assert_eq!(kit.get("deal", id)["stage"], json!(due));
        assert_eq!(kit.get("deal", id)["probability"], 60);
        kit.update("deal", id, json!({ "pipeline": pipeline(kit), "stage": stage(kit, "Proposal") }));
        assert_eq!(try_move(kit, id, json!({ "stage": null })).fields[0].code, "required");
        let direct = deal(kit, json!({ "stage": due }));
        assert_eq!(kit.get("deal", direct)["pipeline"], json!(renewals));
    });
}

#[test]
fn a_stage_is_left_forwards_once_its_criteria_hold_and_all_that_is_missing_is_named() {
    on_both(|kit| {
        let id = deal(kit, json!({}));
        move_to(kit, id, "Proposal");
        let negotiation = json!({ "stage": stage(kit, "Negotiation") });
        let missing: Vec<String> =
            try_move(kit, id, negotiation.clone()).fields.into_iter().map(|one| one.field + " " + &one.code).collect();
        assert_eq!(missing, ["amount required", "expected_close required"]);
        let proposal = stage(kit, "Proposal");
        let text = "has(amount) // An amount is agreed\nweighted_amount > 100 // It is worth the effort";
        kit.update("stage", proposal, json!({ "exit_criteria": text }));
        let refused = try_move(kit, id, negotiation.clone());
        assert_eq!(refused.fields[0].code, "exit_criteria");
        assert_eq!(refused.detail, "Proposal: An amount is agreed; It is worth the effort.");
        // What the move itself brings counts, formulas included.
        kit.update("deal", id, json!({ "stage": stage(kit, "Negotiation"), "amount": euros(400) }));
        move_to(kit, id, "Proposal");
        kit.update("deal", id, json!({ "amount": null }));
        move_to(kit, id, "Qualification");
        move_to(kit, id, "Proposal");
        kit.update("deal", id, json!({ "stage": stage(kit, "Lost"), "lost_reason": "timing" }));
    });
}

#[test]
fn undo_of_a_move_is_undo_of_all_and_redo_brings_all_back() {
    on_both(|kit| {
        // Who may move a deal takes the move back, also without a right to delete anything.
        let own = json!({ "read": "own", "create": true, "update": "own" });
        let rights = json!({ "objects": { "*": own, "stage": { "read": "all" }, "pipeline": { "read": "all" } } });
        let rep = kit.user("rep", rights, None);
        let id = deal(kit, json!({ "owner": rep.id, "amount": euros(10) }));
        let before = kit.get("deal", id);
        let won = json!({ "stage": stage(kit, "Won"), "won_reason": "Price" });
        let batch = kit.try_update(&rep, "deal", id, won, None).unwrap().batch;
        assert_eq!(way(kit, id).len(), 2);
        let undone = kit.workspace.undo(&rep, batch).unwrap();
        assert!(undone.kept.is_empty(), "{:?}", undone.kept);
        let after = kit.get("deal", id);
        for field in ["stage", "probability", "forecast_category", "closed_at", "stage_since", "status", "won_reason"] {
            assert_eq!(after[field], before[field], "{field}");
        }
        assert_eq!(way(kit, id), ["Qualification"]);
        kit.workspace.undo(&rep, undone.batch).unwrap();
        assert_eq!(way(kit, id), ["Qualification", "Qualification → Won"]);
        assert_eq!(kit.get("deal", id)["status"], "won");
    });
}

#[test]
fn what_holds_for_one_holds_for_many() {
    on_both(|kit| {
        let ids: Vec<Uuid> = (0..3).map(|_| deal(kit, json!({ "amount": euros(100) }))).collect();
        let proposal = stage(kit, "Proposal");
        let patch = kit.patch("deal", json!({ "stage": proposal })).unwrap();
        let command = Command::UpdateWhere { object: "deal".into(), filter: "status == 'open'".into(), patch };
        kit.workspace.write(&kit.system(), command, None).wait().unwrap();
        for id in &ids {
            assert_eq!(kit.get("deal", *id)["probability"], 50);
            assert_eq!(way(kit, *id).len(), 2);
        }
        assert_eq!(kit.get("stage", proposal)["deals_count"], 3);
        let pipeline = kit.get("pipeline", pipeline(kit));
        assert_eq!((&pipeline["open_deals"], &pipeline["open_value"]["amount"]), (&json!(3), &json!(300)));
    });
}

#[test]
fn customers_know_what_is_open_what_comes_next_and_what_was_won() {
    on_both(|kit| {
        let company = kit.create("company", json!({ "name": "Acme" }));
        let person = kit.create("person", json!({ "given_name": "Ann", "company": company }));
        let both = |amount: i64, close: &str| json!({ "company": company, "person": person, "amount": euros(amount), "expected_close": close });
        deal(kit, both(100, "2099-05-01"));
        let second = deal(kit, both(250, "2099-04-01"));
        let won = deal(kit, both(1_000, "2026-01-01"));
        move_to(kit, won, "Won");
        for (object, id) in [("company", company), ("person", person)] {
            let record = kit.get(object, id);
            assert_eq!((&record["open_deals"], &record["pipeline_value"]["amount"]), (&json!(2), &json!(350)));
            assert_eq!(
                (&record["next_close_on"], &record["won_value"]["amount"]),
                (&json!("2099-04-01"), &json!(1_000))
            );
        }
        move_to(kit, second, "Won");
        assert_eq!(kit.get("company", company)["won_value"]["amount"], 1_250);
        let timeline = kit.workspace.timeline(&kit.system(), "company", company, None, None, 50).wait().unwrap();
        let entries = timeline["entries"].as_array().unwrap();
        assert!(entries.iter().any(|entry| entry["object"] == "deal" && entry["change"]["op"] == "update"));
    });
}

#[test]
fn a_neglected_deal_says_since_when_and_a_contact_counts() {
    on_both(|kit| {
        let id = deal(kit, json!({}));
        let since: jiff::Timestamp = kit.get("deal", id)["stage_since"].as_str().unwrap().parse().unwrap();
        let until =
            |kit: &Kit| -> jiff::Timestamp { kit.get("deal", id)["rots_at"].as_str().unwrap().parse().unwrap() };
        assert_eq!(until(kit).duration_since(since).as_hours(), 14 * 24);
        let about = json!([{ "object": "deal", "id": id }]);
        kit.create("call", json!({ "subject": "Talk", "started_at": "2099-01-01T00:00:00Z", "about": about }));
        assert_eq!(until(kit).to_string(), "2099-01-15T00:00:00Z");
        kit.update("stage", stage(kit, "Qualification"), json!({ "rot_after_days": 1 }));
        assert_eq!(until(kit).to_string(), "2099-01-02T00:00:00Z");
        kit.create("task", json!({ "title": "Call", "due_at": "2099-02-01T00:00:00Z", "about": about }));
        assert_eq!(kit.get("deal", id)["next_activity_at"], "2099-02-01T00:00:00Z");
    });
}

#[test]
fn recurring_amounts_count_by_the_year() {
    on_both(|kit| {
        let id = deal(kit, json!({ "recurring_amount": euros(100), "recurring_period": "month" }));
        assert_eq!(kit.get("deal", id)["annual_amount"]["amount"], 1_200);
        kit.update("deal", id, json!({ "recurring_period": "quarter" }));
        assert_eq!(kit.get("deal", id)["annual_amount"]["amount"], 400);
        let refused = kit.try_create(&kit.system(), "deal", json!({ "name": "x", "recurring_amount": euros(1) }));
        assert_eq!(problem(refused).fields[0].field, "recurring_period");
    });
}

#[test]
fn no_deal_comes_into_a_stage_that_is_gone() {
    on_both(|kit| {
        let (first, proposal) = (stage(kit, "Qualification"), stage(kit, "Proposal"));
        let id = deal(kit, json!({}));
        let moved = kit.try_update(&kit.system(), "deal", id, json!({ "stage": proposal }), None).unwrap().batch;
        let back = kit.try_update(&kit.system(), "deal", id, json!({ "stage": first }), None).unwrap().batch;
        kit.delete("stage", proposal);
        assert_eq!(try_move(kit, id, json!({ "stage": proposal })).fields[0].field, "stage");
        let undone = kit.workspace.undo(&kit.system(), back).unwrap();
        assert_eq!(undone.kept[0].reason, "The stage of this deal is deleted. Restore it first, or choose another.");
        kit.workspace.undo(&kit.system(), moved).unwrap();
        kit.delete("deal", id);
        kit.delete("stage", first);
        let restore = Command::Restore { object: "deal".into(), ids: vec![id], strict: true };
        let refused = problem(kit.workspace.write(&kit.system(), restore, None).wait());
        assert_eq!(refused.fields[0].code, "unknown_record");
        assert_eq!(kit.get("stage", stage(kit, "Negotiation"))["deals_count"], 0);
    });
}

#[test]
fn criteria_count_what_the_move_itself_brings_in_money() {
    on_both(|kit| {
        let (id, first) = (deal(kit, json!({})), stage(kit, "Qualification"));
        kit.update("stage", first, json!({ "exit_criteria": "weighted_amount >= 5 // It is worth the effort" }));
        assert_eq!(try_move(kit, id, json!({ "stage": stage(kit, "Proposal") })).fields[0].code, "exit_criteria");
        kit.update("deal", id, json!({ "stage": stage(kit, "Proposal"), "amount": euros(100) }));
    });
}
