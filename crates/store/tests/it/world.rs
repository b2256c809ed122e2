//! A small world of nasty records: what the expression tests ask about.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use model::expr::Source;
use model::load::load_object;
use model::{Object, Patch, Record, Schema, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use testkit::nasty::{INSTANTS, INTS, TEXTS, dates};
use testkit::random::Random;

/// The objects of the world.
const OBJECTS: &str = r#"
[[object]]
name = "company"
plural = "companies"
label = "Company"
label_plural = "Companies"
title = "name"
fields = [
    { name = "name", kind = "text", label = "Name" },
    { name = "country", kind = "select", label = "Country", options = [
        { value = "de", label = "DE" }, { value = "fr", label = "FR" }, { value = "ch", label = "CH" } ] },
    { name = "size", kind = "integer", label = "Size" },
    { name = "revenue", kind = "money", label = "Revenue" },
    { name = "founded", kind = "date", label = "Founded" },
    { name = "address", kind = "address", label = "Address" },
    { name = "parent", kind = "reference", target = "company", label = "Parent",
      inverse = { name = "subsidiaries", label = "Subsidiaries" } },
]

[[object]]
name = "person"
plural = "people"
label = "Person"
label_plural = "People"
title = "name"
fields = [
    { name = "name", kind = "text", label = "Name" },
    { name = "bio", kind = "long_text", label = "Bio" },
    { name = "age", kind = "integer", label = "Age" },
    { name = "score", kind = "decimal", label = "Score" },
    { name = "share", kind = "percent", label = "Share" },
    { name = "budget", kind = "money", label = "Budget" },
    { name = "birthday", kind = "date", label = "Birthday" },
    { name = "hired", kind = "date", label = "Hired" },
    { name = "seen_at", kind = "date_time", label = "Seen" },
    { name = "wait", kind = "duration", label = "Wait" },
    { name = "active", kind = "boolean", label = "Active" },
    { name = "stage", kind = "select", label = "Stage", options = [
        { value = "open", label = "Open" }, { value = "won", label = "Won" }, { value = "lost", label = "Lost" } ] },
    { name = "langs", kind = "multi_select", label = "Languages", options = [
        { value = "de", label = "German" }, { value = "fr", label = "French" } ] },
    { name = "stars", kind = "rating", label = "Stars" },
    { name = "emails", kind = "emails", label = "E-mails" },
    { name = "phones", kind = "phones", label = "Phones" },
    { name = "address", kind = "address", label = "Address" },
    { name = "papers", kind = "files", label = "Papers" },
    { name = "twice", kind = "formula", result = "decimal", formula = "score * 2", label = "Twice" },
    { name = "company", kind = "reference", target = "company", label = "Company",
      inverse = { name = "people", label = "People" } },
    { name = "boss", kind = "reference", target = "person", label = "Boss",
      inverse = { name = "reports", label = "Reports" } },
    { name = "friends", kind = "references", target = "person", label = "Friends",
      inverse = { name = "friend_of", label = "Friend of" } },
]

[[object]]
name = "deal"
plural = "deals"
label = "Deal"
label_plural = "Deals"
title = "name"
fields = [
    { name = "name", kind = "text", label = "Name" },
    { name = "amount", kind = "money", label = "Amount" },
    { name = "closed", kind = "date", label = "Closed" },
    { name = "stage", kind = "select", label = "Stage", options = [
        { value = "open", label = "Open" }, { value = "won", label = "Won" } ] },
    { name = "company", kind = "reference", target = "company", label = "Company",
      inverse = { name = "deals", label = "Deals" } },
    { name = "contact", kind = "reference", target = "person", label = "Contact",
      inverse = { name = "deals", label = "Deals" } },
]

[[object]]
name = "note"
plural = "notes"
label = "Note"
label_plural = "Notes"
title = "body"
fields = [
    { name = "body", kind = "long_text", label = "Body" },
    { name = "pinned", kind = "boolean", label = "Pinned" },
    { name = "about", kind = "about", label = "About", inverse = { name = "notes", label = "Notes" } },
]
"#;

/// Records of every object and the schema they follow.
pub struct World {
    pub schema: Arc<Schema>,
    pub records: Vec<(Arc<Object>, Vec<Record>)>,
}

const TAGS: &[&str] = &["vip", "VIP", "100%", "ü", "u\u{308}", "a'b", "\"q\"", "5", "a_b"];

impl World {
    /// A world of the seed.
    pub fn new(random: &mut Random) -> Self {
        let objects =
            OBJECTS.split("[[object]]").skip(1).map(|text| load_object("world.toml", text).unwrap()).collect();
        let schema = Arc::new(Schema::new(1, objects));
        let sizes = [("company", 10), ("person", 26), ("deal", 22), ("note", 14)];
        let ids: BTreeMap<&str, Vec<Uuid>> =
            sizes.iter().map(|(name, count)| (*name, (0..*count).map(|_| random.uuid()).collect())).collect();
        let records = sizes
            .iter()
            .map(|(name, _)| {
                let object = schema.find_object(name).unwrap().clone();
                let records = ids[name].iter().map(|id| make(random, &object, *id, &ids)).collect();
                (object, records)
            })
            .collect();
        Self { schema, records }
    }

    pub fn of(&self, object: &str) -> &[Record] {
        self.records.iter().find(|(known, _)| known.name == object).map_or(&[], |(_, records)| records)
    }

    /// A record as it is evaluated; of the others only those not in `hidden` are there.
    pub fn row<'w>(&'w self, object: &str, record: &'w Record, hidden: &'w HashSet<Uuid>) -> Row<'w> {
        Row { world: self, object: self.schema.find_object(object).unwrap(), record, hidden }
    }
}

