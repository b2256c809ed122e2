//! SQLite: one writer thread with group commit, reader threads with a connection each.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, ffi};

use crate::Priority;
use crate::cell::RowRef;
use crate::error::Error;
use crate::job::{Job, Run};
use crate::queue::{Next, Queue};
use crate::sql::Val;
use crate::tx::{Link, Tx};

/// Most jobs that share one commit.
const GROUP_MAX: usize = 256;
/// How much of the file readers map, in bytes: as much as SQLite can. What lies behind it is read page by page.
const MAPPED_MAX: u64 = 0x7fff_0000;
/// How long a connection keeps its page cache after the last work.
const IDLE: Duration = Duration::from_secs(2);
/// Writes after which the planner's statistics are looked at again.
const WRITES_PER_ANALYZE: u64 = 10_000;

/// Figures that all threads of a store add to.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) writes: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) retries: AtomicU64,
}

/// A boxed job.
pub(crate) type BoxedJob = Box<dyn Job>;

/// Opens a connection with the pragmas of its role.
pub(crate) fn connect(path: &Path, writer: bool) -> Result<Connection, Error> {
    create_private(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(translate)?;
    // The writer changes what it reads, for which it needs pages of its own.
    let (cache_kib, mapped) = if writer { (32_000, 0) } else { (16_000, MAPPED_MAX) };
    connection
        .execute_batch(&format!(
            "PRAGMA busy_timeout=5000; PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; \
             PRAGMA mmap_size={mapped}; PRAGMA cache_size=-{cache_kib}; PRAGMA temp_store=MEMORY; \
             PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=4000; \
             PRAGMA journal_size_limit=67108864;"
        ))
        .map_err(translate)?;
    if !writer {
        connection.execute_batch("PRAGMA query_only=ON;").map_err(translate)?;
    }
    connection.set_prepared_statement_cache_capacity(256);
    // Without this a statement with a parameter that the planner would like to know (any `LIMIT ?`) is prepared anew
    // each time it runs, which for two hundred columns takes longer than everything else.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(translate)?;
    rusqlite::vtab::array::load_module(&connection).map_err(translate)?;
    Ok(connection)
}

/// Makes a missing file so that nobody else on the machine can read it; SQLite gives its companions the same rights.
fn create_private(path: &Path) -> Result<(), Error> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if !path.exists() {
        options.open(path)?;
    }
    Ok(())
}

/// Runs one statement.
pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Val]) -> Result<u64, Error> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| with_sql(error, sql))?;
    for (at, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, value).map_err(|error| with_sql(error, sql))?;
    }
    if statement.column_count() > 0 {
        let mut rows = statement.raw_query();
        let mut count = 0;
        while rows.next().map_err(|error| with_sql(error, sql))?.is_some() {
            count += 1;
        }
        return Ok(count);
    }
    statement.raw_execute().map(|count| count as u64).map_err(|error| with_sql(error, sql))
}

/// Runs one statement for many rows of parameters.
pub(crate) fn execute_many(
    connection: &Connection,
    sql: &str,
    rows: &mut dyn Iterator<Item = Vec<Val>>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| with_sql(error, sql))?;
    for params in rows {
        for (at, value) in params.iter().enumerate() {
            statement.raw_bind_parameter(at + 1, value).map_err(|error| with_sql(error, sql))?;
        }
        statement.raw_execute().map_err(|error| with_sql(error, sql))?;
    }
    Ok(())
}

/// Runs one query and gives each row to `each`.
pub(crate) fn query(
    connection: &Connection,
    sql: &str,
    params: &[Val],
    each: &mut dyn FnMut(RowRef<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| with_sql(error, sql))?;
    for (at, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, value).map_err(|error| with_sql(error, sql))?;
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| with_sql(error, sql))? {
        each(RowRef::Sqlite(row))?;
    }
    Ok(())
}

fn with_sql(error: rusqlite::Error, sql: &str) -> Error {
    match translate(error) {
        Error::Database(error) => Error::Database(error.context(sql.to_owned())),
        other => other,
    }
}

