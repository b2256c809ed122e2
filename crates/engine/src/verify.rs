//! `verify`: the database proves that nothing is lost or bent. History replays to the rows, formulas and figures equal
//! their recomputation, references hold, search knows every record.

use std::collections::HashMap;

use model::expr;
use model::field::Aggregate;
use model::{Actor, Change, Field, Kind, Object, Op, Record, Value};
use serde::Serialize;
use serde_json::Value as Json;
use store::tables::means;
use store::{Deleted, Error, Priority, Select, Total};
use uuid::Uuid;

use crate::batch::{Batch, Plan};
use crate::compiled::{Follows, ObjectRules};
use crate::derive::{Loader, as_kind, formulas, parents_of};
use crate::rates::amounts_of;
use crate::refresh;
use crate::workspace::Workspace;

/// Records looked at per transaction.
const SLICE: usize = 500;
/// Faults named; more are only counted by the caller's patience.
const FAULTS_MAX: usize = 1_000;

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Object name; empty for the database itself.
    pub object: String,
    /// Record, if it is about one.
    pub id: Option<Uuid>,
    /// Which promise is broken: `history`, `amount`, `formula`, `rollup`, `reference`, `unknown_op`, `audit`,
    /// `mail`, `push`, `database`.
    pub promise: &'static str,
    /// In words.
    pub detail: String,
}

impl Workspace {
    /// Checks everything and returns what is wrong; empty when all is well. Reads only.
    ///
    /// # Errors
    /// A database that fails.
    pub fn verify(&self) -> Result<Vec<Fault>, Error> {
        let schema = self.schema();
        let mut faults: Vec<Fault> = self
            .store()
            .verify(&schema)?
            .into_iter()
            .map(|detail| Fault { object: String::new(), id: None, promise: "database", detail })
            .collect();
        if self.keys().is_ok() {
            let report = self.verify_audit(&Actor::system("verify"))?;
            faults.extend(report.faults.into_iter().map(|fault| Fault {
                object: String::new(),
                id: None,
                promise: "audit",
                detail: format!("entry {}: {}", fault.index, fault.why),
            }));
        }
        faults.extend(self.verify_mail()?);
        faults.extend(self.verify_push()?);
        for object in schema.objects() {
            let mut cursor = None;
            loop {
                let name = object.name.clone();
                let actor = Actor::system("verify");
                // On the writer's side, so that a record and its history are read at one moment.
                let plan = Plan { priority: Priority::Background, ..Plan::new("verify") };
                let step = self.transact(&actor, plan, move |batch| batch.verify_slice(&name, cursor.clone()));
                let (_, (found, next)) = step.wait()?;
                faults.extend(found);
                cursor = next;
                if cursor.is_none() || faults.len() >= FAULTS_MAX {
                    break;
                }
            }
        }
        Ok(faults)
    }
}

