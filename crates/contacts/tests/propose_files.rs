//! Mappings proposed for real files of other systems, and what their rows become. Without the files these tests say so.

// A test that cannot go on says why by panicking.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use contacts::import::build::{BadValues, Built, Plan};
use contacts::import::map::{Proposal, propose};
use contacts::import::read::{Columns, Reader, Row, Shape};
use model::kinds::{Context, to_text};
use model::{Object, Patch, Schema};

fn data(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(part);
    if !path.exists() {
        eprintln!("SKIPPED: ../shared/data/{part} is not here, so no mapping was proposed for it");
        return None;
    }
    Some(path)
}

fn schema() -> Schema {
    let objects = ["person", "company", "task"].map(|name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("objects/{name}.toml"));
        model::load::load_object(name, &std::fs::read_to_string(path).unwrap()).unwrap()
    });
    Schema::new(1, objects.to_vec())
}

struct File {
    object: Arc<Object>,
    shape: Shape,
    columns: Columns,
    rows: Vec<Row>,
    proposal: Proposal,
}

fn open(schema: &Schema, object: &str, path: &Path) -> File {
    let object = schema.find_object(object).unwrap().clone();
    let (mut reader, shape) = Reader::open(path, None).unwrap();
    let columns = reader.columns().clone();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        rows.push(row);
    }
    let proposal = propose(schema, &object, shape.format, &columns, &rows);
    File { object, shape, columns, rows, proposal }
}

impl File {
    /// `column -> target` of every column with values, the unmapped ones without a target.
    fn mapping(&self) -> String {
        let mut text = format!("{:?}\n", self.proposal.source);
        for column in self.proposal.columns.iter().filter(|column| !column.samples.is_empty()) {
            let target = column.mapping.target.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            text.push_str(&format!("{} -> {target}\n", column.name));
        }
        text
    }

    fn build(&self, schema: &Schema, bad_values: BadValues) -> Vec<Built> {
        let mapping: Vec<_> = self.proposal.columns.iter().map(|column| column.mapping.clone()).collect();
        let context =
            Context { default_country: "US".to_owned(), default_currency: "USD".to_owned(), ..Context::default() };
        let plan =
            Plan::new(schema, &self.object, &self.columns, &mapping, self.shape.format, (context, bad_values)).unwrap();
        self.rows.iter().map(|row| plan.build(row)).collect()
    }
}

fn show(object: &Object, patch: &Patch) -> String {
    patch.iter().map(|(name, value)| format!("{name}={}\n", to_text(object.find_field(name).unwrap(), value))).collect()
}

/// What the rows of a file become, as text.
fn built(schema: &Schema, object: &str, path: &Path) -> Vec<String> {
    let file = open(schema, object, path);
    let rows = file.build(schema, BadValues::Describe);
    let texts = rows.iter().map(|built| {
        assert!(built.errors.is_empty(), "{}: {:?}", path.display(), built.errors);
        let related = built
            .related
            .iter()
            .map(|(via, name, draft)| format!("{via}: {}", show(schema.find_object(name).unwrap(), &draft.patch)));
        show(&file.object, &built.main.patch) + &related.collect::<String>()
    });
    texts.collect()
}

/// The lines of a built row that a table and the card beside it must share.
fn shared(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with("description=") && line.contains('=')).collect()
}

#[test]
fn tables_say_what_the_cards_beside_them_say() {
    let Some(folder) = data("contacts/csv-to-vcard") else { return };
    let schema = schema();
    for name in ["gmail", "tb_plain", "outlook", "email"] {
        let table = built(&schema, "person", &folder.join(format!("{name}.csv")));
        let cards = built(&schema, "person", &folder.join(format!("{name}.vcf")));
        assert_eq!(table.len(), cards.len(), "{name}");
        for (row, card) in table.iter().zip(&cards) {
            let drop_labels = |text: &str| {
                let text = text.replace(" (primary)", "").replace(" (other)", "").replace(" (homepage)", "");
                text.replace(" (home page)", "")
            };
            let (row, card) = (drop_labels(row), drop_labels(card));
            for line in shared(&card).iter().filter(|line| !line.starts_with("given_name=") || name != "email") {
                // The tables of one exporter have columns that its cards leave out; never the other way round.
                let field = line.split('=').next().unwrap();
                let found =
                    shared(&row).into_iter().find(|row| row.starts_with(&format!("{field}="))).unwrap_or_default();
                assert!(same(found, line), "{name}: {line} but {found}\n{row}");
            }
        }
    }
}

/// Lists may stand in another order; streets of the table carry the post office box besides.
fn same(table: &str, card: &str) -> bool {
    let parts = |text: &str| {
        let mut parts: Vec<String> = text
            .split_once('=')
            .unwrap_or_default()
            .1
            .split("; ")
            .map(|part| part.trim_end_matches(", home_pobox").replace(" (home)", "").trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect();
        parts.sort();
        parts
    };
    parts(table) == parts(card)
}

#[test]
fn print() {
    let schema = schema();
    for (object, file) in [
        ("person", "contacts/csv-to-vcard/all.csv"),
        ("person", "contacts/csv-to-vcard/all.vcf"),
        ("person", "contacts/csv-to-vcard/gmail.csv"),
        ("person", "contacts/csv-to-vcard/gmail.vcf"),
        ("person", "contacts/csv-to-vcard/tb_plain.csv"),
        ("person", "contacts/csv-to-vcard/tb_plain.vcf"),
        ("person", "contacts/csv-to-vcard/outlook.csv"),
        ("person", "contacts/csv-to-vcard/outlook.vcf"),
        ("person", "contacts/csv-to-vcard/email.csv"),
        ("company", "crm/constituents.csv"),
        ("company", "crm/pipeline/accounts.csv"),
        ("person", "crm/exports/hubspot/contact_data.csv"),
        ("company", "crm/exports/hubspot/company_data.csv"),
        ("person", "crm/exports/salesforce/sf_contact_data.csv"),
        ("company", "crm/exports/salesforce/sf_account_data.csv"),
        ("person", "crm/exports/salesforce/sf_lead_data.csv"),
        ("task", "crm/exports/hubspot/engagement_task_data.csv"),
    ] {
        let Some(path) = data(file) else { return };
        let file = open(&schema, object, &path);
        println!("=== {} {}", path.display(), file.mapping());
        for built in file.build(&schema, BadValues::Refuse).iter().take(2) {
            println!("--- {:?}\n{}", built.errors, show(&file.object, &built.main.patch));
            for (via, name, draft) in &built.related {
                println!("   {via}: {}", show(schema.find_object(name).unwrap(), &draft.patch));
            }
        }
    }
}