fn make(random: &mut Random, object: &Object, id: Uuid, ids: &BTreeMap<&str, Vec<Uuid>>) -> Record {
    let mut values = Patch::new();
    for field in &object.fields {
        let value = match field.name.as_str() {
            "version" => Value::Int(1),
            "created_at" | "updated_at" => Value::Instant(*random.pick(INSTANTS)),
            "deleted_at" if random.chance(8) => Value::Instant(1),
            "deleted_at" => Value::Missing,
            "created_by" | "updated_by" => Value::text(format!("user:{}", Uuid::from_u128(7))),
            _ if random.chance(4) => Value::Missing,
            _ => value(random, field, ids),
        };
        if !value.is_missing() {
            values.insert(field.name.clone(), value);
        }
    }
    Record { id, values }
}

fn value(random: &mut Random, field: &model::Field, ids: &BTreeMap<&str, Vec<Uuid>>) -> Value {
    use model::Kind;
    match field.value_kind() {
        Kind::Text | Kind::LongText => Value::text(*random.pick(TEXTS)),
        Kind::Integer => Value::Int(*random.pick(INTS)),
        Kind::Rating => Value::Int(random.below(5) as i64 + 1),
        Kind::Decimal | Kind::Percent => Value::Dec(*random.pick(INTS)),
        Kind::Money => Value::Money {
            amount: *random.pick(INTS),
            currency: (*random.pick(&["EUR", "USD"])).to_owned(),
            base: (!random.chance(4)).then(|| *random.pick(INTS)),
        },
        Kind::Date => Value::Date(*random.pick(&dates())),
        Kind::DateTime => Value::Instant(*random.pick(INSTANTS)),
        Kind::Duration => Value::Duration(*random.pick(INTS)),
        Kind::Boolean => Value::Bool(random.chance(2)),
        Kind::Select => Value::text(random.pick(&field.options).value.clone()),
        Kind::MultiSelect if field.options.is_empty() => list(random, |random| json!(random.pick(TAGS))),
        Kind::MultiSelect => list(random, |random| json!(random.pick(&field.options).value)),
        Kind::Emails => entries(random, &["ann@x.com", "ANN@y.org", "ü@ß.de", "a_b@x.com", "a%@x.com"]),
        Kind::Phones | Kind::Links => entries(random, &["+4930123", "+331", "+1555"]),
        Kind::Address => address(random),
        Kind::Files => list(
            random,
            |random| json!({"id": "ab12", "name": random.pick(TEXTS), "size": random.pick(INTS), "type": "text/plain"}),
        ),
        Kind::Reference => Value::Id(match field.target.as_deref() {
            Some("team") => Uuid::from_u128(8 + random.below(2) as u128),
            target => *random.pick(&ids[target.unwrap()]),
        }),
        Kind::User => Value::Id(Uuid::from_u128(7 + random.below(2) as u128)),
        Kind::References => distinct(random, |random| json!(random.pick(&ids["person"]).to_string())),
        Kind::About => distinct(random, |random| {
            let object = *random.pick(&["person", "company"]);
            json!({"object": object, "id": random.pick(&ids[object]).to_string()})
        }),
        Kind::Json => Value::json(match random.below(4) {
            0 => json!({"salesforce": random.pick(TEXTS), "hubspot": 5}),
            1 => json!({"salesforce": 5, "hubspot": ""}),
            2 => json!({"hubspot": random.pick(TEXTS), "salesforce": null}),
            _ => json!(["salesforce"]),
        }),
        kind => panic!("no values for {kind:?}"),
    }
}

