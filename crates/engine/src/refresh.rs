//! Formulas and roll-ups that are new or were changed, and amounts that other rates or another base currency count
//! differently: records that were there before get their values in a job.

use model::{Actor, Kind, Object, Problem, Schema};
use serde_json::{Value as Json, json};
use store::tables::{jobs, settings};
use store::{Deleted, Error, Select, Tx};

use crate::batch::{Batch, Plan};
use crate::derive::as_kind;
use crate::jobs::JobRun;
use crate::module::JobEntry;
use crate::rates::amounts_of;
use crate::workspace::Workspace;

/// Fills in what a changed definition computes, for one object.
pub(crate) const JOB: JobEntry = JobEntry { kind: "engine.refresh", run, nightly: None, upkeep: true };

/// Records dealt with in one transaction.
const SLICE: usize = 500;

/// The name under which it is kept what the figures of an object were made by.
fn setting(object: &Object) -> String {
    format!("derived.{}", object.name)
}

/// All that the figures and keys of an object are made by.
fn definition(object: &Object) -> Json {
    let derived = object.fields.iter().filter(|field| field.is_derived() && !field.kept && !field.hidden);
    let derived = derived.map(|field| json!([field.name, field.result, field.formula, field.rollup]));
    // The keys that duplicates are found by are made of these.
    let identifying = object.duplicates.identifying.iter().map(|name| json!(name));
    derived.chain(identifying).collect()
}

/// The objects whose records were computed by other definitions.
fn stale<'a>(tx: &mut Tx, schema: &'a Schema) -> Result<Vec<&'a Object>, Error> {
    let mut found = Vec::new();
    for object in schema.objects() {
        let known = settings::find(tx, &setting(object))?.unwrap_or_else(|| json!([]));
        if known != definition(object) {
            found.push(object.as_ref());
        }
    }
    Ok(found)
}

/// Queues a job for every object whose records are behind its definitions; those without records are not.
pub(crate) fn queue(tx: &mut Tx, schema: &std::sync::Arc<Schema>, now: i64) -> Result<(), Error> {
    for object in stale(tx, schema)? {
        settings::set(tx, &setting(object), &definition(object))?;
        let Some(shared) = schema.find_object(&object.name) else { continue };
        let select = Select { limit: 1, deleted: Deleted::With, ..Select::all(schema, shared) };
        let mut is_empty = true;
        tx.select(&select, &mut |_| {
            is_empty = false;
            Ok(())
        })?;
        if !is_empty {
            let payload = json!({ "object": object.name });
            store::tables::jobs::insert(tx, uuid::Uuid::now_v7(), JOB.kind, &payload, now)?;
        }
    }
    Ok(())
}

/// Queues a job for every object with amounts: they count by other rates now, or in another currency.
pub(crate) fn queue_worth(tx: &mut Tx, schema: &Schema, now: i64) -> Result<(), Error> {
    // Figures that are amounts are in the base currency, too.
    let has_amounts = |object: &&std::sync::Arc<Object>| object.fields.iter().any(|f| f.value_kind() == Kind::Money);
    for object in schema.objects().iter().filter(has_amounts) {
        let payload = json!({ "object": object.name });
        if !jobs::unfinished(tx, JOB.kind, Some(&payload))?.iter().any(|status| status == "queued") {
            jobs::insert(tx, uuid::Uuid::now_v7(), JOB.kind, &payload, now)?;
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
        self.store().write(store::Priority::Interactive, move |tx| queue(tx, &schema, now)).wait()
    }
}

fn run(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let Some(name) = job.payload.get("object").and_then(Json::as_str).map(str::to_owned) else { return Ok(()) };
    // The job may be quicker than the news of the definitions that it is about.
    if workspace.refresh_schema()?.find_object(&name).is_none() {
        return Ok(());
    }
    // So may the base currency of figures.
    workspace.learn_settings()?;
    let actor = Actor::system("refresh figures");
    let mut cursor: Option<String> = None;
    loop {
        let (object, from) = (name.clone(), cursor.take());
        let step = workspace.transact(&actor, Plan::new("refresh figures").in_background(), move |batch| {
            batch.refresh_slice(&object, from.clone())
        });
        cursor = step.wait()?.1;
        if cursor.is_none() {
            return Ok(());
        }
        if job.is_stopping() {
            return Err(anyhow::anyhow!("the program is stopping"));
        }
        job.progress(0.5)?;
    }
}

impl Batch<'_> {
    fn refresh_slice(&mut self, name: &str, cursor: Option<String>) -> Result<Option<String>, Error> {
        let compiled = self.compiled.clone();
        let rules = compiled.rules(name)?;
        let schema = self.schema();
        let select = Select {
            fields: vec!["version".to_owned()],
            cursor,
            limit: SLICE,
            deleted: Deleted::With,
            ..Select::all(&schema, &rules.object)
        };
        let mut ids = Vec::new();
        let next = self.tx.select(&select, &mut |record| {
            ids.push(record.id);
            Ok(())
        })?;
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
