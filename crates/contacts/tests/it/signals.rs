//! Last contact, next activity and when the next contact is due: fresh with every call, meeting and task.
use std::time::{Duration, Instant};

use contacts::signals::{Pace, pace, set_pace};
use serde_json::json;
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn said(kit: &Kit, object: &str, id: Uuid) -> [String; 4] {
    let record = kit.get(object, id);
    ["last_contact_at", "last_contact_channel", "next_activity_at", "rots_at"]
        .map(|field| record[field].as_str().unwrap_or("-").replace(":00:00Z", ""))
}

#[test]
fn signals_follow_calls_meetings_and_tasks() {
    on_both(|kit| {
        let acme = kit.create("company", json!({ "name": "Acme", "kind": "customer" }));
        let ann = kit.create("person", json!({ "given_name": "Ann", "lifecycle": "lead", "company": acme }));
        let about = json!([{ "object": "person", "id": ann }]);
        kit.create("call", json!({ "about": about, "started_at": "2026-03-02T09:00:00Z" }));
        let expected = ["2026-03-02T09", "call", "-", "2026-03-16T09"];
        assert_eq!(said(kit, "person", ann), expected);
        assert_eq!(said(kit, "company", acme), ["2026-03-02T09", "call", "-", "2026-05-31T09"], "of its people, too");
        let meeting = json!({ "title": "Demo", "starts_at": "2026-03-10T09:00:00Z", "attendees": [ann] });
        let meeting = kit.create("meeting", meeting);
        assert_eq!(said(kit, "person", ann)[2], "2026-03-10T09");
        let task = kit.create(
            "task",
            json!({ "title": "Offer", "due_at": "2026-03-05T09:00:00Z",
            "about": [{ "object": "company", "id": acme }] }),
        );
        assert_eq!(said(kit, "company", acme)[2], "2026-03-05T09");
        kit.update("meeting", meeting, json!({ "status": "held" }));
        kit.update("task", task, json!({ "status": "done" }));
        let expected = ["2026-03-10T09", "meeting", "-", "2026-06-08T09"];
        assert_eq!(said(kit, "company", acme), expected);
        kit.update("person", ann, json!({ "company": null }));
        assert_eq!(said(kit, "company", acme)[0], "-");
        kit.update("person", ann, json!({ "lifecycle": "former" }));
        assert_eq!(said(kit, "person", ann)[3], "-", "whoever left is not waited for");
        let due = kit.column("person", "name", "rots_at < now", "rots_at");
        assert!(due.is_empty(), "{due:?}");
    });
}

#[test]
fn the_pace_is_a_setting_that_old_records_follow() {
    on_both(|kit| {
        let ann = kit.create("person", json!({ "given_name": "Ann", "lifecycle": "customer" }));
        let bob = kit.create("person", json!({ "given_name": "Bob" }));
        for (id, day) in [(ann, "2026-03-02"), (bob, "2026-03-03")] {
            let about = json!([{ "object": "person", "id": id }]);
            kit.create("call", json!({ "about": about, "started_at": format!("{day}T09:00:00Z") }));
        }
        let shipped = pace(&kit.workspace, "person").unwrap().unwrap();
        assert_eq!((shipped.days["lead"], shipped.days["customer"], shipped.otherwise), (14, 90, None));
        assert_eq!(pace(&kit.workspace, "company").unwrap().unwrap().days["prospect"], 30);
        kit.workspace.start_workers(1).unwrap();
        let new = Pace { days: [("customer".to_owned(), 7)].into(), otherwise: Some(30) };
        let batch = set_pace(&kit.workspace, &kit.system(), "person", &new).unwrap().unwrap();
        assert_eq!(pace(&kit.workspace, "person").unwrap(), Some(new));
        let both = || [ann, bob].map(|id| said(kit, "person", id)[3].clone());
        wait(|| both() == ["2026-03-09T09", "2026-04-02T09"]);
        kit.workspace.undo(&kit.system(), batch).unwrap();
        wait(|| both() == ["2026-05-31T09", "-"]);
        for wrong in [
            Pace::default(),
            Pace { days: [("customer".to_owned(), 0)].into(), otherwise: None },
            Pace { days: [("nobody".to_owned(), 3)].into(), otherwise: None },
        ] {
            problem(set_pace(&kit.workspace, &kit.system(), "person", &wrong));
        }
        let member = kit.user("member", json!({ "objects": { "*": { "read": "all", "update": "all" } } }), None);
        problem(set_pace(&kit.workspace, &member, "person", &shipped));
    });
}

fn wait(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the records never followed");
        std::thread::sleep(Duration::from_millis(20));
    }
}
