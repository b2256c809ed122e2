//! What the checker says and what evaluation gives.

use expect_test::{Expect, expect};
use serde_json::json;

use super::*;
use crate::Record;
use crate::schema::Schema;

pub(super) fn schema() -> Schema {
    let object = |text: &str| toml::from_str::<Object>(text).unwrap();
    let company = object(
        r#"
        name = "company"
        plural = "companies"
        label = "Company"
        label_plural = "Companies"
        title = "name"
        [[fields]]
        name = "name"
        kind = "text"
        label = "Name"
        [[fields]]
        name = "country"
        kind = "text"
        label = "Country"
        "#,
    );
    let person = object(
        r#"
        name = "person"
        plural = "people"
        label = "Person"
        label_plural = "People"
        title = "name"
        fields = [
            { name = "name", kind = "text", label = "Name" },
            { name = "emails", kind = "emails", label = "E-mails" },
            { name = "age", kind = "integer", label = "Age" },
            { name = "score", kind = "decimal", label = "Score" },
            { name = "budget", kind = "money", label = "Budget" },
            { name = "birthday", kind = "date", label = "Birthday" },
            { name = "seen_at", kind = "date_time", label = "Seen" },
            { name = "wait", kind = "duration", label = "Wait" },
            { name = "active", kind = "boolean", label = "Active" },
            { name = "stage", kind = "select", label = "Stage", options = [
                { value = "open", label = "Open" }, { value = "won", label = "Won" } ] },
            { name = "address", kind = "address", label = "Address" },
            { name = "company", kind = "reference", target = "company", label = "Company",
              inverse = { name = "people", label = "People" } },
        ]
        "#,
    );
    Schema::new(1, vec![company, person])
}

pub(super) fn parse(source: &str) -> Result<Expr, crate::Problem> {
    let schema = schema();
    let person = schema.find_object("person").unwrap().clone();
    parse_condition(&schema, &person, source)
}

fn ann() -> Record {
    let mut record = Record { id: Uuid::from_u128(1), ..Record::default() };
    let mut set = |field: &str, value| record.values.insert(field.to_owned(), value);
    set("name", Value::text("Ann Müller-Straße"));
    set(
        "emails",
        Value::json(
            json!([{"value": "ann@x.com", "label": "work", "primary": true}, {"value": "a@y.org", "primary": false}]),
        ),
    );
    set("age", Value::Int(30));
    set("score", Value::Dec(125_000));
    set("budget", Value::Money { amount: 10_000_000, currency: "EUR".into(), base: Some(11_000_000) });
    set("birthday", Value::Date(jiff::civil::date(1996, 2, 29)));
    set("seen_at", Value::Instant(1_760_000_000_000_000));
    set("active", Value::Bool(true));
    set("stage", Value::text("won"));
    set("tags", Value::json(json!(["vip", "100%"])));
    set("address", Value::json(json!({"city": "Zürich", "country": "CH", "latitude": 47.37})));
    record
}

fn bindings() -> Bindings {
    Bindings {
        now: 1_770_000_000_000_000,
        time_zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(2)),
        me: Some(Uuid::from_u128(7)),
        my_teams: Arc::new([Uuid::from_u128(8)]),
        my_territories: Arc::new([Uuid::from_u128(9)]),
    }
}

use std::sync::Arc;

fn check(source: &str, expected: bool) {
    let expr = parse(source).unwrap_or_else(|problem| panic!("{source}: {}", problem.detail));
    let bound = bind(&expr, &bindings());
    assert!(!needs_binding(&bound), "{source}: {bound:?}");
    assert_eq!(holds(&bound, &ann()), expected, "{source}\n{bound:?}");
    assert_eq!(holds(&normalize(&bound), &ann()), expected, "normal form of {source}");
    let printed = expr.to_source();
    let again = parse(&printed).unwrap_or_else(|problem| panic!("{source} printed as {printed}: {}", problem.detail));
    assert_eq!(again, expr, "{source} printed as {printed}");
}

