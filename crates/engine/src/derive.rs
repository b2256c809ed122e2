//! Formulas and roll-ups: kept fresh in the transaction that changes what they read.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use model::expr::{self, Source};
use model::field::Aggregate;
use model::{Kind, Object, Patch, Problem, Record, Schema, Value};
use store::tables::means;
use store::{Deleted, Error, Select, Total, Tx};
use uuid::Uuid;

use crate::batch::Batch;
use crate::compiled::{Follows, ObjectRules, RollupRule};
use crate::draft::Draft;
use crate::workspace::Workspace;

/// Figures over figures over figures: deeper chains than this are refused.
const CASCADE_MAX: usize = 8;
/// Dependent records refreshed per statement.
const SLICE: usize = 1_000;

/// Loads the records that an expression reaches over relations, once each.
pub(crate) struct Loader<'a> {
    tx: &'a mut Tx,
    schema: Arc<Schema>,
    /// What amounts that formulas compute are in.
    base_currency: String,
    loaded: HashMap<Uuid, Option<Arc<Record>>>,
    /// Objects that were read as a whole.
    whole: HashMap<String, Arc<[Arc<Record>]>>,
    fault: Option<Error>,
}

impl<'a> Loader<'a> {
    pub(crate) fn new(tx: &'a mut Tx, schema: Arc<Schema>, workspace: &Workspace) -> RefCell<Self> {
        let base_currency = workspace.settings().base_currency.clone();
        RefCell::new(Self { tx, schema, base_currency, loaded: HashMap::new(), whole: HashMap::new(), fault: None })
    }

    pub(crate) fn load(&mut self, object: &Object, id: Uuid) -> Option<Arc<Record>> {
        if let Some(known) = self.loaded.get(&id) {
            return known.clone();
        }
        let found = match self.tx.find(object, id) {
            Ok(found) => found.filter(|record| record.get("deleted_at").is_missing()).map(Arc::new),
            Err(error) => {
                self.fault = Some(error);
                None
            }
        };
        self.loaded.insert(id, found.clone());
        found
    }

    /// The live records of an object, 2,000 at most.
    pub(crate) fn all(&mut self, name: &str) -> Arc<[Arc<Record>]> {
        if let Some(known) = self.whole.get(name) {
            return known.clone();
        }
        let Some(object) = self.schema.find_object(name).cloned() else { return Arc::default() };
        let select = Select { limit: 2_000, ..Select::all(&self.schema, &object) };
        let found: Arc<[Arc<Record>]> = self.select(&select).into();
        self.whole.insert(name.to_owned(), found.clone());
        found
    }

    pub(crate) fn load_children(&mut self, object: &Arc<Object>, field: &str, parent: Uuid) -> Vec<Arc<Record>> {
        let Some(reference) = object.find_field(field) else { return Vec::new() };
        let select = Select {
            filter: Some(expr::field_equals(object, reference, Value::Id(parent))),
            limit: model::limits::BULK_MAX,
            ..Select::all(&self.schema, object)
        };
        self.select(&select)
    }

    /// The selected records; none, and the fault kept, when the database fails.
    fn select(&mut self, select: &Select) -> Vec<Arc<Record>> {
        let mut found = Vec::new();
        let result = self.tx.select(select, &mut |record| {
            found.push(Arc::new(record));
            Ok(())
        });
        if let Err(error) = result {
            self.fault = Some(error);
        }
        found
    }

    /// The database error met while evaluating, if any.
    pub(crate) fn check(loader: RefCell<Self>) -> Result<(), Error> {
        loader.into_inner().fault.map_or(Ok(()), Err)
    }
}

/// A record as the evaluator sees it.
pub(crate) struct Row<'a, 'b> {
    pub(crate) object: Arc<Object>,
    pub(crate) record: RowRecord<'a>,
    pub(crate) loader: &'a RefCell<Loader<'b>>,
}

/// Borrowed for the record in question, shared for those loaded on the way.
pub(crate) enum RowRecord<'a> {
    /// The draft itself.
    Borrowed(&'a Record),
    /// A parent or child.
    Loaded(Arc<Record>),
}

