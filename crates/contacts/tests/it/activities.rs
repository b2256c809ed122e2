//! Tasks that repeat, over real workspaces, on both databases.

use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

/// Titles of the open tasks with when they are due, the earliest first.
fn open(kit: &Kit) -> Vec<String> {
    let due = kit.column("task", "due_at", "status == 'open'", "due_at");
    due.iter().map(|due| due.as_str().unwrap_or("never").to_owned()).collect()
}

fn only_open(kit: &Kit) -> Uuid {
    let ids = kit.column("task", "id", "status == 'open'", "due_at");
    assert_eq!(ids.len(), 1, "{ids:?}");
    Uuid::try_parse(ids[0].as_str().unwrap()).unwrap()
}

fn done(kit: &Kit, id: Uuid) -> Uuid {
    kit.update("task", id, json!({ "status": "done" }))
}

fn repeating(kit: &Kit, more: Json) -> Uuid {
    let mut values =
        json!({ "title": "Send the report", "due_at": "2099-03-27T08:00:00Z", "recurrence": "freq=weekly" });
    values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    kit.create("task", values)
}

#[test]
fn completing_a_task_makes_the_next_one_with_all_that_belongs_to_it() {
    on_both(|kit| {
        let company = kit.create("company", json!({ "name": "Acme" }));
        let first = repeating(
            kit,
            json!({
                "priority": "high", "about": [{ "object": "company", "id": company }],
                "reminder_at": "2099-03-26T15:00:00Z",
                "checklist": [{ "text": "Figures", "done": true }, "Letter", { "text": " " }],
            }),
        );
        let task = kit.get("task", first);
        assert_eq!(task["recurrence"], "FREQ=WEEKLY");
        assert_eq!(
            task["checklist"],
            json!([{ "text": "Figures", "done": true }, { "text": "Letter", "done": false }])
        );
        done(kit, first);
        assert!(!kit.get("task", first)["completed_at"].is_null());
        let next = kit.get("task", only_open(kit));
        assert_eq!(next["due_at"], "2099-04-03T08:00:00Z");
        assert_eq!(next["reminder_at"], "2099-04-02T15:00:00Z");
        assert_eq!(next["recurs_from"], "2099-03-27T08:00:00Z");
        assert_eq!(next["recurs_after"], json!(first));
        assert_eq!((&next["priority"], &next["about"]), (&task["priority"], &task["about"]));
        assert_eq!(
            next["checklist"],
            json!([{ "text": "Figures", "done": false }, { "text": "Letter", "done": false }])
        );
        assert!(next["completed_at"].is_null());
    });
}

#[test]
fn reopening_and_completing_again_makes_no_second_one_and_undo_takes_the_next_away() {
    on_both(|kit| {
        let first = repeating(kit, json!({}));
        let batch = done(kit, first);
        kit.update("task", first, json!({ "status": "open" }));
        assert!(kit.get("task", first)["completed_at"].is_null());
        done(kit, first);
        assert_eq!(open(kit), ["2099-04-03T08:00:00Z"]);
        let other = repeating(kit, json!({ "due_at": "2099-05-01T08:00:00Z" }));
        let undone = done(kit, other);
        assert_eq!(open(kit).len(), 2);
        kit.workspace.undo(&kit.system(), undone).unwrap();
        assert_eq!(open(kit), ["2099-04-03T08:00:00Z", "2099-05-01T08:00:00Z"]);
        done(kit, other);
        assert_eq!(open(kit), ["2099-04-03T08:00:00Z", "2099-05-08T08:00:00Z"]);
        assert_ne!(batch, undone);
    });
}

