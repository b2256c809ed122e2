//! A batch: one transaction of writes by one actor, with one history entry. The only way records change.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use model::expr::{Bindings, Expr};
use model::{Actor, Code, FieldProblem, Object, Op, Patch, Problem, Record, Schema, Value};
use store::{BatchRow, Error, Priority, Tx};
use uuid::Uuid;

use crate::compiled::{Compiled, ObjectRules};
use crate::draft::Draft;
use crate::policy::{FieldRight, Policy, Right, Rights};
use crate::rates;
use crate::workspace::Workspace;

/// How a transaction is to be run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it is, in words, for history: `create`, `import contacts.csv`.
    pub cause: String,
    /// Whether people wait for it.
    pub priority: Priority,
    /// The batch to continue; a new one when `None`.
    pub batch: Option<Uuid>,
    /// The batch that it undoes.
    pub undoes: Option<Uuid>,
}

impl Plan {
    /// People wait, new batch.
    pub fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into(), priority: Priority::Interactive, batch: None, undoes: None }
    }

    /// Gives way to interactive writes.
    #[must_use]
    pub fn in_background(mut self) -> Self {
        self.priority = Priority::Background;
        self
    }

    /// Continues a batch.
    #[must_use]
    pub fn continuing(mut self, batch: Uuid) -> Self {
        self.batch = Some(batch);
        self
    }
}

/// One edit of one record.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Which record.
    pub id: Uuid,
    /// New values.
    pub patch: Patch,
    /// The version the editor saw; `None` accepts any.
    pub if_version: Option<i64>,
}

/// Said to who sees as somebody else and would change something.
pub const VIEWING: &str = "You see this as somebody else, so nothing can be changed. Press Stop to be yourself again.";

/// One open transaction.
pub struct Batch<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) tx: &'a mut Tx,
    pub(crate) actor: &'a Actor,
    pub(crate) compiled: Arc<Compiled>,
    pub(crate) rights: Arc<Rights>,
    pub(crate) bindings: Bindings,
    pub(crate) id: Uuid,
    pub(crate) at: i64,
    pub(crate) cause: String,
    pub(crate) undoes: Option<Uuid>,
    begun: bool,
    pub(crate) schema_changed: bool,
    pub(crate) rates_changed: bool,
}

impl Workspace {
    /// Runs `work` in one transaction. On SQLite many transactions of different callers are committed together; on
    /// PostgreSQL `work` runs again when the database asks for it. The answer comes after the commit.
    ///
    /// # Errors
    /// Whatever `work` refuses; then nothing of it is kept.
    pub fn transact<T: Send + 'static>(
        &self,
        actor: &Actor,
        plan: Plan,
        mut work: impl FnMut(&mut Batch<'_>) -> Result<T, Error> + Send + 'static,
    ) -> store::Pending<(Uuid, T)> {
        let (workspace, actor) = (self.clone(), actor.clone());
        let id = plan.batch.unwrap_or_else(Uuid::now_v7);
        self.0.store.write(plan.priority, move |tx| {
            let mut batch = Batch::open(&workspace, tx, &actor, &plan, id)?;
            let answer = work(&mut batch)?;
            if batch.schema_changed {
                batch.settle_schema()?;
            }
            if batch.rates_changed {
                let schema = batch.schema();
                rates::count_anew(batch.tx, &schema, batch.at)?;
            }
            workspace.0.live.wake();
            Ok((id, answer))
        })
    }
}

impl<'a> Batch<'a> {
    /// A batch over a transaction that is open already.
    pub(crate) fn open(
        workspace: &'a Workspace,
        tx: &'a mut Tx,
        actor: &'a Actor,
        plan: &Plan,
        id: Uuid,
    ) -> Result<Self, Error> {
        if actor.viewed_by.is_some() {
            return Err(Problem::new(Code::Forbidden, VIEWING).into());
        }
        Ok(Self {
            rights: workspace.rights(tx, actor)?,
            compiled: workspace.compiled(),
            bindings: workspace.bindings(actor),
            at: workspace.now(),
            workspace,
            tx,
            actor,
            id,
            cause: plan.cause.clone(),
            undoes: plan.undoes,
            begun: false,
            schema_changed: false,
            rates_changed: false,
        })
    }
}