/// The driver's error as ours.
pub(crate) fn translate(error: rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return Error::Database(error.into());
    };
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            let text = message.as_deref().unwrap_or_default();
            let column = text.rsplit_once(": ").map_or(text, |(_, columns)| columns);
            Error::Unique { column: column.to_owned() }
        }
        ffi::SQLITE_BUSY_SNAPSHOT => Error::Retry(error.into()),
        _ if matches!(code.code, ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DatabaseLocked) => Error::Busy,
        _ => Error::Database(error.into()),
    }
}

/// The life of a reader thread.
pub(crate) fn read_loop(mut tx: Tx, queue: &Queue<BoxedJob>) {
    let mut warm = false;
    loop {
        match queue.pop(IDLE) {
            Next::Closed => return,
            Next::Idle => {
                if std::mem::take(&mut warm) {
                    shrink(&tx);
                }
            }
            Next::Job(_, mut job) => {
                warm = true;
                match tx.begin(false) {
                    Ok(()) => {
                        job.run(&mut tx);
                        job.answer(None);
                        tx.end_read();
                    }
                    Err(error) => job.answer(Some(error)),
                }
            }
        }
    }
}

/// The life of the writer thread.
pub(crate) fn write_loop(mut tx: Tx, queue: &Queue<BoxedJob>, counters: &Arc<Counters>) {
    let mut written = 0;
    let mut warm = false;
    loop {
        match queue.pop(IDLE) {
            Next::Closed => {
                checkpoint(&tx);
                return;
            }
            Next::Idle => {
                if std::mem::take(&mut warm) {
                    if written >= WRITES_PER_ANALYZE {
                        written = 0;
                        analyze(&tx);
                    }
                    checkpoint(&tx);
                    shrink(&tx);
                }
            }
            Next::Job(priority, job) => {
                warm = true;
                written += run_group(&mut tx, queue, counters, priority, job);
            }
        }
    }
}

/// Runs a job and, when it is interactive, those that wait behind it, in one transaction with one commit.
///
/// Jobs that fail do so before they write, as a rule: they cost the others nothing. When one has written and must be
/// taken back, the group starts again with a savepoint around each job.
fn run_group(tx: &mut Tx, queue: &Queue<BoxedJob>, counters: &Counters, priority: Priority, first: BoxedJob) -> u64 {
    let started = Instant::now();
    if let Err(error) = tx.begin(true) {
        first.answer(Some(error));
        return 0;
    }
    let mut done = Vec::new();
    let mut next = Some(first);
    while let Some(mut job) = next.take() {
        let before = tx.times_written();
        match job.run(tx) {
            Run::Done => done.push(job),
            Run::Failed | Run::Retry if tx.times_written() == before && !tx.is_failed() => job.answer(None),
            Run::Failed | Run::Retry => {
                let lost = tx.is_lost();
                tx.rollback();
                job.answer(lost.then(gave_up));
                return run_again(tx, counters, done);
            }
        }
        if priority == Priority::Interactive && done.len() < GROUP_MAX {
            next = queue.pop_interactive();
        }
    }
    let count = commit_group(tx, counters, done);
    if priority == Priority::Background && count > 0 {
        tracing::debug!(micros = started.elapsed().as_micros() as u64, "background slice");
        return WRITES_PER_ANALYZE;
    }
    count
}

/// Commits what the jobs of a group did and answers them.
fn commit_group(tx: &mut Tx, counters: &Counters, done: Vec<BoxedJob>) -> u64 {
    if done.is_empty() {
        tx.rollback();
        return 0;
    }
    if let Err(error) = tx.commit() {
        tracing::warn!(%error, jobs = done.len(), "a group did not commit; its jobs are run one by one");
        tx.rollback();
        return run_alone(tx, counters, done);
    }
    counters.commits.fetch_add(1, Ordering::Relaxed);
    counters.writes.fetch_add(done.len() as u64, Ordering::Relaxed);
    let count = done.len() as u64;
    for job in done {
        job.answer(None);
    }
    count
}

