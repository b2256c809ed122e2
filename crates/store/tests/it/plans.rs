//! Conditions whose leaves are bare are answered from an index, not by reading every row.

use jiff::tz::TimeZone;
use model::expr::{self, Bindings};
use store::{Sort, Store};

use crate::properties::fill;
use crate::world::World;
use testkit::random::Random;

/// What SQLite says it does for a condition over people.
fn plan(store: &Store, world: &World, source: &str) -> String {
    let schema = world.schema.clone();
    let object = schema.find_object("person").unwrap().clone();
    let bindings =
        Bindings { now: 0, time_zone: TimeZone::UTC, me: None, my_teams: [].into(), my_territories: [].into() };
    let bound = expr::bind(&expr::parse_condition(&schema, &object, source).unwrap(), &bindings);
    let steps = store.read(move |tx| {
        let mut sql = tx.writer();
        sql.push("EXPLAIN QUERY PLAN SELECT p.\"id\" FROM ")
            .table("people")
            .push(" p WHERE p.\"deleted_at\" IS NULL AND ");
        store::filter::compile(&mut sql, &schema, &object, "p", &bound);
        let rows = tx.query_written(&sql)?;
        rows.iter().map(|row| row.text(3)).collect::<Result<Vec<String>, _>>()
    });
    steps.wait().unwrap().join("\n")
}

#[test]
fn bare_leaves_use_indexes() {
    let world = World::new(&mut Random(1));
    let folder = tempfile::tempdir().unwrap();
    let store = fill(&store::Location::Sqlite(folder.path().join("world.db")), &world);
    let person = world.schema.find_object("person").unwrap();
    for field in ["name", "age", "birthday", "stage", "emails", "budget", "company"] {
        let sort = Sort { field: "created_at".to_owned(), descending: true };
        store.ensure_index(person, &[field.to_owned()], &[sort]).unwrap();
    }
    for source in [
        "name == 'Ann'",
        "name.startsWith('Ann')",
        "name in ['Ann', 'Müller']",
        "age == 30",
        "age > 100 && active",
        "birthday > today.addDays(-30)",
        "stage == 'won'",
        "emails.primary == 'a@b.c'",
        "budget > 1000000",
        "company == '01900000-0000-7000-8000-000000000000'",
        "id in ['01900000-0000-7000-8000-000000000000', '01900000-0000-7000-8000-000000000001']",
        "'01900000-0000-7000-8000-000000000000' in friends",
        "company.deals.exists(d, d.amount > 5) && stage == 'won'",
    ] {
        let plan = plan(&store, &world, source);
        assert!(plan.contains("SEARCH p"), "{source}\n{plan}");
    }
}