#[test]
fn conditions_hold() {
    for source in [
        "name == 'ANN MÜLLER-STRASSE'",
        "name != 'Ann'",
        "name.startsWith('ann m')",
        "name.contains('LLER-STRAß')",
        "name.endsWith('strasse')",
        "name < 'b'",
        "name in ['x', 'ann müller-straße']",
        "name.size() == 17",
        "name + ' x' == 'ann müller-strasse X'",
        "name.upper() == name",
        "emails.primary == 'ANN@x.com'",
        "emails.exists(e, e.value.endsWith('@Y.org'))",
        "emails.exists(e, e.primary && e.label == 'work')",
        "'A@y.org' in emails",
        "emails.size() == 2",
        "!emails.exists(e, e.label == 'home')",
        "emails.all(e, e.value.contains('@'))",
        "age == 30 && age >= 30 && age < 30.5 && age != 31",
        "age * 2 == 60",
        "age / 0 == null",
        "!(age / 0 == 1) && !(age / 0 > 1) && !(age / 0 <= 1)",
        "age % 7 == 2",
        "-age == -30",
        "score == 12.5 && score > 12 && score in [12.5, 13]",
        "score * 2 == 25.0",
        "budget == 1100 && budget.amount == 1000 && budget.currency == 'eur'",
        "birthday == '1996-02-29' && birthday < today && birthday == date('1996-02-29')",
        "birthday.getFullYear() == 1996 && birthday.getMonth() == 1 && birthday.getDate() == 29",
        "birthday.getDayOfWeek() == 4",
        "birthday.addDays(1) == date('1996-03-01')",
        "today - birthday > duration('3650d')",
        "today.addYears(-18) > birthday",
        "seen_at > timestamp('2025-01-01T00:00:00Z') && seen_at < now && seen_at < now - duration('24h')",
        "seen_at < today && seen_at > date('2025-10-09')",
        "now - seen_at > duration('720h')",
        "wait == null && !has(wait) && wait != duration('1h')",
        "!(wait > duration('1h')) && !(wait <= duration('1h'))",
        "active && active == true && !(active == false)",
        "stage == 'won' && stage in ['open', 'won']",
        "(stage == 'won' ? 1 : 2) == 1",
        "stage == 'won' ? active : !active",
        "'vip' in tags && tags.exists(t, t.startsWith('100')) && tags.size() == 2",
        "address.city == 'zürich' && address.country == 'ch' && address.latitude > 47",
        "has(address) && !has(company) && company.name == null",
        "!(company.name == 'x') && company.name != 'x'",
        "owner != me && owner == null",
        "!(team in my_teams)",
        "!(team in my_territories) && !(company in my_territories)",
        "id == '00000000-0000-0000-0000-000000000001'",
        "(name == 'x') == false",
        "'x' == 'X'",
    ] {
        check(source, true);
    }
    for source in [
        "name == null",
        "name == ''",
        "wait == duration('1h')",
        "company.name != null",
        "owner == me",
        "address.city.contains('x')",
        "tags.all(t, t == 'vip')",
        "age > 30",
        "external_ids.salesforce == 'x'",
        "created_by == me",
    ] {
        check(source, false);
    }
}

#[test]
fn formulas_are_timeless() {
    let schema = schema();
    let person = schema.find_object("person").unwrap().clone();
    let formula = |source: &str, kind| parse_formula(&schema, &person, source, kind);
    let value = |source: &str, kind| eval(&formula(source, kind).unwrap(), &ann());
    assert_eq!(value("name + ' <' + emails.primary + '>'", Kind::Text), Value::text("Ann Müller-Straße <ann@x.com>"));
    assert_eq!(value("age * score", Kind::Decimal), Value::Dec(3_750_000));
    assert_eq!(value("age / 7", Kind::Integer), Value::Int(4));
    assert_eq!(value("budget * 0.5", Kind::Money), Value::Dec(5_500_000));
    assert_eq!(value("age / 0", Kind::Decimal), Value::Missing);
    assert_eq!(value("birthday.addDays(30)", Kind::Date), Value::Date(jiff::civil::date(1996, 3, 30)));
    assert_eq!(value("age > 18 ? 'adult' : 'child'", Kind::Text), Value::text("adult"));
    assert_eq!(value("age > 18", Kind::Boolean), Value::Bool(true));
    assert_eq!(value("seen_at - timestamp('2025-10-09T08:53:20Z')", Kind::Duration), Value::Duration(0));
    let fault = |source: &str, kind, expected: Expect| expected.assert_eq(&formula(source, kind).unwrap_err().detail);
    fault(
        "now",
        Kind::DateTime,
        expect!["A formula cannot use `now`, because its result is stored. Compare with `now` in a filter instead."],
    );
    fault(
        "today - birthday",
        Kind::Duration,
        expect![
            "A formula cannot use `today`, because its result is stored. Compare with `today` in a filter instead."
        ],
    );
    fault(
        "owner == me",
        Kind::Boolean,
        expect!["A formula cannot use `me`, because its result is stored. Compare with `me` in a filter instead."],
    );
    fault(
        "company.people.size()",
        Kind::Integer,
        expect![
            "A formula cannot use related records, because its result is stored. Make a roll-up field for them and use that."
        ],
    );
    fault("age", Kind::Text, expect!["The formula must yield a text, but it is a number."]);
    fault(
        "seen_at > date('2026-01-01')",
        Kind::Boolean,
        expect![
            "A formula cannot use the days of somebody's calendar, because its result is stored. Write `timestamp('…')`."
        ],
    );
}

