//! The nightly look through all people and companies: dead addresses, records from before the program looked, and how
//! many of each there are today.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{Edit, JobRun, Plan, Query, Workspace};
use model::{Actor, Patch, Record};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use store::{Error, Priority, tables::settings};
use uuid::Uuid;

use super::{FLAWS, HISTORY, OBJECTS, flaws};
use crate::consent;

/// Records dealt with in one transaction.
const SLICE: usize = 500;
/// Days whose counts are kept.
const DAYS_MAX: usize = 60;

/// How many records have a flaw.
type Counts = BTreeMap<String, u64>;

/// Notes what is wrong today.
pub(super) fn run(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let actor = Actor::system("quality scan");
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for object in OBJECTS {
        let counted = counts.entry(object).or_default();
        for ids in ids_of(workspace, &actor, object)?.chunks(SLICE) {
            if job.is_stopping() {
                return Err(anyhow::anyhow!("the program is stopping"));
            }
            for (flaw, count) in look(workspace, &actor, object, ids)? {
                *counted.entry(flaw).or_default() += count;
            }
            job.progress(0.5)?;
        }
    }
    remember(workspace, json!(counts))
}

/// The records are read again when it is their turn.
fn ids_of(workspace: &Workspace, actor: &Actor, object: &str) -> anyhow::Result<Vec<Uuid>> {
    let found: Arc<Mutex<Vec<Uuid>>> = Arc::default();
    let into = found.clone();
    let query = Query { object: object.to_owned(), fields: vec!["version".to_owned()], ..Query::default() };
    let walk = workspace.each(actor, query, move |record| {
        into.lock().push(record.id);
        Ok(())
    });
    walk.wait()?;
    Ok(std::mem::take(&mut *found.lock()))
}

fn look(workspace: &Workspace, actor: &Actor, object: &str, ids: &[Uuid]) -> anyhow::Result<Counts> {
    let (inner, by, name, ids) = (workspace.clone(), actor.clone(), object.to_owned(), ids.to_vec());
    let step = workspace.transact(actor, Plan::new("quality scan").in_background(), move |batch| {
        let records = inner.visible_many(batch.tx(), &by, &name, &ids)?;
        let rows: Vec<Patch> = records.iter().map(emails_of).collect();
        let dead = consent::undeliverable(&inner, batch.tx(), &rows)?;
        let mut counts = Counts::new();
        let mut edits = Vec::new();
        for (record, dead) in records.iter().zip(dead) {
            let mut found = flaws::of(record);
            if dead {
                found.insert(flaws::UNDELIVERABLE);
            }
            found.iter().for_each(|flaw| *counts.entry((*flaw).to_owned()).or_default() += 1);
            let now = flaws::value_of(&found);
            if record.get(FLAWS) != &now {
                edits.push(Edit { id: record.id, patch: Patch::from([(FLAWS.to_owned(), now)]), if_version: None });
            }
        }
        batch.update_many(&name, edits)?;
        Ok(counts)
    });
    Ok(step.wait()?.1)
}

fn emails_of(record: &Record) -> Patch {
    Patch::from([("emails".to_owned(), record.get("emails").clone())])
}

/// Keeps the counts of the day beside those of the days before.
fn remember(workspace: &Workspace, counts: Json) -> anyhow::Result<()> {
    let now = workspace.now();
    let kept = workspace.store().write(Priority::Background, move |tx| -> Result<(), Error> {
        let day: String = model::value::instant_to_text(now).chars().take(10).collect();
        let known = settings::find(tx, HISTORY)?.unwrap_or_else(|| json!({}));
        let mut days: BTreeMap<String, Json> = serde_json::from_value(known).unwrap_or_default();
        days.insert(day, counts.clone());
        while days.len() > DAYS_MAX {
            days.pop_first();
        }
        settings::set(tx, HISTORY, &json!(days))
    });
    Ok(kept.wait()?)
}
