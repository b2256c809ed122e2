//! The search through all records of an object: a job that fills the review queue, every night and when somebody asks.
//!
//! The records are read once, in one pass over the read path, and kept packed (about 0.2 kB each); writes are small and
//! give way to everybody else's. After each round of keys the job keeps where it is, so that a restart loses one round at
//! most, and it hears within seconds that it was cancelled.

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use engine::{JobRun, Query, Workspace};
use model::{Actor, Code, Kind, Object, Problem};
use serde_json::{Value as Json, json};
use store::tables::{duplicates, jobs, settings};
use store::{Error, Pending, Priority, Tx};
use uuid::Uuid;

use super::pairs::{Pair, find_pairs};
use super::traits::{Reader, Traits};

/// Kind of the job.
pub const KIND: &str = "duplicates.scan";
/// Pairs written in one transaction.
const SLICE: usize = 500;
/// Records handed over at a time.
const PARCEL: usize = 2_000;
/// How often a search says that it lives.
const BEAT: Duration = Duration::from_secs(1);
/// Searches looked through for those of one object.
const JOBS_MAX: usize = 50;
/// The share of the work that reading is.
const READING: f64 = 0.2;

/// Starts a search for duplicates of an object; answers with a batch that holds no change, and the id of the job. One
/// that is at work already goes on instead.
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
        if let Some(job) = find_running(batch.tx(), &object, now)? {
            return Ok(job.id);
        }
        workspace.enqueue_for(batch.tx(), &by, KIND, json!({ "object": object }), now)
    })
}

/// Ends the search for duplicates of an object that is at work; what it found stays.
pub fn cancel_scan(ws: &Workspace, actor: &Actor, object: &str) -> Pending<(Uuid, ())> {
    let (workspace, object) = (ws.clone(), object.to_owned());
    ws.transact(actor, engine::Plan::new("end a search for duplicates"), move |batch| {
        batch.policy().check_special("merge")?;
        batch.load_object(&object)?;
        let now = batch.now();
        let Some(job) = find_running(batch.tx(), &object, now)? else {
            return Err(Problem::not_found("search").into());
        };
        if jobs::cancel(batch.tx(), job.id, now)? {
            workspace.tell_job(job.id, KIND, job.actor(), "cancelled", job.progress);
        }
        Ok(())
    })
}

/// The search of an object that runs or is about to.
fn find_running(tx: &mut Tx, object: &str, now: i64) -> Result<Option<jobs::Job>, Error> {
    Ok(find_jobs(tx, object)?.into_iter().find(|job| is_at_work(job) && job.due_at <= now))
}

fn is_at_work(job: &jobs::Job) -> bool {
    matches!(job.status.as_str(), "queued" | "running")
}

fn find_jobs(tx: &mut Tx, object: &str) -> Result<Vec<jobs::Job>, Error> {
    let mut found = jobs::list(tx, KIND, JOBS_MAX)?;
    found.retain(|job| job.payload.get("object").and_then(Json::as_str) == Some(object));
    Ok(found)
}

/// What is known of the searches of an object: the one at work, the next and the last:
/// `{"job","progress","next_at","last":{"at","records","pairs","seconds"}}`.
pub fn describe(tx: &mut Tx, object: &str, now: i64) -> Result<Json, Error> {
    let known = find_jobs(tx, object)?;
    let mut at_work = known.iter().filter(|job| is_at_work(job));
    let running = at_work.clone().find(|job| job.due_at <= now);
    let next = at_work.find(|job| job.due_at > now).map(|job| job.due_at);
    let instant = |at: i64| jiff::Timestamp::from_microsecond(at).ok().map(|at| at.to_string());
    Ok(json!({
        "job": running.map(|job| job.id),
        "progress": running.map(|job| job.progress),
        "next_at": next.and_then(instant),
        "last": settings::find(tx, &setting(object))?,
    }))
}

fn setting(object: &str) -> String {
    format!("duplicates.last.{object}")
}

/// The objects that are searched every night: those that people keep, not what was said and done.
pub fn nightly(ws: &Workspace) -> Vec<Json> {
    let schema = ws.schema();
    let kept = |object: &&Object| {
        let is_kept = object.custom || matches!(object.name.as_str(), "person" | "company");
        is_kept && !object.internal && object.timeline.is_none() && is_comparable(object)
    };
    let objects = schema.objects().iter().map(std::convert::AsRef::as_ref).filter(kept);
    objects.map(|object| json!({ "object": object.name })).collect()
}

fn is_comparable(object: &model::Object) -> bool {
    object.find_field(&object.title).is_some_and(|field| matches!(field.value_kind(), Kind::Text))
}

/// Where a search is, kept with its job.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// When it began, in microseconds: what was found before and not again is forgotten at the end.
    started: i64,
    /// The round of keys that comes next.
    round: usize,
}

impl Place {
    fn read(payload: &Json, now: i64) -> Self {
        let number = |name: &str| payload.get(name).and_then(Json::as_i64);
        let round = number("round").and_then(|round| usize::try_from(round).ok()).unwrap_or_default();
        Self { started: number("started").unwrap_or(now), round }
    }

    /// The payload of the job with this place in it.
    fn payload(self, job: &Json) -> Json {
        let mut payload = job.clone();
        if let Json::Object(map) = &mut payload {
            map.insert("started".to_owned(), json!(self.started));
            map.insert("round".to_owned(), json!(self.round));
        }
        payload
    }
}

