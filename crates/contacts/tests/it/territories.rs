//! Territories: where companies belong after whatever write, what a change of the tree moves, and what belonging opens.
use engine::{Command, Query, TreeChange};
use model::{Actor, Code};
use serde_json::{Value as Json, json};
use store::tables::jobs;
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn run_jobs(kit: &Kit) {
    while kit.workspace.run_due_job().unwrap() {}
}

fn territory(kit: &Kit, name: &str, parent: Option<Uuid>, rule: Option<&str>) -> Uuid {
    kit.create("territory", json!({ "name": name, "parent": parent, "rule": rule }))
}

/// Europe (a folder) with DACH (Bavaria, Berlin), France; and the rest of the world behind it.
struct Map {
    europe: Uuid,
    dach: Uuid,
    bavaria: Uuid,
    france: Uuid,
}

fn draw(kit: &Kit) -> Map {
    let europe = territory(kit, "Europe", None, None);
    let dach = territory(kit, "DACH", Some(europe), Some("billing_address.country in ['DE', 'AT', 'CH']"));
    let rule = "billing_address.country == 'DE' && billing_address.postal_code.startsWith('8')";
    let bavaria = territory(kit, "Bavaria", Some(dach), Some(rule));
    territory(kit, "Berlin", Some(dach), Some("billing_address.city == 'Berlin'"));
    let france = territory(kit, "France", Some(europe), Some("billing_address.country == 'FR'"));
    territory(kit, "World", None, Some("has(billing_address)"));
    run_jobs(kit);
    Map { europe, dach, bavaria, france }
}

fn at(country: &str, city: &str, postal_code: &str) -> Json {
    json!({ "country": country, "city": city, "postal_code": postal_code })
}

fn company(kit: &Kit, name: &str, address: Json) -> Uuid {
    kit.create("company", json!({ "name": name, "billing_address": address }))
}

/// Name of a company's territory, with a star when it is pinned.
fn stands(kit: &Kit, id: Uuid) -> String {
    let record = kit.get("company", id);
    let name = match record["territory"].as_str() {
        Some(id) => kit.get("territory", id.parse().unwrap())["name"].as_str().unwrap().to_owned(),
        None => "-".to_owned(),
    };
    if record["territory_pinned"] == true { format!("{name}*") } else { name }
}

fn undo(kit: &Kit, batch: Uuid) -> Uuid {
    kit.workspace.undo(&kit.system(), batch).unwrap().batch
}

#[test]
fn the_deepest_rule_that_holds_gets_the_company_and_the_first_of_those_side_by_side() {
    on_both(|kit| {
        let map = draw(kit);
        let munich = company(kit, "Isar", at("DE", "München", "80331"));
        assert_eq!(stands(kit, munich), "Bavaria");
        assert_eq!(stands(kit, company(kit, "Elbe", at("DE", "Hamburg", "20095"))), "DACH");
        assert_eq!(stands(kit, company(kit, "Spree", at("DE", "Berlin", "10115"))), "Berlin");
        assert_eq!(stands(kit, company(kit, "Seine", at("FR", "Paris", "75001"))), "France");
        assert_eq!(stands(kit, company(kit, "Hudson", at("US", "New York", "10001"))), "World", "past a folder");
        let nowhere = kit.create("company", json!({ "name": "Nowhere" }));
        assert_eq!(stands(kit, nowhere), "-");
        // An edit moves it in the same transaction, and its undo brings both back.
        let changes = kit.changes();
        let moved = kit.update("company", munich, json!({ "billing_address": at("FR", "Lyon", "69001") }));
        assert_eq!(stands(kit, munich), "France");
        assert_eq!(kit.changes(), changes + 1, "one change, not two");
        undo(kit, moved);
        assert_eq!(stands(kit, munich), "Bavaria");
        kit.update("company", munich, json!({ "name": "Isar GmbH" }));
        assert_eq!(stands(kit, munich), "Bavaria");
        // Side by side the lowest position is tried first.
        let south = json!({ "name": "South", "parent": map.dach, "position": 1,
            "rule": "billing_address.postal_code.startsWith('8') || billing_address.postal_code.startsWith('7')" });
        let south = kit.create("territory", south);
        run_jobs(kit);
        assert_eq!(stands(kit, munich), "South");
        kit.update("territory", map.bavaria, json!({ "position": 0 }));
        run_jobs(kit);
        assert_eq!(stands(kit, munich), "Bavaria");
        kit.update("territory", map.bavaria, json!({ "parent": south, "position": null }));
        run_jobs(kit);
        assert_eq!(stands(kit, munich), "Bavaria", "below South now");
        assert_eq!(stands(kit, company(kit, "Neckar", at("DE", "Stuttgart", "70173"))), "South");
    });
}

