//! Formulas and roll-ups that are new or were changed, and amounts that other rates or another base currency count
//! differently: records that were there before get their values in a job. So they do in search, when it looks into
//! other fields.

use std::sync::Arc;

use model::{Actor, Kind, Object, Problem, Schema};
use serde_json::{Value as Json, json};
use store::tables::{jobs, settings};
use store::{Deleted, Error, Priority, Select, Tx};
use uuid::Uuid;

use crate::batch::{Batch, Plan};
use crate::derive::as_kind;
use crate::jobs::JobRun;
use crate::module::JobEntry;
use crate::rates::amounts_of;
use crate::workspace::Workspace;

/// Fills in what a changed definition computes, for one object.
pub(crate) const JOB: JobEntry = JobEntry { kind: "engine.refresh", run, nightly: None, upkeep: true };

/// Has search look anew into the records of one object.
pub(crate) const SEARCH: JobEntry = JobEntry { kind: "engine.search", run: run_search, nightly: None, upkeep: true };

/// Records dealt with in one transaction.
const SLICE: usize = 500;

/// What records have made of them, by what, and the job that makes it anew.
struct Making {
    job: JobEntry,
    /// With the object's name, under which it is kept what it was made by.
    setting: &'static str,
    by: fn(&Object) -> Json,
}

const MAKINGS: [Making; 2] = [
    Making { job: JOB, setting: "derived", by: definition },
    Making { job: SEARCH, setting: "searched", by: searched },
];

impl Making {
    fn setting(&self, object: &Object) -> String {
        format!("{}.{}", self.setting, object.name)
    }
}

/// All that the figures and keys of an object are made by.
fn definition(object: &Object) -> Json {
    let derived = object.fields.iter().filter(|field| field.is_derived() && !field.kept && !field.hidden);
    let derived = derived.map(|field| json!([field.name, field.result, field.formula, field.rollup]));
    // The keys that duplicates are found by are made of these.
    let identifying = object.duplicates.identifying.iter().map(|name| json!(name));
    derived.chain(identifying).collect()
}

/// How search keeps words; with another number all records are looked at once more.
const WORDS: &str = "words 2";

/// All that search knows the records of an object by.
fn searched(object: &Object) -> Json {
    match object.search.is_empty() {
        true => json!([]),
        false => [WORDS, &object.title].into_iter().chain(object.search.iter().map(String::as_str)).collect(),
    }
}

/// The objects whose records were dealt with by other definitions.
fn stale<'a>(tx: &mut Tx, schema: &'a Schema) -> Result<Vec<(&'a Object, &'static Making)>, Error> {
    let mut found = Vec::new();
    for object in schema.objects() {
        for making in &MAKINGS {
            let known = settings::find(tx, &making.setting(object))?.unwrap_or_else(|| json!([]));
            if known != (making.by)(object) {
                found.push((object.as_ref(), making));
            }
        }
    }
    Ok(found)
}

/// Queues a job for every object whose records are behind its definitions; those without records are not.
pub(crate) fn queue(tx: &mut Tx, schema: &Arc<Schema>, now: i64) -> Result<(), Error> {
    for (object, making) in stale(tx, schema)? {
        settings::set(tx, &making.setting(object), &(making.by)(object))?;
        let Some(shared) = schema.find_object(&object.name) else { continue };
        if !slice(tx, schema, shared, None, 1)?.0.is_empty() {
            let payload = json!({ "object": object.name });
            jobs::insert(tx, Uuid::now_v7(), making.job.kind, &payload, now)?;
        }
    }
    Ok(())
}

/// Some records of an object, those in the recycle bin among them, and where the next ones begin.
fn slice(
    tx: &mut Tx,
    schema: &Arc<Schema>,
    object: &Arc<Object>,
    cursor: Option<String>,
    limit: usize,
) -> Result<(Vec<Uuid>, Option<String>), Error> {
    let fields = vec!["version".to_owned()];
    let select = Select { fields, cursor, limit, deleted: Deleted::With, ..Select::all(schema, object) };
    let mut ids = Vec::new();
    let next = tx.select(&select, &mut |record| {
        ids.push(record.id);
        Ok(())
    })?;
    Ok((ids, next))
}

/// Queues a job for every object with amounts: they count by other rates now, or in another currency.
pub(crate) fn queue_worth(tx: &mut Tx, schema: &Schema, now: i64) -> Result<(), Error> {
    // Figures that are amounts are in the base currency, too.
    let has_amounts = |object: &&Arc<Object>| object.fields.iter().any(|f| f.value_kind() == Kind::Money);
    for object in schema.objects().iter().filter(has_amounts) {
        let payload = json!({ "object": object.name });
        if !jobs::unfinished(tx, JOB.kind, Some(&payload))?.iter().any(|status| status == "queued") {
            jobs::insert(tx, Uuid::now_v7(), JOB.kind, &payload, now)?;
        }
    }
    Ok(())
}

