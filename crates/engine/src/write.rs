//! The write path's door: commands in, outcome out, replayed by idempotency key.

use std::sync::Arc;

use model::{Actor, Code, Object, Patch, Problem, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{Error, Pending, Select};
use uuid::Uuid;

use crate::batch::{Batch, Edit, Plan};
use crate::policy::Right;
use crate::shown::Shown;
use crate::workspace::Workspace;

/// What a client wants done. Values are already in their fields' form (see `model::kinds::patch_from_json`).
#[derive(Debug, Clone)]
pub enum Command {
    /// Makes records; with `strict` one refusal refuses all.
    Create {
        /// Object name.
        object: String,
        /// Values of each.
        values: Vec<Patch>,
        /// All or nothing.
        strict: bool,
    },
    /// Changes records.
    Update {
        /// Object name.
        object: String,
        /// The edits.
        edits: Vec<Edit>,
        /// All or nothing.
        strict: bool,
    },
    /// Changes the record that has the same value in a field, else makes it.
    Upsert {
        /// Object name.
        object: String,
        /// A unique field, `id`, or `external_ids.<source>`.
        by: String,
        /// Values of each.
        values: Vec<Patch>,
    },
    /// Puts records into the recycle bin.
    Delete {
        /// Object name.
        object: String,
        /// Which.
        ids: Vec<Uuid>,
        /// All or nothing.
        strict: bool,
    },
    /// Takes records out of the recycle bin.
    Restore {
        /// Object name.
        object: String,
        /// Which.
        ids: Vec<Uuid>,
        /// All or nothing.
        strict: bool,
    },
    /// Changes every record that a condition holds for.
    UpdateWhere {
        /// Object name.
        object: String,
        /// CEL.
        filter: String,
        /// New values.
        patch: Patch,
    },
    /// Deletes every record that a condition holds for.
    DeleteWhere {
        /// Object name.
        object: String,
        /// CEL.
        filter: String,
    },
}

/// A client's promise that two requests with this key are the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose key: keys of different actors never meet.
    pub principal: String,
    /// The key.
    pub key: String,
    /// SHA-256 of method, path and body: another request under the same key is refused.
    pub request_hash: String,
}

/// What a command did.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// What undo takes.
    pub batch: Uuid,
    /// The records as they are now, as the actor may see them; only for commands that name them.
    pub records: Vec<Shown>,
    /// Ids of records touched, in the order of the command.
    pub ids: Vec<Uuid>,
    /// Records made.
    pub created: u64,
    /// Records changed.
    pub updated: u64,
    /// Records put into the recycle bin.
    pub deleted: u64,
    /// Records taken out of the recycle bin.
    pub restored: u64,
    /// Refusals, by position in the command.
    pub errors: Vec<RowError>,
    /// Answered from an earlier request with the same idempotency key.
    #[serde(skip)]
    pub replayed: bool,
}

/// One refused row of a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowError {
    /// Position in the command, from 0.
    pub index: usize,
    /// What is wrong.
    pub problem: Json,
}

/// Records handled between two looks at the filter in commands by filter.
const SLICE: usize = 1_000;

impl Workspace {
    /// Does what a command says, in one transaction.
    ///
    /// # Errors
    /// A [`Problem`] that says what to do; a database that fails.
    pub fn write(&self, actor: &Actor, command: Command, key: Option<IdempotencyKey>) -> Pending<(Uuid, Outcome)> {
        self.transact(actor, Plan::new(cause_of(&command)), move |batch| {
            if let Some(key) = &key
                && let Some(outcome) = replay(batch, key)?
            {
                return Ok(outcome);
            }
            let mut outcome = batch.run(&command)?;
            outcome.batch = batch.id();
            if let Some(key) = &key {
                let json = serde_json::to_string(&outcome).map_err(anyhow::Error::from)?;
                let now = batch.now();
                store::tables::idempotency::insert(
                    batch.tx(),
                    &key.principal,
                    &key.key,
                    &key.request_hash,
                    &json,
                    now,
                )?;
            }
            Ok(outcome)
        })
    }
}

fn cause_of(command: &Command) -> &'static str {
    match command {
        Command::Create { .. } => "create",
        Command::Update { .. } => "update",
        Command::Upsert { .. } => "upsert",
        Command::Delete { .. } => "delete",
        Command::Restore { .. } => "restore",
        Command::UpdateWhere { .. } => "bulk update",
        Command::DeleteWhere { .. } => "bulk delete",
    }
}

fn replay(batch: &mut Batch<'_>, key: &IdempotencyKey) -> Result<Option<Outcome>, Error> {
    let found = store::tables::idempotency::find(batch.tx(), &key.principal, &key.key)?;
    let Some((request_hash, json)) = found else { return Ok(None) };
    if request_hash != key.request_hash {
        return Err(Problem::new(
            Code::Invalid,
            "This Idempotency-Key was used for another request. Use a new key for a new request.",
        )
        .into());
    }
    let mut outcome: Outcome = serde_json::from_str(&json).map_err(anyhow::Error::from)?;
    outcome.replayed = true;
    Ok(Some(outcome))
}