#[test]
fn what_is_chosen_by_hand_stays_until_it_is_let_go() {
    on_both(|kit| {
        let map = draw(kit);
        let id = company(kit, "Isar", at("DE", "München", "80331"));
        let pinned = kit.update("company", id, json!({ "territory": map.france }));
        assert_eq!(stands(kit, id), "France*");
        kit.update("company", id, json!({ "billing_address": at("DE", "Hamburg", "20095") }));
        assert_eq!(stands(kit, id), "France*");
        kit.update("company", id, json!({ "territory_pinned": false }));
        assert_eq!(stands(kit, id), "DACH", "the rules decide at once");
        kit.update("company", id, json!({ "territory": map.bavaria }));
        kit.update("company", id, json!({ "territory": null }));
        assert_eq!(stands(kit, id), "DACH", "emptied, the rules decide");
        kit.update("company", id, json!({ "territory_pinned": true, "territory": null }));
        assert_eq!(stands(kit, id), "-*", "kept out of all territories");
        kit.update("company", id, json!({ "territory_pinned": null }));
        assert_eq!(stands(kit, id), "DACH");
        // Chosen when it is made.
        let values = json!({ "name": "Rhine", "territory": map.france, "billing_address": at("DE", "Bonn", "53111") });
        assert_eq!(stands(kit, kit.create("company", values)), "France*");
        // An undo of the pinning lets it go, and says nothing about what came after it.
        let other = company(kit, "Inn", at("DE", "Passau", "94032"));
        let batch = kit.update("company", other, json!({ "territory": map.bavaria }));
        undo(kit, batch);
        assert_eq!(stands(kit, other), "DACH");
        let undone = kit.workspace.undo(&kit.system(), pinned).unwrap();
        assert!(undone.kept_count > 0);
        // What it is pinned to goes: the rules decide again, and undo brings back both.
        kit.update("company", other, json!({ "territory": map.bavaria }));
        let gone = kit.delete("territory", map.bavaria);
        run_jobs(kit);
        assert_eq!(stands(kit, other), "DACH");
        undo(kit, gone);
        run_jobs(kit);
        assert_eq!(stands(kit, other), "Bavaria*");
    });
}

#[test]
fn a_change_of_the_tree_moves_all_in_one_batch_that_is_undone_as_one() {
    on_both(|kit| {
        let map = draw(kit);
        let rows = (0..660).map(|number| {
            let address = if number % 3 == 0 { at("DE", "Köln", "50667") } else { at("AT", "Wien", "1010") };
            kit.patch("company", json!({ "name": format!("Company {number}"), "billing_address": address })).unwrap()
        });
        let command = Command::Create { object: "company".to_owned(), values: rows.collect(), strict: true };
        kit.workspace.write(&kit.system(), command, None).wait().unwrap();
        kit.update("company", kit_first(kit, "name == 'Company 1'"), json!({ "territory_pinned": true }));
        let austria = json!({ "parent": map.europe, "rule": "billing_address.country == 'AT'", "position": 0 });
        let boss = kit.user("boss", json!({ "admin": true }), None);
        let change: TreeChange =
            serde_json::from_value(json!({ "name": "Austria", "parent": map.europe, "position": 0,
                "rule": "billing_address.country == 'AT'" }))
            .unwrap();
        let seen = kit.workspace.preview_territories(&boss, vec![change]).unwrap();
        assert_eq!((&seen["total"], &seen["pinned"], &seen["moved"]), (&json!(660), &json!(1), &json!(439)));
        let step = &seen["moves"][0];
        assert_eq!((&step["from"]["name"], &step["to"]["name"]), (&json!("DACH"), &json!("Austria")));
        // Somebody whose own rows are few moves all the same: rules are the company's, not theirs.
        let rights = json!({ "objects": { "company": { "read": "own" } }, "special": ["configure"] });
        let clerk = kit.user("clerk", rights, None);
        let mut values = austria;
        values["name"] = json!("Austria");
        let made = kit.try_create(&clerk, "territory", values).unwrap();
        run_jobs(kit);
        let count = |filter: &str| count(kit, filter);
        assert_eq!(count(&format!("territory == '{}'", made.ids[0])), 439);
        let job = kit.workspace.own_jobs(&clerk).unwrap().remove(0);
        let result = kit.workspace.job_result(&clerk, &job).unwrap();
        assert_eq!(
            (&result["moved"], &result["refused"], &result["batch"]),
            (&json!(439), &json!(0), &json!(made.batch))
        );
        assert_eq!(job.status, "done");
        let undone = undo(kit, made.batch);
        run_jobs(kit);
        assert_eq!((count("territory.name == 'Austria'"), count(&format!("territory == '{}'", map.dach))), (0, 660));
        undo(kit, undone);
        run_jobs(kit);
        assert_eq!(count(&format!("territory == '{}'", made.ids[0])), 439, "and the undo can be undone");
    });
}

