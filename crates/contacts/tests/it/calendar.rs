//! Calendars in and out over real workspaces, on both databases.

use std::path::Path;

use contacts::calendar::{self, Method, TakenIn, TasksAs};
use model::Actor;
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn take_in(kit: &Kit, actor: &Actor, text: &str) -> TakenIn {
    calendar::take_in(&kit.workspace, actor, text).unwrap().wait().unwrap().1
}

fn file(kit: &Kit, actor: &Actor, id: Uuid) -> String {
    let text = calendar::meeting_file(&kit.workspace, actor, id, Method::Request).wait().unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
    text.replace("\r\n ", "").replace("\r\n", "\n")
}

fn everything(kit: &Kit, name: &str) -> Actor {
    let all = json!({ "read": "all", "create": true, "update": "all" });
    kit.user(name, json!({ "objects": { "*": all } }), None)
}

const INVITATION: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Home\r\n\
X-LIC-LOCATION:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\n\
TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:abc@elsewhere\r\nSEQUENCE:2\r\n\
DTSTART;TZID=Home:20260701T090000\r\nDURATION:PT1H30M\r\nSUMMARY:Kick-off\\, part 1\r\nLOCATION:Room 5\\; left\r\n\
DESCRIPTION:One\\nTwo \r\n and a half\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=Home:20260708T090000\r\n\
ORGANIZER;CN=Ann:mailto:ann@example.com\r\nATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Ann@Example.com\r\n\
ATTENDEE;CN=\"Bob; B\";PARTSTAT=TENTATIVE:mailto:bob@customer.example\r\n\
ATTENDEE;CN=Carl:mailto:carl@nowhere.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn an_invitation_becomes_a_meeting_with_everybody_who_comes() {
    on_both(|kit| {
        let ann = everything(kit, "ann");
        let bob = kit.create("person", json!({ "family_name": "B", "emails": ["bob@customer.example"] }));
        let taken = take_in(kit, &ann, INVITATION);
        assert_eq!((taken.created, taken.updated, taken.left_out.len()), (1, 0, 0));
        let meeting = kit.get("meeting", taken.ids[0]);
        assert_eq!(meeting["title"], "Kick-off, part 1");
        assert_eq!((&meeting["location"], &meeting["agenda"]), (&json!("Room 5; left"), &json!("One\nTwo and a half")));
        assert_eq!(meeting["starts_at"], "2026-07-01T07:00:00Z");
        assert_eq!(meeting["ends_at"], "2026-07-01T08:30:00Z");
        assert_eq!(meeting["recurrence"], "FREQ=WEEKLY;COUNT=4");
        assert_eq!(meeting["recurs_except"], json!(["2026-07-08T07:00:00Z"]));
        assert_eq!((&meeting["attendees"], &meeting["colleagues"]), (&json!([bob]), &json!([ann.user])));
        assert_eq!(meeting["organizer"], json!(ann.user));
        assert_eq!(meeting["guests"][0]["value"], "carl@nowhere.example");
        assert_eq!(
            meeting["replies"],
            json!({ ann.user.unwrap().to_string(): "accepted", bob.to_string(): "tentative" })
        );
        // The same again, older, newer, cancelled: always the one meeting.
        let again = take_in(kit, &ann, INVITATION);
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 1));
        let older = INVITATION.replace("SEQUENCE:2", "SEQUENCE:1").replace("Kick-off", "Old");
        assert_eq!(take_in(kit, &ann, &older).unchanged, 1);
        let newer =
            INVITATION.replace("SEQUENCE:2", "SEQUENCE:3").replace("T090000\r\nDURATION", "T100000\r\nDURATION");
        assert_eq!(take_in(kit, &ann, &newer).updated, 1);
        assert_eq!(kit.get("meeting", taken.ids[0])["starts_at"], "2026-07-01T08:00:00Z");
        take_in(kit, &ann, &newer.replace("METHOD:REQUEST", "METHOD:CANCEL").replace("SEQUENCE:3", "SEQUENCE:4"));
        assert_eq!(kit.get("meeting", taken.ids[0])["status"], "cancelled");
        assert_eq!(kit.column("meeting", "title", "true", "title").len(), 1);
    });
}

