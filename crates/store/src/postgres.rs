//! PostgreSQL: threads with a connection each, retries after conflicts and lost connections.
//!
//! Nothing lives in the session: no `SET`, no temporary tables, names always qualified. A pooler in transaction mode
//! may stand between.

use std::collections::HashMap;
use std::io::Write as _;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::config::SslMode;
use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::Type;
use postgres::{Client, Config, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::cell::RowRef;
use crate::error::{Error, failure};
use crate::job::Run;
use crate::queue::{Next, Queue};
use crate::sql::Val;
use crate::sqlite::{BoxedJob, Counters};
use crate::tx::Tx;

/// Most prepared statements of one connection.
const STATEMENTS_MAX: usize = 256;
/// How long a worker sleeps when there is nothing to do.
const IDLE: Duration = Duration::from_secs(60);
/// How long a write waits for a lock that somebody else holds.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '5s'";

/// A connection that is made when it is needed and again when it was lost.
pub(crate) struct Session {
    config: Config,
    client: Option<Client>,
    statements: HashMap<String, Statement>,
}

impl Session {
    /// Reads the address; connects later.
    pub(crate) fn new(url: &str) -> Result<Self, Error> {
        let mut config = Config::from_str(url).map_err(anyhow::Error::from)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        config.keepalives_idle(Duration::from_secs(10));
        if config.get_application_name().is_none() {
            config.application_name("rapport");
        }
        Ok(Self { config, client: None, statements: HashMap::new() })
    }

    /// The connection, made when there is none.
    fn client(&mut self) -> Result<&mut Client, Error> {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            self.statements.clear();
            self.client = None;
            let client = match self.config.get_ssl_mode() {
                SslMode::Disable | SslMode::Prefer => self.config.connect(NoTls),
                _ => self.config.connect(MakeRustlsConnect::new(tls_config()?)),
            };
            self.client = Some(client.map_err(|error| Error::Retry(anyhow::Error::from(error).context("connecting")))?);
        }
        self.client.as_mut().ok_or_else(|| failure("no connection"))
    }

    /// Whether the connection is gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.as_ref().is_none_or(Client::is_closed)
    }

    /// Drops the connection, so that the next use makes a new one.
    pub(crate) fn disconnect(&mut self) {
        self.client = None;
        self.statements.clear();
    }

    /// Begins a transaction; a reading one sees one snapshot.
    pub(crate) fn begin(&mut self, writable: bool) -> Result<(), Error> {
        let sql = if writable {
            format!("BEGIN; {LOCK_TIMEOUT}")
        } else {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned()
        };
        let first = self.client()?.batch_execute(&sql);
        match first {
            Ok(()) => Ok(()),
            Err(error) if is_connection_lost(&error) => {
                self.disconnect();
                self.client()?.batch_execute(&sql).map_err(translate)
            }
            Err(error) => Err(translate(error)),
        }
    }

    /// Commits. When the connection is lost meanwhile, nobody knows whether it took place: that is no error to retry
    /// blindly.
    pub(crate) fn commit(&mut self) -> Result<(), Error> {
        self.batch("COMMIT").map_err(|error| match error {
            Error::Retry(cause) if self.is_closed() => {
                Error::Database(cause.context("the connection was lost during the commit: its outcome is unknown"))
            }
            other => other,
        })
    }

    /// Rolls back; a lost connection has done so already.
    pub(crate) fn rollback(&mut self) -> Result<(), Error> {
        if self.is_closed() {
            return Ok(());
        }
        let result = self.batch("ROLLBACK");
        if result.is_err() {
            self.disconnect();
        }
        result
    }

    /// Runs statements without parameters or answers.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.present()?.batch_execute(sql).map_err(|error| with_sql(error, sql))
    }

    /// The connection that the transaction began on; never a new one, which would be outside the transaction.
    fn present(&mut self) -> Result<&mut Client, Error> {
        match self.client.as_mut() {
            Some(client) if !client.is_closed() => Ok(client),
            _ => Err(Error::Retry(anyhow::anyhow!("the connection was lost"))),
        }
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS_MAX {
            self.statements.clear();
        }
        let statement = self.present()?.prepare(sql).map_err(|error| with_sql(error, sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Runs one statement.
    pub(crate) fn execute(&mut self, sql: &str, params: &[Val]) -> Result<u64, Error> {
        let statement = self.prepare(sql)?;
        let mut rows = self.present()?.query_raw(&statement, params.iter()).map_err(|error| with_sql(error, sql))?;
        let mut count = 0;
        while rows.next().map_err(|error| with_sql(error, sql))?.is_some() {
            count += 1;
        }
        Ok(rows.rows_affected().unwrap_or(count))
    }

    /// Runs one query and gives each row to `each` as it arrives.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Val],
        each: &mut dyn FnMut(RowRef<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let statement = self.prepare(sql)?;
        let mut rows = self.present()?.query_raw(&statement, params.iter()).map_err(|error| with_sql(error, sql))?;
        while let Some(row) = rows.next().map_err(|error| with_sql(error, sql))? {
            each(RowRef::Postgres(&row))?;
        }
        Ok(())
    }

    /// Inserts many rows with `COPY … FROM STDIN BINARY`.
    pub(crate) fn copy_in(
        &mut self,
        sql: &str,
        types: &[Type],
        rows: &mut dyn Iterator<Item = Result<Vec<Val>, Error>>,
    ) -> Result<(), Error> {
        let writer = self.present()?.copy_in(sql).map_err(|error| with_sql(error, sql))?;
        let mut copy = BinaryCopyInWriter::new(writer, types);
        for row in rows {
            copy.write_raw(row?.iter()).map_err(|error| with_sql(error, sql))?;
        }
        copy.finish().map_err(|error| with_sql(error, sql))?;
        Ok(())
    }

    /// Writes what `COPY … TO STDOUT` gives.
    pub(crate) fn copy_out(&mut self, sql: &str, to: &mut dyn std::io::Write) -> Result<u64, Error> {
        let mut reader = self.present()?.copy_out(sql).map_err(|error| with_sql(error, sql))?;
        Ok(std::io::copy(&mut reader, to)?)
    }

    /// Feeds `COPY … FROM STDIN` with text.
    pub(crate) fn copy_text_in(&mut self, sql: &str, from: &mut dyn std::io::Read) -> Result<(), Error> {
        let mut writer = self.present()?.copy_in(sql).map_err(|error| with_sql(error, sql))?;
        std::io::copy(from, &mut writer)?;
        writer.flush()?;
        writer.finish().map_err(|error| with_sql(error, sql))?;
        Ok(())
    }
}

/// TLS that trusts the public certificate authorities.
fn tls_config() -> Result<rustls::ClientConfig, Error> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(anyhow::Error::from)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn is_connection_lost(error: &postgres::Error) -> bool {
    error.is_closed() || error.code().is_none() || error.code().is_some_and(|code| is_connection_code(code.code()))
}

fn is_connection_code(code: &str) -> bool {
    code.starts_with("08") || matches!(code, "57P01" | "57P02" | "57P03" | "25006" | "53300")
}

fn with_sql(error: postgres::Error, sql: &str) -> Error {
    match translate(error) {
        Error::Database(error) => Error::Database(error.context(sql.to_owned())),
        other => other,
    }
}

/// The driver's error as ours.
pub(crate) fn translate(error: postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        let lost =
            error.is_closed() || std::error::Error::source(&error).is_some_and(|cause| cause.is::<std::io::Error>());
        return if lost { Error::Retry(error.into()) } else { Error::Database(error.into()) };
    };
    let code = db.code();
    if *code == SqlState::UNIQUE_VIOLATION {
        // detail: Key (emails__key)=(ann@example.com) already exists.
        let columns = db.detail().and_then(|detail| detail.strip_prefix("Key ("));
        let columns = columns.and_then(|rest| rest.split_once(")=")).map_or("", |(columns, _)| columns);
        let table = db.table().unwrap_or_default();
        return Error::Unique { column: format!("{table}.{}", columns.replace('"', "")) };
    }
    let again = *code == SqlState::T_R_SERIALIZATION_FAILURE
        || *code == SqlState::T_R_DEADLOCK_DETECTED
        || is_connection_code(code.code())
        || (*code == SqlState::FEATURE_NOT_SUPPORTED && db.message().contains("cached plan"));
    if again {
        return Error::Retry(error.into());
    }
    if *code == SqlState::LOCK_NOT_AVAILABLE {
        return Error::Busy;
    }
    Error::Database(error.into())
}

/// The life of a reader thread.
pub(crate) fn read_loop(mut tx: Tx, queue: &Queue<BoxedJob>) {
    loop {
        match queue.pop(IDLE) {
            Next::Closed => return,
            Next::Idle => {}
            Next::Job(_, mut job) => match tx.begin(false) {
                Ok(()) => {
                    job.run(&mut tx);
                    job.answer(None);
                    tx.end_read();
                }
                Err(error) => job.answer(Some(error)),
            },
        }
    }
}

/// The life of a writer thread.
pub(crate) fn write_loop(mut tx: Tx, queue: &Queue<BoxedJob>, counters: &Counters, retry_for: Duration) {
    loop {
        match queue.pop(IDLE) {
            Next::Closed => return,
            Next::Idle => {}
            Next::Job(_, job) => run_job(&mut tx, counters, retry_for, job),
        }
    }
}

/// Runs a job until it is committed, has failed for good, or has been tried long enough.
fn run_job(tx: &mut Tx, counters: &Counters, retry_for: Duration, mut job: BoxedJob) {
    let started = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        let error = match run_once(tx, &mut job) {
            Ok(true) => {
                counters.writes.fetch_add(1, Ordering::Relaxed);
                counters.commits.fetch_add(1, Ordering::Relaxed);
                return job.answer(None);
            }
            Ok(false) => return job.answer(None),
            Err(error) => error,
        };
        let again = matches!(error, Error::Retry(_)) && started.elapsed() < retry_for;
        if !again {
            return job.answer(Some(error));
        }
        tracing::info!(%error, "a transaction is run again");
        counters.retries.fetch_add(1, Ordering::Relaxed);
        // Different connections wait differently long, so that they do not meet again.
        std::thread::sleep(pause + Duration::from_micros(700 * tx.slot.unsigned_abs() % 5_000));
        pause = (pause * 2).min(Duration::from_millis(500));
    }
}

/// `Ok(true)`: committed. `Ok(false)`: failed, its error is the answer.
fn run_once(tx: &mut Tx, job: &mut BoxedJob) -> Result<bool, Error> {
    tx.begin(true)?;
    let run = job.run(tx);
    match run {
        Run::Done => match tx.commit() {
            Ok(()) => Ok(true),
            Err(error) => {
                tx.rollback();
                Err(error)
            }
        },
        Run::Failed => {
            tx.rollback();
            Ok(false)
        }
        Run::Retry => {
            tx.rollback();
            Err(Error::Retry(anyhow::anyhow!("a conflict or a lost connection")))
        }
    }
}

/// A transaction's connection to a schema.
pub(crate) fn open(url: &str, schema: &str, slot: i64) -> Result<Tx, Error> {
    Ok(Tx::new(crate::tx::Link::Postgres(Box::new(Session::new(url)?)), schema, slot))
}