fn kit_first(kit: &Kit, filter: &str) -> Uuid {
    kit.column("company", "id", filter, "name")[0].as_str().unwrap().parse().unwrap()
}

fn count(kit: &Kit, filter: &str) -> u64 {
    let query = Query {
        object: "company".to_owned(),
        filter: Some(filter.to_owned()),
        limit: 1,
        total: true,
        ..Query::default()
    };
    kit.try_list(&kit.system(), query).unwrap()["total"]["count"].as_u64().unwrap()
}

#[test]
fn rules_ask_only_what_stands_in_the_record_and_trees_have_no_loose_ends() {
    on_both(|kit| {
        let map = draw(kit);
        let boss = kit.user("boss", json!({ "admin": true }), None);
        let refused = |by: &Actor, rule: &str| {
            let made = kit.try_create(by, "territory", json!({ "name": rule, "rule": rule }));
            problem(made)
        };
        for rule in [
            "created_at > now",
            "owner == me",
            "territory in my_territories",
            "people_count > 3",
            "health > 50",
            "parent.name == 'x'",
            "people.exists(p, p.lifecycle == 'lead')",
            "has(territory)",
            "updated_at > timestamp('2026-01-01T00:00:00Z')",
            "nothing == 1",
        ] {
            let problem = refused(&boss, rule);
            assert_eq!((problem.code, problem.fields[0].field.as_str()), (Code::Invalid, "rule"), "{rule}");
        }
        // Nobody learns from where companies go what stands in fields that are hidden from them.
        let fields = json!({ "annual_revenue": "none" });
        let rights = json!({ "objects": { "company": { "read": "all", "fields": fields } }, "special": ["configure"] });
        let clerk = kit.user("clerk", rights, None);
        refused(&clerk, "annual_revenue > 1000000");
        let change = |json: Json| vec![serde_json::from_value::<TreeChange>(json).unwrap()];
        let thought = json!({ "name": "Rich", "rule": "annual_revenue > 1000000" });
        problem(kit.workspace.preview_territories(&clerk, change(thought.clone())));
        let id = company(kit, "Isar", at("DE", "München", "80331"));
        kit.update(
            "territory",
            map.bavaria,
            json!({ "rule": "annual_revenue > 1 || billing_address.city == 'München'" }),
        );
        let told = kit.workspace.explain_territory(&clerk, id, Vec::new()).unwrap();
        let said: Vec<(&str, &str)> = told["tried"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["name"].as_str().unwrap(), one["said"].as_str().unwrap()))
            .collect();
        assert_eq!(said, [("Europe", "folder"), ("DACH", "yes"), ("Bavaria", "hidden")]);
        assert_eq!((&told["stands"]["name"], &told["goes"]["name"]), (&json!("Bavaria"), &json!("Bavaria")));
        let member = kit.user("member", json!({ "objects": { "company": { "read": "all" } } }), None);
        problem(kit.workspace.preview_territories(&member, Vec::new()));
        problem(kit.workspace.explain_territory(&member, id, Vec::new()));
        problem(kit.try_update(&member, "territory", map.dach, json!({ "name": "Mine" }), None));
        assert_eq!(kit.try_get(&member, "territory", map.dach).unwrap()["name"], "DACH");
        assert!(kit.try_get(&member, "territory", map.dach).unwrap().get("rule").is_none(), "names are everyone's");
        let oracle = Query {
            object: "company".to_owned(),
            filter: Some("territory.rule.contains('DE')".to_owned()),
            ..Query::default()
        };
        problem(kit.try_list(&member, oracle));
        let delete = |ids: Vec<Uuid>| {
            let command = Command::Delete { object: "territory".to_owned(), ids, strict: true };
            kit.workspace.write(&boss, command, None).wait().map(|(_, made)| made)
        };
        assert_eq!(problem(delete(vec![map.dach])).code, Code::Conflict);
        problem(kit.try_update(&boss, "territory", map.europe, json!({ "parent": map.bavaria }), None));
        delete(vec![map.bavaria]).unwrap();
        run_jobs(kit);
        assert_eq!(stands(kit, id), "DACH");
    });
}

