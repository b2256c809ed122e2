//! PostgreSQL: threads with a connection each, retries after conflicts and lost connections.
//!
//! Nothing lives in the session: no `SET`, no temporary tables, names always qualified. A pooler in transaction mode
//! may stand between.

use std::collections::HashMap;
use std::pin::pin;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::join;
use futures_util::{SinkExt as _, TryStreamExt as _};
use tokio::runtime::Runtime;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::cell::RowRef;
use crate::error::Error;
use crate::job::Run;
use crate::queue::{Next, Queue};
use crate::sql::Val;
use crate::sqlite::{BoxedJob, Counters};
use crate::tx::Tx;

/// Most prepared statements of one connection.
const STATEMENTS_MAX: usize = 256;
/// How long a worker sleeps when there is nothing to do.
const IDLE: Duration = Duration::from_secs(60);
/// How a writing transaction begins: it waits so long for a lock that somebody else holds.
const BEGIN_WRITE: &str = "BEGIN; SET LOCAL lock_timeout = '5s'";
/// How a reading transaction begins.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Bytes sent at once while a copy is put back.
const COPY_PIECE: usize = 64 * 1024;

/// A connection that is made when it is needed and again when it was lost. Its messages are driven by the thread that
/// waits for an answer; no other thread takes part.
pub(crate) struct Session {
    config: Config,
    runtime: Runtime,
    client: Option<Client>,
    statements: HashMap<String, Statement>,
    /// `BEGIN`, not sent yet: it travels with the first statement, in one round trip.
    opening: Option<&'static str>,
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
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { config, runtime, client: None, statements: HashMap::new(), opening: None })
    }

    /// Makes a connection when there is none.
    fn connect(&mut self) -> Result<(), Error> {
        if !self.is_closed() {
            return Ok(());
        }
        self.disconnect();
        let lost = |error: tokio_postgres::Error| Error::Retry(anyhow::Error::from(error).context("connecting"));
        let config = &self.config;
        let client = match config.get_ssl_mode() {
            SslMode::Disable | SslMode::Prefer => {
                let (client, connection) = self.runtime.block_on(config.connect(NoTls)).map_err(lost)?;
                self.runtime.spawn(connection);
                client
            }
            _ => {
                let tls = MakeRustlsConnect::new(tls_config()?);
                let (client, connection) = self.runtime.block_on(config.connect(tls)).map_err(lost)?;
                self.runtime.spawn(connection);
                client
            }
        };
        self.client = Some(client);
        Ok(())
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

    /// Begins a transaction with the next statement; a reading one sees one snapshot.
    pub(crate) fn begin(&mut self, writable: bool) -> Result<(), Error> {
        self.connect()?;
        self.opening = Some(if writable { BEGIN_WRITE } else { BEGIN_READ });
        Ok(())
    }

    /// Commits. When the connection is lost meanwhile, nobody knows whether it took place: that is no error to retry
    /// blindly.
    pub(crate) fn commit(&mut self) -> Result<(), Error> {
        if self.opening.take().is_some() {
            return Ok(());
        }
        self.batch("COMMIT").map_err(|error| match error {
            Error::Retry(cause) if self.is_closed() => {
                Error::Database(cause.context("the connection was lost during the commit: its outcome is unknown"))
            }
            other => other,
        })
    }

    /// Rolls back; a lost connection has done so already.
    pub(crate) fn rollback(&mut self) -> Result<(), Error> {
        if self.opening.take().is_some() || self.is_closed() {
            return Ok(());
        }
        let result = self.batch("ROLLBACK");
        if result.is_err() {
            self.disconnect();
        }
        result
    }

    /// Ends a reading transaction without waiting for the answer, which has nothing to say.
    pub(crate) fn end_read(&mut self) {
        if self.opening.take().is_some() {
            return;
        }
        let Some(client) = self.client.as_ref() else {
            return;
        };
        self.runtime.block_on(async {
            let mut ending = pin!(client.batch_execute("ROLLBACK"));
            // Once to queue the message, once for the connection to send it.
            let first = poll_once(ending.as_mut()).await;
            tokio::task::yield_now().await;
            if let Some(Err(error)) = first {
                tracing::debug!(%error, "a reading transaction did not end well");
            }
        });
    }

    /// Runs statements without parameters or answers.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.first(|session, opening| {
            let client = session.present()?;
            session.runtime.block_on(async {
                let (opened, ran) = join(send_opening(client, opening), client.batch_execute(sql)).await;
                opened.and(ran).map_err(|error| with_sql(error, sql))
            })
        })
    }

    /// Runs something with the `BEGIN` that waits, if one does. When the connection turns out to be lost before
    /// anything was done on it, it is made again.
    fn first<T>(
        &mut self,
        mut work: impl FnMut(&mut Self, Option<&'static str>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let opening = self.opening.take();
        let result = work(self, opening);
        match result {
            Err(Error::Retry(_)) if opening.is_some() && self.is_closed() => {
                self.connect()?;
                work(self, opening)
            }
            result => result,
        }
    }

    /// The connection that the transaction began on; never a new one, which would be outside the transaction.
    fn present(&self) -> Result<&Client, Error> {
        match self.client.as_ref() {
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
        let statement = self.runtime.block_on(self.present()?.prepare(sql)).map_err(|error| with_sql(error, sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Runs one statement.
    pub(crate) fn execute(&mut self, sql: &str, params: &[Val]) -> Result<u64, Error> {
        self.first(|session, opening| {
            let statement = session.prepare_opened(sql, opening)?;
            let client = session.present()?;
            session.runtime.block_on(async {
                let opening = opening.filter(|_| !statement.1);
                let (opened, ran) =
                    join(send_opening(client, opening), client.execute_raw(&statement.0, params.iter())).await;
                opened.map_err(translate)?;
                ran.map_err(|error| with_sql(error, sql))
            })
        })
    }

    /// Runs one query and gives each row to `each` as it arrives.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Val],
        each: &mut dyn FnMut(RowRef<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut given = false;
        self.first(|session, opening| {
            if given {
                return Err(Error::Retry(anyhow::anyhow!("the connection was lost between rows")));
            }
            let statement = session.prepare_opened(sql, opening)?;
            let client = session.present()?;
            session.runtime.block_on(async {
                let opening = opening.filter(|_| !statement.1);
                let (opened, rows) =
                    join(send_opening(client, opening), client.query_raw(&statement.0, params.iter())).await;
                opened.map_err(translate)?;
                let mut rows = pin!(rows.map_err(|error| with_sql(error, sql))?);
                while let Some(row) = rows.try_next().await.map_err(|error| with_sql(error, sql))? {
                    given = true;
                    each(RowRef::Postgres(&row))?;
                }
                Ok(())
            })
        })
    }

    /// Inserts many rows with `COPY … FROM STDIN BINARY`.
    pub(crate) fn copy_in(
        &mut self,
        sql: &str,
        types: &[Type],
        rows: &mut dyn Iterator<Item = Vec<Val>>,
    ) -> Result<(), Error> {
        self.settle()?;
        let client = self.present()?;
        self.runtime.block_on(async {
            let sink = client.copy_in(sql).await.map_err(|error| with_sql(error, sql))?;
            let mut copy = pin!(BinaryCopyInWriter::new(sink, types));
            for row in rows {
                copy.as_mut().write_raw(row.iter()).await.map_err(|error| with_sql(error, sql))?;
            }
            copy.finish().await.map_err(|error| with_sql(error, sql))?;
            Ok(())
        })
    }

    /// Writes what `COPY … TO STDOUT` gives.
    pub(crate) fn copy_out(&mut self, sql: &str, to: &mut dyn std::io::Write) -> Result<(), Error> {
        self.settle()?;
        let client = self.present()?;
        self.runtime.block_on(async {
            let mut pieces = pin!(client.copy_out(sql).await.map_err(|error| with_sql(error, sql))?);
            while let Some(piece) = pieces.try_next().await.map_err(|error| with_sql(error, sql))? {
                to.write_all(&piece)?;
            }
            Ok(())
        })
    }

    /// Feeds `COPY … FROM STDIN` with text.
    pub(crate) fn copy_text_in(&mut self, sql: &str, from: &mut dyn std::io::Read) -> Result<(), Error> {
        self.settle()?;
        let client = self.present()?;
        self.runtime.block_on(async {
            let mut sink = pin!(client.copy_in(sql).await.map_err(|error| with_sql(error, sql))?);
            let mut buffer = vec![0; COPY_PIECE];
            loop {
                let read = from.read(&mut buffer)?;
                if read == 0 {
                    break;
                }
                let piece = Bytes::copy_from_slice(buffer.get(..read).unwrap_or_default());
                sink.as_mut().send(piece).await.map_err(|error| with_sql(error, sql))?;
            }
            sink.finish().await.map_err(|error| with_sql(error, sql))?;
            Ok(())
        })
    }

    /// Sends the `BEGIN` that waits, if one does.
    fn settle(&mut self) -> Result<(), Error> {
        match self.opening {
            Some(_) => self.batch(""),
            None => Ok(()),
        }
    }

    /// The prepared statement, and whether the `BEGIN` that waited was sent on the way: preparing is a round trip of
    /// its own the first time, and belongs to the transaction already (a pooler may stand between).
    fn prepare_opened(&mut self, sql: &str, opening: Option<&'static str>) -> Result<(Statement, bool), Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok((statement.clone(), false));
        }
        if opening.is_some() {
            let client = self.present()?;
            self.runtime.block_on(send_opening(client, opening)).map_err(translate)?;
        }
        Ok((self.prepare(sql)?, opening.is_some()))
    }
}

/// Sends `BEGIN`, if there is one to send.
async fn send_opening(client: &Client, opening: Option<&'static str>) -> Result<(), tokio_postgres::Error> {
    match opening {
        Some(sql) => client.batch_execute(sql).await,
        None => Ok(()),
    }
}

/// Polls a future once and says what it said, if it was ready.
async fn poll_once<F: Future>(mut future: std::pin::Pin<&mut F>) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
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

fn is_connection_code(code: &str) -> bool {
    code.starts_with("08") || matches!(code, "57P01" | "57P02" | "57P03" | "25006" | "53300")
}

fn with_sql(error: tokio_postgres::Error, sql: &str) -> Error {
    match translate(error) {
        Error::Database(error) => Error::Database(error.context(sql.to_owned())),
        other => other,
    }
}

/// The driver's error as ours.
pub(crate) fn translate(error: tokio_postgres::Error) -> Error {
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
