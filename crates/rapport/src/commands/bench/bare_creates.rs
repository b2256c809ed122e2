//! Single creates by the bare driver: the rows that one create of the product wrote, written again and again under new
//! ids into the same database by one thread that commits for many clients at once.

use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use uuid::Uuid;

/// Most creates that share a commit.
const GROUP_MAX: usize = 256;
/// Each table that a create writes to, how its rows of one record are found, and the column that the database numbers.
const TABLES: [(&str, &str, &str); 6] = [
    ("people", "id = ?1", ""),
    ("_batch", "no = (SELECT max(batch) FROM _change WHERE record = ?1)", "no"),
    ("_change", "record = ?1", "seq"),
    ("_doc", "record = ?1", ""),
    ("_key", "record = ?1", ""),
    ("_key_set", "record = ?1", ""),
];

/// What stands in a column of the next create.
enum Cell {
    Same(Value),
    Record,
    BatchId,
    BatchNumber,
    Document,
    Hash,
}

/// One row of a create, as a statement.
struct Row {
    sql: String,
    cells: Vec<Cell>,
}

/// What one create of the product wrote.
struct Template {
    rows: Vec<Row>,
    title: String,
    next_document: i64,
}

/// Durable creates a second for so many clients.
pub fn run(database: &Path, clients: usize, time: Duration) -> Result<f64> {
    let connection = Connection::open(database)?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -32000; \
         PRAGMA wal_autocheckpoint = 4000;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    let mut template = Template::read(&connection)?;
    let (jobs, waiting) = mpsc::channel::<mpsc::Sender<()>>();
    let writer = std::thread::spawn(move || write_groups(&connection, &mut template, &waiting));
    let end = Instant::now() + time;
    let total: u64 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|_| {
                let jobs = jobs.clone();
                scope.spawn(move || {
                    let (done, answers) = mpsc::channel();
                    let mut count = 0;
                    while Instant::now() < end && jobs.send(done.clone()).is_ok() && answers.recv().is_ok() {
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).sum()
    });
    drop(jobs);
    writer.join().map_err(|_| anyhow::anyhow!("the writer broke down"))?.context("writing")?;
    Ok(total as f64 / time.as_secs_f64())
}

impl Template {
    /// Reads what the newest create wrote.
    fn read(connection: &Connection) -> Result<Self> {
        let record: Vec<u8> =
            connection.query_row("SELECT id FROM people ORDER BY created_at DESC LIMIT 1", [], |row| row.get(0))?;
        let mut rows = Vec::new();
        for (table, condition, numbered) in TABLES {
            let mut statement = connection.prepare(&format!("SELECT * FROM {table} WHERE {condition}"))?;
            let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let mut found = statement.query([&record])?;
            let before = rows.len();
            while let Some(row) = found.next()? {
                let mut columns = Vec::new();
                let mut cells = Vec::new();
                for (at, name) in names.iter().enumerate().filter(|(_, name)| *name != numbered) {
                    columns.push(format!("\"{name}\""));
                    cells.push(match (table, name.as_str(), row.get::<_, Value>(at)?) {
                        (_, _, Value::Blob(id)) if id == record => Cell::Record,
                        ("_batch", "id", _) => Cell::BatchId,
                        ("_change", "batch", _) => Cell::BatchNumber,
                        ("_doc", "id", _) => Cell::Document,
                        ("_key", "hash", _) => Cell::Hash,
                        (_, _, value) => Cell::Same(value),
                    });
                }
                let marks = vec!["?"; cells.len()].join(", ");
                rows.push(Row { sql: format!("INSERT INTO {table} ({}) VALUES ({marks})", columns.join(", ")), cells });
            }
            anyhow::ensure!(rows.len() > before, "the newest create wrote nothing into {table}");
        }
        let (title, next_document) = connection.query_row(
            "SELECT title, (SELECT max(id) FROM _doc) + 1 FROM _doc WHERE record = ?1",
            [&record],
            |row| Ok((row.get::<_, String>(0)?.to_lowercase(), row.get(1)?)),
        )?;
        Ok(Self { rows, title, next_document })
    }

    /// Writes the rows once more; the document is found by its words when the group commits, as in the product.
    fn write(&mut self, connection: &Connection, words: &mut Vec<(i64, String)>) -> rusqlite::Result<()> {
        let (record, batch) = (Uuid::now_v7(), Uuid::now_v7());
        let document = self.next_document;
        self.next_document += 1;
        let mut batch_number = 0;
        for row in &self.rows {
            let values = row.cells.iter().map(|cell| match cell {
                Cell::Same(value) => value.clone(),
                Cell::Record => Value::Blob(record.as_bytes().to_vec()),
                Cell::BatchId => Value::Blob(batch.as_bytes().to_vec()),
                Cell::BatchNumber => Value::Integer(batch_number),
                Cell::Document => Value::Integer(document),
                Cell::Hash => Value::Integer(Uuid::new_v4().as_u64_pair().0.cast_signed()),
            });
            connection.prepare_cached(&row.sql)?.execute(params_from_iter(values))?;
            if row.sql.starts_with("INSERT INTO _batch") {
                batch_number = connection.last_insert_rowid();
            }
        }
        words.push((document, format!("{} buyer{document} new example newexample {document}", self.title)));
        Ok(())
    }
}

fn write_groups(
    connection: &Connection,
    template: &mut Template,
    waiting: &mpsc::Receiver<mpsc::Sender<()>>,
) -> rusqlite::Result<()> {
    while let Ok(first) = waiting.recv() {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let (mut answered, mut words) = (Vec::new(), Vec::new());
        let mut next = Some(first);
        while let Some(done) = next {
            template.write(connection, &mut words)?;
            answered.push(done);
            next = if answered.len() < GROUP_MAX { waiting.try_recv().ok() } else { None };
        }
        for (document, words) in words {
            connection
                .prepare_cached("INSERT INTO _search (rowid, words) VALUES (?1, ?2)")?
                .execute(rusqlite::params![document, words])?;
        }
        connection
            .prepare_cached("UPDATE _record_count SET live = live + ?1 WHERE slot = 0")?
            .execute([answered.len() as i64])?;
        connection.execute_batch("COMMIT")?;
        for done in answered {
            // A client that left does not wait for its answer.
            done.send(()).ok();
        }
    }
    Ok(())
}