#[test]
fn imports_merges_and_restores_place_companies_too() {
    on_both(|kit| {
        let map = draw(kit);
        let (first, second) = (
            company(kit, "Isar", at("DE", "Hamburg", "20095")),
            kit.create("company", json!({ "name": "Isar AG", "territory": map.france })),
        );
        let merge = |keep: Uuid, other: Uuid| {
            contacts::merge::merge(&kit.workspace, &kit.system(), "company", keep, vec![other], model::Patch::new())
                .wait()
                .unwrap()
                .0
        };
        let merged = merge(first, second);
        assert_eq!(stands(kit, first), "France*", "what is chosen by hand survives");
        undo(kit, merged);
        run_jobs(kit);
        assert_eq!((stands(kit, first), stands(kit, second)), ("DACH".to_owned(), "France*".to_owned()));
        let bare = kit.create("company", json!({ "name": "Isar KG" }));
        let merged = merge(bare, first);
        assert_eq!(stands(kit, bare), "DACH", "it takes the address, and the rules decide");
        undo(kit, merged);
        assert_eq!(stands(kit, bare), "-");
        // The rules changed while it lay in the recycle bin.
        kit.delete("company", first);
        kit.update("territory", map.dach, json!({ "rule": "billing_address.country == 'AT'" }));
        run_jobs(kit);
        let command = Command::Restore { object: "company".to_owned(), ids: vec![first], strict: true };
        kit.workspace.write(&kit.system(), command, None).wait().unwrap();
        run_jobs(kit);
        assert_eq!(stands(kit, first), "World");
    });
}

#[test]
fn a_job_that_was_cut_off_goes_on_and_moves_nothing_twice() {
    on_both(|kit| {
        let map = draw(kit);
        let rows = (0..800).map(|number| {
            let values = json!({ "name": format!("Company {number}"), "billing_address": at("DE", "Ulm", "89073") });
            kit.patch("company", values).unwrap()
        });
        let command = Command::Create { object: "company".to_owned(), values: rows.collect(), strict: true };
        kit.workspace.write(&kit.system(), command, None).wait().unwrap();
        let batch = kit.update("territory", map.bavaria, json!({ "rule": "billing_address.city == 'München'" }));
        // Another program began it and died after the first slice.
        let other = kit.again();
        let events = other.workspace.subscribe();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while let Ok(event) = events.recv() {
                    if let engine::LiveEvent::Job { progress, .. } = event
                        && progress > 0.0
                    {
                        break;
                    }
                }
                other.workspace.stop();
            });
            drop(other.workspace.run_due_job());
        });
        drop(other);
        assert!(count(kit, &format!("territory == '{}'", map.dach)) > 0);
        // Its lease runs out.
        let job = kit.workspace.list_jobs("engine.territories", 1).wait().unwrap().remove(0);
        let (now, write) = (kit.workspace.now(), store::Priority::Interactive);
        let lost = move |tx: &mut store::Tx| jobs::fail(tx, job.id, job.fence, "died", Some(now));
        kit.workspace.store().write(write, lost).wait().unwrap();
        run_jobs(kit);
        assert_eq!(count(kit, &format!("territory == '{}'", map.dach)), 800);
        let changes = kit.workspace.store().read(move |tx| tx.count_changes(batch)).wait().unwrap();
        assert_eq!(changes, 801, "one for each company, and the territory itself");
    });
}

