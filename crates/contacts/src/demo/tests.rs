//! The demo is the same every time, believable, and fits the objects.

use std::collections::HashSet;

use model::kinds::{Context, from_json, normalise_phone};
use model::load::load_object;
use model::{Object, Value};

use super::*;

const NOW: i64 = 1_795_307_448_000_000;

fn demo() -> Demo {
    Demo::new(1, NOW, vec![Uuid::from_u128(7)])
}

fn object(text: &str) -> Object {
    load_object("demo", text).unwrap().with_system_fields()
}

/// Every value is in the one form in which its field keeps it.
fn assert_fits(object: &Object, patch: &Patch) {
    let context = Context { default_currency: "XXX".into(), ..Context::default() };
    for (name, value) in patch.iter().filter(|(name, _)| *name != "id") {
        let field = object.find_field(name).unwrap_or_else(|| panic!("{} has no field {name}", object.name));
        let kept = from_json(field, &value.to_json(), &context);
        assert_eq!(kept.as_ref(), Ok(value), "{}.{name}", object.name);
    }
}

#[test]
fn every_value_fits_its_field() {
    let company = object(include_str!("../../objects/company.toml"));
    let person = object(include_str!("../../objects/person.toml"));
    let activities = [
        object(include_str!("../../objects/note.toml")),
        object(include_str!("../../objects/call.toml")),
        object(include_str!("../../objects/meeting.toml")),
        object(include_str!("../../objects/task.toml")),
    ];
    let demo = demo();
    demo.companies(0..1_600).for_each(|patch| assert_fits(&company, &patch));
    demo.people(0..3_000).for_each(|patch| assert_fits(&person, &patch));
    let mut seen = HashSet::new();
    for (name, patch) in (0..3_000).flat_map(|index| demo.activities(index)) {
        seen.insert(name);
        assert_fits(activities.iter().find(|object| object.name == name).unwrap(), &patch);
    }
    assert_eq!(seen.len(), 4);
}

#[test]
fn the_same_seed_gives_the_same_data() {
    let all: Vec<Patch> = demo().people(0..500).collect();
    let parts: Vec<Patch> = demo().people(0..100).chain(demo().people(100..500)).collect();
    assert_eq!(all, parts);
    assert_ne!(all, Demo::new(2, NOW, Vec::new()).people(0..500).collect::<Vec<_>>());
}

#[test]
fn people_belong_to_the_companies_that_are_there() {
    let demo = demo();
    for people in [1, 24, 25, 26, 64, 65, 6_400, 6_401] {
        let companies: HashSet<Uuid> = (0..Demo::company_count(people)).map(|index| demo.company_id(index)).collect();
        for patch in demo.people(0..people) {
            let company = patch.get("company").and_then(Value::as_id);
            assert!(company.is_none_or(|company| companies.contains(&company)), "of {people}");
        }
    }
    assert_eq!(Demo::company_count(0), 0);
    assert_eq!(Demo::company_count(6_400), 800);
}

#[test]
fn addresses_and_numbers_are_told_apart() {
    let demo = demo();
    let mut emails = HashSet::new();
    let mut ids = HashSet::new();
    let (mut shared, mut seconds) = (0, 0);
    for (index, patch) in demo.people(0..20_000).enumerate() {
        assert!(ids.insert(patch["id"].as_id().unwrap()));
        let is_second = demo.first_of(index as u64).is_some();
        seconds += usize::from(is_second);
        let list = patch.get("emails").and_then(Value::as_json).and_then(|json| json.as_array()).cloned();
        for email in list.unwrap_or_default() {
            if !emails.insert(email["value"].to_string()) && !is_second {
                shared += 1;
            }
        }
    }
    assert!((300..500).contains(&seconds), "{seconds} second records");
    assert!(shared < 20, "{shared} people share an address with somebody else");
}

#[test]
fn numbers_are_valid_where_they_come_from() {
    for country in country::COUNTRIES {
        let mut dice = Seed::new(3).dice(Stream::Person, 1);
        let landlines = country.cities.iter().map(|city| city.landline);
        for pattern in country.mobile.iter().copied().chain(landlines) {
            for _ in 0..20 {
                let number = dice.digits(pattern);
                assert_eq!(normalise_phone(&number, ""), number, "{} {pattern}", country.code);
            }
        }
    }
}

/// Prints what the first records look like: `cargo test -p contacts demo -- --nocapture`.
#[test]
fn what_it_looks_like() {
    let demo = demo();
    for patch in demo.companies(0..8).chain(demo.people(62..70)).chain(demo.activities(66).into_iter().map(|(_, a)| a))
    {
        let line: Vec<String> = patch.iter().map(|(name, value)| format!("{name}={}", value.to_json())).collect();
        println!("{}", line.join(" "));
    }
}
