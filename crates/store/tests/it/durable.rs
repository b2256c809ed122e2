//! Many writers at once, copies under writes, and what survives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use model::Value;
use store::{Error, Location, Options, Priority, Select, Store, Val};

use crate::base::{full_person, id, on_both, postgres, record, sqlite};

#[test]
fn many_writers_share_commits_and_fail_alone() {
    on_both(|base| {
        let person = base.object("person");
        let pending: Vec<_> = (1..=200u128)
            .map(|number| {
                let person = person.clone();
                base.store.write(Priority::Interactive, move |tx| {
                    tx.insert_many(&person, &[record(number, &[("score", Value::Int(1))])])?;
                    if number % 10 == 0 {
                        return Err(model::Problem::new(model::Code::Conflict, "no").into());
                    }
                    Ok(number)
                })
            })
            .collect();
        let answers: Vec<_> = pending.into_iter().map(store::Pending::wait).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 180);
        let select = Select::all(&base.schema, &person);
        assert_eq!(base.read(move |tx| tx.select_ids(&select)).len(), 180);
        assert_eq!(base.store.verify(&base.schema).unwrap(), Vec::<String>::new());
        let stats = base.store.stats();
        assert_eq!(stats.dialect == "sqlite", stats.commits < stats.writes, "{stats:?}");
        // A second store on the same place sees what was acknowledged.
        let other = Store::open(&base.location, &Options::default()).unwrap();
        assert_eq!(other.checksum(&base.schema).unwrap(), base.store.checksum(&base.schema).unwrap());
    });
}

#[test]
fn a_panic_or_a_swallowed_error_commits_nothing() {
    on_both(|base| {
        let person = base.object("person");
        let panicked = base.write(move |tx| -> Result<(), Error> {
            tx.insert_many(&person, &[record(1, &[])])?;
            panic!("on purpose");
        });
        assert!(matches!(panicked, Err(Error::Database(_))));
        let person = base.object("person");
        let swallowed = base.write(move |tx| {
            tx.insert_many(&person, &[record(1, &[])])?;
            drop(tx.insert_many(&person, &[record(1, &[])]));
            Ok(())
        });
        assert!(swallowed.is_err());
        let select = Select::all(&base.schema, &base.object("person"));
        assert_eq!(base.read(move |tx| tx.select_ids(&select)).len(), 0);
    });
}

#[test]
fn interactive_work_goes_before_background_work() {
    let base = sqlite();
    let order = Arc::new(parking_lot_free::Log::default());
    let gate = Arc::new(AtomicBool::new(false));
    let opened = gate.clone();
    let first = base.store.write(Priority::Background, move |_| {
        while !opened.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        Ok(())
    });
    let note = |priority, name: &'static str| {
        let order = order.clone();
        base.store.write(priority, move |_| {
            order.push(name);
            Ok(())
        })
    };
    let slow = note(Priority::Background, "background");
    let fast = note(Priority::Interactive, "interactive");
    gate.store(true, Ordering::Release);
    first.wait().unwrap();
    fast.wait().unwrap();
    slow.wait().unwrap();
    assert_eq!(order.take(), ["interactive", "background"]);
}

/// A list that threads append to.
mod parking_lot_free {
    use std::sync::Mutex;

    #[derive(Default)]
    pub struct Log(Mutex<Vec<&'static str>>);

    impl Log {
        pub fn push(&self, name: &'static str) {
            self.0.lock().unwrap().push(name);
        }

        pub fn take(&self) -> Vec<&'static str> {
            std::mem::take(&mut self.0.lock().unwrap())
        }
    }
}

#[test]
fn a_full_queue_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { readers: 1, queue_max: 2, ..Options::default() };
    let store = Store::open(&Location::Sqlite(folder.path().join("data.db")), &options).unwrap();
    let gate = Arc::new(AtomicBool::new(false));
    let pending: Vec<_> = (0..8)
        .map(|_| {
            let gate = gate.clone();
            store.read(move |_| {
                while !gate.load(Ordering::Acquire) {
                    std::thread::yield_now();
                }
                Ok(())
            })
        })
        .collect();
    gate.store(true, Ordering::Release);
    let answers: Vec<_> = pending.into_iter().map(store::Pending::wait).collect();
    assert!(answers.iter().any(|answer| matches!(answer, Err(Error::Busy))), "{answers:?}");
    store.close();
    assert!(matches!(store.read(|_| Ok(())).wait(), Err(Error::Busy)));
}

#[test]
fn conflicts_are_run_again() {
    let base = postgres();
    base.insert("company", vec![record(1, &[("name", Value::text("a"))]), record(2, &[("name", Value::text("b"))])])
        .unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let lock_both = |first: u128, second: u128| {
        let (company, runs) = (base.object("company"), runs.clone());
        base.store.write(Priority::Interactive, move |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            tx.lock_many(&company, &[id(first)])?;
            std::thread::sleep(std::time::Duration::from_millis(300));
            tx.lock_many(&company, &[id(second)])?;
            Ok(())
        })
    };
    let (one, other) = (lock_both(1, 2), lock_both(2, 1));
    one.wait().unwrap();
    other.wait().unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 3, "one of two deadlocked transactions was run again");
    assert_eq!(base.store.stats().retries, 1);
}

