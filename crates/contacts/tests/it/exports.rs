//! Exports: what is written is read back exactly, no cell is ever a formula, and rights hold.

// A test that cannot go on says why by panicking.
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use contacts::export::{self, ExportFormat, Wanted, Writer};
use contacts::import::build::{BadValues, Plan};
use contacts::import::map::propose;
use contacts::import::read::{Format, Reader, Row};
use contacts::import::{OnMatch, run_to_end};
use engine::Query;
use model::kinds::{self, Context};
use model::{Object, Record, Schema};
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use testkit::{on_both, problem};
use uuid::Uuid;

const NASTY: &[&str] = &[
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+",
    "-",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1＋1",
    "＋49",
    "－",
    "＠x",
    "\"=",
    "'=1",
    "''",
    "'",
    "\"",
    "\"\"",
    ",",
    ";",
    "\n",
    "a\nb",
    "a\r\nb",
    "|",
    "\\",
    "\\n",
    "\\;",
    "Ann",
    "Müller",
    "Ærøskøbing",
    "ß",
    "İstanbul",
    "名前",
    "עִבְרִית",
    "العربية",
    "👩‍👩‍👧",
    "e\u{301}",
    "\u{202e}txt",
    "O'Neil",
    "NULL",
    "null",
    "true",
    "1e5",
    "00123",
    "1/2",
    "2026-01-01",
    " lead",
    "trail ",
    "  ",
    "<script>",
    "${x}",
    "%s",
    "\u{feff}bom",
    "a, b",
    "sep=;",
    "a;b;c",
    "-5",
    "+1-2",
];

fn schema() -> Schema {
    let objects = ["person", "company"].map(|name| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("objects/{name}.toml"));
        model::load::load_object(name, &std::fs::read_to_string(path).unwrap()).unwrap()
    });
    Schema::new(1, objects.to_vec())
}

/// A thousand people with names that break programs, as the write path would store them.
fn nasty_people(object: &Object) -> Vec<Record> {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let context = Context::default();
    let mut people = Vec::new();
    while people.len() < 1_000 {
        let mut record = Record { id: Uuid::now_v7(), ..Record::default() };
        for field in ["given_name", "family_name", "nickname", "job_title", "description", "department"] {
            let count = random.random_range(0..4);
            let text: String = (0..count).map(|_| *NASTY.choose(&mut random).unwrap()).collect();
            let field = object.find_field(field).unwrap();
            if let Ok(value) = kinds::from_json(field, &json!(text), &context) {
                record.values.insert(field.name.clone(), value);
            }
        }
        let tags: Vec<&str> = NASTY.choose_multiple(&mut random, 2).copied().collect();
        for (field, value) in [
            ("tags", json!(tags)),
            ("emails", json!([{ "value": "a@x.example", "label": "work" }, { "value": "=b@x.example" }])),
            ("phones", json!(["+49 30 123456", "12-34"])),
            ("address", json!({ "street": NASTY.choose(&mut random), "city": "-Köln", "country": "DE" })),
            ("birthday", json!("1980-02-29")),
            ("do_not_call", json!(true)),
        ] {
            let field = object.find_field(field).unwrap();
            if let Ok(value) = kinds::from_json(field, &value, &context) {
                record.values.insert(field.name.clone(), value);
            }
        }
        record.values.retain(|_, value| !value.is_missing());
        if record.values.contains_key("given_name") {
            people.push(record);
        }
    }
    people
}

fn write(object: &Arc<Object>, people: &[Record], format: ExportFormat) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("people.{}", format.extension()));
    let fields: Vec<String> = [
        "given_name",
        "family_name",
        "nickname",
        "job_title",
        "department",
        "description",
        "tags",
        "emails",
        "phones",
        "address",
        "birthday",
        "do_not_call",
    ]
    .map(str::to_owned)
    .to_vec();
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = Writer::new(file, format, object.clone(), &fields).unwrap();
    for person in people {
        writer.write(person, &HashMap::new()).unwrap();
    }
    writer.finish().unwrap();
    (folder, path)
}

