//! What the stories share: both databases, a small schema, records of it.

use std::sync::Arc;

use model::field::{FieldOption, Inverse};
use model::{Field, Kind, Object, Record, Schema, Value};
use serde_json::{Value as Json, json};
use store::{Location, Options, Priority, Store, Tx};
use uuid::Uuid;

/// A store of a test's own.
pub struct Base {
    pub store: Store,
    pub schema: Arc<Schema>,
    pub location: Location,
    /// Removed when the test ends.
    _folder: tempfile::TempDir,
}

/// Runs a story on both databases.
pub fn on_both(story: impl Fn(&Base)) {
    story(&sqlite());
    story(&postgres());
}

pub fn sqlite() -> Base {
    let folder = tempfile::tempdir().unwrap();
    open(Location::Sqlite(folder.path().join("data.db")), folder)
}

pub fn postgres() -> Base {
    let (url, schema) = testkit::postgres::fresh_schema();
    open(Location::Postgres { url, schema }, tempfile::tempdir().unwrap())
}

fn open(location: Location, folder: tempfile::TempDir) -> Base {
    let store = Store::open(&location, &Options { writers: 4, ..Options::default() }).unwrap();
    let schema = Arc::new(schema());
    store.apply_schema(&schema).unwrap();
    Base { store, schema, location, _folder: folder }
}

pub fn object(name: &str, plural: &str, title: &str, fields: Vec<Field>) -> Object {
    Object {
        name: name.to_owned(),
        plural: plural.to_owned(),
        label: name.to_owned(),
        label_plural: plural.to_owned(),
        description: None,
        icon: None,
        color: None,
        title: title.to_owned(),
        subtitle: None,
        search: Vec::new(),
        parent: None,
        timeline: None,
        columns: Vec::new(),
        orders: Vec::new(),
        counted_by: Vec::new(),
        owned: true,
        internal: false,
        settings: false,
        append_only: false,
        part_of: None,
        duplicates: model::duplicates::Duplicates::default(),
        custom: false,
        fields,
    }
}

pub fn schema() -> Schema {
    let field = |name: &str, kind: Kind| Field::new(name, kind, name);
    let company = object("company", "companies", "name", vec![field("name", Kind::Text)]);
    let mut person = object(
        "person",
        "people",
        "name",
        vec![
            field("name", Kind::Text),
            Field { unique: true, ..field("emails", Kind::Emails) },
            field("phones", Kind::Phones),
            field("score", Kind::Integer),
            field("rate", Kind::Decimal),
            field("value", Kind::Money),
            field("birthday", Kind::Date),
            field("seen_at", Kind::DateTime),
            field("talked", Kind::Duration),
            field("vip", Kind::Boolean),
            Field {
                options: vec![FieldOption { value: "new".to_owned(), label: "New".to_owned(), color: None }],
                ..field("status", Kind::Select)
            },
            field("home", Kind::Address),
            Field {
                target: Some("company".to_owned()),
                inverse: Some(Inverse { name: "people".to_owned(), label: "People".to_owned() }),
                ..field("company", Kind::Reference)
            },
            field("about", Kind::About),
            field("extra", Kind::Json),
        ],
    );
    person.orders = vec!["seen_at".to_owned()];
    person.counted_by = vec!["status".to_owned()];
    Schema::new(1, vec![company, person])
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// A record with the stamps that the engine gives.
pub fn record(number: u128, values: &[(&str, Value)]) -> Record {
    let mut record = Record { id: id(number), ..Record::default() };
    record.values.insert("version".to_owned(), Value::Int(1));
    record.values.insert("created_at".to_owned(), Value::Instant(1_000_000 * i64::try_from(number).unwrap()));
    record.values.insert("updated_at".to_owned(), Value::Instant(5));
    record.values.insert("created_by".to_owned(), Value::text("system:test"));
    for (name, value) in values {
        record.values.insert((*name).to_owned(), value.clone());
    }
    record
}

pub fn emails(address: &str) -> Value {
    Value::json(json!([{ "value": address, "label": "work", "primary": true }]))
}

/// A person with something in every field.
pub fn full_person(number: u128) -> Record {
    record(
        number,
        &[
            ("name", Value::text(format!("Jörg \"the\" Müller {number}\n"))),
            ("emails", emails(&format!("joerg.{number}@example.com"))),
            ("score", Value::Int(-7)),
            ("rate", Value::Dec(125_000)),
            ("value", Value::Money { amount: 12_345_600, currency: "EUR".to_owned(), base: Some(13_000_000) }),
            ("birthday", Value::Date(jiff::civil::date(1980, 2, 29))),
            ("seen_at", Value::Instant(1_795_653_648_123_456)),
            ("talked", Value::Duration(90_500_000)),
            ("vip", Value::Bool(true)),
            ("status", Value::text("new")),
            ("home", Value::json(json!({ "city": "Köln", "country": "DE", "latitude": 50.9375, "longitude": 6.96 }))),
            ("company", Value::Id(id(900))),
            ("about", Value::json(json!([{ "object": "company", "id": id(900).to_string() }]))),
            ("extra", Value::json(json!({ "a": [1, 2.5, null, "x y"], "b": { "c": true } }))),
            ("tags", Value::json(json!(["vip", "été"]))),
        ],
    )
}

impl Base {
    pub fn object(&self, name: &str) -> Arc<Object> {
        self.schema.find_object(name).unwrap().clone()
    }

    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, store::Error> {
        self.store.write(Priority::Interactive, work).wait()
    }

    pub fn read<T: Send + 'static>(&self, work: impl FnOnce(&mut Tx) -> Result<T, store::Error> + Send + 'static) -> T {
        self.store.read(work).wait().unwrap()
    }

    pub fn insert(&self, object: &str, records: Vec<Record>) -> Result<(), store::Error> {
        let object = self.object(object);
        self.write(move |tx| tx.insert_many(&object, &records))
    }

    /// The page as parsed JSON.
    pub fn list(&self, select: store::Select) -> (Vec<Json>, Option<String>) {
        let (text, page) = self.read(move |tx| {
            let mut out = vec![b'['];
            let page = tx.select_json(&select, &mut out)?;
            out.push(b']');
            Ok((out, page))
        });
        let rows: Vec<Json> = serde_json::from_slice(&text).unwrap_or_else(|error| {
            panic!("{error}: {}", String::from_utf8_lossy(&text));
        });
        assert_eq!(rows.len(), page.rows);
        (rows, page.next)
    }
}