impl RowRecord<'_> {
    fn get(&self) -> &Record {
        match self {
            Self::Borrowed(record) => record,
            Self::Loaded(record) => record,
        }
    }
}

impl Source for Row<'_, '_> {
    fn value(&self, field: &str) -> Value {
        if field == "id" {
            return Value::Id(self.record.get().id);
        }
        self.record.get().get(field).clone()
    }

    fn parent(&self, field: &str) -> Option<Box<dyn Source + '_>> {
        let id = self.record.get().get(field).as_id()?;
        let mut loader = self.loader.borrow_mut();
        let target = self.object.find_field(field)?.target_object()?;
        let object = loader.schema.find_object(target)?.clone();
        let record = RowRecord::Loaded(loader.load(&object, id)?);
        Some(Box::new(Row { object, record, loader: self.loader }))
    }

    fn children(&self, object: &str, field: &str) -> Vec<Box<dyn Source + '_>> {
        let mut loader = self.loader.borrow_mut();
        let Some(object) = loader.schema.find_object(object).cloned() else { return Vec::new() };
        let records = loader.load_children(&object, field, self.record.get().id);
        records
            .into_iter()
            .map(|record| {
                let row = Row { object: object.clone(), record: RowRecord::Loaded(record), loader: self.loader };
                Box::new(row) as Box<dyn Source + '_>
            })
            .collect()
    }

    fn targets(&self, field: &str) -> Vec<Box<dyn Source + '_>> {
        let Some(target) = self.object.find_field(field).and_then(|field| field.target_object()) else {
            return Vec::new();
        };
        let mut loader = self.loader.borrow_mut();
        let Some(object) = loader.schema.find_object(target).cloned() else { return Vec::new() };
        let listed = self.record.get().get(field).as_json().and_then(|json| json.as_array());
        let ids = listed.into_iter().flatten().filter_map(|id| Uuid::parse_str(id.as_str()?).ok());
        let records: Vec<Arc<Record>> = ids.filter_map(|id| loader.load(&object, id)).collect();
        let row = |record| Row { object: object.clone(), record: RowRecord::Loaded(record), loader: self.loader };
        records.into_iter().map(|record| Box::new(row(record)) as Box<dyn Source + '_>).collect()
    }
}

/// Evaluates the formulas of a record into it.
pub(crate) fn formulas(rules: &ObjectRules, record: &mut Record, loader: &RefCell<Loader<'_>>) {
    for formula in &rules.formulas {
        let value = {
            let row = Row { object: rules.object.clone(), record: RowRecord::Borrowed(record), loader };
            expr::eval(&formula.expr, &row)
        };
        let value = as_kind(value, formula.field.value_kind(), &loader.borrow().base_currency);
        record.values.insert(formula.field.name.clone(), value);
    }
}

/// A number as the kind of its column wants it.
pub(crate) fn as_kind(value: Value, kind: Kind, base_currency: &str) -> Value {
    match (value, kind) {
        (Value::Dec(scaled), Kind::Money) => {
            Value::Money { amount: scaled, currency: base_currency.to_owned(), base: Some(scaled) }
        }
        (Value::Int(whole), Kind::Money) => {
            let scaled = whole.checked_mul(model::SCALE).map_or(Value::Missing, Value::Dec);
            as_kind(scaled, kind, base_currency)
        }
        (Value::Dec(scaled), Kind::Integer | Kind::Rating) => Value::Int(scaled / model::SCALE),
        (Value::Int(whole), Kind::Decimal | Kind::Percent) => {
            whole.checked_mul(model::SCALE).map_or(Value::Missing, Value::Dec)
        }
        (value, _) => value,
    }
}

/// The number in a value, in the units of its column.
fn number_of(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) | Value::Dec(number) | Value::Duration(number) => Some(*number),
        Value::Money { base, .. } => *base,
        _ => None,
    }
}

/// The reverse of [`number_of`]; an amount comes as a decimal, which [`as_kind`] makes one of the base currency.
fn figure(kind: Kind, number: i64) -> Value {
    match kind {
        Kind::Decimal | Kind::Percent | Kind::Money => Value::Dec(number),
        Kind::Duration => Value::Duration(number),
        _ => Value::Int(number),
    }
}