impl Batch<'_> {
    fn run(&mut self, command: &Command) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        match command {
            Command::Create { object, values, strict } => {
                let answers = self.create_many(object, values.clone())?;
                outcome.created = self.collect(object, answers, *strict, &mut outcome)?;
            }
            Command::Update { object, edits, strict } => {
                let answers = self.update_many(object, edits.clone())?;
                outcome.updated = self.collect(object, answers, *strict, &mut outcome)?;
            }
            Command::Upsert { object, by, values } => self.upsert(object, by, values, &mut outcome)?,
            Command::Delete { object, ids, strict } => {
                let answers = self.delete_many(object, ids)?;
                outcome.deleted = self.collect(object, answers, *strict, &mut outcome)?;
            }
            Command::Restore { object, ids, strict } => {
                let answers = self.restore_many(object, ids)?;
                outcome.restored = self.collect(object, answers, *strict, &mut outcome)?;
            }
            Command::UpdateWhere { object, filter, patch } => {
                for ids in self.ids_where(object, filter, Right::Update)?.chunks(SLICE) {
                    let edits = ids.iter().map(|id| Edit { id: *id, patch: patch.clone(), if_version: None }).collect();
                    let answers = self.update_many(object, edits)?;
                    outcome.updated += self.collect(object, answers, false, &mut outcome)?;
                }
                outcome.records.clear();
            }
            Command::DeleteWhere { object, filter } => {
                for ids in self.ids_where(object, filter, Right::Delete)?.chunks(SLICE) {
                    let answers = self.delete_many(object, ids)?;
                    outcome.deleted += self.collect(object, answers, false, &mut outcome)?;
                }
                outcome.records.clear();
            }
        }
        Ok(outcome)
    }

    /// Sorts answers into records and errors; with `strict` the first error ends the command.
    fn collect(
        &self,
        object: &str,
        answers: Vec<Result<Record, Problem>>,
        strict: bool,
        outcome: &mut Outcome,
    ) -> Result<u64, Error> {
        let object: Arc<Object> = self.load_object(object)?;
        let (mut done, many) = (0, answers.len() > 1);
        for (index, answer) in answers.into_iter().enumerate() {
            match answer {
                Ok(record) => {
                    done += 1;
                    outcome.ids.push(record.id);
                    outcome.records.push(self.visible(&object, record));
                }
                Err(problem) if strict && many => return Err(problem.with("index", index).into()),
                Err(problem) if strict => return Err(problem.into()),
                Err(problem) => {
                    let problem = serde_json::to_value(&problem).map_err(anyhow::Error::from)?;
                    outcome.errors.push(RowError { index, problem });
                }
            }
        }
        Ok(done)
    }

    /// The records of a condition that the actor may touch. Needs the special right `bulk`.
    fn ids_where(&mut self, object: &str, filter: &str, right: Right) -> Result<Vec<Uuid>, Error> {
        let object = self.load_object(object)?;
        let schema = self.schema();
        let condition = {
            let policy = self.policy();
            policy.check_special("bulk")?;
            let read = policy.scope(&object, Right::Read)?;
            let scope = policy.scope(&object, right)?;
            let bound = policy.condition(&object, filter)?;
            [read, scope].into_iter().flatten().fold(bound, model::expr::and)
        };
        let mut ids = Vec::new();
        let mut select = Select { filter: Some(condition), limit: 5_000, ..Select::all(&schema, &object) };
        select.fields = vec!["version".to_owned()];
        loop {
            let next = self.tx.select(&select, &mut |record| {
                ids.push(record.id);
                Ok(())
            })?;
            match next {
                Some(_) if ids.len() >= model::limits::BULK_MAX => {
                    let detail = "The filter finds too many records for one transaction. Start the change as a job: POST \
                                  /api/v1/{plural}/bulk/job.";
                    return Err(Problem::new(Code::TooLarge, detail).into());
                }
                Some(cursor) => select.cursor = Some(cursor),
                None => return Ok(ids),
            }
        }
    }

    fn upsert(&mut self, object: &str, by: &str, values: &[Patch], outcome: &mut Outcome) -> Result<(), Error> {
        let keys: Vec<Option<String>> = values.iter().map(|patch| crate::upsert::key_of(patch, by)).collect();
        if let Some(index) = keys.iter().position(Option::is_none) {
            return Err(Problem::new(
                Code::Invalid,
                format!("Record {index} has no value for `{by}`, by which records are to be matched."),
            )
            .with("index", index)
            .into());
        }
        let keys: Vec<String> = keys.into_iter().flatten().collect();
        let known = self.find_by(object, by, &keys)?;
        let (mut edits, mut fresh, mut order) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (patch, key)) in values.iter().zip(&keys).enumerate() {
            let mut patch = patch.clone();
            match known.get(key) {
                Some(id) => {
                    patch.remove("id");
                    crate::upsert::keep_other_sources(&mut patch, known.externals(*id));
                    edits.push(Edit { id: *id, patch, if_version: None });
                    order.push((index, true));
                }
                None => {
                    fresh.push(patch);
                    order.push((index, false));
                }
            }
        }
        let updated = self.update_many(object, edits)?;
        let created = self.create_many(object, fresh)?;
        outcome.updated = updated.iter().flatten().count() as u64;
        outcome.created = created.iter().flatten().count() as u64;
        let (mut updated, mut created) = (updated.into_iter(), created.into_iter());
        let answers = order.iter().filter_map(|(_, old)| if *old { updated.next() } else { created.next() }).collect();
        self.collect(object, answers, false, outcome)?;
        Ok(())
    }
}
