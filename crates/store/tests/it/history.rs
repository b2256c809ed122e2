//! The log and the timelines that read it.

use std::collections::HashSet;

use model::{Op, Value};
use serde_json::json;
use store::{BatchRow, NewChange, NewField, TimelineEntry, TimelineSource};
use uuid::Uuid;

use crate::base::{Base, id, on_both};

fn batch(base: &Base, number: u128) -> Uuid {
    let row = BatchRow {
        id: id(number),
        at: 5,
        actor: "user:ann".to_owned(),
        cause: "update".to_owned(),
        undoes: matches!(number, 2_002..=2_004).then(|| id(if number == 2_002 { 2_000 } else { number - 1 })),
    };
    base.write(move |tx| {
        tx.insert_batch(&row)?;
        tx.insert_batch(&row)
    })
    .unwrap();
    id(number)
}

/// A change of one field `name`, from `a` (a creation: from nothing) to the time of the change.
#[derive(Debug, Clone)]
struct Told {
    batch: Uuid,
    record: Uuid,
    at: i64,
    op: Op,
    parent: Option<Uuid>,
    before: Value,
    after: Value,
}

fn change(batch: Uuid, record: u128, at: i64, op: Op, parent: Option<u128>) -> Told {
    let before = if op == Op::Create { Value::Missing } else { Value::text("a") };
    Told { batch, record: id(record), at, op, parent: parent.map(id), before, after: Value::Int(at) }
}

fn append(base: &Base, changes: Vec<Told>) {
    base.write(move |tx| {
        let changes: Vec<NewChange<'_>> = changes
            .iter()
            .map(|told| NewChange {
                batch: told.batch,
                at: told.at,
                actor: "user:ann",
                object: "person",
                record: told.record,
                op: told.op,
                parent: told.parent,
                fields: match told.op {
                    Op::Erase => Vec::new(),
                    _ => vec![NewField { name: "name", before: &told.before, after: &told.after }],
                },
            })
            .collect();
        tx.append(&changes)
    })
    .unwrap();
}

