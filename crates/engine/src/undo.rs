//! Undo: the inverse of any batch, as a batch of its own, which can be undone in turn.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::{Actor, Change, Code, Object, Op, Patch, Problem, Value, kinds};
use serde::{Deserialize, Serialize};
use store::{Error, Priority};
use uuid::Uuid;

use crate::batch::{Batch, Edit, Plan};
use crate::policy::Right;
use crate::workspace::Workspace;

/// Changes undone in one transaction; larger batches take several, each complete in itself.
pub(crate) const SLICE: usize = 2_000;
/// Kept values that are named one by one.
const KEPT_MAX: usize = 1_000;

/// Something that undo left as it is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Object name.
    pub object: String,
    /// Record.
    pub id: Uuid,
    /// Field; none when the whole record stays.
    pub field: Option<String>,
    /// In words.
    pub reason: String,
}

/// What an undo did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// The batch of the undo; undoing it redoes.
    pub batch: Uuid,
    /// Records brought back to what they were.
    pub undone: u64,
    /// What stayed because somebody changed it since, the first thousand.
    pub kept: Vec<Kept>,
    /// How much stayed in all.
    pub kept_count: u64,
    /// The job that does it, when there is much to be undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<Uuid>,
}

impl Workspace {
    /// Undoes a batch of any size. Edits made since by others are kept and named. Blocks until it is done.
    ///
    /// A batch of up to 2,000 changes is undone in one transaction; a larger one in several, newest changes first, so
    /// that what is interrupted can be called again and goes on where it stopped.
    ///
    /// # Errors
    /// Not found; already undone; forbidden; a database that fails.
    pub fn undo(&self, actor: &Actor, batch: Uuid) -> Result<Undone, Error> {
        let row = self.store().read(move |tx| tx.find_batch(batch)).wait()?;
        if row.is_none() {
            return Err(Problem::not_found("batch").into());
        }
        let mut undone = Undone { batch: Uuid::now_v7(), ..Undone::default() };
        let mut before = i64::MAX;
        loop {
            let mut plan = Plan { undoes: Some(batch), ..Plan::new("undo") }.continuing(undone.batch);
            let small = before == i64::MAX;
            plan.priority = if small { Priority::Interactive } else { Priority::Background };
            let step = self.transact(actor, plan, move |tx| {
                if small {
                    let own = tx.id();
                    tx.audit("undo", Some(format!("batch:{batch}")), serde_json::json!({ "batch": own }));
                }
                tx.undo_slice(batch, before, SLICE)
            });
            let (_, step) = step.wait()?;
            undone.undone += step.undone;
            undone.kept_count += step.kept.len() as u64 + step.out_of_sight;
            let room = KEPT_MAX.saturating_sub(undone.kept.len());
            undone.kept.extend(step.kept.into_iter().take(room));
            match step.next {
                Some(next) => before = next,
                None => break,
            }
        }
        // What was undone may be a change of the schema.
        self.refresh_schema()?;
        Ok(undone)
    }
}

pub(crate) struct Step {
    pub(crate) undone: u64,
    pub(crate) kept: Vec<Kept>,
    /// What stays because the actor does not even see it: it is counted, not named.
    pub(crate) out_of_sight: u64,
    pub(crate) next: Option<i64>,
}

/// What undo has to do with the records of one object.
#[derive(Default)]
struct Work {
    delete: Vec<Uuid>,
    restore: Vec<Uuid>,
    edits: Vec<Edit>,
}

