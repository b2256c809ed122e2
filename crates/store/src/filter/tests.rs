//! The SQL of conditions: bare leaves that indexes serve, negations that missing values satisfy.

use expect_test::{Expect, expect};
use model::expr::{Bindings, bind, parse_condition};
use model::load::load_object;

use super::*;
use crate::Dialect;

fn schema() -> Schema {
    let company = r#"
name = "company"
plural = "companies"
label = "Company"
label_plural = "Companies"
title = "name"
fields = [{ name = "name", kind = "text", label = "Name" }]
"#;
    let person = r#"
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
    { name = "born", kind = "date", label = "Born" },
    { name = "company", kind = "reference", target = "company", label = "Company",
      inverse = { name = "people", label = "People" } },
    { name = "friends", kind = "references", target = "person", label = "Friends",
      inverse = { name = "friend_of", label = "Friend of" } },
    { name = "about", kind = "about", label = "About", inverse = { name = "notes", label = "Notes" } },
]
"#;
    let load = |text| load_object("test.toml", text).unwrap();
    Schema::new(1, vec![load(company), load(person)])
}

fn text(dialect: Dialect, object: &str, source: &str) -> String {
    let schema = schema();
    let object = schema.find_object(object).unwrap();
    let bindings = Bindings {
        now: 1_795_308_048_000_000,
        time_zone: jiff::tz::TimeZone::UTC,
        me: Some(uuid::Uuid::from_u128(7)),
        my_teams: std::sync::Arc::new([]),
        my_territories: std::sync::Arc::new([]),
    };
    let expr = bind(&parse_condition(&schema, object, source).unwrap(), &bindings);
    let mut sql = SqlWriter::new(dialect, "acme");
    compile(&mut sql, &schema, object, "p", &expr);
    sql.text
}

fn check(source: &str, expected: Expect) {
    let texts = [Dialect::Sqlite, Dialect::Postgres].map(|dialect| text(dialect, "person", source));
    expected.assert_eq(&texts.join("\n"));
}