#[test]
fn a_lost_connection_is_made_again() {
    let base = postgres();
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let killed = base.write(move |tx| {
        let first = counted.fetch_add(1, Ordering::Relaxed) == 0;
        if first {
            tx.query("SELECT pg_terminate_backend(pg_backend_pid())", &[])?;
        }
        tx.query("SELECT 1", &[]).map(|rows| rows.len())
    });
    assert_eq!(killed.unwrap(), 1);
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[test]
fn a_copy_is_consistent_under_writes_and_comes_back_equal() {
    on_both(|base| {
        base.insert("person", (1..=300).map(full_person).collect()).unwrap();
        base.write(|tx| {
            store::tables::settings::set(tx, "company", &serde_json::json!({ "name": "Tab\there \\. \n" }))
        })
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy");
        let writing = {
            let (store, person) = (base.store.clone(), base.object("person"));
            std::thread::spawn(move || {
                for number in 301..=400u128 {
                    let person = person.clone();
                    let work = move |tx: &mut store::Tx| tx.insert_many(&person, &[full_person(number)]);
                    store.write(Priority::Interactive, work).wait().unwrap();
                }
            })
        };
        base.store.backup(&copy).unwrap();
        writing.join().unwrap();
        let restored = match &base.location {
            Location::Sqlite(_) => Location::Sqlite(folder.path().join("restored.db")),
            Location::Postgres { url, .. } => {
                Location::Postgres { url: url.clone(), schema: testkit::postgres::fresh_schema().1 }
            }
        };
        Store::restore(&restored, &copy).unwrap();
        let store = Store::open(&restored, &Options::default()).unwrap();
        assert_eq!(store.apply_schema(&base.schema).unwrap(), Vec::<String>::new(), "nothing is missing");
        assert_eq!(store.verify(&base.schema).unwrap(), Vec::<String>::new());
        let setting = store.read(|tx| store::tables::settings::find(tx, "company")).wait().unwrap().unwrap();
        assert_eq!(setting["name"], "Tab\there \\. \n");
        // Whatever was caught, each record is whole and equal.
        let person = base.object("person");
        let select = Select::all(&base.schema, &person);
        let ids = store.read(move |tx| tx.select_ids(&select)).wait().unwrap();
        assert!(ids.len() >= 300);
        let (here, there) = (person.clone(), person.clone());
        let (wanted, same) = (ids.clone(), ids);
        let original = base.read(move |tx| tx.find_many(&here, &wanted));
        assert_eq!(store.read(move |tx| tx.find_many(&there, &same)).wait().unwrap(), original);
        // It goes on from there.
        store.write(Priority::Interactive, move |tx| tx.insert_many(&person, &[full_person(9_000)])).wait().unwrap();
        assert!(Store::restore(&restored, &copy).is_err(), "a workspace in use is not overwritten");
    });
}

#[test]
fn checksums_are_equal_on_both_databases() {
    let (one, other) = (sqlite(), postgres());
    for base in [&one, &other] {
        base.insert("person", (1..=20).map(full_person).collect()).unwrap();
    }
    assert_eq!(one.store.checksum(&one.schema).unwrap(), other.store.checksum(&other.schema).unwrap());
    let (person, patch) =
        (one.object("person"), std::collections::BTreeMap::from([("vip".to_owned(), Value::Bool(false))]));
    one.write(move |tx| tx.update(&person, id(3), &patch)).unwrap();
    assert_ne!(one.store.checksum(&one.schema).unwrap(), other.store.checksum(&other.schema).unwrap());
}

#[test]
fn tables_grow_with_the_schema_and_never_shrink() {
    use model::{Field, Kind, Schema};
    on_both(|base| {
        base.insert("person", vec![full_person(1)]).unwrap();
        assert_eq!(base.store.apply_schema(&base.schema).unwrap(), Vec::<String>::new());
        let mut objects: Vec<model::Object> = base.schema.objects().iter().map(|object| (**object).clone()).collect();
        objects[1].fields.push(Field::new("nick", Kind::Text, "Nick"));
        objects[1]
            .fields
            .push(Field { target: Some("company".to_owned()), ..Field::new("clubs", Kind::References, "Clubs") });
        let grown = Arc::new(Schema::new(2, objects));
        let ddl = base.store.apply_schema(&grown).unwrap();
        assert_eq!(ddl.len(), 5, "{ddl:#?}");
        let person = grown.find_object("person").unwrap().clone();
        let found = base.read(move |tx| tx.find(&person, id(1))).unwrap();
        assert_eq!(found.get("nick"), &Value::Missing);
        let person = grown.find_object("person").unwrap().clone();
        let patch = std::collections::BTreeMap::from([("nick".to_owned(), Value::text("Jo"))]);
        base.write(move |tx| tx.update(&person, id(1), &patch)).unwrap();
        // A rename keeps the values.
        let mut objects: Vec<model::Object> = grown.objects().iter().map(|object| (**object).clone()).collect();
        objects[1]
            .fields
            .iter_mut()
            .filter(|field| field.name == "nick")
            .for_each(|field| field.name = "alias".to_owned());
        let renamed = Arc::new(Schema::new(3, objects));
        let person = renamed.find_object("person").unwrap().clone();
        assert_eq!(base.store.rename_field(&person, "nick", "alias").unwrap().len(), 2);
        assert_eq!(base.store.apply_schema(&renamed).unwrap(), Vec::<String>::new());
        let found = base.read(move |tx| tx.find(&person, id(1))).unwrap();
        assert_eq!(found.get("alias"), &Value::text("Jo"));
    });
}

#[test]
fn system_tables_take_rows() {
    on_both(|base| {
        let rows = base.write(|tx| {
            store::tables::cursors::set(tx, "hooks", 5)?;
            store::tables::cursors::set(tx, "hooks", 6)?;
            tx.query("SELECT consumer, seq FROM {cursor} WHERE consumer = ? AND '?' <> '{x}'", &[Val::from("hooks")])
        });
        let rows = rows.unwrap();
        assert_eq!((rows[0].text(0).unwrap(), rows[0].int(1).unwrap()), ("hooks".to_owned(), 6));
        assert_eq!(base.read(|tx| store::tables::cursors::find(tx, "nobody")), None);
    });
}
