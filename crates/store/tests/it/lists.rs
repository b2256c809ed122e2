//! Lists: orders, pages, jumps and totals, the same on both databases whatever is missing or equal.

use model::Value;
use model::expr::{self, Expr};
use store::{Deleted, Select, Sort};
use uuid::Uuid;

use crate::base::{Base, id, on_both, record, sqlite};

fn sort(text: &str) -> Vec<Sort> {
    let part = |part: &str| Sort { field: part.trim_start_matches('-').to_owned(), descending: part.starts_with('-') };
    text.split(',').filter(|part| !part.is_empty()).map(part).collect()
}

/// People with ties and gaps in every sort field.
fn fill(base: &Base) {
    let names = ["Émile", "emile", "Zoë", "ann", "", "Ann", "", "bob", "Ähm", "ß"];
    let people = (1..=60u128)
        .map(|number| {
            let at = usize::try_from(number).unwrap();
            let mut person = record(number, &[("name", Value::text(names[at % names.len()]))]);
            if number % 3 != 0 {
                person.values.insert("score".to_owned(), Value::Int(i64::try_from(number % 4).unwrap()));
            }
            if number % 5 == 0 {
                let date = jiff::civil::date(2000 + i16::try_from(number % 2).unwrap(), 1, 1);
                person.values.insert("birthday".to_owned(), Value::Date(date));
            }
            if number % 7 == 0 {
                person.values.insert("vip".to_owned(), Value::Bool(number % 2 == 0));
            }
            if number % 2 == 0 {
                person.values.insert("company".to_owned(), Value::Id(id(900 + number % 3)));
            }
            if number % 20 == 0 {
                person.values.insert("deleted_at".to_owned(), Value::Instant(7));
            }
            person
        })
        .collect();
    base.insert("person", people).unwrap();
}

fn ids(base: &Base, select: Select) -> Vec<Uuid> {
    base.read(move |tx| tx.select_ids(&select))
}

