//! Bulk work as a job: one batch of any size, rights row by row, cancelled and undone.

use engine::{BulkWork, IdempotencyKey, Started};
use model::Actor;
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};

fn work(json: Json) -> BulkWork {
    serde_json::from_value(json).unwrap()
}

fn start(kit: &Kit, actor: &Actor, json: Json) -> Started {
    kit.workspace.start_bulk(actor, "company", work(json), None).unwrap()
}

fn run_jobs(kit: &Kit) {
    while kit.workspace.run_due_job().unwrap() {}
}

/// `changed/unchanged/refused of total`.
fn said(kit: &Kit, actor: &Actor, started: &Started) -> String {
    let result = result(kit, actor, started);
    let figure = |name: &str| result[name].as_u64().unwrap();
    format!("{}/{}/{} of {}", figure("changed"), figure("unchanged"), figure("refused"), figure("total"))
}

fn result(kit: &Kit, actor: &Actor, started: &Started) -> Json {
    let job = kit.workspace.find_job(actor, started.job).unwrap();
    kit.workspace.job_result(actor, &job).unwrap()
}

fn companies(kit: &Kit, count: usize, values: &Json) {
    let rows = (0..count).map(|number| {
        let mut values = values.clone();
        values["name"] = json!(format!("Company {number}"));
        kit.patch("company", values).unwrap()
    });
    let command = engine::Command::Create { object: "company".to_owned(), values: rows.collect(), strict: true };
    kit.workspace.write(&kit.system(), command, None).wait().unwrap();
}

fn count(kit: &Kit, filter: &str) -> usize {
    let query = engine::Query {
        object: "company".to_owned(),
        filter: Some(filter.to_owned()),
        limit: 1,
        total: true,
        ..engine::Query::default()
    };
    let list = kit.try_list(&kit.system(), query).unwrap();
    usize::try_from(list["total"]["count"].as_u64().unwrap()).unwrap()
}

#[test]
fn a_filter_is_one_batch_that_is_undone_in_a_job() {
    on_both(|kit| {
        companies(kit, 1_100, &json!({ "kind": "customer", "tags": ["old"] }));
        let boss = kit.user("boss", json!({ "admin": true }), None);
        let set = json!({ "filter": "kind == 'customer'", "set": { "kind": "former", "industry": "Optics" } });
        let started = start(kit, &boss, set);
        kit.create("company", json!({ "name": "Latecomer", "kind": "customer" }));
        run_jobs(kit);
        assert_eq!(said(kit, &boss, &started), "1100/0/0 of 1100", "records that leave the filter are not left out");
        assert_eq!((count(kit, "kind == 'former'"), count(kit, "kind == 'customer'")), (1_100, 1));
        let tags = json!({ "filter": "kind == 'former'", "add": { "tags": ["new", "old"] } });
        run_jobs(kit);
        let tagged = start(kit, &boss, tags);
        run_jobs(kit);
        assert_eq!(said(kit, &boss, &tagged), "1100/0/0 of 1100");
        assert_eq!(kit.column("company", "tags", "name == 'Company 7'", "name"), [json!(["old", "new"])]);
        let removed = start(kit, &boss, json!({ "filter": "true", "remove": { "tags": ["old", "new"] } }));
        run_jobs(kit);
        assert_eq!(said(kit, &boss, &removed), "1100/1/0 of 1101");
        kit.workspace.undo(&boss, removed.batch).unwrap();
        // More than two thousand changes: the undo is a job, too.
        let twice = start(kit, &boss, json!({ "filter": "kind == 'former'", "delete": true }));
        run_jobs(kit);
        assert_eq!((said(kit, &boss, &twice), count(kit, "true")), ("1100/0/0 of 1100".to_owned(), 1));
        let undone = kit.workspace.undo_soon(&boss, twice.batch).unwrap();
        assert_eq!((undone.job, undone.undone), (None, 1_100), "what is small is undone at once");
        let undone = kit.workspace.undo(&boss, started.batch).unwrap();
        assert_eq!((undone.undone, undone.kept_count), (1_100, 0));
        assert_eq!(count(kit, "kind == 'customer' && industry == null && 'new' in tags"), 1_100);
    });
}