#[test]
fn belonging_to_a_territory_opens_what_is_in_it_and_below() {
    on_both(|kit| {
        let map = draw(kit);
        let munich = company(kit, "Isar", at("DE", "München", "80331"));
        let hamburg = company(kit, "Elbe", at("DE", "Hamburg", "20095"));
        let paris = company(kit, "Seine", at("FR", "Paris", "75001"));
        for (name, at) in [("Ina", munich), ("Ela", hamburg), ("Sara", paris)] {
            kit.create("person", json!({ "given_name": name, "family_name": "Test", "company": at }));
        }
        let rights = json!({ "objects": {
            "company": { "read": "territory in my_territories", "update": "territory in my_territories" },
            "person": { "read": "company.territory in my_territories" } } });
        let top = kit.create("team", json!({ "name": "Sales" }));
        let team = kit.create("team", json!({ "name": "South", "parent": top }));
        let names = |actor: &Actor, object: &str| -> Vec<String> {
            let query = Query { object: object.to_owned(), sort: Some("name".to_owned()), ..Query::default() };
            let list = kit.try_list(actor, query).unwrap();
            let records = list["records"].as_array().unwrap().iter();
            records.map(|record| record["name"].as_str().unwrap().to_owned()).collect()
        };
        let again = |actor: &Actor| {
            let (workspace, id) = (kit.workspace.clone(), actor.id);
            let found = kit.workspace.store().read(move |tx| workspace.find_user_actor(tx, id)).wait();
            found.unwrap().unwrap()
        };
        let ann = kit.user("ann", rights.clone(), Some(team));
        let boss = kit.user("boss", rights.clone(), Some(top));
        let other = kit.user("other", rights, None);
        assert!(names(&ann, "company").is_empty());
        kit.update("territory", map.dach, json!({ "users": [ann.id] }));
        let ann = again(&ann);
        assert_eq!(
            (names(&ann, "company"), names(&ann, "person")),
            (vec!["Elbe".to_owned(), "Isar".to_owned()], vec!["Ela Test".to_owned(), "Ina Test".to_owned()])
        );
        // Why: by name of the territory, also over a relation.
        let why = |user: &Actor, object: &str, id: Uuid| {
            let found = kit.workspace.explain(&kit.system(), user.id, object, id).wait().unwrap();
            (found.read.allowed, found.read.territories)
        };
        assert_eq!(why(&ann, "company", munich), (true, vec!["DACH".to_owned()]));
        let ina: Uuid = kit.column("person", "id", "given_name == 'Ina'", "name")[0].as_str().unwrap().parse().unwrap();
        assert_eq!(why(&ann, "person", ina), (true, vec!["DACH".to_owned()]));
        assert_eq!(why(&ann, "company", paris), (false, Vec::new()));
        // A team counts for its people and for those of the teams above.
        kit.update("territory", map.dach, json!({ "users": [], "teams": [team] }));
        assert_eq!(names(&again(&ann), "company").len(), 2);
        assert_eq!(names(&again(&boss), "company").len(), 2);
        assert!(names(&again(&other), "company").is_empty());
        kit.update("territory", map.france, json!({ "lead": other.id }));
        assert_eq!(names(&again(&other), "company"), ["Seine"]);
        // Out of one's own territory nothing is moved by who would lose it; within it everything is.
        let ann = again(&ann);
        let to = |city: &str, code: &str, country: &str| json!({ "billing_address": at(country, city, code) });
        let lost = kit.try_update(&ann, "company", munich, to("Paris", "75001", "FR"), None);
        assert_eq!(problem(lost).code, Code::Forbidden);
        kit.try_update(&ann, "company", munich, to("Hamburg", "20095", "DE"), None).unwrap();
        assert_eq!(stands(kit, munich), "DACH");
        // Somebody who looks with a filter of their own.
        let mine = Query {
            object: "company".to_owned(),
            filter: Some("territory in my_territories".to_owned()),
            ..Query::default()
        };
        assert_eq!(kit.try_list(&again(&other), mine).unwrap()["records"].as_array().unwrap().len(), 1);
        // What was taken away is gone.
        kit.update("territory", map.dach, json!({ "teams": [] }));
        assert!(names(&again(&ann), "company").is_empty());
    });
}