impl Batch<'_> {
    fn verify_slice(&mut self, name: &str, cursor: Option<String>) -> Result<(Vec<Fault>, Option<String>), Error> {
        let compiled = self.compiled.clone();
        let rules = compiled.rules(name)?;
        let schema = self.schema();
        let select = Select { cursor, limit: SLICE, deleted: Deleted::With, ..Select::all(&schema, &rules.object) };
        let mut records = Vec::new();
        let next = self.tx.select(&select, &mut |record| {
            records.push(record);
            Ok(())
        })?;
        let mut faults = Vec::new();
        for record in &records {
            self.verify_history(&rules.object, record, &mut faults)?;
        }
        self.verify_amounts(rules, &records, &mut faults)?;
        self.verify_formulas(rules, &records, &mut faults)?;
        self.verify_rollups(rules, &records, &mut faults)?;
        self.verify_references(rules, &records, &mut faults)?;
        Ok((faults, next))
    }

    /// Replays the record's changes and compares the result with the row.
    fn verify_history(&mut self, object: &Object, record: &Record, faults: &mut Vec<Fault>) -> Result<(), Error> {
        let mut changes: Vec<Change> = Vec::new();
        loop {
            let before = changes.last().map_or(i64::MAX, |change| change.seq);
            let more = self.tx.changes_of_record(record.id, before, 1_000)?;
            let full = more.len() == 1_000;
            changes.extend(more);
            if !full {
                break;
            }
        }
        let mut fault = |detail: String| faults.push(broken(object, record.id, "history", detail));
        changes.reverse();
        if changes.first().map(|change| change.op) != Some(Op::Create) {
            fault("its history does not begin with its creation".to_owned());
            return Ok(());
        }
        let mut replayed: HashMap<&str, &Json> = HashMap::new();
        let mut deleted = false;
        for change in &changes {
            match change.op {
                Op::Delete => deleted = true,
                Op::Restore => deleted = false,
                Op::Create | Op::Update | Op::Erase => {}
            }
            for (name, pair) in &change.fields {
                let before = replayed.get(name.as_str()).copied().unwrap_or(&Json::Null);
                if pair.get(0).unwrap_or(&Json::Null) != before {
                    fault(format!("change {} says `{name}` was {:?}, history says {before}", change.seq, pair.get(0)));
                }
                replayed.insert(name, pair.get(1).unwrap_or(&Json::Null));
            }
        }
        if deleted == record.get("deleted_at").is_missing() {
            fault("row and history disagree whether it is deleted".to_owned());
        }
        for field in &object.fields {
            let kept = matches!(field.name.as_str(), "owner" | "team" | "tags");
            if field.hidden || field.is_derived() || (field.system && !kept) {
                continue;
            }
            let row = record.get(&field.name).to_json();
            let logged = replayed.get(field.name.as_str()).copied().unwrap_or(&Json::Null);
            if !same(&row, logged) {
                fault(format!("`{}` is {row} in the row and {logged} in history", field.name));
            }
        }
        Ok(())
    }

    /// Amounts count what the rates say, except while a job still counts them anew.
    fn verify_amounts(
        &mut self,
        rules: &ObjectRules,
        records: &[Record],
        faults: &mut Vec<Fault>,
    ) -> Result<(), Error> {
        let amounts = amounts_of(&rules.object);
        if amounts.is_empty() || refresh::is_behind(self.tx, Some(&rules.object.name))? {
            return Ok(());
        }
        let rates = self.workspace.rates(self.tx)?;
        for record in records {
            let mut again = record.clone();
            rates.count(&amounts, &mut again);
            for name in amounts.iter().filter(|name| record.get(name) != again.get(name)) {
                let detail = format!("`{name}` is {:?}, counted {:?}", record.get(name), again.get(name));
                faults.push(broken(&rules.object, record.id, "amount", detail));
            }
        }
        Ok(())
    }

    fn verify_formulas(
        &mut self,
        rules: &ObjectRules,
        records: &[Record],
        faults: &mut Vec<Fault>,
    ) -> Result<(), Error> {
        let loader = Loader::new(self.tx, self.compiled.schema.clone(), self.workspace);
        for record in records {
            let mut again = record.clone();
            formulas(rules, &mut again, &loader);
            for formula in &rules.formulas {
                let (stored, fresh) = (record.get(&formula.field.name), again.get(&formula.field.name));
                if !same(&stored.to_json(), &fresh.to_json()) {
                    let detail = format!("`{}` is {stored:?}, computed {fresh:?}", formula.field.name);
                    faults.push(broken(&rules.object, record.id, "formula", detail));
                }
            }
        }
        Loader::check(loader)
    }

    fn verify_rollups(
        &mut self,
        rules: &ObjectRules,
        records: &[Record],
        faults: &mut Vec<Fault>,
    ) -> Result<(), Error> {
        let schema = self.schema();
        let base_currency = self.workspace().settings().base_currency.clone();
        for field in rules.object.fields.iter().filter(|field| field.kind == Kind::Rollup) {
            let Some(rollup) = &field.rollup else { continue };
            let Some(child) = schema.find_object(&rollup.object).cloned() else { continue };
            let filter = match &rollup.filter {
                Some(source) => Some(expr::bind(&expr::parse_condition(&schema, &child, source)?, &self.bindings)),
                None => None,
            };
            let totals = self.kept_totals(rules, field, records)?;
            for record in records {
                if let Some(kept) = totals.get(&record.id) {
                    let total = self.tx.rollup_total(&schema, &child, rollup, filter.as_ref(), record.id)?;
                    if total != *kept {
                        let detail = format!("`{}` is made of {kept:?}, computed {total:?}", field.name);
                        faults.push(broken(&rules.object, record.id, "rollup", detail));
                    }
                }
                let fresh = self.tx.rollup(&schema, &child, rollup, filter.as_ref(), record.id)?;
                let fresh = as_kind(fresh, field.value_kind(), &base_currency);
                let stored = record.get(&field.name);
                let zero = |value: &Value| match value {
                    Value::Missing => rollup.aggregate == Aggregate::Count || rollup.aggregate == Aggregate::Sum,
                    Value::Int(0) | Value::Dec(0) | Value::Duration(0) | Value::Money { base: Some(0), .. } => true,
                    _ => false,
                };
                if !(same(&stored.to_json(), &fresh.to_json()) || zero(stored) && zero(&fresh)) {
                    let detail = format!("`{}` is {stored:?}, computed {fresh:?}", field.name);
                    faults.push(broken(&rules.object, record.id, "rollup", detail));
                }
            }
        }
        Ok(())
    }

    /// What the means of a roll-up are made of, where they follow changes by it.
    fn kept_totals(
        &mut self,
        rules: &ObjectRules,
        field: &Field,
        records: &[Record],
    ) -> Result<HashMap<Uuid, Total>, Error> {
        let Some(rollup) = &field.rollup else { return Ok(HashMap::new()) };
        let compiled = self.compiled.clone();
        let counted = &compiled.rules(&rollup.object)?.rollups;
        let rule = counted.iter().find(|rule| rule.parent.name == rules.object.name && rule.field == field.name);
        match rule {
            Some(rule) if rule.follows == Follows::Averaging => {
                let ids: Vec<Uuid> = records.iter().map(|record| record.id).collect();
                means::find(self.tx, &rule.key(), &ids)
            }
            _ => Ok(HashMap::new()),
        }
    }

    /// Every record pointed to exists, if only in the recycle bin.
    fn verify_references(
        &mut self,
        rules: &ObjectRules,
        records: &[Record],
        faults: &mut Vec<Fault>,
    ) -> Result<(), Error> {
        let schema = self.schema();
        for field in &rules.object.fields {
            let targets: Vec<&str> = match (field.target_object(), field.kind) {
                (Some(target), _) => vec![target],
                (None, Kind::About) => schema.objects().iter().map(|object| object.name.as_str()).collect(),
                _ => continue,
            };
            for target in targets {
                let Some(object) = schema.find_object(target) else { continue };
                let pointing: Vec<(Uuid, Vec<Uuid>)> = records
                    .iter()
                    .map(|record| (record.id, parents_of(record.get(&field.name), target)))
                    .filter(|(_, ids)| !ids.is_empty())
                    .collect();
                let ids: Vec<Uuid> = pointing.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
                let known: Vec<Uuid> = self.tx.find_many(object, &ids)?.into_iter().map(|record| record.id).collect();
                for (id, ids) in pointing {
                    for missing in ids.iter().filter(|id| !known.contains(id)) {
                        let detail = format!("`{}` names the {target} {missing}, which does not exist", field.name);
                        faults.push(broken(&rules.object, id, "reference", detail));
                    }
                }
            }
        }
        Ok(())
    }
}

fn broken(object: &Object, id: Uuid, promise: &'static str, detail: String) -> Fault {
    Fault { object: object.name.clone(), id: Some(id), promise, detail }
}

/// Equal as numbers where both are numbers: `5` and `5.0` are the same value.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (a, b) => a == b,
    }
}
