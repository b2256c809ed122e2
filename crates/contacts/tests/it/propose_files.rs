//! Mappings proposed for real files of other systems, and what their rows become. Without the files these tests say so.

// A test that cannot go on says why by panicking.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use contacts::import::build::{BadValues, Built, Plan};
use contacts::import::map::{Proposal, propose};
use contacts::import::read::{Columns, Reader, Row, Shape};
use expect_test::expect;
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

/// The mapping proposed for a table given as text: `column -> target` of every column.
fn proposed(object: &str, table: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    std::fs::write(&path, table).unwrap();
    let file = open(&schema(), object, &path);
    let mut text = format!("{:?}\n", file.proposal.source);
    for column in &file.proposal.columns {
        let target = column.mapping.target.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        text.push_str(&format!("{} -> {target}\n", column.name));
    }
    text
}

#[test]
fn mapping_of_hubspot_people() {
    let table = "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,Lead Status,Create Date,Associated Company,Associated Company IDs,Lifecycle Stage,Job Title,City,State/Region,Postal Code,Country/Region,Website URL\n\
        51,Ann,Lee,ann@acme.example,+49 30 1234567,+49 171 1234567,mia@example.com,NEW,2026-01-02 10:11,Acme,9001,customer,Clerk,Berlin,BE,10115,Germany,https://acme.example\n";
    expect![[r#"
        Some(Hubspot)
        Record ID -> person.external_ids.hubspot
        First Name -> person.given_name
        Last Name -> person.family_name
        Email -> person.emails
        Phone Number -> person.phones
        Mobile Phone Number -> person.phones[mobile]
        Contact owner -> person.owner
        Lead Status -> -
        Create Date -> -
        Associated Company -> company.name
        Associated Company IDs -> company.external_ids.hubspot
        Lifecycle Stage -> person.lifecycle
        Job Title -> person.job_title
        City -> person.address.city
        State/Region -> person.address.region
        Postal Code -> person.address.postal_code
        Country/Region -> person.address.country
        Website URL -> person.links
    "#]]
    .assert_eq(&proposed("person", table));
}

#[test]
fn mapping_of_hubspot_companies() {
    let table = "Record ID,Company name,Company owner,Create Date,Phone Number,City,Country/Region,Industry,Company Domain Name,Number of Employees,Annual Revenue\n\
        9001,Acme,mia@example.com,2026-01-02 10:11,+49 30 1234567,Berlin,Germany,Toys,acme.example,12,1000000\n";
    expect![[r#"
        Some(Hubspot)
        Record ID -> company.external_ids.hubspot
        Company name -> company.name
        Company owner -> company.owner
        Create Date -> -
        Phone Number -> company.phones
        City -> company.billing_address.city
        Country/Region -> company.billing_address.country
        Industry -> company.industry
        Company Domain Name -> company.domains
        Number of Employees -> company.employees
        Annual Revenue -> company.annual_revenue
    "#]]
    .assert_eq(&proposed("company", table));
}

#[test]
fn mapping_of_salesforce() {
    let table = "Contact ID,Salutation,First Name,Last Name,Title,Account Name,Account ID,Email,Phone,Mobile,Fax,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Lead Source,Description\n\
        003x,Ms.,Ann,Lee,CEO,Acme,001x,ann@acme.example,030 1234567,0171 1234567,030 7654321,Main St 1,Berlin,BE,10115,Germany,Web,Some text\n";
    expect![[r#"
        Some(Salesforce)
        Contact ID -> person.external_ids.salesforce
        Salutation -> person.salutation
        First Name -> person.given_name
        Last Name -> person.family_name
        Title -> person.job_title
        Account Name -> company.name
        Account ID -> company.external_ids.salesforce
        Email -> person.emails
        Phone -> person.phones
        Mobile -> person.phones[mobile]
        Fax -> person.phones[fax]
        Mailing Street -> person.address.street
        Mailing City -> person.address.city
        Mailing State/Province -> person.address.region
        Mailing Zip/Postal Code -> person.address.postal_code
        Mailing Country -> person.address.country
        Lead Source -> person.source
        Description -> person.description
    "#]]
    .assert_eq(&proposed("person", table));
}

#[test]
fn mapping_of_pipedrive() {
    let table = "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Email - Home,Person - Phone - Work,Person - Phone - Mobile,Person - Label,Person - Owner,Organization - Address\n\
        7,Ann Lee,Acme,ann@acme.example,ann@home.example,030 1234567,0171 1234567,Hot,Mia,Main St 1\n";
    expect![[r#"
        Some(Pipedrive)
        Person - ID -> person.external_ids.pipedrive
        Person - Name -> person.name
        Person - Organization -> company.name
        Person - Email - Work -> person.emails[work]
        Person - Email - Home -> person.emails[home]
        Person - Phone - Work -> person.phones[work]
        Person - Phone - Mobile -> person.phones[mobile]
        Person - Label -> person.tags
        Person - Owner -> person.owner
        Organization - Address -> company.billing_address
    "#]]
    .assert_eq(&proposed("person", table));
}

#[test]
fn mapping_of_google() {
    let table = "First Name,Middle Name,Last Name,Nickname,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Address 1 - Country,Website 1 - Label,Website 1 - Value\n\
        Ann,M,Lee,Annie,Acme,CEO,Board,1980-03-22,Hi,,* myContacts ::: Friends,* Work,ann@acme.example ::: a.lee@acme.example,Home,ann@home.example,Mobile,0171 1234567,Home,Main St 1,Berlin,10115,Germany,Blog,https://blog.example\n";
    expect![[r#"
        Some(Google)
        First Name -> person.given_name
        Middle Name -> person.middle_name
        Last Name -> person.family_name
        Nickname -> person.nickname
        Organization Name -> company.name
        Organization Title -> person.job_title
        Organization Department -> person.department
        Birthday -> person.birthday
        Notes -> person.description
        Photo -> -
        Labels -> person.tags
        E-mail 1 - Label -> -
        E-mail 1 - Value -> person.emails
        E-mail 2 - Label -> -
        E-mail 2 - Value -> person.emails
        Phone 1 - Label -> -
        Phone 1 - Value -> person.phones
        Address 1 - Label -> -
        Address 1 - Street -> person.address.street
        Address 1 - City -> person.address.city
        Address 1 - Postal Code -> person.address.postal_code
        Address 1 - Country -> person.address.country
        Website 1 - Label -> -
        Website 1 - Value -> person.links
    "#]]
    .assert_eq(&proposed("person", table));
}

#[test]
fn mapping_of_outlook() {
    let table = "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,Business Postal Code,Business Country/Region,Home Street,Home City,Business Fax,Business Phone,Home Phone,Mobile Phone,Birthday,Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Notes,Web Page\n\
        Ms,Ann,M,Lee,Jr.,Acme,Board,CEO,Main St 1,Berlin,10115,Germany,Side St 2,Bonn,030 7654321,030 1234567,0228 123456,0171 1234567,3/22/1980,VIP;Press,ann@acme.example,SMTP,Ann Lee,ann@home.example,Hi,https://acme.example\n";
    expect![[r#"
        Some(Outlook)
        Title -> person.salutation
        First Name -> person.given_name
        Middle Name -> person.middle_name
        Last Name -> person.family_name
        Suffix -> person.family_name
        Company -> company.name
        Department -> person.department
        Job Title -> person.job_title
        Business Street -> person.address.street
        Business City -> person.address.city
        Business Postal Code -> person.address.postal_code
        Business Country/Region -> person.address.country
        Home Street -> person.other_address.street
        Home City -> person.other_address.city
        Business Fax -> person.phones[work fax]
        Business Phone -> person.phones[work]
        Home Phone -> person.phones[home]
        Mobile Phone -> person.phones[mobile]
        Birthday -> person.birthday
        Categories -> person.tags
        E-mail Address -> person.emails[primary]
        E-mail Type -> -
        E-mail Display Name -> -
        E-mail 2 Address -> person.emails
        Notes -> person.description
        Web Page -> person.links
    "#]]
    .assert_eq(&proposed("person", table));
}

#[test]
fn mapping_of_a_german_table() {
    let table = "Anrede;Vorname;Nachname;Firma;E-Mail (geschäftlich);Telefon privat;Handynummer;Straße;PLZ;Ort;Land;Geburtsdatum;Bemerkungen;Kundennummer;Umsatz\n\
        Frau;Anna;Müller;Köhler GmbH;anna@koehler.example;0228 123456;0171 1234567;Domplatz 1;50667;Köln;Deutschland;22.03.1980;Stammkundin;K-17;1.234,56\n";
    expect![[r#"
        None
        Anrede -> person.salutation
        Vorname -> person.given_name
        Nachname -> person.family_name
        Firma -> company.name
        E-Mail (geschäftlich) -> person.emails[work]
        Telefon privat -> person.phones[home]
        Handynummer -> person.phones[mobile]
        Straße -> person.address.street
        PLZ -> person.address.postal_code
        Ort -> person.address.city
        Land -> person.address.country
        Geburtsdatum -> person.birthday
        Bemerkungen -> person.description
        Kundennummer -> person.external_ids.import
        Umsatz -> company.annual_revenue
    "#]]
    .assert_eq(&proposed("person", table));
}

#[test]
fn mapping_of_tasks() {
    let table = "Subject,Due Date,Status,Priority,Assigned To,Description\n\
        Call Ann,2026-12-01,Open,High,mia@example.com,About the offer\n";
    expect![[r#"
        None
        Subject -> task.title
        Due Date -> task.due_at
        Status -> task.status
        Priority -> task.priority
        Assigned To -> task.assignee
        Description -> task.body
    "#]]
    .assert_eq(&proposed("task", table));
}