#[test]
fn a_new_due_date_moves_one_task_and_a_new_start_moves_the_rest() {
    on_both(|kit| {
        let first = repeating(kit, json!({}));
        kit.update("task", first, json!({ "due_at": "2099-03-30T10:00:00Z", "reminder_at": "2099-03-30T09:00:00Z" }));
        done(kit, first);
        let second = only_open(kit);
        assert_eq!(kit.get("task", second)["due_at"], "2099-04-03T08:00:00Z");
        assert_eq!(kit.get("task", second)["reminder_at"], "2099-04-03T07:00:00Z");
        let moved = json!({ "due_at": "2099-04-06T10:00:00Z", "recurs_from": "2099-04-06T10:00:00Z", "title": "Call" });
        kit.update("task", second, moved);
        done(kit, second);
        let third = kit.get("task", only_open(kit));
        assert_eq!((&third["due_at"], &third["title"]), (&json!("2099-04-13T10:00:00Z"), &json!("Call")));
    });
}

#[test]
fn a_series_ends_by_count_by_day_and_by_being_cancelled() {
    on_both(|kit| {
        done(kit, repeating(kit, json!({ "recurrence": "FREQ=DAILY;COUNT=2" })));
        done(kit, only_open(kit));
        assert!(open(kit).is_empty());
        done(kit, repeating(kit, json!({ "recurrence": "FREQ=DAILY;UNTIL=20990328" })));
        done(kit, only_open(kit));
        assert!(open(kit).is_empty());
        let cancelled = repeating(kit, json!({}));
        kit.update("task", cancelled, json!({ "status": "cancelled" }));
        assert!(open(kit).is_empty());
        let plain = repeating(kit, json!({}));
        kit.update("task", plain, json!({ "recurrence": null }));
        assert!(kit.get("task", plain)["recurs_from"].is_null());
        done(kit, plain);
        assert!(open(kit).is_empty());
    });
}

#[test]
fn the_clock_of_the_owner_counts_and_what_was_missed_is_left_out() {
    on_both(|kit| {
        let ann = kit.user("ann", json!({ "objects": { "*": { "read": "all", "update": "all" } } }), None);
        kit.update("user", ann.user.unwrap(), json!({ "time_zone": "Europe/Berlin" }));
        // Nine in Berlin, before and after the clocks go forward on 29 March 2099.
        repeating(
            kit,
            json!({ "owner": ann.user, "due_at": "2099-03-27T08:00:00Z", "recurrence": "FREQ=DAILY;INTERVAL=2" }),
        );
        // She may not make tasks; the series goes on all the same.
        kit.try_update(&ann, "task", only_open(kit), json!({ "status": "done" }), None).unwrap();
        assert_eq!(open(kit), ["2099-03-29T07:00:00Z"]);
        assert_eq!(kit.get("task", only_open(kit))["owner"], json!(ann.user));
        kit.delete("task", only_open(kit));
        let long_ago = repeating(kit, json!({ "due_at": "2020-01-01T08:00:00Z", "recurrence": "FREQ=YEARLY" }));
        done(kit, long_ago);
        let next = open(kit).pop().unwrap();
        assert!(next.as_str() > "2026" && next.ends_with("-01-01T08:00:00Z"), "{next}");
    });
}

#[test]
fn a_series_outlives_what_it_was_about() {
    on_both(|kit| {
        let company = kit.create("company", json!({ "name": "Acme" }));
        let task = repeating(kit, json!({ "about": [{ "object": "company", "id": company }] }));
        kit.delete("company", company);
        done(kit, task);
        assert_eq!(open(kit), ["2099-04-03T08:00:00Z"]);
    });
}

#[test]
fn what_cannot_repeat_is_refused_at_its_field() {
    on_both(|kit| {
        let wrong = |values: Json| problem(kit.try_create(&kit.system(), "task", values)).fields[0].clone();
        assert_eq!(wrong(json!({ "title": "a", "recurrence": "FREQ=DAILY" })).field, "due_at");
        let fault = wrong(json!({ "title": "a", "due_at": "2099-01-01T08:00:00Z", "recurrence": "often" }));
        assert_eq!((fault.field.as_str(), fault.code.as_str()), ("recurrence", "bad_recurrence"));
        assert_eq!(wrong(json!({ "title": "a", "checklist": "milk" })).field, "checklist");
        assert_eq!(wrong(json!({ "title": "a", "checklist": [{ "text": "milk", "price": 1 }] })).code, "wrong_type");
    });
}