#[test]
fn rows_are_refused_one_by_one_with_their_reasons() {
    on_both(|kit| {
        companies(kit, 20, &json!({ "kind": "customer" }));
        let all = json!({ "read": "all", "update": "all" });
        let special = json!(["bulk"]);
        let user = |name: &str, company: Json| {
            let rights = json!({ "objects": { "company": company }, "special": special });
            kit.user(name, rights, None)
        };
        let own = user("own", json!({ "read": "all", "update": "own" }));
        kit.create("company", json!({ "name": "Mine", "owner": own.id }));
        let started = start(kit, &own, json!({ "filter": "true", "set": { "industry": "Optics" } }));
        run_jobs(kit);
        assert_eq!(said(kit, &own, &started), "1/0/20 of 21");
        let told = result(kit, &own, &started);
        assert_eq!(
            (&told["reasons"][0]["count"], &told["reasons"][0]["problem"]["code"]),
            (&json!(20), &json!("forbidden"))
        );
        assert!(kit.workspace.job_result(&kit.system(), &kit.workspace.find_job(&own, started.job).unwrap()).is_none());
        // The condition of the role holds for the result of one record only: it alone is changed.
        let bound = user("bound", json!({ "read": "all", "update": "kind != 'partner' || name == 'Mine'" }));
        let started = start(kit, &bound, json!({ "filter": "true", "set": { "kind": "partner" } }));
        run_jobs(kit);
        assert_eq!(said(kit, &bound, &started), "1/0/20 of 21");
        let free = user("free", all.clone());
        let started = start(kit, &free, json!({ "filter": "name == 'Mine'", "set": { "employees": -1 } }));
        run_jobs(kit);
        assert_eq!(result(kit, &free, &started)["reasons"][0]["problem"]["fields"][0]["field"], "employees");
        // What was taken away meanwhile holds.
        let started = start(kit, &free, json!({ "filter": "true", "set": { "industry": "Glass" } }));
        kit.update("user", free.id, json!({ "active": false }));
        run_jobs(kit);
        let told = result(kit, &free, &started);
        assert_eq!((&told["changed"], &told["stopped"]["code"]), (&json!(0), &json!("forbidden")));
        let refused = |actor: &Actor, json: Json| problem(kit.workspace.start_bulk(actor, "company", work(json), None));
        refused(&own, json!({ "filter": "true", "delete": true }));
        refused(&own, json!({ "filter": "true", "set": { "updated_at": "2026-01-01T00:00:00Z" } }));
        refused(&own, json!({ "filter": "true" }));
        refused(&own, json!({ "set": { "industry": "Glass" } }));
        refused(&own, json!({ "filter": "true", "add": { "name": ["x"] } }));
        let no_bulk = kit.user("no_bulk", json!({ "objects": { "company": all } }), None);
        refused(&no_bulk, json!({ "filter": "true", "set": { "industry": "Glass" } }));
    });
}

#[test]
fn it_starts_once_and_is_cancelled() {
    on_both(|kit| {
        companies(kit, 3, &json!({}));
        let boss = kit.user("boss", json!({ "admin": true }), None);
        let key = |request: &str| IdempotencyKey {
            principal: boss.label(),
            key: "one".to_owned(),
            request_hash: request.to_owned(),
        };
        let begin = |request: &str| {
            let work = work(json!({ "filter": "true", "set": { "industry": "Optics" } }));
            kit.workspace.start_bulk(&boss, "company", work, Some(&key(request))).unwrap()
        };
        let (one, again) = (begin("a"), begin("a"));
        assert_eq!((one.job, one.batch, one.total), (again.job, again.batch, again.total));
        let other = kit.user("other", json!({ "objects": { "company": { "read": "all" } } }), None);
        problem(kit.workspace.cancel_job(&other, one.job));
        assert_eq!(kit.workspace.cancel_job(&boss, one.job).unwrap().status, "cancelled");
        run_jobs(kit);
        assert_eq!(count(kit, "industry != null"), 0);
        assert_eq!(kit.workspace.own_jobs(&boss).unwrap().len(), 1);
        assert!(kit.workspace.own_jobs(&other).unwrap().is_empty());
    });
}

#[test]
fn a_folder_moves_with_all_that_lies_below() {
    on_both(|kit| {
        let rows = ["Contracts", "Contracts/2026", "contracts / 2025", "Contracts-old", "Offers/Contracts"];
        let rows: Vec<_> = (0..1_100).map(|at| json!({ "name": format!("{at}"), "folder": rows[at % 5] })).collect();
        let values = rows.into_iter().map(|row| kit.patch("document", row).unwrap()).collect();
        let command = engine::Command::Create { object: "document".to_owned(), values, strict: true };
        kit.workspace.write(&kit.system(), command, None).wait().unwrap();
        let boss = kit.user("boss", json!({ "admin": true }), None);
        let moving = json!({ "filter": "folder.contains('Contracts')",
                             "move": { "folder": { "from": "Contracts", "to": " Legal//Signed " } } });
        let started = kit.workspace.start_bulk(&boss, "document", work(moving), None).unwrap();
        run_jobs(kit);
        assert_eq!(said(kit, &boss, &started), "660/440/0 of 1100");
        let folders = || {
            let mut known = kit.column("document", "folder", "name in ['0', '1', '2', '3', '4']", "name");
            known.sort_by_key(ToString::to_string);
            known
        };
        let after = ["Contracts-old", "Legal/Signed", "Legal/Signed/2025", "Legal/Signed/2026", "Offers/Contracts"];
        assert_eq!(folders(), after);
        kit.workspace.undo(&boss, started.batch).unwrap();
        assert_eq!(folders(), ["Contracts", "Contracts-old", "Contracts/2026", "Offers/Contracts", "contracts/2025"]);
        for wrong in [
            json!({ "filter": "true", "move": { "about": { "from": "a", "to": "b" } } }),
            json!({ "filter": "true", "move": { "folder": { "from": " / ", "to": "b" } } }),
            json!({ "filter": "true", "set": { "folder": "x" }, "move": { "folder": { "from": "a", "to": "b" } } }),
        ] {
            let refused = problem(kit.workspace.start_bulk(&boss, "document", work(wrong), None));
            assert!(refused.detail.contains("move") || refused.detail.contains("from"), "{}", refused.detail);
        }
    });
}