#[test]
fn limits_hold() {
    let fault = |source: &str, expected: Expect| expected.assert_eq(&parse(source).unwrap_err().detail);
    fault(
        &format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000)),
        expect!["The expression is longer than 16384 bytes. Split it, or put part of it into a formula field."],
    );
    fault(
        &format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000)),
        expect![
            "Brackets are nested more than 48 deep here. Use a list (`x in [1, 2]`) or put part of it into a formula field."
        ],
    );
    fault(
        &format!("{}1", "[".repeat(60)),
        expect![
            "Brackets are nested more than 48 deep here. Use a list (`x in [1, 2]`) or put part of it into a formula field."
        ],
    );
    fault(
        &format!("age == {}", vec!["1"; 200].join("+")),
        expect![
            "More than 100 operators follow one another here. Use a list (`x in [1, 2]`) or put part of it into a formula field."
        ],
    );
    fault(
        &format!("{}true", "active ? true : ".repeat(60)),
        expect![
            "More than 100 operators follow one another here. Use a list (`x in [1, 2]`) or put part of it into a formula field."
        ],
    );
    fault(
        "age * age * age * age * age * age * age * age * age * age * age * age * age * age * age * age > 1",
        expect![
            "The result of this calculation could become too large or too small to be computed. Multiply or divide fewer values."
        ],
    );
    assert!(parse(&format!("{}age == 1{}", "(".repeat(48), ")".repeat(48))).is_ok());
    assert!(parse(&vec!["age == 1"; 1_300].join(" || ")).is_ok());
    assert!(parse(&format!("age in [{}]", vec!["1"; 7_000].join(","))).is_ok());
    assert!(parse(&format!("age == {}", vec!["1"; 90].join("+"))).is_ok());
}

#[test]
fn names_every_field_read() {
    let read = |source: &str| -> Vec<String> {
        let names = uses(&parse(source).unwrap()).into_iter();
        names.map(|one| format!("{} {}.{}", one.via.join("/"), one.object, one.field)).collect()
    };
    assert_eq!(
        read("company.country == 'FR' && name == 'x'"),
        ["company company.country", " person.company", " person.name"]
    );
    assert_eq!(
        read("company.people.exists(p, p.age > age)"),
        [" person.age", "company/people person.age", " person.company", "company/people person.company"]
    );
    assert_eq!(read("emails.exists(e, e.primary)"), [" person.emails"]);
}

#[test]
fn conditions_combine() {
    let schema = schema();
    let person = schema.find_object("person").unwrap().clone();
    let field = |name: &str| person.find_field(name).unwrap().clone();
    assert_eq!(and(Expr::always(), Expr::never()), Expr::never());
    assert_eq!(or(Expr::never(), Expr::never()), Expr::never());
    assert!(holds(&field_equals(&person, &field("name"), Value::text("ann müller-STRASSE")), &ann()));
    assert!(holds(&field_equals(&person, &field("wait"), Value::Missing), &ann()));
    assert!(holds(&field_in(&person, &field("age"), vec![Value::Int(1), Value::Int(30)]), &ann()));
    assert!(holds(&field_in(&person, &field("tags"), vec![Value::text("vip")]), &ann()));
    assert!(holds(&field_in(&person, &field("emails"), vec![Value::text("ann@x.com")]), &ann()));
    assert!(holds(&id_in(vec![Uuid::from_u128(1)]), &ann()));
    assert!(!holds(&id_in(vec![]), &ann()));
}

#[test]
fn a_text_that_folds_to_nothing_is_printed_as_the_empty_text() {
    for source in ["(name + (true ? null : 'x')).startsWith(name)", "(name + (true ? null : 'x').lower()) == name"] {
        let expr = parse(source).unwrap_or_else(|problem| panic!("{source}: {}", problem.detail));
        let printed = expr.to_source();
        let again = parse(&printed).unwrap_or_else(|problem| panic!("{printed}: {}", problem.detail));
        let (first, second) = (bind(&expr, &bindings()), bind(&again, &bindings()));
        assert_eq!(holds(&first, &ann()), holds(&second, &ann()), "{source} printed as {printed}");
    }
}
