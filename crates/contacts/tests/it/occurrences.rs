//! Meetings that repeat, as single times, on both databases.

use contacts::calendar::{self, Occurrences};
use model::Actor;
use model::value::{instant_from_text, instant_to_text};
use serde_json::json;
use testkit::{Kit, on_both, problem};

fn at(text: &str) -> i64 {
    instant_from_text(text).unwrap()
}

fn ask(kit: &Kit, actor: &Actor, filter: Option<&str>, from: &str, to: &str) -> Occurrences {
    calendar::occurrences(&kit.workspace, actor, filter, (at(from), at(to))).unwrap()
}

fn starts(found: &Occurrences) -> Vec<String> {
    found.list.iter().map(|one| instant_to_text(one.starts_at)).collect()
}

fn everything(kit: &Kit) -> Actor {
    let all = json!({ "read": "all", "create": true, "update": "all", "delete": "all" });
    kit.user("ann", json!({ "objects": { "*": all } }), None)
}

#[test]
fn a_series_keeps_its_hour_when_the_clocks_change_and_leaves_out_what_it_says() {
    on_both(|kit| {
        let ann = everything(kit);
        let berlin = json!({ "time_zone": "Europe/Berlin" });
        kit.update("user", ann.user.unwrap(), berlin);
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Europe/Berlin:20270315T090000\r\n\
            DTEND;TZID=Europe/Berlin:20270315T100000\r\nRRULE:FREQ=WEEKLY\r\nORGANIZER:mailto:ann@example.com\r\n\
            EXDATE;TZID=Europe/Berlin:20270405T090000\r\nSUMMARY:Standup\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270412T090000\r\n\
            DTSTART;TZID=Europe/Berlin:20270412T150000\r\nSUMMARY:Standup, later\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let taken = calendar::take_in(&kit.workspace, &ann, text).unwrap().wait().unwrap().1;
        assert_eq!(taken.created, 2);
        let found = ask(kit, &ann, None, "2027-03-20T00:00:00Z", "2027-04-20T00:00:00Z");
        // The clocks change on 28 March; the 5th is left out, the 12th takes place as a meeting of its own.
        assert_eq!(starts(&found), ["2027-03-22T08:00:00Z", "2027-03-29T07:00:00Z", "2027-04-19T07:00:00Z"]);
        assert_eq!(found.list[1].ends_at, Some(at("2027-03-29T08:00:00Z")));
        assert!(found.all);
        // What began before the range and reaches into it is in it.
        let late = ask(kit, &ann, None, "2027-03-22T08:30:00Z", "2027-03-23T00:00:00Z");
        assert_eq!(starts(&late), ["2027-03-22T08:00:00Z"]);
        // A later file that changes one more time only.
        let change = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270419T090000\r\n\
            DTSTART;TZID=Europe/Berlin:20270420T090000\r\nSUMMARY:Standup\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        calendar::take_in(&kit.workspace, &ann, change).unwrap().wait().unwrap();
        assert_eq!(ask(kit, &ann, None, "2027-04-01T00:00:00Z", "2027-04-20T00:00:00Z").list, []);
        kit.check();
    });
}

#[test]
fn what_is_cut_is_said_and_ranges_are_bounded() {
    on_both(|kit| {
        let ann = everything(kit);
        for minute in 0..7 {
            let starts_at = format!("2027-01-01T08:0{minute}:00Z");
            kit.create("meeting", json!({ "title": "Daily", "starts_at": starts_at, "recurrence": "FREQ=DAILY" }));
        }
        let year = ask(kit, &ann, None, "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z");
        assert_eq!((year.list.len(), year.all), (2_000, false));
        let month = ask(kit, &ann, None, "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z");
        assert_eq!((month.list.len(), month.all), (7 * 31, true));
        let some = ask(kit, &ann, Some("title == 'Other' || false"), "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z");
        assert_eq!(some.list, []);
        for (from, to) in
            [("2027-01-01T00:00:00Z", "2029-01-01T00:00:00Z"), ("2027-01-02T00:00:00Z", "2027-01-01T00:00:00Z")]
        {
            let refused = calendar::occurrences(&kit.workspace, &ann, None, (at(from), at(to)));
            assert_eq!(problem(refused).fields[0].field, "to");
        }
    });
}

#[test]
fn one_of_a_series_moves_alone_in_one_batch() {
    on_both(|kit| {
        let ann = everything(kit);
        let id = kit.create(
            "meeting",
            json!({ "title": "Jour fixe", "starts_at": "2027-01-04T09:00:00Z", "ends_at": "2027-01-04T10:00:00Z",
                "recurrence": "FREQ=WEEKLY;COUNT=3", "location": "Room 5" }),
        );
        let before = kit.checksum();
        let to = (at("2027-01-12T13:00:00Z"), Some(at("2027-01-12T14:00:00Z")));
        let moving =
            |actor: &Actor, from: &str| calendar::move_occurrence(&kit.workspace, actor, id, at(from), to).wait();
        assert_eq!(problem(moving(&ann, "2027-01-12T09:00:00Z")).fields[0].field, "at");
        let (batch, record) = moving(&ann, "2027-01-11T09:00:00Z").unwrap();
        assert_eq!((&record["location"], &record["recurrence"]), (&json!("Room 5"), &json!(null)));
        assert_eq!(record["starts_at"], "2027-01-12T13:00:00Z");
        let left = ask(kit, &ann, None, "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z");
        assert_eq!(starts(&left), ["2027-01-04T09:00:00Z", "2027-01-18T09:00:00Z"]);
        kit.check();
        assert_eq!(problem(moving(&ann, "2027-01-11T09:00:00Z")).fields[0].field, "at");
        kit.workspace.undo(&ann, batch).unwrap();
        assert_eq!(kit.checksum(), before);
        let reader = kit.user("rita", json!({ "objects": { "meeting": { "read": "all", "create": true } } }), None);
        problem(moving(&reader, "2027-01-11T09:00:00Z"));
        let stranger = kit.user("sam", json!({ "objects": { "meeting": { "read": "own", "update": "all" } } }), None);
        problem(moving(&stranger, "2027-01-11T09:00:00Z"));
        assert_eq!(ask(kit, &stranger, None, "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z").list, []);
        kit.check();
    });
}