#[test]
fn pages_follow_one_another_without_gap_or_repetition() {
    let orders = [
        "",
        "id",
        "-id",
        "name",
        "-name",
        "score",
        "-score",
        "score,name",
        "-score,name",
        "score,-name",
        "name,-score,birthday",
        "-birthday,-score",
        "vip,company",
        "-company,created_at",
        "-created_at",
        "created_at",
        "home",
        "emails",
        "value,-created_at",
    ];
    let mut answers: Vec<Vec<Vec<Uuid>>> = Vec::new();
    let stories = std::cell::RefCell::new(&mut answers);
    on_both(|base| {
        fill(base);
        let mut all_orders = Vec::new();
        for order in orders {
            let select = Select { sort: sort(order), ..Select::all(&base.schema, &base.object("person")) };
            let all = ids(base, select.clone());
            assert_eq!(all.len(), 57, "{order}");
            let (mut paged, mut cursor) = (Vec::new(), None);
            loop {
                let (rows, next) = base.list(Select { limit: 7, cursor, ..select.clone() });
                paged.extend(rows.iter().map(|row| row["id"].as_str().unwrap().parse::<Uuid>().unwrap()));
                cursor = next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(paged, all, "{order}");
            for offset in [1, 6, 30, 50, 56, 57, 1_000] {
                let jumped = ids(base, Select { offset, limit: 5, ..select.clone() });
                let from = usize::try_from(offset).unwrap().min(all.len());
                assert_eq!(jumped, all[from..(from + 5).min(all.len())], "{order} from {offset}");
            }
            let last = base.object("person");
            let values = base.read(move |tx| tx.find_many(&last, &[]));
            assert!(values.is_empty());
            all_orders.push(all);
        }
        stories.borrow_mut().push(all_orders);
    });
    assert_eq!(answers[0], answers[1], "both databases have the same orders");
}

#[test]
fn missing_values_come_last_in_both_directions() {
    on_both(|base| {
        fill(base);
        for order in ["score", "-score"] {
            let (rows, _) =
                base.list(Select { sort: sort(order), ..Select::all(&base.schema, &base.object("person")) });
            let scores: Vec<Option<i64>> = rows.iter().map(|row| row["score"].as_i64()).collect();
            let first_gap = scores.iter().position(Option::is_none).unwrap();
            assert!(scores[first_gap..].iter().all(Option::is_none), "{order}: {scores:?}");
            let present: Vec<i64> = scores.iter().flatten().copied().collect();
            let mut expected = present.clone();
            expected.sort_unstable();
            if order.starts_with('-') {
                expected.reverse();
            }
            assert_eq!(present, expected);
        }
    });
}

#[test]
fn foreign_cursors_are_refused() {
    on_both(|base| {
        fill(base);
        let select = Select { sort: sort("name"), limit: 5, ..Select::all(&base.schema, &base.object("person")) };
        let (_, next) = base.list(select.clone());
        for (cursor, order) in [(next, "-name"), (Some("nonsense".to_owned()), "name"), (Some(String::new()), "name")] {
            let select = Select { cursor, sort: sort(order), ..select.clone() };
            let answer = base.store.read(move |tx| tx.select_ids(&select)).wait();
            assert!(matches!(answer, Err(store::Error::Problem(_))), "{answer:?}");
        }
        let select = Select { sort: sort("extra"), ..select };
        assert!(base.store.read(move |tx| tx.select_ids(&select)).wait().is_err());
    });
}

fn equals(base: &Base, field: &str, value: Value) -> Expr {
    let object = base.object("person");
    expr::field_equals(&object, object.find_field(field).unwrap(), value)
}

#[test]
fn totals_are_exact_until_they_are_marked() {
    on_both(|base| {
        fill(base);
        let all = Select::all(&base.schema, &base.object("person"));
        let count = |select: Select, most| base.read(move |tx| tx.count(&select, most));
        assert_eq!((count(all.clone(), 5).count, count(all.clone(), 5).exact), (57, true));
        let bin = Select { deleted: Deleted::Only, ..all.clone() };
        assert_eq!(count(bin.clone(), 5).count, 3);
        assert_eq!(ids(base, bin).len(), 3);
        let some = Select { filter: Some(equals(base, "score", Value::Int(1))), ..all };
        let exact = count(some.clone(), 100);
        assert!(exact.exact);
        assert_eq!(exact.count, ids(base, some.clone()).len() as u64);
        let estimated = count(some, 3);
        assert!(!estimated.exact && estimated.count >= 4, "{estimated:?}");
    });
}

#[test]
fn lists_walk_indexes() {
    let base = sqlite();
    fill(&base);
    let object = base.object("person");
    base.store.ensure_index(&object, &["score".to_owned()], &sort("-created_at")).unwrap();
    assert!(base.store.ensure_index(&object, &["score".to_owned()], &sort("-created_at")).unwrap().is_empty());
    let by_score = equals(&base, "score", Value::Int(1));
    for (order, filter) in [
        ("name", None),
        ("-name", None),
        ("-created_at", None),
        ("created_at", None),
        ("-created_at", Some(by_score)),
        ("-seen_at", None),
        ("seen_at", None),
    ] {
        let select = Select { sort: sort(order), limit: 5, filter, ..Select::all(&base.schema, &object) };
        for with_cursor in [false, true] {
            let plan = plan_of(&base, select.clone(), with_cursor);
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN t\n"), "{order} {with_cursor}: {plan}");
            if with_cursor {
                assert!(plan.contains("SEARCH t USING INDEX"), "{order}: {plan}");
            }
        }
    }
    let jump = Select { offset: 20, sort: sort("-created_at"), limit: 5, ..Select::all(&base.schema, &object) };
    let plan = plan_of(&base, jump, false);
    assert!(plan.contains("USING COVERING INDEX"), "{plan}");
    let steps = base.read(|tx| {
        let mut sql = tx.writer();
        sql.push("EXPLAIN QUERY PLAN SELECT t.\"status\", count(*) FROM ").table("people");
        sql.push(" t WHERE t.\"deleted_at\" IS NULL GROUP BY t.\"status\"");
        tx.query_written(&sql)
    });
    let plan = steps[0].text(3).unwrap();
    assert!(plan.contains("USING COVERING INDEX"), "{plan}");
}

/// SQLite's plan for a page.
fn plan_of(base: &Base, select: Select, with_cursor: bool) -> String {
    let mut select = select;
    if with_cursor {
        let first = select.clone();
        select.cursor = base.read(move |tx| {
            let mut out = Vec::new();
            Ok(tx.select_json(&first, &mut out)?.next)
        });
        assert!(select.cursor.is_some());
    }
    base.read(move |tx| tx.explain(&select))
}

#[test]
fn figures_are_grouped_and_exact() {
    use model::field::{Aggregate, Rollup};
    use store::{Aggregation, Measure};
    on_both(|base| {
        let person = |number, status: &str, rate| {
            record(
                number,
                &[("status", Value::text(status)), ("rate", Value::Dec(rate)), ("company", Value::Id(id(900)))],
            )
        };
        let people = vec![person(1, "new", 10_000), person(2, "new", 10_001), person(3, "old", -5), record(4, &[])];
        base.insert("person", people).unwrap();
        let measure = |aggregate, field: Option<&str>| Measure { aggregate, field: field.map(str::to_owned) };
        let query = Aggregation {
            select: Select::all(&base.schema, &base.object("person")),
            group: vec!["status".to_owned()],
            measures: vec![
                measure(Aggregate::Count, None),
                measure(Aggregate::Sum, Some("rate")),
                measure(Aggregate::Avg, Some("rate")),
                measure(Aggregate::Max, Some("created_at")),
            ],
        };
        let groups = base.read(move |tx| tx.aggregate(&query));
        let plain: Vec<_> = groups.into_iter().map(|group| (group.keys, group.values)).collect();
        let new = vec![Value::Int(2), Value::Dec(20_001), Value::Dec(10_001), Value::Instant(2_000_000)];
        assert_eq!(plain[0], (vec![Value::text("new")], new));
        assert_eq!(plain.len(), 3);
        let rollup = |aggregate, field: Option<&str>| Rollup {
            object: "person".to_owned(),
            via: "company".to_owned(),
            aggregate,
            field: field.map(str::to_owned),
            filter: None,
        };
        for (rollup, parent, expected) in [
            (rollup(Aggregate::Count, None), id(900), Value::Int(3)),
            (rollup(Aggregate::Sum, Some("rate")), id(900), Value::Dec(19_996)),
            (rollup(Aggregate::Sum, Some("rate")), id(901), Value::Dec(0)),
            (rollup(Aggregate::Min, Some("rate")), id(901), Value::Missing),
            (rollup(Aggregate::Avg, Some("rate")), id(900), Value::Dec(6_665)),
        ] {
            let (schema, person) = (base.schema.clone(), base.object("person"));
            let value = base.read(move |tx| tx.rollup(&schema, &person, &rollup, None, parent));
            assert_eq!(value, expected);
        }
        let (schema, person) = (base.schema.clone(), base.object("person"));
        let filter = equals(base, "status", Value::text("new"));
        let found = base.read(move |tx| tx.matches(&schema, &person, &[id(1), id(3), id(77)], &filter));
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [id(1)]);
    });
}
