//! Formulas and roll-ups that are new or were changed: records that were there before get their values in a job.

use model::{Actor, Object, Problem, Schema};
use serde_json::{Value as Json, json};
use store::tables::settings;
use store::{Deleted, Error, Select, Tx};

use crate::batch::{Batch, Plan};
use crate::derive::as_kind;
use crate::jobs::JobRun;
use crate::module::JobEntry;
use crate::workspace::Workspace;

/// Fills in what a changed definition computes, for one object.
pub(crate) const JOB: JobEntry = JobEntry { kind: "engine.refresh", run, nightly: None };

/// Records dealt with in one transaction.
const SLICE: usize = 500;

/// The name under which it is kept what the figures of an object were made by.
fn setting(object: &Object) -> String {
    format!("derived.{}", object.name)
}

/// All that the figures of an object are made by.
fn definition(object: &Object) -> Json {
    let derived = object.fields.iter().filter(|field| field.is_derived() && !field.hidden);
    derived.map(|field| json!([field.name, field.result, field.formula, field.rollup])).collect()
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
        for before in self.tx.lock_many(&rules.object, &ids)? {
            let mut after = before.clone();
            for field in rules.object.fields.iter().filter(|field| !field.hidden) {
                let Some(rollup) = &field.rollup else { continue };
                let child = schema.find_object(&rollup.object).ok_or_else(|| Problem::not_found("object"))?;
                let filter = match &rollup.filter {
                    Some(source) => {
                        let parsed = model::expr::parse_condition(&schema, child, source)?;
                        Some(model::expr::bind(&parsed, &self.bindings))
                    }
                    None => None,
                };
                let value = self.tx.rollup(&schema, child, rollup, filter.as_ref(), before.id)?;
                after.values.insert(field.name.clone(), as_kind(value, field.value_kind(), &base_currency));
            }
            drafts.push(self.derived(name, before, after));
        }
        self.store_derived(name, drafts, 0)?;
        Ok(next)
    }
}