#[test]
fn the_log_is_read_by_batch_by_record_and_onwards() {
    on_both(|base| {
        let first = batch(base, 2_000);
        let second = batch(base, 2_001);
        let ops = [Op::Create, Op::Update, Op::Delete, Op::Restore, Op::Erase];
        let changes: Vec<_> = ops.iter().enumerate().map(|(at, op)| change(first, 1, at as i64, *op, None)).collect();
        append(base, changes.clone());
        append(base, (0..20).map(|at| change(second, 10 + at, 100, Op::Create, None)).collect());
        append(base, vec![change(second, 1, 200, Op::Update, None)]);

        // On PostgreSQL a change shows once no older transaction of the whole server runs any more.
        let mut all = Vec::new();
        for _ in 0..500 {
            all = base.read(|tx| tx.entries_after(0, 1_000));
            if all.len() == 26 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!(all.len(), 26);
        for (read, written) in all.iter().zip(&changes) {
            assert_eq!((read.op, read.record), (written.op, written.record));
            assert_eq!((read.actor.as_str(), read.object.as_str(), read.batch), ("user:ann", "person", first));
        }
        let middle = all[9].seq;
        assert_eq!(base.read(move |tx| tx.entries_after(middle, 3)), all[10..13]);
        assert_eq!(base.read(|tx| tx.last_seq()), all[25].seq);

        let of_batch = base.read(move |tx| tx.changes_of_batch(second, 0, 100));
        let (read, expected): (Vec<_>, Vec<_>) =
            (of_batch.iter().map(|change| change.seq).collect(), all[5..].iter().map(|entry| entry.seq).collect());
        assert_eq!(read, expected);
        let kept = base.read(move |tx| tx.changes_of_batch(first, 0, 5));
        assert_eq!(kept[0].fields, *json!({ "name": [null, 0] }).as_object().unwrap());
        assert_eq!(kept[1].fields, *json!({ "name": ["a", 1] }).as_object().unwrap());
        let backwards = base.read(move |tx| tx.changes_of_batch_before(second, i64::MAX, 2));
        assert_eq!(backwards.iter().map(|change| change.seq).collect::<Vec<_>>(), [all[25].seq, all[24].seq]);

        let history = base.read(|tx| tx.changes_of_record(id(1), i64::MAX, 100));
        assert_eq!(history.iter().map(|change| change.at).collect::<Vec<_>>(), [200, 4, 3, 2, 1, 0]);
        let before = history[2].seq;
        assert_eq!(base.read(move |tx| tx.changes_of_record(id(1), before, 2)), history[3..5]);

        let since = base.read(move |tx| tx.changed_after_batch(first, &[id(1), id(10)]));
        assert_eq!(since.into_iter().collect::<Vec<_>>(), [id(1)]);
        let undo = batch(base, 2_002);
        assert_eq!(base.read(move |tx| tx.find_undo(first)).unwrap().id, undo);
        assert_eq!(base.read(move |tx| tx.undone(&[first, second])), HashSet::from([first]));
        assert_eq!(base.read(|tx| tx.undone(&[])), HashSet::new());
        assert_eq!(base.read(move |tx| tx.find_batch(first)).unwrap().cause, "update");
        let batches = base.read(|tx| tx.batches(None, 10));
        assert_eq!(batches.iter().map(|batch| batch.id).collect::<Vec<_>>(), [undo, second, first]);
        assert_eq!(base.read(move |tx| tx.batches(Some(second), 10)).len(), 1);
        let again = batch(base, 2_003);
        assert_eq!(base.read(move |tx| tx.undone(&[first, undo])), HashSet::from([undo]), "done again");
        batch(base, 2_004);
        assert_eq!(base.read(move |tx| tx.undone(&[first, undo, again])), HashSet::from([first, again]));
    });
}

/// `e7` is activity 7, `c8` the change of time 8.
fn label(row: &store::TimelineRow) -> String {
    match &row.source {
        TimelineSource::Change(change) => format!("c{}@{}", change.record.as_u128() & 0xffff, row.at),
        TimelineSource::Entry { object, record } => format!("{object}{}@{}", record.as_u128() & 0xffff, row.at),
    }
}

#[test]
fn a_timeline_merges_activities_own_changes_and_those_of_children() {
    on_both(|base| {
        let first = batch(base, 2_000);
        let company = 900;
        append(base, vec![change(first, company, 10, Op::Create, None), change(first, company, 40, Op::Update, None)]);
        // Two children change at the same instant, in an order that is not that of their ids.
        append(
            base,
            vec![change(first, 8, 20, Op::Update, Some(company)), change(first, 7, 20, Op::Update, Some(company))],
        );
        let entry = move |record, object: &str, at| TimelineEntry {
            record: id(record),
            object: object.to_owned(),
            at,
            subjects: vec![id(company), id(7), id(company)],
        };
        let entries = [entry(30, "note", 20), entry(31, "call", 20), entry(32, "note", 5), entry(33, "note", 99)];
        base.write(move |tx| {
            entries.iter().try_for_each(|entry| tx.set_timeline(entry))?;
            tx.set_timeline(&entry(33, "note", 30))
        })
        .unwrap();

        let page = |kinds: Option<Vec<&str>>, cursor: Option<String>, limit| {
            let kinds: Option<Vec<String>> = kinds.map(|kinds| kinds.into_iter().map(str::to_owned).collect());
            base.read(move |tx| tx.timeline(id(company), kinds.as_deref(), cursor.as_deref(), limit))
        };
        let whole: Vec<String> = page(None, None, 100).entries.iter().map(label).collect();
        let expected = ["c900@40", "note33@30", "call31@20", "note30@20", "c7@20", "c8@20", "c900@10", "note32@5"]
            .map(str::to_owned);
        assert_eq!(whole, expected);
        for limit in 1..=8 {
            let (mut paged, mut cursor) = (Vec::new(), None);
            loop {
                let page = page(None, cursor, limit);
                assert!(page.entries.len() <= limit);
                paged.extend(page.entries.iter().map(label));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(paged, expected, "{limit} a page");
        }
        let kinds = |kinds| page(Some(kinds), None, 100).entries.iter().map(label).collect::<Vec<_>>();
        assert_eq!(kinds(vec!["note", "call"]), ["note33@30", "call31@20", "note30@20", "note32@5"]);
        assert_eq!(kinds(vec!["change"]), ["c900@40", "c7@20", "c8@20", "c900@10"]);
        assert_eq!(kinds(vec!["deal"]), Vec::<String>::new());
        base.write(|tx| tx.clear_timeline(id(33))).unwrap();
        assert_eq!(page(None, None, 100).entries.len(), 7);
    });
}
