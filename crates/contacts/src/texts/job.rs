//! When files are read: soon after a record names one, and every night what is missing. One file after the other, by one
//! worker, so that the other work goes on.

use std::collections::{BTreeSet, HashMap, HashSet};

use engine::file_texts::{Files, newest_file, searched_files};
use engine::{Effect, JobRun, Workspace};
use model::{Change, Kind, Object, Op, Patch, Record, Value};
use serde_json::{Value as Json, json};
use store::tables::file_texts::{self, FileText};
use store::tables::settings;
use store::{Deleted, Error, LogEntry, Priority, Select, Tx};
use uuid::Uuid;

/// The job's name.
pub(super) const KIND: &str = "file.text";
/// Set when everything that was there before texts were read has been asked for.
const SETTING: &str = "file_texts";
/// Records looked at in one go.
const SLICE: usize = 200;
/// Where the documents' versions stand, and what is said of their text.
const DOCUMENT: (&str, &str, &str) = ("document", "files", "text_state");

/// The order to read whatever is missing.
pub(super) fn everything() -> Json {
    json!({})
}

/// Asks for the texts of files that changes name.
pub(super) fn follow(ws: &Workspace, tx: &mut Tx, entries: &[LogEntry]) -> Result<Option<Effect>, Error> {
    let schema = ws.schema();
    let objects: HashMap<&str, Vec<&str>> = schema
        .objects()
        .iter()
        .map(|object| (object.name.as_str(), searched_files(object).map(|field| field.name.as_str()).collect()))
        .filter(|(_, fields): &(&str, Vec<&str>)| !fields.is_empty())
        .collect();
    let is_worth = |entry: &&LogEntry| {
        objects.contains_key(entry.object.as_str()) && matches!(entry.op, Op::Create | Op::Update | Op::Restore)
    };
    let names_files = |change: &Change| {
        let fields = objects.get(change.object.as_str()).into_iter().flatten();
        change.op == Op::Restore || fields.into_iter().any(|field| change.fields.contains_key(*field))
    };
    let changes = tx.changes_of(entries.iter().filter(is_worth))?;
    let named = changes.iter().filter(|change| names_files(change));
    let records: BTreeSet<(&str, Uuid)> = named.map(|change| (change.object.as_str(), change.record)).collect();
    if records.is_empty() {
        return Ok(None);
    }
    let payload = json!({ "records": records });
    Ok(Some(Box::new(move |ws, tx| {
        ws.enqueue(tx, KIND, &payload, ws.now())?;
        Ok(())
    })))
}

/// Asks once for all that was there before texts were read.
///
/// # Errors
/// A database that fails.
pub fn catch_up(ws: &Workspace) -> Result<(), Error> {
    let inner = ws.clone();
    let write = ws.store().write(Priority::Background, move |tx| {
        if settings::find(tx, SETTING)?.is_none() {
            settings::set(tx, SETTING, &json!(1))?;
            inner.enqueue(tx, KIND, &everything(), inner.now())?;
        }
        Ok(())
    });
    write.wait()
}

/// Reads the files of the records named, or of all.
pub(super) fn run(ws: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let Some(files) = ws.files() else { return Ok(()) };
    let mut work = Work { ws, job, files, fault: None };
    match job.payload.get("records").and_then(Json::as_array) {
        Some(records) => {
            for named in records {
                let object = named.get(0).and_then(Json::as_str);
                let id = named.get(1).and_then(Json::as_str).and_then(|id| Uuid::try_parse(id).ok());
                if let (Some(object), Some(id)) = (object, id) {
                    work.record(object, id)?;
                }
            }
        }
        None => work.everything()?,
    }
    match work.fault {
        Some(fault) => Err(fault),
        None => Ok(()),
    }
}

struct Work<'a> {
    ws: &'a Workspace,
    job: &'a JobRun,
    files: &'a Files,
    /// What went wrong first; the others are read all the same.
    fault: Option<anyhow::Error>,
}

