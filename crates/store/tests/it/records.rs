//! Records come back as they went in; links, counters and unique values keep up.

use std::collections::BTreeMap;

use model::Value;
use serde_json::json;
use store::{Error, Select};

use crate::base::{emails, full_person, id, on_both, record};

#[test]
fn a_record_comes_back_as_it_went_in() {
    on_both(|base| {
        let people: Vec<_> = (1..=12).map(full_person).collect();
        base.insert("person", people[..2].to_vec()).unwrap();
        base.insert("person", people[2..].to_vec()).unwrap();
        let object = base.object("person");
        let found = base.read(move |tx| tx.find_many(&object, &[id(12), id(1), id(99)]));
        assert_eq!(found, vec![people[0].clone(), people[11].clone()]);
        let object = base.object("person");
        assert_eq!(base.read(move |tx| tx.find(&object, id(3))).as_ref(), Some(&people[2]));
    });
}

#[test]
fn json_is_written_straight_from_the_row() {
    on_both(|base| {
        let person = full_person(1);
        base.insert("person", vec![person.clone(), record(2, &[])]).unwrap();
        let (rows, _) = base.list(Select::all(&base.schema, &base.object("person")));
        for field in &base.object("person").fields {
            assert_eq!(rows[0][&field.name], person.get(&field.name).to_json(), "{}", field.name);
        }
        assert_eq!(rows[0]["talked"], json!(90.5));
        assert_eq!(rows[1]["value"], json!(null));
        assert_eq!(rows[1]["home"], json!(null));
        let fields = vec!["score".to_owned(), "name".to_owned()];
        let (rows, _) = base.list(Select { fields, ..Select::all(&base.schema, &base.object("person")) });
        assert_eq!(rows[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "score", "name"]);
    });
}

#[test]
fn updates_touch_only_the_patch_and_keep_links_and_counts() {
    on_both(|base| {
        base.insert("person", vec![full_person(1), full_person(2)]).unwrap();
        let object = base.object("person");
        let patch = BTreeMap::from([
            ("name".to_owned(), Value::text("Ann")),
            ("value".to_owned(), Value::Missing),
            ("about".to_owned(), Value::json(json!([{ "object": "person", "id": id(2).to_string() }]))),
            ("deleted_at".to_owned(), Value::Instant(9)),
        ]);
        base.write(move |tx| tx.update(&object, id(1), &patch)).unwrap();
        let object = base.object("person");
        let person = base.read(move |tx| tx.find(&object, id(1))).unwrap();
        assert_eq!(person.get("name"), &Value::text("Ann"));
        assert_eq!(person.get("value"), &Value::Missing);
        assert_eq!(person.get("score"), &Value::Int(-7));
        assert_eq!(base.store.verify(&base.schema).unwrap(), Vec::<String>::new());
        let select = Select::all(&base.schema, &base.object("person"));
        assert_eq!(base.read(move |tx| tx.count(&select, 10)).count, 1);

        let object = base.object("person");
        base.write(move |tx| tx.erase(&object, id(1))).unwrap();
        let object = base.object("person");
        assert_eq!(base.read(move |tx| tx.find(&object, id(1))), None);
        assert_eq!(base.store.verify(&base.schema).unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_unique_value_is_refused_by_name_and_an_attempt_goes_on() {
    on_both(|base| {
        let person = |number, address| record(number, &[("emails", emails(address))]);
        base.insert("person", vec![person(1, "ann@example.com")]).unwrap();
        let refused = base.insert("person", vec![person(2, "Ann@Example.com")]).unwrap_err();
        assert!(matches!(&refused, Error::Unique { column } if column == "people.emails__key"), "{refused:?}");
        let object = base.object("person");
        let outcome = base.write(move |tx| {
            let again = tx.attempt(|tx| tx.insert_many(&object, &[person(3, "ann@example.com")]));
            assert!(matches!(again, Err(Error::Unique { .. })));
            tx.insert_many(&object, &[person(4, "bob@example.com")])
        });
        outcome.unwrap();
        let select = Select::all(&base.schema, &base.object("person"));
        assert_eq!(base.read(move |tx| tx.select_ids(&select)), [id(1), id(4)]);
        assert_eq!(base.store.verify(&base.schema).unwrap(), Vec::<String>::new());
    });
}
