//! Imports over the engine, on both databases: dry run, run, match, undo, refusals, restarts.

// A test that cannot go on says why by panicking.
use std::path::PathBuf;

use contacts::import::{self, Counts, Import, OnMatch, Wanted};
use engine::{Query, SchemaEdit};
use model::Actor;
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem, sqlite};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn wanted(object: &str, file: PathBuf, on_match: OnMatch) -> Wanted {
    Wanted { object: object.to_owned(), file, dry_run: false, on_match }
}

fn run(kit: &Kit, object: &str, file: PathBuf, on_match: OnMatch) -> Import {
    let import = import::run_to_end(&kit.workspace, &kit.system(), &wanted(object, file, on_match), |_| {}).unwrap();
    assert!(import.counts().adds_up(), "{:?}", import.counts());
    import
}

fn dry_run(kit: &Kit, object: &str, file: PathBuf) -> Import {
    let wanted = Wanted { dry_run: true, ..wanted(object, file, OnMatch::Update) };
    let import = import::run_to_end(&kit.workspace, &kit.system(), &wanted, |_| {}).unwrap();
    assert!(import.counts().adds_up(), "{:?}", import.counts());
    import
}

/// `created updated unchanged duplicates skipped errors`
fn figures(counts: &Counts) -> [u64; 6] {
    [counts.created, counts.updated, counts.unchanged, counts.duplicates, counts.skipped, counts.errors]
}

