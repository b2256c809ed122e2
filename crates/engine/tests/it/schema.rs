//! Changes of the schema are batches: they have history, undo takes them back, and other programs on the same database
//! follow.

use std::time::{Duration, Instant};

use engine::{SchemaEdit, Workspace};
use model::{Field, Kind, Object};
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, on_postgres, problem};

fn property() -> Object {
    serde_json::from_value(json!({
        "name": "property", "plural": "properties", "label": "Property", "label_plural": "Properties", "title": "name",
        "fields": [
            { "name": "name", "kind": "text", "label": "Name", "required": true },
            { "name": "price", "kind": "decimal", "label": "Price" },
            { "name": "seller", "kind": "reference", "label": "Seller", "target": "company",
              "inverse": { "name": "properties", "label": "Properties" } }
        ]
    }))
    .unwrap()
}

fn field(of: &str, definition: Json) -> SchemaEdit {
    SchemaEdit::AddField { object: of.to_owned(), field: Box::new(serde_json::from_value(definition).unwrap()) }
}

fn edit(kit: &Kit, edit: SchemaEdit) -> uuid::Uuid {
    kit.workspace.edit_schema(&kit.system(), vec![edit]).unwrap().0.unwrap()
}

fn names(workspace: &Workspace, object: &str) -> Vec<String> {
    let schema = workspace.schema();
    let object = schema.find_object(object).unwrap();
    object.fields.iter().filter(|field| !field.system && !field.hidden).map(|field| field.name.clone()).collect()
}

#[test]
fn a_field_is_undone_and_redone_with_its_values() {
    on_both(|kit| {
        edit(kit, SchemaEdit::AddObject(Box::new(property())));
        let rooms = edit(kit, field("property", json!({ "name": "rooms", "kind": "integer", "label": "Rooms" })));
        edit(kit, field("property", json!({ "name": "area", "kind": "decimal", "label": "Area" })));
        let house = kit.create("property", json!({ "name": "House", "rooms": 4 }));
        let undone = kit.workspace.undo(&kit.system(), rooms).unwrap();
        assert_eq!((undone.kept_count, names(&kit.workspace, "property").len()), (0, 4));
        assert!(kit.get("property", house).get("rooms").is_none());
        kit.workspace.undo(&kit.system(), undone.batch).unwrap();
        assert_eq!(kit.get("property", house)["rooms"], 4);
    });
}

#[test]
fn what_would_not_hold_is_refused_as_a_whole() {
    on_both(|kit| {
        let system = kit.system();
        let made = edit(kit, SchemaEdit::AddObject(Box::new(property())));
        let count = json!({ "object": "property", "via": "seller", "aggregate": "count" });
        let rollup = json!({ "name": "property_count", "kind": "rollup", "label": "Properties", "result": "integer",
                             "rollup": count });
        let added = edit(kit, field("company", rollup));
        let before = kit.workspace.schema().version;
        // The roll-up counts properties: they cannot go, neither by hand nor by undo.
        let remove = SchemaEdit::RemoveObject { object: "property".to_owned() };
        let refused = problem(kit.workspace.edit_schema(&system, vec![remove.clone()]));
        assert!(refused.detail.contains("Properties (Companies)"), "{}", refused.detail);
        problem(kit.workspace.undo(&system, made));
        let wrong = field(
            "property",
            json!({ "name": "x", "kind": "formula", "label": "X", "result": "decimal",
                                              "formula": "prce * 2" }),
        );
        problem(kit.workspace.edit_schema(
            &system,
            vec![
                field(
                    "property",
                    json!({ "name": "y", "kind": "text",
                                                              "label": "Y" }),
                ),
                wrong,
            ],
        ));
        assert_eq!((kit.workspace.schema().version, names(&kit.workspace, "property").len()), (before, 3));
        // In the right order both go, and come back.
        let house = kit.create("property", json!({ "name": "House" }));
        kit.workspace.undo(&system, added).unwrap();
        let removed = edit(kit, remove);
        assert!(kit.workspace.schema().find_object("property").is_none());
        kit.workspace.undo(&system, removed).unwrap();
        assert_eq!(kit.get("property", house)["name"], "House");
    });
}