/// A value as figures are kept: amounts count by their worth in the base currency.
fn in_base(value: &Value) -> Value {
    match value {
        Value::Money { base, .. } => base.map_or(Value::Missing, Value::Dec),
        value => value.clone(),
    }
}

/// What one batch changes in the figures of one parent.
#[derive(Default)]
struct Delta {
    count: i64,
    sum: i128,
    /// The values that came.
    came: Vec<Value>,
    /// The values that left.
    left: Vec<Value>,
}

/// Whether a value stands before another as the least (or greatest) of their kind; nothing when they have no order.
fn stands_before(aggregate: Aggregate, a: &Value, b: &Value) -> Option<bool> {
    let order = match (a, b) {
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        _ => number_of(a)?.cmp(&number_of(b)?),
    };
    Some(if aggregate == Aggregate::Min { order.is_lt() } else { order.is_gt() })
}

impl Delta {
    /// The least or greatest after this change, when it can be told from the one before; nothing when the records
    /// must be asked: the one before has left, and nothing came that stands before it.
    fn extreme(&self, aggregate: Aggregate, before: &Value) -> Option<Value> {
        let mut best = before.clone();
        for value in self.came.iter().filter(|value| !value.is_missing()) {
            if best.is_missing() || stands_before(aggregate, value, &best)? {
                best = value.clone();
            }
        }
        for value in self.left.iter().filter(|value| !value.is_missing()) {
            // Only what certainly stands behind the new figure cannot have been it.
            if best.is_missing() || !stands_before(aggregate, &best, value)? {
                return None;
            }
        }
        Some(best)
    }
}

