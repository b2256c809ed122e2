//! The search for duplicates among many people, of whom a known share are there twice: how long it takes, how much memory
//! it needs, how many of the planted pairs it finds, and how long somebody who writes meanwhile has to wait.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value as Json, json};

use super::Run;
use super::client::Request;
use super::program::{self, Server};
use super::twins;

/// The figures of this part.
pub const FIGURES: [&str; 6] =
    ["dedupe", "dedupe_memory", "dedupe_pairs", "dedupe_recall", "dedupe_precision", "dedupe_write_max"];
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// How long a search may take before the bench gives up.
const TIME_MAX: Duration = Duration::from_secs(3_600);

/// Imports so many people and searches them.
pub fn measure(run: &Run<'_>, count: usize) -> Result<()> {
    let file = run.folder.join("twins.csv");
    twins::write_csv(&file, count)?;
    let data = run.folder.join("twins");
    let imported = program::import(&data, None, &file, "create")?;
    anyhow::ensure!(imported.rows == count as u64, "{} of {count} people were imported", imported.rows);
    std::fs::remove_file(&file)?;
    let key = program::add_key(&data, None)?;
    let server = Server::start(&data, None, &key)?;
    let searched = search(&server)?;
    server.stop()?;
    let quality = judge(&data.join("rapport.db"))?;
    std::fs::remove_dir_all(&data)?;
    run.show("dedupe", searched.seconds, "s", None);
    run.show("dedupe_memory", searched.peak_mb, "MB peak, without mapped files", None);
    run.show("dedupe_write_max", searched.slowest_ms, "ms", None);
    run.show("dedupe_pairs", quality.found as f64, "pairs", None);
    run.show("dedupe_recall", quality.recall, "share of the planted pairs", None);
    run.show("dedupe_precision", quality.precision, "share of the pairs found", None);
    Ok(())
}

struct Searched {
    seconds: f64,
    peak_mb: f64,
    slowest_ms: f64,
}

/// Runs the search; somebody writes a note now and then meanwhile.
fn search(server: &Server) -> Result<Searched> {
    let mut client = server.client()?;
    let started = Instant::now();
    let scan = Request::post("/api/v1/duplicates/scan", &json!({ "object": "person" }).to_string());
    let answer = client.expect(&scan)?;
    let job = answer.get("job").and_then(Json::as_str).context("no search was started")?.to_owned();
    let state = Request::get(&format!("/api/v1/jobs/{job}"));
    let note = Request::post("/api/v1/notes", &json!({ "body": "Called" }).to_string());
    let (mut peak_mb, mut slowest_ms) = (0.0_f64, 0.0_f64);
    loop {
        peak_mb = peak_mb.max(server.anonymous_mb()?);
        slowest_ms = slowest_ms.max(client.time_ms(&note)?);
        let known = client.expect(&state)?;
        match known.get("status").and_then(Json::as_str) {
            Some("done") => break,
            Some("queued" | "running") if started.elapsed() < TIME_MAX => std::thread::sleep(LOOK),
            _ => anyhow::bail!("the search did not end: {known}"),
        }
    }
    Ok(Searched { seconds: started.elapsed().as_secs_f64(), peak_mb, slowest_ms })
}

struct Quality {
    found: usize,
    recall: f64,
    precision: f64,
}

/// Compares the pairs that were found with those that were planted.
fn judge(database: &Path) -> Result<Quality> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut people: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut statement = connection.prepare("SELECT id, description FROM people")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let label = row.get::<_, Option<String>>(1)?.as_deref().and_then(twins::label_of);
        people.insert(bytes(row.get(0)?), label.context("a person without a label")?);
    }
    let mut sizes: HashMap<u64, usize> = HashMap::new();
    people.values().for_each(|label| *sizes.entry(*label).or_default() += 1);
    let planted: usize = sizes.values().map(|size| size * (size - 1) / 2).sum();
    let (mut found, mut right) = (0_usize, 0_usize);
    let mut statement = connection.prepare("SELECT a, b FROM _duplicate_pair WHERE object = 'person'")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (a, b) = (people.get(&bytes(row.get(0)?)), people.get(&bytes(row.get(1)?)));
        found += 1;
        right += usize::from(a.is_some() && a == b);
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    Ok(Quality { found, recall: share(right, planted), precision: share(right, found) })
}

fn bytes(value: Value) -> Vec<u8> {
    match value {
        Value::Blob(bytes) => bytes,
        Value::Text(text) => text.into_bytes(),
        _ => Vec::new(),
    }
}