#[test]
fn a_meeting_goes_out_and_comes_back_the_same() {
    on_both(|kit| {
        let ann = everything(kit, "ann");
        let zone = json!({ "time_zone": "Europe/Berlin" });
        kit.update("user", ann.user.unwrap(), zone);
        let bob = kit.create("person", json!({ "family_name": "Béa", "emails": ["bea@customer.example"] }));
        let id = kit.create(
            "meeting",
            json!({
                "title": "Übergabe; \"alles\", \\ auch das – ".repeat(3), "starts_at": "2026-11-27T16:00:00Z",
                "ends_at": "2026-11-27T17:00:00Z", "recurrence": "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270331",
                "agenda": "Erstens\nZweitens", "owner": ann.user, "attendees": [bob], "colleagues": [ann.user],
                "replies": { bob.to_string(): "declined" },
            }),
        );
        let text = file(kit, &ann, id);
        for line in [
            "METHOD:REQUEST",
            "DTSTART;TZID=Europe/Berlin:20261127T170000",
            "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270331T215959Z",
            "BEGIN:VTIMEZONE",
            "ATTENDEE;CN=\"Béa\";ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;RSVP=TRUE:mailto:bea@customer.example",
            "ORGANIZER;CN=\"ann\":mailto:ann@example.com",
            "SEQUENCE:0",
        ] {
            assert!(text.contains(&format!("{line}\n")), "{line} is not in\n{text}");
        }
        let other = calcard::icalendar::ICalendar::parse(&text).expect("another reader understands it");
        assert!(other.components.len() > 3);
        let before = kit.get("meeting", id);
        let same = take_in(kit, &ann, &text.replace('\n', "\r\n"));
        assert_eq!((same.created, same.updated, same.unchanged), (0, 0, 1), "the same version says nothing new");
        let taken = take_in(kit, &ann, &text.replace('\n', "\r\n").replace("SEQUENCE:0", "SEQUENCE:7"));
        assert_eq!((taken.created, taken.left_out.len()), (0, 0), "{taken:?}");
        let after = kit.get("meeting", id);
        for field in ["title", "starts_at", "ends_at", "agenda", "attendees", "colleagues", "replies", "status"] {
            assert_eq!(after[field], before[field], "{field}");
        }
        // Only the reply comes back; everything else stays.
        let reply = format!(
            "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{id}@rapport\r\nDTSTART:20261127T160000Z\r\n\
             ATTENDEE;PARTSTAT=ACCEPTED:mailto:bea@customer.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        assert_eq!(take_in(kit, &ann, &reply).updated, 1);
        let replied = kit.get("meeting", id);
        assert_eq!(replied["replies"], json!({ bob.to_string(): "accepted" }));
        assert_eq!((&replied["title"], &replied["colleagues"]), (&before["title"], &before["colleagues"]));
        assert_eq!(take_in(kit, &ann, &reply.replace(&id.to_string(), "0")).left_out.len(), 1);
    });
}

#[test]
fn the_feed_shows_what_its_user_may_see_and_nothing_else() {
    on_both(|kit| {
        let own = json!({ "objects": {
            "meeting": { "read": "own", "fields": { "agenda": "none" } }, "task": { "read": "all" },
        } });
        let ann = kit.user("ann", own, None);
        let meeting = |title: &str, owner: Json, more: Json| {
            let mut values =
                json!({ "title": title, "starts_at": "2099-01-05T09:00:00Z", "owner": owner, "agenda": "secret" });
            values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            kit.create("meeting", values)
        };
        meeting("Mine", json!(ann.user), json!({}));
        meeting("Whole day", json!(ann.user), json!({ "all_day": true, "ends_at": "2099-01-06T09:00:00Z" }));
        meeting("Called off", json!(ann.user), json!({ "status": "cancelled" }));
        meeting("Long ago", json!(ann.user), json!({ "starts_at": "2020-01-05T09:00:00Z" }));
        meeting("Theirs", json!(null), json!({ "colleagues": [ann.user] }));
        kit.create(
            "task",
            json!({ "title": "To do", "assignee": ann.user, "due_at": "2099-01-07T09:00:00Z", "priority": "high" }),
        );
        kit.create(
            "task",
            json!({ "title": "Done", "assignee": ann.user, "due_at": "2099-01-07T09:00:00Z", "status": "done" }),
        );
        kit.create("task", json!({ "title": "Another's", "due_at": "2099-01-07T09:00:00Z" }));
        let feed = calendar::feed(&kit.workspace, &ann, TasksAs::ToDos).unwrap();
        let titles: Vec<&str> = feed.text.lines().filter_map(|line| line.strip_prefix("SUMMARY:")).collect();
        assert_eq!(titles.len(), 3, "{titles:?}");
        assert!(["Mine", "Whole day", "To do"].iter().all(|title| titles.contains(title)), "{titles:?}");
        assert!(!feed.text.contains("secret"));
        assert!(feed.text.contains("DTSTART;VALUE=DATE:20990105\r\nDTEND;VALUE=DATE:20990107\r\n"), "{}", feed.text);
        assert!(feed.text.contains("BEGIN:VTODO") && feed.text.contains("PRIORITY:3"));
        assert_eq!(calendar::feed(&kit.workspace, &ann, TasksAs::ToDos).unwrap(), feed, "equal records, equal text");
        let days = calendar::feed(&kit.workspace, &ann, TasksAs::Days).unwrap();
        assert!(days.text.contains("DTSTART;VALUE=DATE:20990107") && !days.text.contains("VTODO"));
        assert!(!calendar::feed(&kit.workspace, &ann, TasksAs::Nothing).unwrap().text.contains("To do"));
        let nobody = kit.user("nobody", json!({}), None);
        assert!(!calendar::feed(&kit.workspace, &nobody, TasksAs::ToDos).unwrap().text.contains("SUMMARY"));
    });
}

#[test]
fn rights_bind_what_a_file_does() {
    on_both(|kit| {
        let reader = kit.user("reader", json!({ "objects": { "meeting": { "read": "all" } } }), None);
        let refused = calendar::take_in(&kit.workspace, &reader, INVITATION).unwrap().wait();
        assert_eq!(problem(refused).code, model::Code::Forbidden);
        let hidden = kit.create("meeting", json!({ "title": "Hidden", "starts_at": "2099-01-05T09:00:00Z" }));
        let own = kit.user("own", json!({ "objects": { "meeting": { "read": "own" } } }), None);
        let asked = calendar::meeting_file(&kit.workspace, &own, hidden, Method::Publish).wait();
        assert_eq!(problem(asked).code, model::Code::NotFound);
        assert!(calendar::take_in(&kit.workspace, &reader, "hello").is_err());
    });
}

/// Real files of other programs stay outside the project; without them this says so and passes.
#[test]
fn real_and_broken_files_are_taken_in_or_refused_but_never_fatal() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/calendar/icalendar");
    if !folder.exists() {
        eprintln!("SKIPPED: ../shared/data/calendar is not here, so real calendars were not read");
        return;
    }
    let mut files = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(ending) if ending == "ics" => files.push(path),
                _ => {}
            }
        }
    }
    assert!(files.len() > 100);
    let kit = testkit::sqlite();
    let (mut taken_in, mut events) = (0, 0);
    for path in files {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        if let Ok(pending) = calendar::take_in(&kit.workspace, &kit.system(), &text) {
            let taken = pending.wait().unwrap_or_else(|error| panic!("{}: {error:?}", path.display())).1;
            taken_in += 1;
            events += taken.created;
        }
    }
    println!("{events} meetings of {taken_in} files");
    assert!(events > 50, "{events}");
    let written = kit.column("meeting", "id", "true", "id");
    for id in written {
        file(&kit, &kit.system(), Uuid::try_parse(id.as_str().unwrap()).unwrap());
    }
    kit.check();
}