/// Runs the search. What it finds is kept as it is found; running it again changes nothing that people decided.
pub fn run_scan(ws: &Workspace, run: &JobRun) -> anyhow::Result<()> {
    let name = run.payload.get("object").and_then(Json::as_str).context("the job names no object")?.to_owned();
    let schema = ws.schema();
    let object = schema.find_object(&name).context("the object is gone")?;
    let mut place = Place::read(&run.payload, ws.now());
    run.keep(&place.payload(&run.payload))?;
    let mut beat = Beat { run, last: Instant::now() };
    let (ids, traits) = load(ws, object, &mut beat)?;
    let (started, from) = (place.started, place.round);
    let found = std::cell::RefCell::new(Findings { ws, object: &name, ids: &ids, pairs: Vec::new(), started });
    let mut advance = |round: usize, share: f64| -> Result<(), Error> {
        if round != place.round {
            place.round = round;
            found.borrow_mut().flush()?;
            run.keep(&place.payload(&run.payload))?;
        }
        beat.tell(READING + (0.99 - READING) * share)
    };
    find_pairs(&traits, &object.duplicates, from, &mut advance, &mut |pair| found.borrow_mut().add(&pair))?;
    found.into_inner().flush()?;
    finish(ws, name, started, ids.len())
}

/// Forgets what was not found again, and notes how the search went.
fn finish(ws: &Workspace, object: String, started: i64, records: usize) -> anyhow::Result<()> {
    let (workspace, seconds) = (ws.clone(), (ws.now() - started) / 1_000_000);
    let write = ws.store().write(Priority::Background, move |tx| {
        duplicates::forget_older(tx, &object, started)?;
        let pairs = duplicates::count(tx, &object, "open")?;
        tracing::info!(object, records, pairs, seconds, "searched for duplicates");
        let at = jiff::Timestamp::from_microsecond(workspace.now()).map(|at| at.to_string()).unwrap_or_default();
        let last = json!({ "at": at, "records": records, "pairs": pairs, "seconds": seconds });
        settings::set(tx, &setting(&object), &last)
    });
    Ok(write.wait()?)
}

/// The sign of life of a search.
struct Beat<'a> {
    run: &'a JobRun,
    last: Instant,
}

impl Beat<'_> {
    /// Says how far it is, not too often; fails when it is to stop.
    fn tell(&mut self, progress: f64) -> Result<(), Error> {
        if self.run.is_stopping() {
            return Err(anyhow::anyhow!("the program is stopping").into());
        }
        if self.last.elapsed() < BEAT {
            return Ok(());
        }
        self.last = Instant::now();
        self.run.progress(progress)
    }
}

type Loaded = (Vec<Uuid>, Vec<Traits>);
type Parcel = Vec<(Uuid, Traits)>;

/// Reads every record on a reader's thread and packs it; this thread says meanwhile that the search lives.
fn load(ws: &Workspace, object: &Object, beat: &mut Beat<'_>) -> anyhow::Result<Loaded> {
    let reader = Reader::new(object);
    let (name, filter) = (object.name.clone(), object.duplicates.among.clone());
    let query = Query { object: name, fields: reader.fields(), filter, ..Query::default() };
    let (sender, receiver) = sync_channel::<Parcel>(4);
    let mut wagon = Wagon { parcel: Parcel::with_capacity(PARCEL), sender };
    let reading = ws.each(&Actor::system("search for duplicates"), query, move |record| {
        wagon.parcel.push((record.id, reader.read(&record.values)));
        if wagon.parcel.len() < PARCEL { Ok(()) } else { wagon.send() }
    });
    let (mut ids, mut traits): Loaded = Default::default();
    loop {
        match receiver.recv_timeout(BEAT) {
            Ok(parcel) => parcel.into_iter().for_each(|(id, of_one)| {
                ids.push(id);
                traits.push(of_one);
            }),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        // How many are still to come is not known; the first hundred thousand are half of the way.
        let read = ids.len() as f64;
        beat.tell(READING * read / (read + 100_000.0))?;
    }
    reading.wait()?;
    Ok((ids, traits))
}

/// Brings records from the reader's thread; what is left is sent when the reading ends.
struct Wagon {
    parcel: Parcel,
    sender: SyncSender<Parcel>,
}

impl Wagon {
    fn send(&mut self) -> Result<(), Error> {
        let parcel = std::mem::replace(&mut self.parcel, Parcel::with_capacity(PARCEL));
        self.sender.send(parcel).map_err(|_| anyhow::anyhow!("the search has ended").into())
    }
}

impl Drop for Wagon {
    fn drop(&mut self) {
        // Nobody listens any more when the search was ended: then there is nothing to bring.
        self.send().ok();
    }
}

struct Findings<'a> {
    ws: &'a Workspace,
    object: &'a str,
    ids: &'a [Uuid],
    pairs: Vec<duplicates::Pair>,
    started: i64,
}

impl Findings<'_> {
    fn add(&mut self, pair: &Pair) -> Result<(), Error> {
        let (Some(a), Some(b)) = (self.ids.get(pair.a), self.ids.get(pair.b)) else { return Ok(()) };
        self.pairs.push(duplicates::Pair {
            id: Uuid::now_v7(),
            object: self.object.to_owned(),
            a: *a,
            b: *b,
            confidence: (pair.likeness.confidence * 1_000_000.0) as i64,
            reasons: pair.likeness.reasons.iter().map(|reason| (*reason).to_owned()).collect(),
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