#[test]
fn positive_leaves_are_bare() {
    check(
        "name == 'Ann'",
        expect![[r#"
        p."name__key" = ?1
        p."name__key" = $1::text"#]],
    );
    check(
        "name.startsWith('Ann')",
        expect![[r#"
        (p."name__key" >= ?1 AND p."name__key" < ?2)
        (p."name__key" >= $1::text AND p."name__key" < $2::text)"#]],
    );
    check(
        "name.contains('ann') || emails.primary == 'a@b.c'",
        expect![[r#"
        (instr(p."name__key", ?1) > 0 OR p."emails__key" = ?2)
        (strpos(p."name__key", $1::text) > 0 OR p."emails__key" = $2::text)"#]],
    );
    check(
        "age in [1, 2, 3] && score > 12.5",
        expect![[r#"
        (p."age" IN (SELECT value FROM rarray(?1)) AND p."score" > ?2)
        (p."age" = ANY($1::int8[]) AND p."score" > $2::int8)"#]],
    );
    check(
        "budget > 1000 && owner == me",
        expect![[r#"
        (p."budget__base" > ?1 AND p."owner" = ?2)
        (p."budget__base" > $1::int8 AND p."owner" = $2::uuid)"#]],
    );
    check(
        "born > today.addDays(-30) && created_at > now - duration('24h')",
        expect![[r#"
        (p."born" > ?1 AND p."created_at" > ?2)
        (p."born" > $1::date AND p."created_at" > $2::int8)"#]],
    );
}

#[test]
fn negative_leaves_hold_for_missing_values() {
    check(
        "name != 'Ann'",
        expect![[r#"
        (p."name__key" = ?1) IS NOT TRUE
        (p."name__key" = $1::text) IS NOT TRUE"#]],
    );
    check(
        "!(age > 5 && has(name))",
        expect![[r#"
        ((p."age" > ?1) IS NOT TRUE OR p."name" IS NULL)
        ((p."age" > $1::int8) IS NOT TRUE OR p."name" IS NULL)"#]],
    );
    check(
        "company.name != 'Acme'",
        expect![[r#"
        NOT EXISTS (SELECT 1 FROM "companies" t1 WHERE t1."id" = p."company" AND t1."deleted_at" IS NULL AND t1."name__key" = ?1)
        NOT EXISTS (SELECT 1 FROM "acme"."companies" t1 WHERE t1."id" = p."company" AND t1."deleted_at" IS NULL AND t1."name__key" = $1::text)"#]],
    );
}

#[test]
fn relations_become_exists() {
    check(
        "company.name == 'Acme'",
        expect![[r#"
        EXISTS (SELECT 1 FROM "companies" t1 WHERE t1."id" = p."company" AND t1."deleted_at" IS NULL AND t1."name__key" = ?1)
        EXISTS (SELECT 1 FROM "acme"."companies" t1 WHERE t1."id" = p."company" AND t1."deleted_at" IS NULL AND t1."name__key" = $1::text)"#]],
    );
    check(
        "friends.exists(f, f.age > age)",
        expect![[r#"
        EXISTS (SELECT 1 FROM "people__friends" t2, "people" t1 WHERE t2."record" = p."id" AND t1."id" = t2."target" AND t1."deleted_at" IS NULL AND t1."age" > p."age")
        EXISTS (SELECT 1 FROM "acme"."people__friends" t2, "acme"."people" t1 WHERE t2."record" = p."id" AND t1."id" = t2."target" AND t1."deleted_at" IS NULL AND t1."age" > p."age")"#]],
    );
    check(
        "friend_of.all(f, f.age > 5)",
        expect![[r#"
        NOT EXISTS (SELECT 1 FROM "people__friends" t2, "people" t1 WHERE t2."target" = p."id" AND t1."id" = t2."record" AND t1."deleted_at" IS NULL AND (t1."age" > ?1) IS NOT TRUE)
        NOT EXISTS (SELECT 1 FROM "acme"."people__friends" t2, "acme"."people" t1 WHERE t2."target" = p."id" AND t1."id" = t2."record" AND t1."deleted_at" IS NULL AND (t1."age" > $1::int8) IS NOT TRUE)"#]],
    );
    check(
        "company.people.size() > 3",
        expect![[r#"
        (SELECT COUNT(*) FROM "companies" t1, "people" t2 WHERE t1."id" = p."company" AND t1."deleted_at" IS NULL AND t2."company" = t1."id" AND t2."deleted_at" IS NULL) > ?1
        (SELECT COUNT(*) FROM "acme"."companies" t1, "acme"."people" t2 WHERE t1."id" = p."company" AND t1."deleted_at" IS NULL AND t2."company" = t1."id" AND t2."deleted_at" IS NULL) > $1::int8"#]],
    );
    check(
        "'vip' in tags && emails.exists(e, e.value.endsWith('@x.com'))",
        expect![[r#"
            ((instr(p."tags", ?1) > 0 AND EXISTS (SELECT 1 FROM json_each(p."tags") t1 WHERE t1.value = ?2)) AND (instr(p."emails", ?3) > 0 AND EXISTS (SELECT 1 FROM json_each(p."emails") t2 WHERE substr(NULLIF(json_extract(t2.value, '$.value'), ''), -6) = ?4)))
            (p."tags" @> to_jsonb($1::text) AND EXISTS (SELECT 1 FROM jsonb_array_elements(p."emails") t1(value) WHERE right(NULLIF((t1.value->>'value'), '') COLLATE "C", 6) = $2::text))"#]],
    );
}

#[test]
fn numbers_of_different_units_are_doubles() {
    check(
        "age * 2 > score / age",
        expect![[r#"
        (CAST(p."age" AS double precision) * ?1) > ((CAST(p."score" AS double precision) / 10000.0) / NULLIF(CAST(p."age" AS double precision), 0.0))
        (CAST(p."age" AS double precision) * $1::float8) > ((CAST(p."score" AS double precision) / 10000.0) / NULLIF(CAST(p."age" AS double precision), 0.0))"#]],
    );
    check(
        "age > 1.5",
        expect![[r#"
        CAST(p."age" AS double precision) > ?1
        CAST(p."age" AS double precision) > $1::float8"#]],
    );
}

#[test]
fn prefixes_end_at_the_next_text() {
    assert_eq!(after_prefix("ann"), Some("ano".to_owned()));
    assert_eq!(after_prefix("a\u{10FFFF}"), Some("b".to_owned()));
    assert_eq!(after_prefix("\u{10FFFF}"), None);
    assert_eq!(after_prefix("\u{D7FF}"), Some("\u{E000}".to_owned()));
}

#[test]
fn long_chains_stay_flat() {
    let ages: Vec<String> = (0..1_200).map(|age| format!("age=={age}")).collect();
    let sql = text(Dialect::Sqlite, "person", &ages.join("||"));
    let depth = sql.chars().take_while(|c| *c == '(').count();
    assert!(depth < 16, "{depth} brackets deep");
}

/// From the link table's index by target: taking the JSON of every record apart would look at all of them.
#[test]
fn entries_about_some_records_are_found_from_those() {
    let ids = "['018cc251-f400-7e73-8633-d742af033df1', '018cc251-f400-76e7-b4b1-180535aa3df1']";
    check(
        &format!("about.exists(x, x.id in {ids})"),
        expect![[r#"
        p."id" IN (SELECT t1."record" FROM "people__about" t1 WHERE t1."target" IN (SELECT value FROM rarray(?1)))
        p."id" IN (SELECT t1."record" FROM "acme"."people__about" t1 WHERE t1."target" = ANY($1::uuid[]))"#]],
    );
    check(
        &format!("!about.exists(x, x.id in {ids})"),
        expect![[r#"
        NOT p."id" IN (SELECT t1."record" FROM "people__about" t1 WHERE t1."target" IN (SELECT value FROM rarray(?1)))
        NOT p."id" IN (SELECT t1."record" FROM "acme"."people__about" t1 WHERE t1."target" = ANY($1::uuid[]))"#]],
    );
}