#[test]
fn shipped_objects_change_their_looks_and_nothing_else() {
    on_both(|kit| {
        let system = kit.system();
        let shipped = |kit: &Kit| (**kit.workspace.schema().find_object("company").unwrap()).clone();
        let with = |change: &dyn Fn(&mut Object)| {
            let mut object = shipped(kit);
            object.fields.retain(|field| !field.system);
            change(&mut object);
            SchemaEdit::ChangeObject(Box::new(object))
        };
        let batch = edit(kit, with(&|object| object.label_plural = "Accounts".to_owned()));
        assert_eq!(shipped(kit).label_plural, "Accounts");
        problem(kit.workspace.edit_schema(&system, vec![with(&|object| object.title = "legal_name".to_owned())]));
        // Whatever a record of the object `definition` says, the identity of what is shipped stays.
        let body = json!({ "title": "legal_name", "internal": true, "label": "Account" });
        let id = kit.column("definition", "id", "object == 'company'", "name")[0].as_str().unwrap().parse().unwrap();
        kit.update("definition", id, json!({ "body": body }));
        let begun = Instant::now();
        while shipped(kit).label != "Account" {
            assert!(begun.elapsed() < Duration::from_secs(10), "the definition was never taken over");
            std::thread::sleep(Duration::from_millis(5));
        }
        let now = shipped(kit);
        assert_eq!((now.title.as_str(), now.internal), ("name", false));
        let remove = SchemaEdit::RemoveObject { object: "company".to_owned() };
        problem(kit.workspace.edit_schema(&system, vec![remove]));
        // The label was changed again since; undo names it and leaves it.
        assert_eq!(kit.workspace.undo(&system, batch).unwrap().kept_count, 1);
    });
}

#[test]
fn fields_stand_in_their_order_and_tell_who_uses_them() {
    on_both(|kit| {
        let system = kit.system();
        edit(kit, SchemaEdit::AddObject(Box::new(property())));
        let order = ["seller", "name"].map(str::to_owned).to_vec();
        edit(kit, SchemaEdit::OrderFields { object: "property".to_owned(), order });
        assert_eq!(names(&kit.workspace, "property"), ["seller", "name", "price"]);
        kit.create("view", json!({ "name": "Dear", "object": "property", "filter": "price > 100" }));
        kit.create("view", json!({ "name": "Listed", "object": "property", "columns": [{ "field": "price" }] }));
        kit.create(
            "view",
            json!({ "name": "Others", "object": "company", "filter": "properties.exists(p, p.price > 1)" }),
        );
        kit.create(
            "role",
            json!({ "name": "Agent", "rights": { "objects": { "property": {
            "read": "price < 1000", "fields": { "seller": "read" } } } } }),
        );
        let formula = json!({ "name": "double", "kind": "formula", "label": "Double", "result": "decimal",
                              "formula": "price * 2" });
        edit(kit, field("property", formula));
        let uses = |field| {
            let found = kit.workspace.uses(&system, "property", field).unwrap();
            found.into_iter().map(|one| format!("{} {}", one.kind, one.name)).collect::<Vec<_>>()
        };
        assert_eq!(uses(Some("price")), ["formula double", "role Agent", "view Others", "view Dear", "view Listed"]);
        // The relation `properties` of a company is the field `seller` read from the other side.
        assert_eq!(uses(Some("seller")), ["role Agent", "view Others"]);
        assert!(uses(None).contains(&"view Listed".to_owned()));
    });
}