impl Batch<'_> {
    pub(crate) fn undo_slice(&mut self, batch: Uuid, before: i64, limit: usize) -> Result<Step, Error> {
        let changes = self.tx.changes_of_batch_before(batch, before, limit)?;
        let next = (changes.len() == limit).then(|| changes.last().map_or(0, |change| change.seq));
        let mut step = Step { undone: 0, kept: Vec::new(), out_of_sight: 0, next };
        let mut order: Vec<String> = Vec::new();
        let mut by_object: HashMap<String, Vec<Change>> = HashMap::new();
        for change in changes {
            if !order.contains(&change.object) {
                order.push(change.object.clone());
            }
            by_object.entry(change.object.clone()).or_default().push(change);
        }
        // Records come back before those that point to them go back to pointing to them, and before it is asked which of
        // those are in sight: a reaction is seen with its record, a part with its whole.
        order.sort_by_key(|object| self.load_object(object).is_ok_and(|object| object.part_of.is_some()));
        let mut works: Vec<(String, Work)> = Vec::new();
        for object in order {
            let changes = by_object.remove(&object).unwrap_or_default();
            let work = self.plan_object(&object, changes, batch, &mut step)?;
            self.undo_each(&object, work.restore.clone(), &mut step, Op::Restore)?;
            works.push((object, work));
        }
        for (object, work) in &works {
            // Without any there is nothing to have a right to.
            if !work.edits.is_empty() {
                let ids: Vec<Uuid> = work.edits.iter().map(|edit| edit.id).collect();
                let answers = self.update_many(object, work.edits.clone())?;
                step.undone += tally(object, &ids, &answers, &mut step.kept);
            }
        }
        for (object, work) in works {
            self.undo_each(&object, work.delete, &mut step, Op::Delete)?;
        }
        Ok(step)
    }

    /// Takes records away or brings them back. Proof that the program wrote about a record, like a deal's way through
    /// its stages, goes with it: nobody has a right to that, and whoever may change the record needs none.
    fn undo_each(&mut self, name: &str, ids: Vec<Uuid>, step: &mut Step, op: Op) -> Result<(), Error> {
        let object = self.load_object(name)?;
        let proof =
            if object.append_only && !ids.is_empty() { self.of_changeable(&object, &ids)? } else { HashSet::new() };
        let (proof, own): (Vec<Uuid>, Vec<Uuid>) = ids.into_iter().partition(|id| proof.contains(id));
        if !proof.is_empty() {
            let answers = self.as_program("undo", |batch| batch.mark(name, &proof, op))?;
            step.undone += tally(name, &proof, &answers, &mut step.kept);
        }
        if !own.is_empty() {
            let answers = self.mark(name, &own, op)?;
            step.undone += tally(name, &own, &answers, &mut step.kept);
        }
        Ok(())
    }

    /// Those of the parts whose whole the actor may change.
    fn of_changeable(&mut self, object: &Object, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
        let field = object.part_of.as_deref().and_then(|name| object.find_field(name));
        let Some((field, target)) = field.and_then(|field| Some((field, field.target_object()?))) else {
            return Ok(HashSet::new());
        };
        let whole = self.load_object(target)?;
        let parts = self.tx.find_many(object, ids)?;
        let wholes: HashMap<Uuid, Uuid> =
            parts.iter().filter_map(|part| Some((part.id, part.get(&field.name).as_id()?))).collect();
        let asked: Vec<Uuid> = wholes.values().copied().collect::<HashSet<_>>().into_iter().collect();
        let scope = self.policy().scope(&whole, Right::Update).ok();
        let changeable = self.reached(&whole, &asked, scope)?;
        Ok(wholes.into_iter().filter(|(_, whole)| changeable.contains(whole)).map(|(part, _)| part).collect())
    }

    /// Decides per record what brings it back to what it was before the batch.
    fn plan_object(&mut self, name: &str, changes: Vec<Change>, batch: Uuid, step: &mut Step) -> Result<Work, Error> {
        let object = self.load_object(name).map_err(|_| {
            Problem::new(Code::Conflict, format!("The object `{name}` is gone; its records cannot be undone."))
        })?;
        let mut ids: Vec<Uuid> = changes.iter().map(|change| change.record).collect();
        ids.sort_unstable();
        ids.dedup();
        let current: HashMap<Uuid, model::Record> =
            self.tx.find_many(&object, &ids)?.into_iter().map(|record| (record.id, record)).collect();
        let changed_since = self.tx.changed_after_batch(batch, &ids)?;
        let seen = self.seen(&object, &ids)?;
        let kept = &mut step.kept;
        let mut work = Work::default();
        let mut patches: BTreeMap<Uuid, Patch> = BTreeMap::new();
        let mut deleted: HashMap<Uuid, bool> = HashMap::new();
        for change in &changes {
            if current.contains_key(&change.record) && !seen.contains(&change.record) {
                step.out_of_sight += 1;
                continue;
            }
            let Some(record) = current.get(&change.record) else {
                kept.push(keep(name, change.record, None, "it was erased for good"));
                continue;
            };
            let is_deleted = *deleted.entry(record.id).or_insert_with(|| !record.get("deleted_at").is_missing());
            match change.op {
                Op::Create if is_deleted => {}
                Op::Create if changed_since.contains(&record.id) => {
                    kept.push(keep(name, record.id, None, "it was changed since"));
                }
                Op::Create => {
                    patches.remove(&record.id);
                    work.delete.push(record.id);
                }
                Op::Delete if is_deleted => {
                    deleted.insert(record.id, false);
                    work.restore.push(record.id);
                }
                Op::Restore if !is_deleted => {
                    deleted.insert(record.id, true);
                    work.delete.push(record.id);
                }
                Op::Update => {
                    let patch = patches.entry(record.id).or_default();
                    self.take_back(&object, record, change, patch, kept);
                }
                Op::Delete | Op::Restore | Op::Erase => {}
            }
        }
        work.edits = patches
            .into_iter()
            .filter(|(_, patch)| !patch.is_empty())
            .map(|(id, patch)| Edit { id, patch, if_version: None })
            .collect();
        Ok(work)
    }

    /// Adds to `patch` the values from before one change. Changes come newest first, so a value that an earlier change
    /// of the same batch set is compared with what the later one would leave.
    fn take_back(
        &self,
        object: &Object,
        record: &model::Record,
        change: &Change,
        patch: &mut Patch,
        kept: &mut Vec<Kept>,
    ) {
        let context = self.workspace.context();
        for (name, pair) in &change.fields {
            let (before, after) = (pair.get(0).unwrap_or(&serde_json::Value::Null), pair.get(1));
            let Some(field) = object.find_field(name) else {
                kept.push(keep(&object.name, record.id, Some(name), "the field is gone"));
                continue;
            };
            let now = patch.get(name).unwrap_or_else(|| record.get(name)).to_json();
            if Some(&now) != after {
                kept.push(keep(&object.name, record.id, Some(name), "it was changed since"));
                continue;
            }
            match kinds::from_json(field, before, &context) {
                Ok(value) => {
                    patch.insert(name.clone(), value);
                }
                Err(fault) => kept.push(keep(&object.name, record.id, Some(name), &fault.message)),
            }
        }
    }

    /// A record as it was at a moment: the row with every later change taken back.
    ///
    /// # Errors
    /// Not found when it did not exist then; a database that fails.
    pub(crate) fn rewind(
        tx: &mut store::Tx,
        object: &Object,
        mut record: model::Record,
        at: i64,
        context: &kinds::Context,
    ) -> Result<model::Record, Error> {
        let mut before = i64::MAX;
        loop {
            let changes = tx.changes_of_record(record.id, before, 500)?;
            for change in &changes {
                if change.at <= at {
                    return Ok(record);
                }
                before = change.seq;
                match change.op {
                    Op::Create => return Err(Problem::not_found("record at that time").into()),
                    Op::Delete => {
                        record.values.insert("deleted_at".to_owned(), Value::Missing);
                    }
                    Op::Restore => {
                        record.values.insert("deleted_at".to_owned(), Value::Instant(change.at));
                    }
                    Op::Update | Op::Erase => {
                        for (name, pair) in &change.fields {
                            let Some(field) = object.find_field(name) else { continue };
                            let before = pair.get(0).unwrap_or(&serde_json::Value::Null);
                            let value = kinds::from_json(field, before, context).unwrap_or_default();
                            record.values.insert(name.clone(), value);
                        }
                    }
                }
            }
            if changes.len() < 500 {
                return Ok(record);
            }
        }
    }
}

fn keep(object: &str, id: Uuid, field: Option<&str>, reason: &str) -> Kept {
    Kept { object: object.to_owned(), id, field: field.map(str::to_owned), reason: reason.to_owned() }
}

/// Counts what was brought back and names what was refused.
fn tally(object: &str, ids: &[Uuid], answers: &[Result<model::Record, Problem>], kept: &mut Vec<Kept>) -> u64 {
    let mut done = 0;
    for (id, answer) in ids.iter().zip(answers) {
        match answer {
            Ok(_) => done += 1,
            Err(problem) => kept.push(keep(object, *id, None, &problem.detail)),
        }
    }
    done
}