impl Batch<'_> {
    /// The batch's id: what undo takes.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Microseconds since the epoch, one moment for the whole transaction.
    pub fn now(&self) -> i64 {
        self.at
    }

    /// The batch that this one undoes.
    pub fn undoes(&self) -> Option<Uuid> {
        self.undoes
    }

    /// Who writes.
    pub fn actor(&self) -> &Actor {
        self.actor
    }

    /// The schema in force.
    pub fn schema(&self) -> Arc<Schema> {
        self.compiled.schema.clone()
    }

    /// The workspace.
    pub fn workspace(&self) -> &Workspace {
        self.workspace
    }

    /// The transaction, for reads and for tables that hold no records.
    pub fn tx(&mut self) -> &mut Tx {
        self.tx
    }

    /// The object of a name.
    ///
    /// # Errors
    /// Not found.
    pub fn load_object(&self, name: &str) -> Result<Arc<Object>, Problem> {
        Ok(self.compiled.rules(name)?.object.clone())
    }

    /// What the actor may do.
    pub fn policy(&self) -> Policy<'_> {
        Policy::new(self.actor, &self.rights, &self.compiled.schema, &self.bindings, self.workspace.granted())
    }

    /// Work of the program's own within this transaction: history names it, and the rights of whoever caused it do not
    /// bound it.
    pub fn as_program<T>(
        &mut self,
        reason: &str,
        work: impl FnOnce(&mut Batch<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let actor = Actor::system(reason);
        let mut inner = Batch {
            workspace: self.workspace,
            tx: self.tx,
            actor: &actor,
            compiled: self.compiled.clone(),
            rights: Arc::new(Rights::all()),
            bindings: self.workspace.bindings(&actor),
            id: self.id,
            at: self.at,
            cause: self.cause.clone(),
            undoes: self.undoes,
            begun: self.begun,
            schema_changed: false,
            rates_changed: self.rates_changed,
        };
        let answer = work(&mut inner);
        let (begun, schema_changed) = (inner.begun, inner.schema_changed);
        self.rates_changed = inner.rates_changed;
        self.begun = begun;
        self.schema_changed |= schema_changed;
        answer
    }

    /// Makes records. Each gets an answer of its own; those refused are not stored, the others are.
    ///
    /// # Errors
    /// Forbidden for the object as a whole or for a row's result; a database that fails.
    pub fn create_many(&mut self, object: &str, values: Vec<Patch>) -> Result<Vec<Result<Record, Problem>>, Error> {
        let compiled = self.compiled.clone();
        let rules = compiled.rules(object)?;
        self.policy().check_create(&rules.object)?;
        let drafts = values.into_iter().map(|patch| self.draft_new(rules, patch)).collect();
        let drafts = self.guard_admins(&rules.object, drafts)?;
        let drafts = self.guard_shares(&rules.object, drafts)?;
        let drafts = self.guard_reactions(&rules.object, drafts)?;
        let drafts = self.guard_territories(&rules.object, drafts)?;
        let mut drafts = self.finish(rules, drafts)?;
        self.number(rules, &mut drafts)?;
        self.store_new(rules, &drafts)?;
        let ids: Vec<Uuid> = drafts.iter().flatten().map(|draft| draft.after.id).collect();
        self.check_after(&rules.object, &ids, Right::Read)?;
        if rules.object.part_of.is_some() {
            self.check_after(&rules.object, &ids, Right::Update)?;
        }
        self.follow(rules, &drafts)?;
        Ok(drafts.into_iter().map(|draft| draft.map(|draft| draft.after)).collect())
    }

    /// Makes one record.
    ///
    /// # Errors
    /// What is wrong with it; forbidden; a database that fails.
    pub fn create(&mut self, object: &str, values: Patch) -> Result<Record, Error> {
        let mut answers = self.create_many(object, vec![values])?;
        only(answers.pop())
    }

    /// Changes records. Each gets an answer of its own; an edit that changes nothing leaves no trace.
    ///
    /// # Errors
    /// Forbidden for the object as a whole or for a row's result; a database that fails.
    pub fn update_many(&mut self, object: &str, edits: Vec<Edit>) -> Result<Vec<Result<Record, Problem>>, Error> {
        let compiled = self.compiled.clone();
        let rules = compiled.rules(object)?;
        let ids: Vec<Uuid> = edits.iter().map(|edit| edit.id).collect();
        let mut stored = self.lock(rules, &ids, Right::Update)?;
        let mut drafts = Vec::with_capacity(edits.len());
        for edit in edits {
            let draft = match stored.remove(&edit.id) {
                Some(Ok(record)) => self.draft_edit(rules, record, edit),
                Some(Err(problem)) => Err(problem),
                None => Err(Problem::not_found(&rules.object.label.to_lowercase())),
            };
            drafts.push(draft);
        }
        self.apply(rules, drafts, Right::Update)
    }

    /// Changes one record.
    ///
    /// # Errors
    /// Not found; stale; what is wrong with the values; forbidden; a database that fails.
    pub fn update(&mut self, object: &str, edit: Edit) -> Result<Record, Error> {
        let mut answers = self.update_many(object, vec![edit])?;
        only(answers.pop())
    }

    /// Puts records into the recycle bin.
    ///
    /// # Errors
    /// As [`Batch::update_many`].
    pub fn delete_many(&mut self, object: &str, ids: &[Uuid]) -> Result<Vec<Result<Record, Problem>>, Error> {
        self.mark(object, ids, Op::Delete)
    }

    /// Takes records out of the recycle bin.
    ///
    /// # Errors
    /// As [`Batch::update_many`].
    pub fn restore_many(&mut self, object: &str, ids: &[Uuid]) -> Result<Vec<Result<Record, Problem>>, Error> {
        self.mark(object, ids, Op::Restore)
    }

    /// Deletes or restores.
    pub(crate) fn mark(&mut self, object: &str, ids: &[Uuid], op: Op) -> Result<Vec<Result<Record, Problem>>, Error> {
        let compiled = self.compiled.clone();
        let rules = compiled.rules(object)?;
        let mut stored = self.lock(rules, ids, Right::Delete)?;
        let mut drafts = Vec::with_capacity(ids.len());
        for id in ids {
            let missing = || Problem::not_found(&rules.object.label.to_lowercase());
            let Some(Ok(record)) = stored.remove(id) else {
                drafts.push(Err(missing()));
                continue;
            };
            let deleted = !record.get("deleted_at").is_missing();
            if deleted == (op == Op::Delete) {
                drafts.push(Err(missing()));
                continue;
            }
            let mut draft =
                Draft { object: object.to_owned(), op, before: Some(record.clone()), after: record, at: self.at };
            let value = if op == Op::Delete { Value::Instant(self.at) } else { Value::Missing };
            draft.set("deleted_at", value);
            drafts.push(Ok(draft));
        }
        self.apply(rules, drafts, Right::Delete)
    }

    /// Steps 6 to 11 for changes of stored records.
    fn apply(
        &mut self,
        rules: &ObjectRules,
        drafts: Vec<Result<Draft, Problem>>,
        right: Right,
    ) -> Result<Vec<Result<Record, Problem>>, Error> {
        let drafts = self.guard_admins(&rules.object, drafts)?;
        let drafts = self.guard_shares(&rules.object, drafts)?;
        let drafts = self.guard_reactions(&rules.object, drafts)?;
        let drafts = self.guard_territories(&rules.object, drafts)?;
        let mut drafts = self.finish(rules, drafts)?;
        for draft in drafts.iter_mut().flatten() {
            if draft.patch().is_empty() {
                continue;
            }
            let version = match draft.was("version") {
                Value::Int(version) => version + 1,
                _ => 1,
            };
            draft.set("version", Value::Int(version));
            draft.set("updated_at", Value::Instant(self.at));
            draft.set("updated_by", Value::text(self.actor.label()));
        }
        let ids: Vec<Uuid> = drafts.iter().flatten().map(|draft| draft.after.id).collect();
        let held = self.rows_held(&rules.object, &ids)?;
        self.store_changed(rules, &drafts)?;
        self.check_held(&rules.object, &ids, held)?;
        if right == Right::Update && !self.policy().is_unbound() && self.policy().is_conditional(&rules.object, right) {
            self.check_after(&rules.object, &ids, right)?;
        }
        self.follow(rules, &drafts)?;
        Ok(drafts.into_iter().map(|draft| draft.map(|draft| draft.after)).collect())
    }

    /// What follows from the records that are stored now. An undo brings back what followed too.
    fn follow(&mut self, rules: &ObjectRules, drafts: &[Result<Draft, Problem>]) -> Result<(), Error> {
        let undoes = self.undoes.is_some();
        let mut follows = rules.follows.iter().filter(|follow| follow.settles || !undoes).peekable();
        if follows.peek().is_none() {
            return Ok(());
        }
        let changed: Vec<&Draft> = drafts.iter().flatten().filter(|draft| !draft.patch().is_empty()).collect();
        follows.try_for_each(|follow| (follow.apply)(self, &changed))
    }

    /// Steps 2 and 3: loads rows for change and refuses those out of the right's reach; rows that may not even be
    /// seen are "not found", whatever may be done to them: the answer to a change shows the record. Deleted rows are
    /// found only for [`Right::Delete`].
    fn lock(
        &mut self,
        rules: &ObjectRules,
        ids: &[Uuid],
        right: Right,
    ) -> Result<HashMap<Uuid, Result<Record, Problem>>, Error> {
        let object = &rules.object;
        let (scope, read) = {
            let policy = self.policy();
            (policy.scope(object, right)?, policy.scope(object, Right::Read))
        };
        let records = self.tx.lock_many(object, ids)?;
        let mut found: HashMap<Uuid, Result<Record, Problem>> = records
            .into_iter()
            .filter(|record| right == Right::Delete || record.get("deleted_at").is_missing())
            .map(|record| (record.id, Ok(record)))
            .collect();
        if matches!((&scope, &read), (None, Ok(None))) {
            return Ok(found);
        }
        let present: Vec<Uuid> = found.keys().copied().collect();
        let seen = self.reached(object, &present, read.ok())?;
        let allowed = self.reached(object, &present, Some(scope))?;
        for (id, slot) in &mut found {
            if !seen.contains(id) {
                *slot = Err(Problem::not_found(&object.label.to_lowercase()));
            } else if !allowed.contains(id) {
                *slot = Err(self.policy().refusal(object, right));
            }
        }
        Ok(found)
    }

    /// Those of the rows that a right reaches: all without a condition, none without a right.
    pub(crate) fn reached(
        &mut self,
        object: &Arc<Object>,
        ids: &[Uuid],
        scope: Option<Option<Expr>>,
    ) -> Result<HashSet<Uuid>, Error> {
        match scope {
            None => Ok(HashSet::new()),
            Some(None) => Ok(ids.iter().copied().collect()),
            Some(Some(scope)) => self.tx.matches(&self.compiled.schema, object, ids, &scope),
        }
    }

    /// Those of the rows that the actor may see.
    pub fn seen(&mut self, object: &Arc<Object>, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
        let scope = self.policy().scope(object, Right::Read).ok();
        self.reached(object, ids, scope)
    }

    /// Whether the actor has a right to each of these rows.
    ///
    /// # Errors
    /// A database that fails.
    pub fn may(&mut self, object: &Arc<Object>, ids: &[Uuid], right: Right) -> Result<bool, Error> {
        let scope = self.policy().scope(object, right).ok();
        let within = self.reached(object, ids, scope)?;
        Ok(ids.iter().all(|id| within.contains(id)))
    }

    /// Step 9: the result must stay within the right's reach, else the whole transaction is refused.
    fn check_after(&mut self, object: &Arc<Object>, ids: &[Uuid], right: Right) -> Result<(), Error> {
        let Some(scope) = self.policy().scope(object, right)? else { return Ok(()) };
        let schema = self.compiled.schema.clone();
        let allowed = self.tx.matches(&schema, object, ids, &scope)?;
        if ids.iter().all(|id| allowed.contains(id)) {
            return Ok(());
        }
        Err(Problem::new(
            Code::Forbidden,
            format!(
                "You could not {} this {} afterwards. Check its owner, its team and what your role's rights ask about.",
                if right == Right::Read { "see" } else { "change" },
                object.label.to_lowercase()
            ),
        )
        .into())
    }

    fn draft_new(&self, rules: &ObjectRules, mut patch: Patch) -> Result<Draft, Problem> {
        self.check_patch(&rules.object, &patch)?;
        let mut record = Record { id: Uuid::now_v7(), values: BTreeMap::new() };
        if let Some(Value::Id(id)) = patch.remove("id") {
            record.id = id;
        }
        let context = self.workspace.context();
        for field in &rules.object.fields {
            let value = match patch.remove(&field.name) {
                Some(value) => value,
                None => self.default_of(field, &context),
            };
            if !value.is_missing() {
                record.values.insert(field.name.clone(), value);
            }
        }
        if let Some(unknown) = patch.keys().next() {
            return Err(Problem::invalid(vec![unknown_field(&rules.object, unknown)]));
        }
        let by = Value::text(self.actor.label());
        for (name, value) in [
            ("version", Value::Int(1)),
            ("created_at", Value::Instant(self.at)),
            ("created_by", by.clone()),
            ("updated_at", Value::Instant(self.at)),
            ("updated_by", by),
        ] {
            record.values.insert(name.to_owned(), value);
        }
        Ok(Draft { object: rules.object.name.clone(), op: Op::Create, before: None, after: record, at: self.at })
    }

    fn default_of(&self, field: &model::Field, context: &model::kinds::Context) -> Value {
        match (field.name.as_str(), field.system) {
            ("owner", true) => return self.policy().default_owner(),
            ("team", true) => return self.actor.teams.first().map_or(Value::Missing, |team| Value::Id(*team)),
            _ => {}
        }
        if let Some(rollup) = &field.rollup {
            return match rollup.aggregate {
                model::field::Aggregate::Count => Value::Int(0),
                _ => Value::Missing,
            };
        }
        match field.default.as_ref().map(|default| (default, default.as_str())) {
            None => Value::Missing,
            Some((_, Some("me"))) if field.kind == model::Kind::User => {
                self.actor.user.map_or(Value::Missing, Value::Id)
            }
            Some((_, Some("now"))) if field.kind == model::Kind::DateTime => Value::Instant(self.at),
            Some((_, Some("today"))) if field.kind == model::Kind::Date => {
                let zone = self.bindings.time_zone.clone();
                jiff::Timestamp::from_microsecond(self.at)
                    .map_or(Value::Missing, |now| Value::Date(now.to_zoned(zone).date()))
            }
            Some((default, _)) => model::kinds::from_json(field, default, context).unwrap_or_default(),
        }
    }

    fn draft_edit(&self, rules: &ObjectRules, record: Record, edit: Edit) -> Result<Draft, Problem> {
        self.check_patch(&rules.object, &edit.patch)?;
        if let (Some(seen), Value::Int(version)) = (edit.if_version, record.get("version"))
            && seen != *version
        {
            return Err(Problem::new(
                Code::Stale,
                "Somebody changed this record since you opened it. Compare both versions and save again.",
            )
            .with("current", self.visible(&rules.object, record).to_json()));
        }
        let mut draft = Draft {
            object: rules.object.name.clone(),
            op: Op::Update,
            before: Some(record.clone()),
            after: record,
            at: self.at,
        };
        for (name, value) in edit.patch {
            if rules.object.find_field(&name).is_none() {
                return Err(Problem::invalid(vec![unknown_field(&rules.object, &name)]));
            }
            draft.set(&name, value);
        }
        Ok(draft)
    }

    fn check_patch(&self, object: &Object, patch: &Patch) -> Result<(), Problem> {
        let policy = self.policy();
        if policy.is_unbound() {
            return Ok(());
        }
        match patch.keys().find(|field| policy.field_right(object, field) != FieldRight::Write) {
            Some(field) => Err(Policy::field_refusal(field)),
            None => Ok(()),
        }
    }

    /// Writes the batch's own row before its first change.
    pub(crate) fn begin(&mut self) -> Result<(), Error> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        self.tx.insert_batch(&BatchRow {
            id: self.id,
            at: self.at,
            actor: self.actor.label(),
            cause: self.cause.clone(),
            undoes: self.undoes,
        })
    }
}

fn unknown_field(object: &Object, name: &str) -> FieldProblem {
    FieldProblem {
        field: name.to_owned(),
        code: "unknown_field".to_owned(),
        message: format!("{} has no field `{name}`.", object.label),
    }
}

/// The only answer of a batch of one.
fn only(answer: Option<Result<Record, Problem>>) -> Result<Record, Error> {
    match answer {
        Some(Ok(record)) => Ok(record),
        Some(Err(problem)) => Err(problem.into()),
        None => Err(anyhow::anyhow!("a batch of one gave no answer").into()),
    }
}
