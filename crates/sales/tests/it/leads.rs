//! Leads: the clock of the first answer, what belongs to a status, and the way to a deal.

use engine::Query;
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

use crate::stages::stage;

fn lead(kit: &Kit, more: Json) -> Uuid {
    let mut values = json!({ "title": "Forty kites" });
    values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    kit.create("lead", values)
}

fn instant(value: &Json) -> Timestamp {
    value.as_str().unwrap_or_else(|| panic!("{value}")).parse().unwrap()
}

fn convert(kit: &Kit, actor: &model::Actor, id: Uuid, values: Json) -> Result<(Uuid, Uuid), store::Error> {
    let values = kit.patch("deal", values).unwrap();
    let (batch, made) = sales::convert::convert(&kit.workspace, actor, id, values).wait()?;
    assert_eq!(made.lead.id, id);
    Ok((batch, made.deal.id))
}

#[test]
fn the_clock_begins_with_the_owner_and_stops_with_the_first_call_or_another_status() {
    on_both(|kit| {
        let ann = kit.user("ann", json!({ "admin": true }), None);
        let id = lead(kit, json!({}));
        let made = kit.get("lead", id);
        assert_eq!(
            (&made["status"], &made["assigned_at"], &made["first_response_due"]),
            (&json!("new"), &Json::Null, &Json::Null)
        );
        kit.update("lead", id, json!({ "owner": ann.id }));
        let given = kit.get("lead", id);
        let wait = instant(&given["first_response_due"]).duration_since(instant(&given["assigned_at"]));
        assert_eq!((wait.as_hours(), &given["first_response_at"]), (24, &Json::Null));
        let about = json!([{ "object": "lead", "id": id }]);
        let call =
            kit.create("call", json!({ "subject": "Back", "started_at": "2099-01-01T00:00:00Z", "about": about }));
        assert_eq!(kit.get("lead", id)["first_response_at"], "2099-01-01T00:00:00Z");
        let time = &kit.get("lead", id)["response_time"];
        assert!(time.as_f64().is_some_and(|seconds| seconds > 1e9), "{time}");
        // Taken up before the call: that was the answer.
        kit.update("lead", id, json!({ "status": "working" }));
        let taken = kit.get("lead", id);
        assert_eq!(taken["first_response_at"], taken["taken_up_at"]);
        kit.delete("call", call);
        kit.update("lead", id, json!({ "status": "new" }));
        assert_eq!(kit.get("lead", id)["first_response_at"], Json::Null);
    });
}

#[test]
fn another_time_may_be_said_and_who_gets_it_later_owes_no_second_answer() {
    on_both(|kit| {
        let (ann, ben) =
            (kit.user("ann", json!({ "admin": true }), None), kit.user("ben", json!({ "admin": true }), None));
        let id = lead(kit, json!({ "owner": ann.id, "first_response_due": "2099-05-01T00:00:00Z" }));
        assert_eq!(kit.get("lead", id)["first_response_due"], "2099-05-01T00:00:00Z");
        kit.update("lead", id, json!({ "status": "working" }));
        let before = kit.get("lead", id);
        kit.update("lead", id, json!({ "owner": ben.id }));
        let after = kit.get("lead", id);
        for field in ["assigned_at", "first_response_due", "first_response_at"] {
            assert_eq!(after[field], before[field], "{field}");
        }
    });
}

#[test]
fn who_disqualifies_says_why_and_what_one_status_has_goes_with_it() {
    on_both(|kit| {
        let id = lead(kit, json!({}));
        let refused = problem(kit.try_update(&kit.system(), "lead", id, json!({ "status": "disqualified" }), None));
        assert_eq!(
            (refused.fields[0].field.as_str(), refused.fields[0].code.as_str()),
            ("disqualified_reason", "required")
        );
        let reason =
            json!({ "status": "disqualified", "disqualified_reason": "no_fit", "disqualified_note": "Too small" });
        kit.update("lead", id, reason);
        let batch = kit.update("lead", id, json!({ "status": "nurturing", "nurture_until": "2099-01-01" }));
        let nurtured = kit.get("lead", id);
        assert_eq!((&nurtured["disqualified_reason"], &nurtured["disqualified_note"]), (&Json::Null, &Json::Null));
        kit.workspace.undo(&kit.system(), batch).unwrap();
        let undone = kit.get("lead", id);
        assert_eq!((&undone["status"], &undone["disqualified_reason"]), (&json!("disqualified"), &json!("no_fit")));
        kit.update("lead", id, json!({ "status": "working" }));
        assert_eq!(kit.get("lead", id)["nurture_until"], Json::Null);
    });
}

#[test]
fn customers_know_their_open_leads() {
    on_both(|kit| {
        let company = kit.create("company", json!({ "name": "Acme" }));
        let person = kit.create("person", json!({ "given_name": "Ann", "company": company }));
        let id = lead(kit, json!({ "company": company, "person": person }));
        lead(kit, json!({ "company": company, "person": person, "status": "nurturing" }));
        for (object, of) in [("company", company), ("person", person)] {
            assert_eq!(kit.get(object, of)["open_leads"], 2, "{object}");
        }
        kit.update("lead", id, json!({ "status": "disqualified", "disqualified_reason": "spam" }));
        assert_eq!(kit.get("company", company)["open_leads"], 1);
    });
}