impl Batch<'_> {
    /// Brings the figures and formulas of other records up to date after these drafts were stored.
    pub(crate) fn derive_others(&mut self, rules: &ObjectRules, drafts: &[&Draft], depth: usize) -> Result<(), Error> {
        if depth > CASCADE_MAX {
            return Err(Problem::new(
                model::Code::Invalid,
                "Roll-ups and formulas depend on one another too deeply. Shorten the chain.",
            )
            .into());
        }
        for rollup in &rules.rollups {
            let deltas = self.deltas(rules, rollup, drafts)?;
            self.apply_rollup(rules, rollup, deltas, depth)?;
        }
        for dependent in &rules.dependents {
            let changed: Vec<Uuid> = drafts
                .iter()
                .filter(|draft| draft.before.is_some())
                // A deleted record counts as none: what reads it changes when it goes and when it comes back.
                .filter(|draft| draft.changes("deleted_at") || dependent.reads.iter().any(|field| draft.changes(field)))
                .map(|draft| draft.after.id)
                .collect();
            if !changed.is_empty() {
                self.refresh_dependents(&dependent.object, &dependent.via, changed, depth)?;
            }
        }
        Ok(())
    }

    fn deltas(
        &mut self,
        rules: &ObjectRules,
        rollup: &RollupRule,
        drafts: &[&Draft],
    ) -> Result<BTreeMap<Uuid, Delta>, Error> {
        let mut deltas: BTreeMap<Uuid, Delta> = BTreeMap::new();
        let filter = rollup.filter.as_ref().map(|filter| expr::bind(filter, &self.bindings));
        let loader = Loader::new(self.tx, self.compiled.schema.clone(), self.workspace);
        let counts = |record: &Record| {
            record.get("deleted_at").is_missing()
                && filter.as_ref().is_none_or(|filter| {
                    let row =
                        Row { object: rules.object.clone(), record: RowRecord::Borrowed(record), loader: &loader };
                    expr::holds(filter, &row)
                })
        };
        for draft in drafts {
            if draft.before.is_some() && !rollup.reads.iter().any(|field| draft.changes(field)) {
                continue;
            }
            for (record, sign) in draft.before.iter().map(|before| (before, -1)).chain([(&draft.after, 1)]) {
                if rollup.follows != Follows::Asking && !counts(record) {
                    continue;
                }
                // What has no value is in no sum and at no end: a roll-up need not look again because of it.
                let value = rollup.rollup.field.as_ref().map(|field| record.get(field));
                if value.is_some_and(Value::is_missing) {
                    continue;
                }
                let value = value.unwrap_or(&Value::Missing);
                let number = number_of(value);
                if number.is_none() && rollup.follows == Follows::Averaging {
                    continue;
                }
                for parent in parents_of(record.get(&rollup.rollup.via), &rollup.parent.name) {
                    let delta = deltas.entry(parent).or_default();
                    delta.count += sign;
                    delta.sum += i128::from(sign) * i128::from(number.unwrap_or(0));
                    if rollup.follows == Follows::Comparing {
                        let values = if sign > 0 { &mut delta.came } else { &mut delta.left };
                        values.push(in_base(value));
                    }
                }
            }
        }
        Loader::check(loader)?;
        if matches!(rollup.follows, Follows::Adding | Follows::Averaging) {
            deltas.retain(|_, delta| delta.count != 0 || delta.sum != 0);
        }
        Ok(deltas)
    }

    fn apply_rollup(
        &mut self,
        child: &ObjectRules,
        rollup: &RollupRule,
        deltas: BTreeMap<Uuid, Delta>,
        depth: usize,
    ) -> Result<(), Error> {
        let schema = self.compiled.schema.clone();
        let Some(parent) = schema.find_object(&rollup.parent.name).cloned() else { return Ok(()) };
        let Some(field) = parent.find_field(&rollup.field).cloned() else { return Ok(()) };
        let base_currency = self.workspace.settings().base_currency.clone();
        let ids: Vec<Uuid> = deltas.keys().copied().collect();
        for slice in ids.chunks(SLICE) {
            let mut drafts = Vec::new();
            let locked = self.tx.lock_many(&parent, slice)?;
            let totals = match rollup.follows {
                Follows::Averaging => means::find(self.tx, &rollup.key(), slice)?,
                _ => HashMap::new(),
            };
            for before in locked {
                let Some(delta) = deltas.get(&before.id) else { continue };
                let known = match rollup.follows {
                    Follows::Adding => {
                        let counts = rollup.rollup.aggregate == Aggregate::Count;
                        let step = if counts { i128::from(delta.count) } else { delta.sum };
                        let now = step + i128::from(number_of(before.get(&rollup.field)).unwrap_or(0));
                        let bound = if now < 0 { i64::MIN } else { i64::MAX };
                        Some(figure(field.value_kind(), i64::try_from(now).unwrap_or(bound)))
                    }
                    Follows::Comparing => delta.extreme(rollup.rollup.aggregate, before.get(&rollup.field)),
                    Follows::Averaging => match totals.get(&before.id) {
                        Some(total) => {
                            let now = Total { sum: total.sum + delta.sum, count: total.count + delta.count };
                            Some(self.keep_mean(child, rollup, before.id, now)?)
                        }
                        None => None,
                    },
                    Follows::Asking => None,
                };
                let value = match known {
                    Some(value) => value,
                    None => self.ask_rollup(child, rollup, before.id)?,
                };
                let mut after = before.clone();
                after.values.insert(rollup.field.clone(), as_kind(value, field.value_kind(), &base_currency));
                drafts.push(self.derived(&parent.name, before, after));
            }
            self.store_derived(&parent.name, drafts, depth)?;
        }
        Ok(())
    }

    /// The figure of one parent, from all its records.
    pub(crate) fn ask_rollup(&mut self, child: &ObjectRules, rule: &RollupRule, parent: Uuid) -> Result<Value, Error> {
        let schema = self.compiled.schema.clone();
        let filter = rule.filter.as_ref().map(|filter| expr::bind(filter, &self.bindings));
        if rule.follows != Follows::Averaging {
            return self.tx.rollup(&schema, &child.object, &rule.rollup, filter.as_ref(), parent);
        }
        let total = self.tx.rollup_total(&schema, &child.object, &rule.rollup, filter.as_ref(), parent)?;
        self.keep_mean(child, rule, parent, total)
    }

    fn keep_mean(
        &mut self,
        child: &ObjectRules,
        rule: &RollupRule,
        parent: Uuid,
        total: Total,
    ) -> Result<Value, Error> {
        means::set(self.tx, &rule.key(), parent, total)?;
        let field = rule.rollup.field.as_ref().and_then(|name| child.object.find_field(name));
        field.map_or(Ok(Value::Missing), |field| total.mean(field))
    }

    /// Stores what a module works out and keeps in records: fields that are `kept`, told by no history. Formulas and figures
    /// that read them follow.
    ///
    /// # Errors
    /// A field that is not kept; a database that fails.
    pub fn keep(&mut self, object: &str, values: Vec<(Uuid, Patch)>) -> Result<(), Error> {
        let compiled = self.compiled.clone();
        let rules = compiled.rules(object)?;
        let is_kept = |name: &String| rules.object.find_field(name).is_some_and(|field| field.kept);
        if let Some(name) = values.iter().flat_map(|(_, patch)| patch.keys()).find(|name| !is_kept(name)) {
            return Err(anyhow::anyhow!("`{object}.{name}` is not kept by the program").into());
        }
        let mut values: HashMap<Uuid, Patch> = values.into_iter().collect();
        let ids: Vec<Uuid> = values.keys().copied().collect();
        let stored = self.tx.lock_many(&rules.object, &ids)?;
        let mut drafts: Vec<Result<Draft, Problem>> = stored
            .into_iter()
            .map(|record| {
                let mut draft = self.derived(object, record.clone(), record);
                draft.after.values.extend(values.remove(&draft.after.id).unwrap_or_default());
                Ok(draft)
            })
            .collect();
        self.count_worth(rules, &mut drafts)?;
        self.store_derived(object, drafts.into_iter().flatten().collect(), 0)
    }

    pub(crate) fn derived(&self, object: &str, before: Record, after: Record) -> Draft {
        Draft { object: object.to_owned(), op: model::Op::Update, before: Some(before), after, at: self.at }
    }

    fn refresh_dependents(
        &mut self,
        object: &Arc<Object>,
        via: &str,
        parents: Vec<Uuid>,
        depth: usize,
    ) -> Result<(), Error> {
        let schema = self.compiled.schema.clone();
        let values: Vec<Value> = parents.into_iter().map(Value::Id).collect();
        let Some(reference) = object.find_field(via) else { return Ok(()) };
        let mut cursor = None;
        loop {
            let mut ids = Vec::new();
            let select = Select {
                fields: vec![via.to_owned()],
                filter: Some(expr::field_in(object, reference, Vec::clone(&values))),
                limit: SLICE,
                cursor: cursor.take(),
                deleted: Deleted::With,
                ..Select::all(&schema, object)
            };
            cursor = self.tx.select(&select, &mut |record| {
                ids.push(record.id);
                Ok(())
            })?;
            let drafts = self
                .tx
                .lock_many(object, &ids)?
                .into_iter()
                .map(|record| self.derived(&object.name, record.clone(), record))
                .collect();
            self.store_derived(&object.name, drafts, depth)?;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    /// Stores figures and formulas of records nobody edited: no version, no history of their own, but search and
    /// everything that reads them follow.
    pub(crate) fn store_derived(&mut self, object: &str, mut drafts: Vec<Draft>, depth: usize) -> Result<(), Error> {
        let compiled = self.compiled.clone();
        let rules = compiled.rules(object)?;
        let loader = Loader::new(self.tx, compiled.schema.clone(), self.workspace);
        for draft in &mut drafts {
            formulas(rules, &mut draft.after, &loader);
        }
        Loader::check(loader)?;
        drafts.retain(|draft| !draft.patch().is_empty());
        for draft in &drafts {
            let patch: Patch = draft.patch();
            self.tx.update(&rules.object, draft.after.id, &patch)?;
        }
        let drafts: Vec<&Draft> = drafts.iter().collect();
        self.index(rules, &drafts)?;
        self.derive_others(rules, &drafts, depth + 1)
    }
}

/// The records of one object that a reference, a list of references or an `about` value points to.
pub(crate) fn parents_of(value: &Value, object: &str) -> Vec<Uuid> {
    match value {
        Value::Id(id) => vec![*id],
        Value::Json(json) => json
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| match entry {
                serde_json::Value::String(id) => Uuid::parse_str(id).ok(),
                entry if entry.get("object").and_then(serde_json::Value::as_str) == Some(object) => {
                    entry.get("id").and_then(serde_json::Value::as_str).and_then(|id| Uuid::parse_str(id).ok())
                }
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
