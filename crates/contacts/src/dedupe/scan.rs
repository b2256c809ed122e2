//! The search through all records of an object: a job that fills the review queue.

use std::sync::Arc;

use anyhow::Context as _;
use engine::{JobRun, Query, Workspace};
use model::{Actor, Code, Kind, Problem};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use store::tables::duplicates;
use store::{Error, Pending, Priority};
use uuid::Uuid;

use super::evidence::Likeness;
use super::pairs::find_pairs;
use super::traits::{Reader, Traits};

/// Kind of the job.
pub const KIND: &str = "duplicates.scan";
/// Pairs written in one transaction.
const SLICE: usize = 500;
/// Pairs a scan reports at most: nobody reviews more, and more means that a key field is filled with the same value.
const PAIRS_MAX: usize = 200_000;

/// Starts a search for duplicates of an object; answers with a batch that holds no change, and the id of the job.
pub fn start_scan(ws: &Workspace, actor: &Actor, object: &str) -> Pending<(Uuid, Uuid)> {
    let (workspace, object) = (ws.clone(), object.to_owned());
    ws.transact(actor, engine::Plan::new("search for duplicates"), move |batch| {
        batch.policy().check_special("merge")?;
        let found = batch.load_object(&object)?;
        if found.internal || !is_comparable(&found) {
            let detail = format!("{} has no fields by which duplicates could be told.", found.label_plural);
            return Err(Problem::new(Code::BadRequest, detail).into());
        }
        let (now, by) = (batch.now(), batch.actor().clone());
        workspace.enqueue_for(batch.tx(), &by, KIND, json!({ "object": object }), now)
    })
}

fn is_comparable(object: &model::Object) -> bool {
    object.find_field(&object.title).is_some_and(|field| matches!(field.value_kind(), Kind::Text))
}

/// Runs the search. What it finds is kept as it is found; running it again changes nothing that people decided.
pub fn run_scan(ws: &Workspace, run: &JobRun) -> anyhow::Result<()> {
    let name = run.payload.get("object").and_then(Json::as_str).context("the job names no object")?.to_owned();
    let schema = ws.schema();
    let object = schema.find_object(&name).context("the object is gone")?;
    let started = ws.now();
    let (ids, traits) = load(ws, &name, Reader::new(object))?;
    run.progress(0.2)?;
    let mut found = Findings { ws, object: &name, ids: &ids, pairs: Vec::new(), total: 0, started };
    let mut advance = |share: f64| -> Result<(), Error> {
        if run.is_stopping() {
            return Err(anyhow::anyhow!("the program is stopping").into());
        }
        run.progress(0.2 + 0.75 * share)
    };
    let found = {
        let cell = std::cell::RefCell::new(&mut found);
        find_pairs(&traits, &mut advance, &mut |pair| cell.borrow_mut().add(pair.a, pair.b, &pair.likeness))?;
        cell.into_inner()
    };
    found.flush()?;
    tracing::info!(object = name, records = ids.len(), pairs = found.total, "searched for duplicates");
    ws.store().write(Priority::Background, move |tx| duplicates::forget_older(tx, &name, started)).wait()?;
    Ok(())
}

type Loaded = (Vec<Uuid>, Vec<Traits>);

fn load(ws: &Workspace, object: &str, reader: Reader) -> anyhow::Result<Loaded> {
    let loaded: Arc<Mutex<Loaded>> = Arc::default();
    let into = loaded.clone();
    let query = Query { object: object.to_owned(), fields: reader.fields(), ..Query::default() };
    ws.each(&Actor::system("search for duplicates"), query, move |record| {
        let mut into = into.lock();
        into.1.push(reader.read(&record.values));
        into.0.push(record.id);
        Ok(())
    })
    .wait()?;
    Ok(std::mem::take(&mut *loaded.lock()))
}

struct Findings<'a> {
    ws: &'a Workspace,
    object: &'a str,
    ids: &'a [Uuid],
    pairs: Vec<duplicates::Pair>,
    total: usize,
    started: i64,
}

impl Findings<'_> {
    fn add(&mut self, a: usize, b: usize, likeness: &Likeness) -> Result<(), Error> {
        let (Some(a), Some(b)) = (self.ids.get(a), self.ids.get(b)) else { return Ok(()) };
        if self.total >= PAIRS_MAX {
            return Ok(());
        }
        self.total += 1;
        self.pairs.push(duplicates::Pair {
            id: Uuid::now_v7(),
            object: self.object.to_owned(),
            a: *a,
            b: *b,
            confidence: (likeness.confidence * 1_000_000.0) as i64,
            reasons: likeness.reasons.iter().map(|reason| (*reason).to_owned()).collect(),
            status: "open".to_owned(),
        });
        if self.pairs.len() >= SLICE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let (pairs, started) = (std::mem::take(&mut self.pairs), self.started);
        if pairs.is_empty() {
            return Ok(());
        }
        self.ws.store().write(Priority::Background, move |tx| duplicates::upsert_many(tx, &pairs, started)).wait()
    }
}
