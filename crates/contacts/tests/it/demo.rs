//! The demo goes through the write path on both databases, keeps every promise, and can be undone.
use contacts::demo::{Demo, fill};
use engine::Query;
use model::{Code, Value};
use serde_json::Value as Json;
use store::Error;

const PEOPLE: usize = 200;

fn count(kit: &testkit::Kit, object: &str) -> u64 {
    let query = Query { object: object.to_owned(), limit: 1, total: true, ..Query::default() };
    let body = kit.try_list(&kit.system(), query).unwrap();
    body.pointer("/total/count").and_then(Json::as_u64).unwrap()
}

#[test]
fn it_fills_a_workspace_once_and_can_be_undone() {
    testkit::on_both(|kit| {
        let filled = fill(&kit.workspace, &kit.system(), PEOPLE, 1).unwrap();
        assert_eq!(filled.people, PEOPLE as u64);
        assert_eq!(filled.companies, Demo::company_count(PEOPLE as u64));
        assert_eq!((count(kit, "person"), count(kit, "company")), (filled.people, filled.companies));
        let activities: u64 = ["note", "call", "meeting", "task"].iter().map(|object| count(kit, object)).sum();
        assert_eq!(activities, filled.activities);
        assert!(activities > 50, "{activities}");
        kit.check();

        let demo = Demo::new(1, kit.workspace.now(), Vec::new());
        let company = kit.get("company", demo.company_id(0));
        let expected = demo.companies(0..1).next().unwrap();
        assert_eq!(company["name"], expected["name"].to_json());
        assert_eq!(company["billing_address"], expected["billing_address"].to_json());
        assert!(company["people_count"].as_u64().unwrap() > 15, "{company}");
        let person = kit.get("person", demo.person_id(3));
        let expected = demo.people(3..4).next().unwrap();
        let part = |name: &str| expected.get(name).and_then(Value::as_text).unwrap_or_default().to_owned();
        assert_eq!(person["name"], format!("{} {}", part("given_name"), part("family_name")));

        match fill(&kit.workspace, &kit.system(), PEOPLE, 1) {
            Err(Error::Problem(problem)) => assert_eq!(problem.code, Code::Conflict),
            other => panic!("the same demo twice: {other:?}"),
        }
        kit.workspace.undo(&kit.system(), filled.batch).unwrap();
        assert_eq!((count(kit, "person"), count(kit, "company"), count(kit, "task")), (0, 0, 0));
    });
}