/// Whether records of an object, or of any, have not got their figures yet.
pub(crate) fn is_behind(tx: &mut Tx, object: Option<&str>) -> Result<bool, Error> {
    let payload = object.map(|name| json!({ "object": name }));
    Ok(!jobs::unfinished(tx, JOB.kind, payload.as_ref())?.is_empty())
}

impl Workspace {
    /// Looks, when the program starts, whether it brings other definitions than the records were computed by.
    pub(crate) fn queue_refreshes(&self) -> Result<(), Error> {
        let schema = self.schema();
        if self.store().read(move |tx| Ok(stale(tx, &schema)?.is_empty())).wait()? {
            return Ok(());
        }
        let (schema, now) = (self.schema(), self.now());
        self.store().write(Priority::Interactive, move |tx| queue(tx, &schema, now)).wait()
    }
}

/// The object that a job is about; the job may be quicker than the news of its definition.
fn object_of(workspace: &Workspace, job: &JobRun) -> Result<Option<String>, Error> {
    let named = job.payload.get("object").and_then(Json::as_str);
    let schema = workspace.refresh_schema()?;
    Ok(named.filter(|name| schema.find_object(name).is_some()).map(str::to_owned))
}

/// Goes through records slice by slice; `step` takes a cursor and returns the next one.
fn each_slice(
    job: &JobRun,
    mut step: impl FnMut(Option<String>) -> Result<Option<String>, Error>,
) -> anyhow::Result<()> {
    let mut cursor = None;
    loop {
        cursor = step(cursor)?;
        if cursor.is_none() {
            return Ok(());
        }
        if job.is_stopping() {
            return Err(anyhow::anyhow!("the program is stopping"));
        }
        job.progress(0.5)?;
    }
}

fn run(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let Some(name) = object_of(workspace, job)? else { return Ok(()) };
    // The job may be quicker than the news of the base currency of figures, too.
    workspace.learn_settings()?;
    let actor = Actor::system("refresh figures");
    each_slice(job, |cursor| {
        let object = name.clone();
        let plan = Plan::new("refresh figures").in_background();
        let step = workspace.transact(&actor, plan, move |batch| batch.refresh_slice(&object, cursor.clone()));
        Ok(step.wait()?.1)
    })
}

fn run_search(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let Some(name) = object_of(workspace, job)? else { return Ok(()) };
    each_slice(job, |cursor| {
        let (inner, schema, name) = (workspace.clone(), workspace.schema(), name.clone());
        let step = workspace.store().write(Priority::Background, move |tx| {
            let Some(object) = schema.find_object(&name) else { return Ok(None) };
            let (ids, next) = slice(tx, &schema, object, cursor.clone(), SLICE)?;
            inner.reindex(tx, &name, &ids)?;
            Ok(next)
        });
        step.wait()
    })
}

impl Batch<'_> {
    fn refresh_slice(&mut self, name: &str, cursor: Option<String>) -> Result<Option<String>, Error> {
        let compiled = self.compiled.clone();
        let rules = compiled.rules(name)?;
        let schema = self.schema();
        let (ids, next) = slice(self.tx, &schema, &rules.object, cursor, SLICE)?;
        let base_currency = self.workspace.settings().base_currency.clone();
        let mut drafts = Vec::new();
        let records = self.tx.lock_many(&rules.object, &ids)?;
        self.index_keys(rules, &records)?;
        let amounts = amounts_of(&rules.object);
        let rates = if amounts.is_empty() { None } else { Some(self.workspace.rates_held(self.tx)?) };
        for before in records {
            let mut after = before.clone();
            if let Some(rates) = &rates {
                rates.count(&amounts, &mut after);
            }
            for field in rules.object.fields.iter().filter(|field| !field.hidden) {
                let Some(rollup) = &field.rollup else { continue };
                let child = compiled.rules(&rollup.object)?;
                let rule = child.rollups.iter().find(|rule| rule.parent.name == name && rule.field == field.name);
                let rule = rule.ok_or_else(|| Problem::not_found("field"))?;
                let value = self.ask_rollup(child, rule, before.id)?;
                after.values.insert(field.name.clone(), as_kind(value, field.value_kind(), &base_currency));
            }
            drafts.push(self.derived(name, before, after));
        }
        self.store_derived(name, drafts, 0)?;
        Ok(next)
    }
}