fn list(random: &mut Random, mut one: impl FnMut(&mut Random) -> Json) -> Value {
    let count = random.below(3) + 1;
    Value::json(Json::Array((0..count).map(|_| one(random)).collect()))
}

fn distinct(random: &mut Random, mut one: impl FnMut(&mut Random) -> Json) -> Value {
    let mut entries: Vec<Json> = Vec::new();
    for _ in 0..random.below(3) + 1 {
        let entry = one(random);
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    Value::json(Json::Array(entries))
}

fn entries(random: &mut Random, values: &[&str]) -> Value {
    let count = random.below(3) + 1;
    let entry = |at: usize, random: &mut Random| {
        let mut entry = json!({"value": random.pick(values), "primary": at == 0});
        if random.chance(2) {
            entry["label"] = json!(random.pick(&["work", "Home", "ü"]));
        }
        entry
    };
    Value::json(Json::Array((0..count).map(|at| entry(at, random)).collect()))
}

fn address(random: &mut Random) -> Value {
    let mut map = serde_json::Map::new();
    for part in ["street", "city", "region", "postal_code"] {
        if random.chance(2) {
            let text = random.pick(TEXTS);
            if !text.trim().is_empty() {
                map.insert(part.to_owned(), json!(text));
            }
        }
    }
    if random.chance(2) {
        map.insert("country".to_owned(), json!(random.pick(&["DE", "FR", "CH"])));
    }
    if random.chance(2) {
        map.insert("latitude".to_owned(), json!(random.pick(&[47.37, -0.000_001, 0.0, 90.0])));
        map.insert("longitude".to_owned(), json!(random.pick(&[8.54, -180.0])));
    }
    Value::json(Json::Object(map))
}

/// A record in its world.
pub struct Row<'w> {
    world: &'w World,
    object: &'w Object,
    record: &'w Record,
    hidden: &'w HashSet<Uuid>,
}

impl Row<'_> {
    /// The records of an object that are there: not deleted, not hidden.
    fn there(&self, object: &str) -> impl Iterator<Item = &Record> {
        let there = |record: &&Record| record.get("deleted_at").is_missing() && !self.hidden.contains(&record.id);
        self.world.of(object).iter().filter(there)
    }

    fn other<'o>(&'o self, object: &str, record: &'o Record) -> Box<dyn Source + 'o> {
        Box::new(self.world.row(object, record, self.hidden))
    }

    fn points_to(record: &Record, field: &str, id: Uuid) -> bool {
        match record.get(field) {
            Value::Id(found) => *found == id,
            Value::Json(json) => {
                let id = id.to_string();
                let entries = json.as_array().unwrap();
                entries.iter().any(|entry| entry.get("id").unwrap_or(entry).as_str() == Some(&id))
            }
            _ => false,
        }
    }
}

impl Source for Row<'_> {
    fn value(&self, field: &str) -> Value {
        self.record.value(field)
    }

    fn parent(&self, field: &str) -> Option<Box<dyn Source + '_>> {
        let target = self.object.find_field(field)?.target_object()?;
        let id = self.record.get(field).as_id()?;
        let record = self.there(target).find(|record| record.id == id)?;
        Some(self.other(target, record))
    }

    fn children(&self, object: &str, field: &str) -> Vec<Box<dyn Source + '_>> {
        let found = self.there(object).filter(|record| Self::points_to(record, field, self.record.id));
        found.map(|record| self.other(object, record)).collect()
    }

    fn targets(&self, field: &str) -> Vec<Box<dyn Source + '_>> {
        let target = self.object.find_field(field).and_then(|field| field.target.as_deref()).unwrap();
        let found = self.there(target).filter(|record| Self::points_to(self.record, field, record.id));
        found.map(|record| self.other(target, record)).collect()
    }
}
