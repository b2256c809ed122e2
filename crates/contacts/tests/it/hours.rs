//! Working hours as they count for people, holidays from files, and when people are busy for those who may not see why.
use contacts::calendar::{free_busy, take_in_holidays};
use engine::Whose;
use model::{Actor, Code};
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn at(text: &str) -> i64 {
    model::value::instant_from_text(text).unwrap()
}

fn calendar_of(kit: &Kit, whose: Whose) -> (Option<Uuid>, String) {
    let workspace = kit.workspace.clone();
    let found = kit.workspace.store().read(move |tx| workspace.working_hours(tx, whose)).wait().unwrap();
    (found.calendar, found.time_zone)
}

#[test]
fn the_nearest_calendar_counts_and_one_is_for_everyone() {
    on_both(|kit| {
        let top = kit.create("team", json!({ "name": "Top" }));
        let below = kit.create("team", json!({ "name": "Below", "parent": top }));
        let ann = kit.user("ann", json!({}), Some(below)).user.unwrap();
        assert_eq!(calendar_of(kit, Whose::User(ann)), (None, "UTC".to_owned()), "nine to five");
        kit.update("user", ann, json!({ "time_zone": "Europe/Rome" }));
        let all = kit.create("work_calendar", json!({ "name": "All", "for_everyone": true }));
        assert_eq!(kit.get("work_calendar", all)["week"]["fri"], json!(["09:00-17:00"]));
        assert_eq!(calendar_of(kit, Whose::User(ann)), (Some(all), "Europe/Rome".to_owned()));
        assert_eq!(calendar_of(kit, Whose::Team(below)), (Some(all), "UTC".to_owned()));
        let team = kit.create("work_calendar", json!({ "name": "Team", "time_zone": "Asia/Tokyo" }));
        kit.update("team", top, json!({ "work_calendar": team }));
        assert_eq!(calendar_of(kit, Whose::User(ann)), (Some(team), "Asia/Tokyo".to_owned()), "of the team above");
        let own = kit.create("work_calendar", json!({ "name": "Part time", "week": { "mon": ["8:00-12:00"] } }));
        kit.update("user", ann, json!({ "work_calendar": own }));
        assert_eq!(calendar_of(kit, Whose::User(ann)).0, Some(own));
        assert_eq!(calendar_of(kit, Whose::Company).0, Some(all));
        let gone = kit.delete("work_calendar", own);
        assert_eq!(calendar_of(kit, Whose::User(ann)).0, Some(team), "one in the recycle bin counts no longer");
        kit.workspace.undo(&kit.system(), gone).unwrap();
        let second = kit.create("work_calendar", json!({ "name": "Second", "for_everyone": true }));
        assert_eq!(kit.column("work_calendar", "name", "for_everyone == true", "name"), [json!("Second")]);
        kit.update("work_calendar", all, json!({ "for_everyone": true }));
        kit.delete("work_calendar", second);
        // Another one for everyone takes it from the first, and undo gives it back.
        let batch = kit.update("work_calendar", team, json!({ "for_everyone": true }));
        assert_eq!(kit.column("work_calendar", "name", "for_everyone == true", "name"), [json!("Team")]);
        kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!(kit.column("work_calendar", "name", "for_everyone == true", "name"), [json!("All")]);
    });
}

#[test]
fn hours_that_cannot_be_read_are_refused_and_only_those_who_configure_write_them() {
    on_both(|kit| {
        for (field, value) in [
            ("week", json!({ "mon": ["17:00-09:00"] })),
            ("holidays", json!([{ "date": "never", "name": "x" }])),
            ("time_zone", json!("Mars/Olympus")),
        ] {
            let refused = kit.try_create(&kit.system(), "work_calendar", json!({ "name": "x", field: value }));
            assert_eq!(problem(refused).fields[0].field, field);
        }
        let all = kit.create("work_calendar", json!({ "name": "All" }));
        let reader =
            kit.user("reader", json!({ "objects": { "*": { "read": "all", "create": true, "update": "all" } } }), None);
        assert!(kit.try_get(&reader, "work_calendar", all).is_ok());
        let refused = kit.try_update(&reader, "work_calendar", all, json!({ "name": "Mine" }), None);
        assert_eq!(problem(refused).code, Code::Forbidden);
        let refused = take_in_holidays(&kit.workspace, &reader, all, HOLIDAYS).unwrap().wait();
        assert_eq!(problem(refused).code, Code::Forbidden);
        let own = kit.try_update(&reader, "user", reader.user.unwrap(), json!({ "work_calendar": all }), None);
        assert_eq!(problem(own).code, Code::Forbidden);
        let configures = kit.user("admin", json!({ "special": ["configure"] }), None);
        kit.try_update(&configures, "work_calendar", all, json!({ "name": "Ours" }), None).unwrap();
    });
}

