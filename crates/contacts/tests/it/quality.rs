//! Data quality: flaws are noted with every write, the board counts what one sees, corrections are one batch.
use contacts::quality::{Checks, Fix, apply, board, preview, set_checks};
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};

fn fix(fix: &str, country: Option<&str>) -> Fix {
    serde_json::from_value(json!({ "object": "person", "fix": fix, "country": country })).unwrap()
}

fn tile(board: &Json, name: &str) -> Json {
    let tiles = board["tiles"].as_array().unwrap();
    let is_it = |tile: &&Json| tile["object"] == "person" && (tile["flaw"] == name || tile["field"] == name);
    tiles.iter().find(is_it).cloned().unwrap_or(Json::Null)
}

fn fill(kit: &Kit) {
    kit.create(
        "person",
        json!({ "given_name": "ANNA MARIA", "family_name": "VON DER LEYEN-O'BRIEN",
        "phones": ["030 1234567 ask for Ann"], "address": { "city": "Bonn" } }),
    );
    kit.create(
        "person",
        json!({ "given_name": "Bo", "family_name": "Li", "phones": ["+33 1 42 68 53 00"],
        "address": { "city": "Bonn", "country": "DE" }, "emails": ["bo@example.com"] }),
    );
    kit.create("person", json!({ "given_name": "Cy", "family_name": "Day", "emails": ["cy@example.com"] }));
}

#[test]
fn flaws_are_noted_and_corrected_in_one_batch() {
    on_both(|kit| {
        fill(kit);
        let system = kit.system();
        let flaws = || kit.column("person", "flaws", "", "created_at");
        assert_eq!(flaws(), [json!(["capitals", "no_country", "phone"]), json!(["country"]), Json::Null]);
        let shown = preview(&kit.workspace, &system, &fix("names", None)).unwrap();
        assert_eq!(shown["records"], 1);
        assert_eq!(
            shown["changes"][0]["fields"]["family_name"],
            json!(["VON DER LEYEN-O'BRIEN", "von der Leyen-O'Brien"])
        );
        assert_eq!(kit.column("person", "given_name", "", "created_at")[0], "ANNA MARIA", "a preview changes nothing");
        let done = apply(&kit.workspace, &system, &fix("names", None)).unwrap();
        assert_eq!((&done["updated"], &done["refused"]), (&json!(1), &json!(0)));
        assert_eq!(kit.column("person", "name", "", "created_at")[0], "Anna Maria von der Leyen-O'Brien");
        kit.workspace.undo(&system, done["batch"].as_str().unwrap().parse().unwrap()).unwrap();
        assert_eq!(kit.column("person", "given_name", "", "created_at")[0], "ANNA MARIA");
        problem(apply(&kit.workspace, &system, &fix("country", None)));
        problem(apply(&kit.workspace, &system, &fix("country", Some("Narnia"))));
        problem(apply(&kit.workspace, &system, &fix("spelling", None)));
        apply(&kit.workspace, &system, &fix("country", Some("DE"))).unwrap();
        assert_eq!(flaws()[0], json!(["capitals", "phone"]));
        let none = apply(&kit.workspace, &system, &fix("phones", None)).unwrap();
        assert_eq!(none["updated"], 0, "what is no number stays");
    });
}

#[test]
fn bounces_are_found_by_the_scan_and_the_board_counts_what_one_sees() {
    on_both(|kit| {
        fill(kit);
        let system = kit.system();
        let bounced = json!({ "address": "bo@example.com", "reason": "hard_bounce", "scope": "everything" });
        kit.create("suppression", bounced);
        kit.create("suppression", json!({ "address": "cy@example.com", "reason": "complaint" }));
        kit.workspace
            .store()
            .write(store::Priority::Interactive, {
                let now = kit.workspace.now();
                move |tx| store::tables::jobs::insert(tx, uuid::Uuid::now_v7(), "quality.scan", &json!({}), now)
            })
            .wait()
            .unwrap();
        while kit.workspace.run_due_job().unwrap() {}
        assert_eq!(kit.column("person", "name", "'undeliverable' in flaws", "name"), ["Bo Li"]);
        let all = board(&kit.workspace, &system).unwrap();
        assert_eq!((&tile(&all, "undeliverable")["count"], &tile(&all, "emails")["count"]), (&json!(1), &json!(1)));
        let bo = kit.column("person", "id", "given_name == 'Bo'", "name")[0].as_str().unwrap().parse().unwrap();
        kit.update("person", bo, json!({ "job_title": "Buyer" }));
        assert_eq!(
            kit.get("person", bo)["flaws"],
            json!(["country", "undeliverable"]),
            "it stays until the address goes"
        );
        kit.update("person", bo, json!({ "emails": ["bo.li@example.com"] }));
        assert_eq!(kit.get("person", bo)["flaws"], json!(["country"]));
        let own = json!({ "objects": { "person": { "read": "own", "fields": { "phones": "none" } } } });
        let member = kit.user("member", own, None);
        let few = board(&kit.workspace, &member).unwrap();
        assert_eq!(tile(&few, "emails")["count"], 0);
        assert_eq!(tile(&few, "phones"), Json::Null, "what may not be read is not counted");
        assert!(
            few["tiles"].as_array().unwrap().iter().all(|tile| tile["before"].is_null() && tile["object"] == "person")
        );
        problem(preview(&kit.workspace, &member, &fix("names", None)));
        problem(set_checks(&kit.workspace, &member, &Checks::default()));
        let asked = |fields: &[&str]| Checks {
            months: 6,
            missing: [("person".to_owned(), fields.iter().map(|field| (*field).to_owned()).collect())].into(),
        };
        problem(set_checks(&kit.workspace, &system, &asked(&["nothing"])));
        set_checks(&kit.workspace, &system, &asked(&["birthday"])).unwrap();
        let all = board(&kit.workspace, &system).unwrap();
        assert_eq!((&tile(&all, "birthday")["count"], &tile(&all, "emails")), (&json!(3), &Json::Null));
    });
}