#[test]
fn a_conversion_takes_over_what_the_lead_knows_and_is_undone_as_one() {
    on_both(|kit| {
        let ann = kit.user("ann", json!({ "admin": true }), None);
        let company = kit.create("company", json!({ "name": "Acme" }));
        let person = kit.create("person", json!({ "given_name": "Eve", "company": company }));
        let values = json!({ "person": person, "source": "event", "campaign": "Fair", "owner": ann.id });
        let id = lead(kit, values);
        let before = kit.get("lead", id);
        let amount = json!({ "amount": 500, "currency": "EUR" });
        let (batch, deal) =
            convert(kit, &ann, id, json!({ "amount": amount, "stage": stage(kit, "Proposal") })).unwrap();
        let made = kit.get("deal", deal);
        for (field, value) in [
            ("name", json!("Forty kites")),
            ("person", json!(person)),
            ("company", json!(company)),
            ("source", json!("event")),
            ("campaign", json!("Fair")),
            ("owner", json!(ann.id)),
            ("stage", json!(stage(kit, "Proposal"))),
        ] {
            assert_eq!(made[field], value, "{field}");
        }
        let after = kit.get("lead", id);
        assert_eq!((&after["status"], &after["deal"]), (&json!("qualified"), &json!(deal)));
        let again = problem(convert(kit, &ann, id, json!({})));
        assert_eq!((again.code, again.detail.contains("already")), (model::Code::Conflict, true));
        let refused = problem(kit.try_update(&ann, "lead", id, json!({ "status": "working" }), None));
        assert_eq!(refused.fields[0].code, "converted");
        assert!(kit.workspace.undo(&ann, batch).unwrap().kept.is_empty());
        let undone = kit.get("lead", id);
        for field in ["status", "deal", "taken_up_at", "first_response_at"] {
            assert_eq!(undone[field], before[field], "{field}");
        }
        assert!(kit.column("deal", "id", "true", "id").is_empty());
        convert(kit, &ann, id, json!({ "name": "Kites after all" })).unwrap();
    });
}

#[test]
fn a_refused_deal_leaves_the_lead_as_it_was_and_a_deleted_deal_lets_it_be_converted_anew() {
    on_both(|kit| {
        let id = lead(kit, json!({}));
        let refused = problem(convert(kit, &kit.system(), id, json!({ "stage": stage(kit, "Lost") })));
        assert_eq!(refused.fields[0].field, "lost_reason");
        assert_eq!(kit.get("lead", id)["status"], "new");
        let (_, deal) = convert(kit, &kit.system(), id, json!({})).unwrap();
        kit.delete("deal", deal);
        let (_, second) = convert(kit, &kit.system(), id, json!({})).unwrap();
        assert_eq!(kit.get("lead", id)["deal"], json!(second));
    });
}

#[test]
fn nobody_converts_what_is_out_of_sight_and_nothing_hidden_is_copied() {
    on_both(|kit| {
        let own = json!({ "read": "own", "create": true, "update": "own", "delete": "own" });
        let all = json!({ "read": "all" });
        let rep = json!({ "objects": { "lead": own, "deal": own, "stage": all, "pipeline": all } });
        let (ann, ben) = (kit.user("ann", rep.clone(), None), kit.user("ben", rep, None));
        let mut limited = own.clone();
        limited["fields"] = json!({ "campaign": "none" });
        let blind = json!({ "objects": { "lead": limited, "deal": own, "stage": all, "pipeline": all } });
        let cid = kit.user("cid", blind, None);
        let person = kit.create("person", json!({ "given_name": "Eve" }));
        let id = lead(kit, json!({ "owner": ann.id, "person": person }));
        assert_eq!(problem(convert(kit, &ben, id, json!({}))).code, model::Code::NotFound);
        // Of the person Ann sees nothing, so the deal names none.
        let (_, deal) = convert(kit, &ann, id, json!({})).unwrap();
        assert_eq!((&kit.get("deal", deal)["person"], &kit.get("deal", deal)["owner"]), (&Json::Null, &json!(ann.id)));
        let id = lead(kit, json!({ "owner": cid.id, "campaign": "Secret" }));
        let (_, deal) = convert(kit, &cid, id, json!({})).unwrap();
        assert_eq!(kit.get("deal", deal)["campaign"], Json::Null);
        let reader = kit.user("reader", json!({ "objects": { "*": all } }), None);
        let id = lead(kit, json!({}));
        assert_eq!(problem(convert(kit, &reader, id, json!({}))).code, model::Code::Forbidden);
        let mine = Query { object: "lead".into(), limit: 50, ..Query::default() };
        assert_eq!(kit.try_list(&ben, mine).unwrap()["records"], json!([]));
    });
}
