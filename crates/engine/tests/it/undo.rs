//! Undo, redo, the recycle bin, the past.

use engine::Command;
use serde_json::json;
use testkit::on_both;

#[test]
fn undo_takes_an_edit_back_and_undoing_the_undo_redoes_it() {
    on_both(|kit| {
        let id = kit.create("company", json!({ "name": "Before", "employees": 5 }));
        let batch = kit.update("company", id, json!({ "name": "After", "employees": null }));
        let undone = kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!((undone.undone, undone.kept_count), (1, 0));
        assert_eq!(kit.get("company", id)["name"], "Before");
        assert_eq!(kit.get("company", id)["employees"], 5);
        kit.workspace.undo(&kit.system(), undone.batch).unwrap();
        assert_eq!(kit.get("company", id)["name"], "After");
    });
}

#[test]
fn what_others_changed_since_is_kept_and_named() {
    on_both(|kit| {
        let id = kit.create("company", json!({ "name": "Before", "employees": 5 }));
        let batch = kit.update("company", id, json!({ "name": "Mine", "employees": 6 }));
        kit.update("company", id, json!({ "name": "Theirs" }));
        let undone = kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!(undone.kept.len(), 1);
        assert_eq!(undone.kept[0].field.as_deref(), Some("name"));
        let record = kit.get("company", id);
        assert_eq!((&record["name"], &record["employees"]), (&json!("Theirs"), &json!(5)));
    });
}

#[test]
fn undo_of_many_creates_leaves_the_database_as_before() {
    on_both(|kit| {
        kit.create("company", json!({ "name": "Old" }));
        let before = kit.checksum();
        let values = (0..2_500).map(|n| kit.patch("company", json!({ "name": format!("New {n}") })).unwrap()).collect();
        let command = Command::Create { object: "company".to_owned(), values, strict: true };
        let (batch, outcome) = kit.workspace.write(&kit.system(), command, None).wait().unwrap();
        kit.update("company", outcome.ids[7], json!({ "employees": 3 }));
        let undone = kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!((undone.undone, undone.kept_count), (2_499, 1));
        kit.delete("company", outcome.ids[7]);
        assert_eq!(kit.checksum(), before);
    });
}

#[test]
fn the_recycle_bin_gives_back_and_the_past_can_be_read() {
    on_both(|kit| {
        let id = kit.create("company", json!({ "name": "One" }));
        let then = kit.workspace.now();
        std::thread::sleep(std::time::Duration::from_millis(2));
        kit.update("company", id, json!({ "name": "Two" }));
        let batch = kit.delete("company", id);
        assert!(kit.column("company", "name", "name == 'Two'", "name").is_empty());
        let past = kit.workspace.get_json(&kit.system(), "company", id, &[], Some(then)).wait().unwrap().0;
        let past: serde_json::Value = serde_json::from_slice(&past).unwrap();
        assert_eq!((&past["name"], &past["deleted_at"]), (&json!("One"), &json!(null)));
        kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!(kit.column("company", "name", "name == 'Two'", "name"), ["Two"]);
    });
}