/// Reads a file back as the importer would, with the mapping it proposes itself.
fn read_back(schema: &Schema, object: &Arc<Object>, path: &std::path::Path) -> Vec<(Option<Uuid>, Record)> {
    let (mut reader, shape) = Reader::open(path, None).unwrap();
    let columns = reader.columns().clone();
    let mut rows: Vec<Row> = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        rows.push(row);
    }
    let proposal = propose(schema, object, shape.format, &columns, &rows);
    let mapping: Vec<_> = proposal.columns.iter().map(|column| column.mapping.clone()).collect();
    let plan =
        Plan::new(schema, object, &columns, &mapping, shape.format, (Context::default(), BadValues::Refuse)).unwrap();
    rows.iter()
        .map(|row| {
            let built = plan.build(row);
            assert!(built.errors.is_empty(), "{:?} {row:?}", built.errors);
            (built.main.id, Record { id: Uuid::nil(), values: built.main.patch })
        })
        .collect()
}

#[test]
fn a_thousand_nasty_names_come_back_exactly() {
    let schema = schema();
    let object = schema.find_object("person").unwrap().clone();
    let people = nasty_people(&object);
    for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
        let (_folder, path) = write(&object, &people, format);
        let found = read_back(&schema, &object, &path);
        assert_eq!(found.len(), people.len());
        for (person, (id, back)) in people.iter().zip(found) {
            assert_eq!(id, Some(person.id), "{format:?}");
            for (name, value) in &person.values {
                assert_eq!(back.get(name), value, "{format:?} {name}");
            }
        }
    }
}

#[test]
fn no_cell_begins_like_a_formula() {
    let schema = schema();
    let object = schema.find_object("person").unwrap().clone();
    let people = nasty_people(&object);
    let (_folder, path) = write(&object, &people, ExportFormat::Csv);
    let (mut reader, shape) = Reader::open(&path, None).unwrap();
    assert_eq!((shape.format, shape.delimiter), (Format::Csv, Some(',')));
    while let Some(row) = reader.next_row().unwrap() {
        for cell in &row.cells {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']), "{cell:?}");
        }
    }
    let (_folder, path) = write(&object, &people, ExportFormat::Xlsx);
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut sheet).unwrap();
    assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "no formulas");
}

#[test]
fn cards_are_read_by_others_and_by_ourselves() {
    let schema = schema();
    let object = schema.find_object("person").unwrap().clone();
    let people = nasty_people(&object);
    let (_folder, path) = write(&object, &people, ExportFormat::Vcard);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "lines are folded");
    let mut parser = calcard::Parser::new(&text);
    let mut cards = 0;
    loop {
        match parser.entry() {
            calcard::Entry::VCard(_) => cards += 1,
            calcard::Entry::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(cards, people.len());
    let found = read_back_cards(&schema, &object, &path);
    for (person, back) in people.iter().zip(found) {
        let text = |record: &Record, field: &str| record.get(field).as_text().unwrap_or_default().trim().to_owned();
        for field in ["given_name", "family_name"] {
            assert_eq!(text(&back, field), text(person, field), "{field}");
        }
        assert_eq!(back.get("birthday"), person.get("birthday"));
        let mails = |record: &Record| record.get("emails").as_json().map(|list| list.as_array().unwrap().len());
        assert_eq!(mails(&back), mails(person));
    }
}

fn read_back_cards(schema: &Schema, object: &Arc<Object>, path: &std::path::Path) -> Vec<Record> {
    let (mut reader, shape) = Reader::open(path, None).unwrap();
    let columns = reader.columns().clone();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        rows.push(row);
    }
    let proposal = propose(schema, object, shape.format, &columns, &rows);
    let mapping: Vec<_> = proposal.columns.iter().map(|column| column.mapping.clone()).collect();
    let settings = (Context::default(), BadValues::Describe);
    let plan = Plan::new(schema, object, &columns, &mapping, shape.format, settings).unwrap();
    rows.iter().map(|row| Record { id: Uuid::nil(), values: plan.build(row).main.patch }).collect()
}