/// Runs jobs in one transaction, each so that it alone can be taken back.
fn run_again(tx: &mut Tx, counters: &Counters, jobs: Vec<BoxedJob>) -> u64 {
    counters.retries.fetch_add(jobs.len() as u64, Ordering::Relaxed);
    if let Err(error) = tx.begin(true) {
        tracing::warn!(%error, jobs = jobs.len(), "a group did not begin again; its jobs are run one by one");
        return run_alone(tx, counters, jobs);
    }
    let mut done = Vec::with_capacity(jobs.len());
    let mut waiting = jobs.into_iter();
    while let Some(mut job) = waiting.next() {
        match run_in_savepoint(tx, &mut job) {
            Ok(true) => done.push(job),
            Ok(false) => job.answer(None),
            Err(error) => {
                // The database gave up the whole transaction: everybody else gets another chance alone.
                tx.rollback();
                job.answer(Some(error));
                done.extend(waiting);
                return run_alone(tx, counters, done);
            }
        }
    }
    commit_group(tx, counters, done)
}

fn gave_up() -> Error {
    Error::Database(anyhow::anyhow!("the database gave up the transaction (disk full or I/O error)"))
}

/// Runs a job so that it alone can be taken back. `Ok(false)`: it failed and left no trace. An error: the transaction
/// is lost.
fn run_in_savepoint(tx: &mut Tx, job: &mut BoxedJob) -> Result<bool, Error> {
    let mark = tx.mark();
    tx.savepoint()?;
    match job.run(tx) {
        Run::Done => {
            tx.release()?;
            Ok(true)
        }
        Run::Failed | Run::Retry if tx.is_lost() => Err(gave_up()),
        Run::Failed | Run::Retry => {
            tx.back_to(mark)?;
            Ok(false)
        }
    }
}

/// Runs each job in a transaction of its own.
fn run_alone(tx: &mut Tx, counters: &Counters, jobs: Vec<BoxedJob>) -> u64 {
    let mut count = 0;
    for mut job in jobs {
        counters.retries.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = tx.begin(true) {
            job.answer(Some(error));
            continue;
        }
        match job.run(tx) {
            Run::Done => match tx.commit() {
                Ok(()) => {
                    count += 1;
                    counters.commits.fetch_add(1, Ordering::Relaxed);
                    counters.writes.fetch_add(1, Ordering::Relaxed);
                    job.answer(None);
                }
                Err(error) => {
                    tx.rollback();
                    job.answer(Some(error));
                }
            },
            Run::Failed | Run::Retry => {
                tx.rollback();
                job.answer(None);
            }
        }
    }
    count
}

/// Moves the write-ahead log into the file while nobody writes.
fn checkpoint(tx: &Tx) {
    quietly(tx, "PRAGMA wal_checkpoint(PASSIVE)");
}

/// Gives the page cache back to the system.
fn shrink(tx: &Tx) {
    if let Link::Sqlite(connection) = &tx.link {
        connection.flush_prepared_statement_cache();
    }
    quietly(tx, "PRAGMA shrink_memory");
}

/// Refreshes the planner's statistics, from samples.
fn analyze(tx: &Tx) {
    quietly(tx, "PRAGMA analysis_limit=400");
    quietly(tx, "PRAGMA optimize=0x10002");
}

fn quietly(tx: &Tx, sql: &str) {
    if let Link::Sqlite(connection) = &tx.link
        && let Err(error) = connection.execute_batch(sql)
    {
        tracing::debug!(%error, sql, "housekeeping did not run");
    }
}

/// A transaction's connection to a file.
pub(crate) fn open(path: &Path, writer: bool, slot: i64) -> Result<Tx, Error> {
    Ok(Tx::new(Link::Sqlite(connect(path, writer)?), "", slot))
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    #[test]
    fn a_statement_is_prepared_once() {
        let folder = tempfile::tempdir().unwrap();
        let connection = super::connect(&folder.path().join("rapport.db"), true).unwrap();
        connection.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)").unwrap();
        let sql = "SELECT name FROM t WHERE name > ?1 ORDER BY id LIMIT ?2";
        for limit in 1..4 {
            super::query(&connection, sql, &["a".into(), limit.into()], &mut |_| Ok(())).unwrap();
        }
        assert_eq!(connection.prepare_cached(sql).unwrap().get_status(StatementStatus::RePrepare), 0);
    }
}