/// Which properties a word finds.
fn found(kit: &Kit, word: &str) -> Vec<String> {
    let search = kit.workspace.search(&kit.system(), word, vec!["property".to_owned()], None, 10);
    let results = search.wait().unwrap()["results"].clone();
    results.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_searched_newly_is_found_in_records_from_before() {
    on_both(|kit| {
        let looking = |fields: &[&str]| {
            let mut object = property();
            object.search = fields.iter().map(|&name| name.to_owned()).collect();
            object
        };
        edit(kit, SchemaEdit::AddObject(Box::new(looking(&["name"]))));
        edit(kit, field("property", json!({ "name": "street", "kind": "text", "label": "Street" })));
        let house = kit.create("property", json!({ "name": "House", "street": "Quince Row" }));
        let gone = kit.create("property", json!({ "name": "Shed", "street": "Quince Row" }));
        kit.delete("property", gone);
        let run_jobs = || while kit.workspace.run_due_job().unwrap() {};
        run_jobs();
        assert_eq!(found(kit, "quince"), [""; 0]);
        let changed = edit(kit, SchemaEdit::ChangeObject(Box::new(looking(&["name", "street"]))));
        run_jobs();
        assert_eq!(found(kit, "quince"), ["House"], "{}", kit.database);
        // Two slices, and the second is reached.
        let values = (0..600).map(|number| kit.patch("property", json!({ "name": format!("N{number}") })).unwrap());
        let command = engine::Command::Create { object: "property".to_owned(), values: values.collect(), strict: true };
        kit.workspace.write(&kit.system(), command, None).wait().unwrap();
        kit.update("property", house, json!({ "street": "Medlar Row" }));
        kit.workspace.undo(&kit.system(), changed).unwrap();
        run_jobs();
        assert_eq!(found(kit, "medlar"), [""; 0], "what is looked at no longer finds nothing");
        assert_eq!(found(kit, "n599"), ["N599"]);
        edit(kit, SchemaEdit::ChangeObject(Box::new(looking(&[]))));
        run_jobs();
        assert_eq!(found(kit, "house"), [""; 0], "an object that is not searched");
        kit.check();
    });
}

#[test]
fn another_program_on_the_same_database_follows() {
    let kit = on_postgres();
    let options = store::Options { readers: 1, writers: 1, ..store::Options::default() };
    let other = Workspace::open(&kit.location, &options, &kit.workspace.modules()[1..]).unwrap();
    edit(&kit, SchemaEdit::AddObject(Box::new(property())));
    let begun = Instant::now();
    while other.schema().find_object("property").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the other program never heard of it");
        std::thread::sleep(Duration::from_millis(20));
    }
    let field = Field::new("rooms", Kind::Integer, "Rooms");
    let add = SchemaEdit::AddField { object: "property".to_owned(), field: Box::new(field) };
    other.edit_schema(&kit.system(), vec![add]).unwrap();
    while !names(&kit.workspace, "property").contains(&"rooms".to_owned()) {
        assert!(begun.elapsed() < Duration::from_secs(20), "the first program never heard of it");
        std::thread::sleep(Duration::from_millis(20));
    }
    other.stop();
    kit.check();
}

#[test]
fn settings_follow_from_program_to_program_and_none_is_lost() {
    let kit = on_postgres();
    let options = store::Options { readers: 1, writers: 1, ..store::Options::default() };
    let other = Workspace::open(&kit.location, &options, &kit.workspace.modules()[1..]).unwrap();
    let system = kit.system();
    kit.workspace.change_settings(&system, |settings| settings.time_zone = "Asia/Tokyo".to_owned()).unwrap();
    // At once, when the other has heard nothing yet: it changes what is stored, not what it knows.
    let both = other.change_settings(&system, |settings| settings.name = "Nordlicht".to_owned()).unwrap();
    assert_eq!((both.name.as_str(), both.time_zone.as_str()), ("Nordlicht", "Asia/Tokyo"));
    let begun = Instant::now();
    while kit.workspace.settings().name != "Nordlicht" {
        assert!(begun.elapsed() < Duration::from_secs(10), "the first program never heard of it");
        std::thread::sleep(Duration::from_millis(20));
    }
    kit.workspace.change_settings(&system, |settings| settings.base_currency = "CHF".to_owned()).unwrap();
    while other.settings().base_currency != "CHF" {
        assert!(begun.elapsed() < Duration::from_secs(20), "the other program never heard of it");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(other.settings(), kit.workspace.settings());
    other.stop();
    kit.check();
}

/// Who has a record can be said later, too; then it stays, since rights speak of it.
#[test]
fn records_get_owners_later_and_keep_them() {
    on_both(|kit| {
        let mut object = Object { owned: false, ..property() };
        edit(kit, SchemaEdit::AddObject(Box::new(object.clone())));
        let house = kit.create("property", json!({ "name": "House", "price": 3 }));
        object.owned = true;
        let owned = edit(kit, SchemaEdit::ChangeObject(Box::new(object.clone())));
        let ann = kit.user("Ann", json!({ "admin": true }), None).user.unwrap();
        kit.update("property", house, json!({ "owner": ann }));
        assert_eq!(kit.get("property", house)["owner"], json!(ann));
        object.owned = false;
        let refused =
            problem(kit.workspace.edit_schema(&kit.system(), vec![SchemaEdit::ChangeObject(Box::new(object))]));
        assert!(refused.detail.contains("have owners"), "{}", refused.detail);
        // Undo hides them; what was said comes back with the next undo.
        let undone = kit.workspace.undo(&kit.system(), owned).unwrap();
        assert!(kit.get("property", house).get("owner").is_none());
        kit.workspace.undo(&kit.system(), undone.batch).unwrap();
        assert_eq!(kit.get("property", house)["owner"], json!(ann));
    });
}
