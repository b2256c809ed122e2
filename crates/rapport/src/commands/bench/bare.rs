//! The bare driver: the least that can do the same work, for comparison. Nothing of the product is in here.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::Result;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::client::{self, Load, Request};
use super::people::{FIELDS, HEADER};

/// How many indexes the product keeps on its people.
pub fn count_indexes(database: &Path) -> Result<usize> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let count: i64 = connection.query_row(
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'people' AND sql IS NOT NULL",
        [],
        |row| row.get(0),
    )?;
    Ok(usize::try_from(count)?)
}

/// Seconds that the `sqlite3` shell's `.import` takes for a file into a table of text columns with so many indexes;
/// without that shell, those of the driver doing the same.
pub fn import(database: &Path, file: &Path, indexes: usize) -> Result<f64> {
    let columns: Vec<String> = HEADER.iter().map(|name| format!("\"{name}\" TEXT")).collect();
    let connection = Connection::open(database)?;
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE people ({});",
        columns.join(", ")
    ))?;
    for (number, column) in HEADER.iter().cycle().take(indexes).enumerate() {
        connection.execute_batch(&format!("CREATE INDEX people_{number} ON people (\"{column}\")"))?;
    }
    drop(connection);
    let started = Instant::now();
    let shell = Command::new("sqlite3")
        .arg(database)
        .arg(".mode csv")
        .arg(format!(".import --skip 1 \"{}\" people", file.display()))
        .stdin(Stdio::null())
        .status();
    match shell {
        Ok(status) => anyhow::ensure!(status.success(), "sqlite3 failed ({status})"),
        Err(_) => load_lines(database, file)?,
    }
    Ok(started.elapsed().as_secs_f64())
}

/// One transaction, one prepared statement, a line split at its commas (the file has no quotes).
fn load_lines(database: &Path, file: &Path) -> Result<()> {
    let mut connection = Connection::open(database)?;
    let transaction = connection.transaction()?;
    {
        let marks = vec!["?"; HEADER.len()].join(", ");
        let mut insert = transaction.prepare(&format!("INSERT INTO people VALUES ({marks})"))?;
        let text = std::fs::read_to_string(file)?;
        for line in text.lines().skip(1) {
            insert.execute(rusqlite::params_from_iter(line.split(',')))?;
        }
    }
    transaction.commit()?;
    Ok(())
}

type Job = oneshot::Sender<rusqlite::Result<Vec<u8>>>;

/// The measured list over axum and rusqlite alone: the same statement on the same file, rows written straight into
/// the answer, two reader threads with a prepared statement each.
pub fn list(database: &Path, clients: usize, time: Duration) -> Result<Load> {
    let (jobs, waiting) = mpsc::channel::<Job>();
    let waiting = std::sync::Arc::new(std::sync::Mutex::new(waiting));
    for _ in 0..2 {
        let waiting = waiting.clone();
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.execute_batch("PRAGMA mmap_size = 268435456; PRAGMA cache_size = -64000;")?;
        std::thread::spawn(move || {
            loop {
                let next = waiting.lock().map(|waiting| waiting.recv());
                let Ok(Ok(answer)) = next else { break };
                // A client that left does not wait for its answer.
                answer.send(read_page(&connection)).ok();
            }
        });
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let address = runtime.block_on(start(jobs))?;
    let load = client::load(address, "", clients, time, |_, _| Request::get("/list"));
    runtime.shutdown_background();
    load
}

async fn start(jobs: mpsc::Sender<Job>) -> Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = axum::Router::new().route("/list", axum::routing::get(answer)).with_state(jobs);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn answer(State(jobs): State<mpsc::Sender<Job>>) -> axum::response::Response {
    let (sender, receiver) = oneshot::channel();
    if jobs.send(sender).is_err() {
        return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match receiver.await {
        Ok(Ok(body)) => ([(CONTENT_TYPE, "application/json")], body).into_response(),
        _ => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn read_page(connection: &Connection) -> rusqlite::Result<Vec<u8>> {
    let sql = format!(
        "SELECT id, {} FROM people WHERE deleted_at IS NULL AND lifecycle = 'customer' \
         ORDER BY family_name__key, id LIMIT 50",
        FIELDS.join(", ")
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut body = String::with_capacity(32 * 1024);
    body.push_str("{\"records\":[");
    let mut first = true;
    while let Some(row) = rows.next()? {
        body.push_str(if first { "{" } else { ",{" });
        first = false;
        write_cell(&mut body, "id", row.get_ref(0)?);
        for (at, name) in FIELDS.iter().enumerate() {
            body.push(',');
            write_cell(&mut body, name, row.get_ref(at + 1)?);
        }
        body.push('}');
    }
    body.push_str("]}");
    Ok(body.into_bytes())
}

/// One member of a row's object, in the form that the product answers in.
fn write_cell(body: &mut String, name: &str, value: ValueRef<'_>) {
    // Writing into a string cannot fail.
    let written = match value {
        ValueRef::Null => write!(body, "\"{name}\":null"),
        ValueRef::Integer(micros) if name.ends_with("_at") => {
            write!(body, "\"{name}\":\"{}\"", model::value::instant_to_text(micros))
        }
        ValueRef::Integer(number) => write!(body, "\"{name}\":{number}"),
        ValueRef::Real(number) => write!(body, "\"{name}\":{number}"),
        ValueRef::Blob(bytes) => {
            write!(body, "\"{name}\":\"{}\"", uuid::Uuid::from_slice(bytes).unwrap_or_default())
        }
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text);
            match name {
                "emails" | "phones" | "links" => write!(body, "\"{name}\":{text}"),
                _ => write!(body, "\"{name}\":{}", serde_json::Value::String(text.into_owned())),
            }
        }
    };
    debug_assert!(written.is_ok());
}