impl Work<'_> {
    /// Reads the newest files of one record where that was not done yet, and lets search know.
    fn record(&mut self, object: &str, id: Uuid) -> anyhow::Result<()> {
        if self.job.is_stopping() {
            return Err(anyhow::anyhow!("the program is stopping"));
        }
        self.job.progress(0.5)?;
        let (schema, name) = (self.ws.schema(), object.to_owned());
        let look = self.ws.store().read(move |tx| {
            let Some(object) = schema.find_object(&name) else { return Ok(Vec::new()) };
            let Some(record) = tx.find(object, id)? else { return Ok(Vec::new()) };
            let named = newest_of(object, &record);
            let known = file_texts::states(tx, &named)?;
            Ok(named.into_iter().filter(|file| !known.contains_key(file)).collect())
        });
        let mut read: Vec<(String, FileText)> = Vec::new();
        for file in look.wait()? {
            // A file that is not there yet, or no longer, is looked for again in the night.
            let Some(path) = self.files.blobs.local_path(&file) else { continue };
            let found = std::fs::File::open(path).map_err(anyhow::Error::from);
            match found.and_then(|open| (self.files.reader)(open)) {
                Ok(text) => read.push((file, text)),
                Err(error) => {
                    self.fault.get_or_insert(error);
                }
            }
        }
        let (ws, object) = (self.ws.clone(), object.to_owned());
        let keep = self.ws.store().write(Priority::Background, move |tx| {
            for (file, text) in &read {
                file_texts::set(tx, file, text)?;
            }
            ws.reindex(tx, &object, &[id])?;
            say(&ws, tx, &object, id)
        });
        Ok(keep.wait()?)
    }

    /// Goes through all records, then forgets the texts of files that nothing names any more.
    fn everything(&mut self) -> anyhow::Result<()> {
        let (schema, known) = (self.ws.schema(), self.known()?);
        let mut named: HashSet<String> = HashSet::new();
        for object in schema.objects() {
            if !object.fields.iter().any(|field| field.kind == Kind::Files) {
                continue;
            }
            let mut cursor = None;
            loop {
                let (from, object_then) = (cursor.take(), object.clone());
                let schema = schema.clone();
                let step = self.ws.store().read(move |tx| look(tx, &schema, &object_then, from.clone()));
                let (next, seen, missing) = step.wait()?;
                named.extend(seen);
                for id in missing {
                    self.record(&object.name, id)?;
                }
                cursor = next;
                if cursor.is_none() {
                    break;
                }
                self.job.progress(0.5)?;
            }
        }
        let gone: Vec<String> = known.into_iter().filter(|file| !named.contains(file)).collect();
        for slice in gone.chunks(SLICE) {
            let slice = slice.to_vec();
            self.ws.store().write(Priority::Background, move |tx| file_texts::delete(tx, &slice)).wait()?;
        }
        Ok(())
    }

    /// The files that were read by now: what is read while this job runs is not for it to forget.
    fn known(&self) -> Result<Vec<String>, Error> {
        let mut known: Vec<String> = Vec::new();
        loop {
            let after = known.last().cloned().unwrap_or_default();
            let more = self.ws.store().read(move |tx| file_texts::list(tx, &after, SLICE)).wait()?;
            let is_last = more.len() < SLICE;
            known.extend(more);
            if is_last {
                return Ok(known);
            }
        }
    }
}

fn newest_of(object: &Object, record: &Record) -> Vec<String> {
    searched_files(object).filter_map(|field| newest_file(record, &field.name)).map(str::to_owned).collect()
}

/// Says with a document whether its text is found.
fn say(ws: &Workspace, tx: &mut Tx, object: &str, id: Uuid) -> Result<(), Error> {
    let (document, versions, field) = DOCUMENT;
    let schema = ws.schema();
    let Some(known) = schema.find_object(document).filter(|known| known.name == object) else { return Ok(()) };
    let Some(record) = tx.find(known, id)? else { return Ok(()) };
    let file: Vec<String> = newest_file(&record, versions).map(str::to_owned).into_iter().collect();
    let state = file_texts::states(tx, &file)?.into_values().next();
    let is_told = |state: &&str| {
        let options = known.find_field(field).map(|field| field.options.as_slice()).unwrap_or_default();
        options.iter().any(|option| option.value == **state)
    };
    let value = state.as_deref().filter(is_told).map_or(Value::Missing, Value::text);
    if record.get(field) == &value {
        return Ok(());
    }
    ws.keep(tx, "file texts", document, vec![(id, Patch::from([(field.to_owned(), value)]))])
}

/// A slice of records: where it ends, every file it names, and the records whose newest file was not read.
type Slice = (Option<String>, Vec<String>, Vec<Uuid>);

fn look(
    tx: &mut Tx,
    schema: &std::sync::Arc<model::Schema>,
    object: &std::sync::Arc<Object>,
    cursor: Option<String>,
) -> Result<Slice, Error> {
    let fields: Vec<String> =
        object.fields.iter().filter(|field| field.kind == Kind::Files).map(|field| field.name.clone()).collect();
    let select =
        Select { fields: fields.clone(), cursor, limit: SLICE, deleted: Deleted::With, ..Select::all(schema, object) };
    let mut records = Vec::new();
    let next = tx.select(&select, &mut |record| {
        records.push(record);
        Ok(())
    })?;
    let mut seen = Vec::new();
    for record in &records {
        let files = fields.iter().filter_map(|field| record.get(field).as_json()?.as_array()).flatten();
        seen.extend(files.filter_map(|file| file.get("id")?.as_str()).map(str::to_owned));
    }
    let newest: Vec<String> = records.iter().flat_map(|record| newest_of(object, record)).collect();
    let known = file_texts::states(tx, &newest)?;
    let is_missing = |record: &&Record| newest_of(object, record).iter().any(|file| !known.contains_key(file));
    let missing = records.iter().filter(is_missing).map(|record| record.id).collect();
    Ok((next, seen, missing))
}