fn ledger(kit: &Kit, actor: &Actor, import: &Import, outcome: Option<&str>) -> Vec<String> {
    let page = import::rows(&kit.workspace, actor, import.row.id, outcome, None).unwrap();
    let rows = page["rows"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {} {}", row["row"], row["outcome"].as_str().unwrap(), row["reason"].as_str().unwrap()))
        .collect()
}

const PEOPLE: &str = "\
First name,Last name,E-mail,Phone,Company,Company Domain,City,Lifecycle,Tags
Ann,Lee,ann@acme.example,+49 30 1234567,Acme,acme.example,Berlin,Customer,vip;press
Bob,Ray,bob@acme.example,,ACME,,Hamburg,,
Cho,Kim,cho@globex.example,,Globex,globex.example,Köln,lead,
Ann,Lee,ANN@acme.example,+49 30 7654321,Acme,,Bremen,,new
Dee,Fox,not an address,,Globex,,,,
";

#[test]
fn a_file_fills_people_and_their_companies_and_undo_takes_all_back() {
    on_both(|kit| {
        let folder = Folder::new();
        let before = kit.checksum();
        let file = folder.file("people.csv", PEOPLE);
        let checked = dry_run(kit, "people", file.clone());
        assert_eq!(checked.row.status, "checked");
        assert_eq!(figures(&checked.counts()), [3, 0, 0, 1, 0, 1]);
        assert_eq!(kit.checksum(), before, "a dry run changes nothing");
        let system = kit.system();
        assert_eq!(
            ledger(kit, &system, &checked, None),
            [
                "2 create ",
                "3 create ",
                "4 create ",
                "5 duplicate The same as row 2.",
                "6 error Column “E-mail”: E-mails: “not an address” is no e-mail address. Write it like name@example.com.",
            ]
        );

        let done = run(kit, "people", file, OnMatch::Update);
        assert_eq!((done.row.status.as_str(), figures(&done.counts())), ("done", [3, 0, 0, 1, 0, 1]));
        assert_eq!(done.counts().related_created, 2);
        let names = kit.column("person", "name", "company.name == 'Acme'", "given_name");
        assert_eq!(names, [json!("Ann Lee"), json!("Bob Ray")]);
        let ann = &kit.column("person", "phones", "given_name == 'Ann'", "name")[0];
        assert_eq!(ann.as_array().unwrap().len(), 2, "the second row of Ann adds her other number: {ann}");
        assert_eq!(kit.column("person", "lifecycle", "given_name == 'Cho'", "name"), [json!("lead")]);
        assert_eq!(kit.column("company", "domains", "name == 'Globex'", "name"), [json!(["globex.example"])]);

        let mut errors = Vec::new();
        import::errors_csv(&kit.workspace, &system, done.row.id, &mut errors).unwrap();
        let errors = String::from_utf8(errors).unwrap();
        assert!(errors.contains("Dee,Fox,not an address,,Globex,,,,,Column “E-mail”: E-mails"), "{errors}");

        let undone = || import::load(&kit.workspace, &system, done.row.id).unwrap().to_json()["undone"].clone();
        assert_eq!(undone(), json!(false));
        kit.workspace.undo(&system, done.row.batch.unwrap()).unwrap();
        assert_eq!(kit.checksum(), before);
        assert_eq!(undone(), json!(true));
        assert!(import::list(&kit.workspace, &system).unwrap().iter().any(|import| import.undone));
    });
}

#[test]
fn what_is_there_is_matched_filled_or_left() {
    on_both(|kit| {
        let folder = Folder::new();
        run(kit, "people", folder.file("people.csv", PEOPLE), OnMatch::Update);
        let again = run(kit, "people", folder.file("again.csv", PEOPLE), OnMatch::Update);
        assert_eq!(figures(&again.counts()), [0, 0, 3, 1, 0, 1], "the same file again changes nothing");

        let stored = kit.checksum();
        let next = "Email,Given name,Job title,City\nann@acme.example,Ann,Chief,Bonn\nnew@acme.example,Eve,Clerk,\n";
        let filled = run(kit, "people", folder.file("fill.csv", next), OnMatch::Fill);
        assert_eq!(figures(&filled.counts()), [1, 1, 0, 0, 0, 0]);
        let ann = |field: &str| kit.column("person", field, "given_name == 'Ann'", "name")[0].clone();
        assert_eq!((ann("job_title"), ann("address")["city"].clone()), (json!("Chief"), json!("Berlin")));
        let skipped = run(kit, "people", folder.file("skip.csv", &next.replace("Chief", "Boss")), OnMatch::Skip);
        assert_eq!(figures(&skipped.counts()), [0, 0, 0, 0, 2, 0]);
        let updated = run(kit, "people", folder.file("update.csv", &next.replace("Chief", "Boss")), OnMatch::Update);
        assert_eq!(figures(&updated.counts()), [0, 1, 1, 0, 0, 0]);
        assert_eq!((ann("job_title"), ann("address")["city"].clone()), (json!("Boss"), json!("Bonn")));

        let system = kit.system();
        for import in [&updated, &filled] {
            kit.workspace.undo(&system, import.row.batch.unwrap()).unwrap();
        }
        assert_eq!(kit.checksum(), stored, "undo reverses updates too");
        let created = run(kit, "people", folder.file("create.csv", next), OnMatch::Create);
        assert_eq!(figures(&created.counts()), [2, 0, 0, 0, 0, 0]);
    });
}

/// Every dry step is taken back; a company that rows of several name is made once nevertheless.
#[test]
fn a_dry_run_tells_how_many_records_it_would_make_and_how_values_are_read() {
    on_both(|kit| {
        let folder = Folder::new();
        let definition = json!({
            "name": "property", "plural": "properties", "label": "Property", "label_plural": "Properties", "title": "name",
            "fields": [
                { "name": "name", "kind": "text", "label": "Name" },
                { "name": "asking_price", "kind": "money", "label": "Asking price" },
                { "name": "listed", "kind": "date", "label": "Listed" },
                { "name": "state", "kind": "select", "label": "State", "options": [{ "value": "for_sale", "label": "For sale" }] },
                { "name": "seller", "kind": "reference", "label": "Seller", "target": "company" }
            ]
        });
        let property = SchemaEdit::AddObject(Box::new(serde_json::from_value(definition).unwrap()));
        kit.workspace.edit_schema(&kit.system(), vec![property]).unwrap();
        let mut text = String::from("Name,Asking price USD,Listed on,State,Seller\n");
        for number in 0..2_500 {
            text.push_str(&format!("Flat {number},\"1,{number:03}\",3/14/2026,for sale,Works {}\n", number % 7));
        }
        let file = folder.file("properties.csv", &text);
        let checked = dry_run(kit, "properties", file.clone());
        let counts = checked.counts();
        assert_eq!((counts.created, counts.related_created, counts.related.get("company")), (2_500, 7, Some(&7)));
        let page = import::rows(&kit.workspace, &kit.system(), checked.row.id, None, None).unwrap();
        let row = &page["rows"][0];
        assert_eq!(row["values"]["Asking price USD"], "1,000");
        assert_eq!(
            row["read"],
            json!({
                "property.name": "Flat 0",
                "property.asking_price": { "amount": 1000, "currency": "USD" },
                "property.listed": "2026-03-14",
                "property.state": "for_sale",
                "company.name": "Works 0"
            })
        );
        let done = run(kit, "properties", file, OnMatch::Update);
        assert_eq!((done.counts().created, done.counts().related_created), (2_500, 7));
    });
}

/// Things and their owners: people are found by e-mail or name, made once for all rows, and get nothing that is not said of
/// them.
#[test]
fn a_file_of_things_makes_the_people_that_they_belong_to() {
    on_both(|kit| {
        let folder = Folder::new();
        let definition = json!({
            "name": "property", "plural": "properties", "label": "Property", "label_plural": "Properties", "title": "name",
            "fields": [
                { "name": "name", "kind": "text", "label": "Name" },
                { "name": "landlord", "kind": "reference", "label": "Landlord", "target": "person" }
            ]
        });
        let property = SchemaEdit::AddObject(Box::new(serde_json::from_value(definition).unwrap()));
        kit.workspace.edit_schema(&kit.system(), vec![property]).unwrap();
        kit.create("person", json!({ "given_name": "Ann", "family_name": "Lee", "emails": ["ann@x.example"] }));
        kit.create("person", json!({ "given_name": "Eve", "family_name": "Poe" }));
        let people = |sort: &str| kit.column("person", "name", "true", sort);
        let landlords = || kit.column("property", "landlord", "true", "name");

        // The city of a flat is not that of its landlord.
        let text = "Property,City,Landlord e-mail,Landlord name\n\
                    A,Graz,ann@x.example,Ann Lee\n\
                    B,Bern,bob@x.example,Bob Ray\n\
                    C,Bern,BOB@x.example,Bob Ray\n\
                    D,Lyon,bob@x.example,Cleo Ray\n\
                    E,Lyon,,Eve Poe\n\
                    F,Lyon,,Dan Fox\n\
                    G,Lyon,,Dan Fox\n\
                    H,Lyon,gil@x.example,\n";
        let file = folder.file("flats.csv", text);
        let checked = dry_run(kit, "properties", file.clone());
        assert_eq!((checked.counts().created, checked.counts().related.get("person")), (8, Some(&4)));
        let done = run(kit, "properties", file.clone(), OnMatch::Create);
        assert_eq!((figures(&done.counts()), done.counts().related_created), ([8, 0, 0, 0, 0, 0], 4));
        assert_eq!(
            people("name"),
            ["Ann Lee", "Bob Ray", "Cleo Ray", "Dan Fox", "Eve Poe", "gil@x.example"].map(|name| json!(name))
        );
        assert_eq!(kit.column("person", "address", "has(address)", "name"), Vec::<Json>::new());
        let named = kit.column("property", "name", "landlord.name == 'Bob Ray' || landlord.name == 'Dan Fox'", "name");
        assert_eq!(named, ["B", "C", "F", "G"].map(|name| json!(name)));
        assert!(landlords().iter().all(|one| !one.is_null()));
        // Again: nobody twice, not even those who share an address.
        let again = run(kit, "properties", file, OnMatch::Create);
        assert_eq!((again.counts().created, again.counts().related_created), (8, 0));
    });
}

/// Names that sound alike or have no sound at all are still found exactly.
#[test]
fn companies_are_found_again_by_their_exact_name() {
    on_both(|kit| {
        let folder = Folder::new();
        let mut text = String::from("Given name,E-mail,Company\n");
        for number in 0..40 {
            text.push_str(&format!("P{number},p{number}@x.example,Bank of {number}\n"));
        }
        text.push_str("Q,q@x.example,3M\nR,r@x.example,7 & 11\n");
        let first = run(kit, "people", folder.file("a.csv", &text), OnMatch::Update);
        assert_eq!(first.counts().related_created, 42);
        let again = run(kit, "people", folder.file("b.csv", &text), OnMatch::Update);
        assert_eq!((again.counts().related_created, again.counts().unchanged), (0, 42));
    });
}

#[test]
fn references_by_name_find_rows_further_down() {
    on_both(|kit| {
        let folder = Folder::new();
        kit.user("mia", json!({ "admin": true }), None);
        let file = folder.file(
            "companies.csv",
            "Name,Parent company,Owner,Industry\nLeaf,Root,mia@example.com,Toys\nRoot,,mia,\nOdd,Elsewhere,nobody@example.com,\n",
        );
        let done = run(kit, "companies", file, OnMatch::Update);
        assert_eq!(figures(&done.counts()), [2, 0, 0, 0, 0, 1]);
        assert_eq!(kit.column("company", "name", "parent.name == 'Root'", "name"), [json!("Leaf")]);
        assert_eq!(kit.column("company", "name", "owner.name == 'mia'", "name"), [json!("Leaf"), json!("Root")]);
        let reasons = ledger(kit, &kit.system(), &done, Some("error"));
        assert_eq!(reasons, ["4 error Owner: there is no user “nobody@example.com”."]);
    });
}

#[test]
fn an_import_has_the_rights_of_its_actor_and_no_more() {
    on_both(|kit| {
        let folder = Folder::new();
        let rights = json!({ "objects": {
            "person": { "read": "all", "create": true, "update": "own", "delete": "own", "fields": { "lifecycle": "read" } },
            "company": { "read": "all", "create": false, "update": "none" },
        }, "special": ["import"] });
        let ann = kit.user("ann", rights, None);
        let other = kit.user("other", json!({ "admin": true }), None);
        kit.create("company", json!({ "name": "Known" }));
        let theirs = json!({ "given_name": "Their", "emails": ["their@x.example"], "owner": other.user });
        kit.create("person", theirs);
        let file = folder.file(
            "people.csv",
            "Given name,E-mail,Lifecycle,Company,Job title\n\
             Mine,mine@x.example,,Known,Clerk\nTheir,their@x.example,,,Hacked\nRich,rich@x.example,customer,,\n\
             New,new@x.example,,Unknown Ltd,\n",
        );
        let wanted = wanted("people", file, OnMatch::Update);
        let done = import::run_to_end(&kit.workspace, &ann, &wanted, |_| {}).unwrap();
        assert_eq!(figures(&done.counts()), [1, 0, 0, 0, 0, 3], "{:?}", ledger(kit, &ann, &done, None));
        assert_eq!(kit.column("person", "job_title", "given_name == 'Their'", "name"), [Json::Null]);
        assert_eq!(kit.column("company", "name", "name != ''", "name"), [json!("Known")]);

        let nobody = kit.user("nobody", json!({ "objects": { "person": { "read": "all", "create": true } } }), None);
        let refused = import::run_to_end(&kit.workspace, &nobody, &wanted, |_| {});
        assert_eq!(problem(refused).code, model::Code::Forbidden);
        let hidden = import::load(&kit.workspace, &nobody, done.row.id);
        assert_eq!(problem(hidden).code, model::Code::NotFound);
    });
}

#[test]
fn mappings_are_corrected_and_wrong_ones_named() {
    let kit = sqlite();
    let folder = Folder::new();
    let (ws, system) = (&kit.workspace, kit.system());
    let file = folder.file("x.csv", "A,B,C\nAnn,ann@x.example,note\nBob,bob@x.example,other\n");
    let import = import::upload(ws, &system, "person", "x.csv", &file).unwrap();
    assert_eq!(import.to_json()["columns"][1]["mapping"]["target"], json!("person.emails"), "by content");
    let id = import.row.id;
    let wrong = import::set_mapping(ws, &system, id, &json!({ "mapping": { "A": "person.nonsense" } }));
    assert_eq!(problem(wrong).detail, "Person has no field `nonsense` (column “A”).");
    let wrong = import::set_mapping(ws, &system, id, &json!({ "mapping": { "A": "deal.name" } }));
    assert_eq!(problem(wrong).detail, "Rows of People cannot fill deal: no field refers to it.");
    let wrong = import::set_mapping(ws, &system, id, &json!({ "mapping": { "Z": null } }));
    assert_eq!(problem(wrong).detail, "The file has no column “Z”.");
    let change =
        json!({ "mapping": { "A": "person.name", "C": "person.description[C]" }, "options": { "update": "fill" } });
    let import = import::set_mapping(ws, &system, id, &change).unwrap();
    assert_eq!(import.settings.options.update, OnMatch::Fill);
    import::start(ws, &system, id).unwrap();
    while ws.run_due_job().unwrap() {}
    assert_eq!(import::load(ws, &system, id).unwrap().row.status, "done");
    assert_eq!(kit.column("person", "description", "given_name == 'Ann'", "name"), [json!("C: note")]);
    let again = import::start(ws, &system, id);
    assert_eq!(problem(again).code, model::Code::Conflict);
    kit.check();
}

#[test]
fn a_long_import_is_cancelled_between_steps_and_its_part_undone() {
    let kit = sqlite();
    let folder = Folder::new();
    let (ws, system) = (kit.workspace.clone(), kit.system());
    let before = kit.checksum();
    let mut text = String::from("Given name,Family name,E-mail\n");
    for number in 0..4_500 {
        text.push_str(&format!("Given{number},Family{number},p{number}@x.example\n"));
    }
    let file = folder.file("many.csv", &text);
    let import = import::upload(&ws, &system, "person", "many.csv", &file).unwrap();
    import::start(&ws, &system, import.row.id).unwrap();
    let runner = ws.clone();
    let worker = std::thread::spawn(move || while runner.run_due_job().unwrap() {});
    while import::load(&ws, &system, import.row.id).unwrap().row.place == 0 {
        std::thread::yield_now();
    }
    let cancelled = import::cancel(&ws, &system, import.row.id).unwrap();
    worker.join().unwrap();
    let end = import::load(&ws, &system, import.row.id).unwrap();
    assert_eq!(end.row.status, "cancelled");
    let people = Query { object: "person".to_owned(), total: true, limit: 1, ..Query::default() };
    let total = kit.try_list(&system, people).unwrap()["total"]["count"].as_u64().unwrap();
    assert_eq!(total, end.counts().created, "what was done is what the ledger says");
    assert!(total >= cancelled.counts().created && total > 0);
    if total > 0 {
        ws.undo(&system, end.row.batch.unwrap()).unwrap();
    }
    assert_eq!(kit.checksum(), before);
    kit.check();
}

/// Real files of other systems: each imports, every row has its outcome, undo leaves nothing behind.
#[test]
fn real_files_import_completely_and_undo_leaves_nothing() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.exists() {
        eprintln!("SKIPPED: ../shared/data is not here, so no real files were imported");
        return;
    }
    let mut files = vec![
        ("companies", data.join("crm/constituents.csv"), 503, 0),
        ("companies", data.join("crm/pipeline/accounts.csv"), 85, 0),
        ("companies", data.join("crm/exports/hubspot/company_data.csv"), 0, 0),
        ("people", data.join("crm/exports/hubspot/contact_data.csv"), 0, 0),
        ("companies", data.join("crm/exports/salesforce/sf_account_data.csv"), 0, 0),
        ("people", data.join("crm/exports/salesforce/sf_contact_data.csv"), 0, 0),
        ("people", data.join("crm/exports/salesforce/sf_lead_data.csv"), 0, 0),
    ];
    for (folder, ending) in [("contacts/vcard-exporters", "vcf"), ("contacts/csv-to-vcard", "csv")] {
        for entry in std::fs::read_dir(data.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|found| found == ending) {
                files.push(("people", path, 0, 0));
            }
        }
    }
    let kit = sqlite();
    let before = kit.checksum();
    let mut batches = Vec::new();
    for (object, path, rows, errors) in files {
        let import = run(&kit, object, path.clone(), OnMatch::Update);
        let counts = import.counts();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        println!("{name}: {counts:?}");
        for line in ledger(&kit, &kit.system(), &import, None).iter().filter(|line| !line.ends_with("create ")).take(6)
        {
            println!("    {line}");
        }
        assert_eq!(import.row.status, "done", "{name}");
        assert!(counts.rows > 0 && counts.rows == import.settings.rows_total, "{name}: {counts:?}");
        if rows > 0 {
            assert_eq!((counts.created, counts.errors), (rows, errors), "{name}");
        }
        if path.extension().is_some_and(|found| found == "vcf") {
            assert_eq!(counts.errors, 0, "{name}: every card imports");
        }
        batches.push(import.row.batch.unwrap());
    }
    kit.check();
    for batch in batches.into_iter().rev() {
        kit.workspace.undo(&kit.system(), batch).unwrap();
    }
    assert_eq!(kit.checksum(), before);
    kit.check();
}

#[test]
fn a_number_that_identifies_tells_which_record_a_row_means() {
    on_both(|kit| {
        let folder = Folder::new();
        let mut object = kit.workspace.schema().find_object("person").unwrap().as_ref().clone();
        object.duplicates.identifying = vec!["customer_no".to_owned()];
        let field = Box::new(model::Field::new("customer_no", model::Kind::Text, "Customer number"));
        let edits = vec![
            engine::SchemaEdit::AddField { object: "person".to_owned(), field },
            engine::SchemaEdit::ChangeObject(Box::new(object)),
        ];
        kit.workspace.edit_schema(&kit.system(), edits).unwrap();
        let ann = kit.create("person", json!({ "given_name": "Ann", "family_name": "Lee", "customer_no": "K-17" }));
        let rows = "Customer number,First name,Last name\nk 17,Anna,Kramer\nK-18,Bob,Ray\nK-18,Bob,Ray\n";
        let import = run(kit, "people", folder.file("numbers.csv", rows), OnMatch::Update);
        assert_eq!(figures(&import.counts()), [1, 1, 0, 1, 0, 0]);
        assert_eq!(kit.get("person", ann)["family_name"], "Kramer");
    });
}