const HOLIDAYS: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY\r\n\
    SUMMARY:Christmas\\, first day\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270326\r\n\
    DTEND;VALUE=DATE:20270330\r\nSUMMARY:Easter\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20270401T090000Z\r\n\
    SUMMARY:Kick-off\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:19710101\r\nSUMMARY:Thanksgiving\r\n\
    RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn holidays_of_a_file_are_added_once() {
    on_both(|kit| {
        let id = kit.create("work_calendar", json!({ "name": "All" }));
        let (batch, taken) = take_in_holidays(&kit.workspace, &kit.system(), id, HOLIDAYS).unwrap().wait().unwrap();
        let list = kit.get("work_calendar", id)["holidays"].as_array().unwrap().clone();
        assert_eq!((taken.added, taken.known, taken.left_out), (list.len() as u64, 0, 1));
        let dated = |date: &str| list.iter().find(|one| one["date"] == date).cloned().unwrap_or_default();
        assert_eq!(
            dated("2026-12-25"),
            json!({ "date": "2026-12-25", "name": "Christmas, first day", "yearly": true })
        );
        assert_eq!(dated("2027-03-29")["name"], "Easter");
        assert!(dated("2027-03-30").is_null(), "the end is the day after");
        assert_eq!(dated("2027-11-25")["name"], "Thanksgiving");
        let (_, again) = take_in_holidays(&kit.workspace, &kit.system(), id, HOLIDAYS).unwrap().wait().unwrap();
        assert_eq!((again.added, again.known), (0, list.len() as u64));
        kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!(kit.get("work_calendar", id)["holidays"], Json::Null);
        assert!(take_in_holidays(&kit.workspace, &kit.system(), id, "nonsense").is_err());
    });
}

fn told(kit: &Kit, asker: &Actor, user: Uuid) -> Vec<String> {
    let window = (at("2099-01-05T00:00:00Z"), at("2099-01-10T00:00:00Z"));
    let found = free_busy(&kit.workspace, asker, &[user], window).unwrap().remove(0);
    let clock = |at: i64| model::value::instant_to_text(at)[8..16].to_owned();
    let one = |busy: &contacts::calendar::Busy| {
        let title = busy.meeting.as_ref().map_or("-", |(_, title)| title.as_deref().unwrap_or("?"));
        format!("{} {} {title}", clock(busy.starts_at), clock(busy.ends_at))
    };
    found.busy.iter().map(one).collect()
}

#[test]
fn others_see_when_somebody_is_busy_and_not_why() {
    on_both(|kit| {
        let own = json!({ "objects": { "meeting": { "read": "own", "fields": { "agenda": "none" } } } });
        let (ann, bob) = (kit.user("ann", own.clone(), None), kit.user("bob", own, None));
        let (a, b) = (ann.user.unwrap(), bob.user.unwrap());
        let meeting = |title: &str, start: &str, more: Json| {
            let mut values = json!({ "title": title, "starts_at": format!("2099-01-{start}:00Z") });
            values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            kit.create("meeting", values)
        };
        let until = |end: &str| format!("2099-01-{end}:00Z");
        meeting("Layoffs", "05T09:00", json!({ "owner": a, "ends_at": until("05T10:00") }));
        meeting("More layoffs", "05T09:30", json!({ "organizer": a, "ends_at": until("05T11:00") }));
        meeting(
            "Shared",
            "06T09:00",
            json!({ "owner": b, "organizer": b, "colleagues": [a], "ends_at": until("06T10:00") }),
        );
        meeting("Off", "06T12:00", json!({ "owner": a, "status": "cancelled" }));
        meeting(
            "No",
            "06T13:00",
            json!({ "organizer": b, "colleagues": [a], "replies": { a.to_string(): "declined" } }),
        );
        meeting("Before", "04T23:30", json!({ "organizer": a }));
        meeting("Long over", "04T09:00", json!({ "organizer": a }));
        meeting(
            "Each day",
            "01T15:00",
            json!({ "organizer": a, "recurrence": "FREQ=WEEKLY", "ends_at": until("01T15:30") }),
        );
        meeting("Another's", "07T09:00", json!({ "organizer": b }));
        let to_ann = told(kit, &ann, a);
        let to_bob = told(kit, &bob, a);
        assert_eq!(
            to_bob,
            ["05T00:00 05T00:30 -", "05T09:00 05T11:00 -", "06T09:00 06T10:00 Shared", "08T15:00 08T15:30 -"],
            "hidden ones are joined and cut"
        );
        assert!(to_ann.contains(&"05T09:00 05T10:00 Layoffs".to_owned()), "{to_ann:?}");
        let nobody = kit.user("nobody", json!({}), None);
        let window = (at("2099-01-05T00:00:00Z"), at("2099-01-10T00:00:00Z"));
        let refused = free_busy(&kit.workspace, &nobody, &[a], window);
        assert_eq!(problem(refused).code, Code::Forbidden);
        for (users, window) in [
            (vec![Uuid::now_v7()], window),
            (vec![], window),
            (vec![a; 31], window),
            (vec![a], (window.1, window.0)),
            (vec![a], (0, i64::MAX)),
        ] {
            assert_eq!(problem(free_busy(&kit.workspace, &bob, &users, window)).code, Code::BadRequest);
        }
    });
}