#[test]
fn a_workspace_exports_what_the_actor_may_see_and_imports_it_again() {
    on_both(|kit| {
        let acme = kit.create("company", json!({ "name": "=Acme", "domains": ["acme.example"] }));
        let own = kit.user("own", json!({ "objects": { "person": { "read": "own" } }, "special": ["export"] }), None);
        for number in 0..5 {
            let owner = if number == 0 { json!(own.user) } else { json!(null) };
            let person = json!({ "given_name": format!("Ann{number}"), "emails": [format!("a{number}@x.example")], "company": acme, "owner": owner });
            kit.create("person", person);
        }
        let owner = kit.user("boss", json!({ "admin": true }), None).user;
        kit.create("person", json!({
            "given_name": "Zoë", "family_name": "Full", "salutation": "Dr.", "nickname": "Z", "emails": [{ "value": "z@x.example", "label": "work" }, "y@x.example"],
            "phones": [{ "value": "+49 30 1234567", "label": "work" }, { "value": "+49 171 1234567", "label": "mobile" }],
            "links": ["https://c1.example/p1"], "address": { "street": "Street 1 2", "city": "Köln", "postal_code": "50667", "country": "DE" },
            "other_address": { "city": "Bonn" }, "company": acme, "job_title": "Clerk", "department": "Sales", "lifecycle": "customer", "source": "Fair",
            "birthday": "1980-03-22", "language": "de", "time_zone": "Europe/Berlin", "preferred_channel": "in_person", "do_not_call": true,
            "tags": ["t1", "vip"], "description": "Line 1\nLine 2", "owner": owner, "external_ids": { "hubspot": "51" }
        }));
        let export = |actor: &model::Actor, format| {
            let query = Query { object: "person".to_owned(), sort: Some("given_name".to_owned()), ..Query::default() };
            let mut out = Vec::new();
            export::run(&kit.workspace, actor, Wanted { query, format, clear: false }, &mut out)
                .map(|count| (count, out))
        };
        let (count, csv) = export(&kit.system(), ExportFormat::Csv).unwrap();
        let text = String::from_utf8(csv.clone()).unwrap();
        assert_eq!(count, 6);
        assert!(text.contains("'=Acme"), "references carry titles, guarded: {text}");
        for format in [ExportFormat::Xlsx, ExportFormat::Vcard, ExportFormat::Jsonl] {
            let (count, out) = export(&kit.system(), format).unwrap();
            assert!(count == 6 && !out.is_empty());
        }
        let (count, text) = export(&own, ExportFormat::Csv).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(count == 1 && text.contains("Ann0") && !text.contains("Acme"), "{text}");
        let none = kit.user("none", json!({ "objects": { "person": { "read": "all" } } }), None);
        assert_eq!(problem(export(&none, ExportFormat::Csv)).code, model::Code::Forbidden);

        let folder = tempfile::tempdir().unwrap();
        let before = kit.checksum();
        for (name, bytes) in [
            ("people.csv", csv),
            ("people.xlsx", export(&kit.system(), ExportFormat::Xlsx).unwrap().1),
            ("people.vcf", export(&kit.system(), ExportFormat::Vcard).unwrap().1),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, &bytes).unwrap();
            let wanted = contacts::import::Wanted {
                object: "people".to_owned(),
                file: path,
                dry_run: false,
                on_match: OnMatch::Update,
            };
            let again = run_to_end(&kit.workspace, &kit.system(), &wanted, |_| {}).unwrap();
            assert_eq!((again.counts().unchanged, again.counts().errors), (6, 0), "{:?}", again.counts());
            assert_eq!(kit.checksum(), before, "an export imported again changes nothing");
        }
    });
}
