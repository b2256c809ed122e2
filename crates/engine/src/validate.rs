//! Steps 6 to 8 of a write: rules, what amounts count, territories, formulas, and everything that may be wrong with a record.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::expr;
use model::{Code, Field, FieldProblem, Kind, Op, Problem, Value};
use store::{Deleted, Error, Select};
use uuid::Uuid;

use crate::batch::Batch;
use crate::compiled::ObjectRules;
use crate::derive::{Loader, Row, RowRecord, formulas, parents_of};
use crate::draft::Draft;
use crate::module::RuleContext;
use crate::policy::{Policy, Right};
use crate::sight::Reading;

/// Levels of a tree; what is deeper counts as a circle.
pub const TREE_MAX: usize = 64;

type Drafts = Vec<Result<Draft, Problem>>;

impl Batch<'_> {
    /// Applies rules, places, derives formulas, validates. A draft that fails becomes its problem.
    pub(crate) fn finish(&mut self, rules: &ObjectRules, mut drafts: Drafts) -> Result<Drafts, Error> {
        if !rules.rules.is_empty() {
            // Rules ask about formulas, and these count what amounts are worth.
            self.count_worth(rules, &mut drafts)?;
            self.apply_rules(rules, &mut drafts)?;
        }
        self.count_worth(rules, &mut drafts)?;
        let mut placing = self.placing(&rules.object);
        let loader = Loader::new(self.tx, self.compiled.schema.clone(), self.workspace);
        for slot in &mut drafts {
            let Ok(draft) = slot else { continue };
            if let Some(placing) = &mut placing {
                placing.place(draft);
            }
            formulas(rules, &mut draft.after, &loader);
            if matches!(draft.op, Op::Delete | Op::Restore) {
                continue;
            }
            let faults = {
                let row =
                    Row { object: rules.object.clone(), record: RowRecord::Borrowed(&draft.after), loader: &loader };
                faults_of(rules, draft, &row, &self.bindings)
            };
            if !faults.is_empty() {
                *slot = Err(Problem::invalid(faults));
            }
        }
        Loader::check(loader)?;
        self.settle_placing(placing)?;
        self.check_references(rules, &mut drafts)?;
        self.check_trees(rules, &mut drafts)?;
        self.check_unique(rules, &mut drafts)?;
        Ok(drafts)
    }

    /// The behaviour of the object. A draft that a rule refuses becomes its problem.
    fn apply_rules(&mut self, rules: &ObjectRules, drafts: &mut Drafts) -> Result<(), Error> {
        let loader = Loader::new(self.tx, self.compiled.schema.clone(), self.workspace);
        {
            let schema = &self.compiled.schema;
            let policy = Policy::new(self.actor, &self.rights, schema, &self.bindings, self.workspace.granted());
            let reading = Reading { schema, rules, loader: &loader, bindings: &self.bindings, policy };
            let context = RuleContext {
                workspace: self.workspace,
                actor: self.actor,
                cause: &self.cause,
                undoes: self.undoes,
                sight: &reading,
            };
            for slot in drafts.iter_mut() {
                let Ok(draft) = slot else { continue };
                if let Err(problem) = rules.rules.iter().try_for_each(|rule| (rule.apply)(draft, &context)) {
                    *slot = Err(problem);
                }
            }
        }
        Loader::check(loader)
    }

    /// Every record that is pointed to must be there and visible to the actor.
    fn check_references(&mut self, rules: &ObjectRules, drafts: &mut Drafts) -> Result<(), Error> {
        let mut wanted: BTreeMap<String, HashSet<Uuid>> = BTreeMap::new();
        for draft in drafts.iter().flatten() {
            for (_, object, ids) in pointed(rules, draft) {
                wanted.entry(object).or_default().extend(ids);
            }
        }
        let mut seen: HashSet<Uuid> = HashSet::new();
        let schema = self.compiled.schema.clone();
        for (name, ids) in wanted {
            let Some(object) = schema.find_object(&name).cloned() else { continue };
            let Ok(scope) = self.policy().scope(&object, Right::Read) else { continue };
            let filter = scope.unwrap_or_else(expr::Expr::always);
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for slice in ids.chunks(1_000) {
                seen.extend(self.tx.matches(&schema, &object, slice, &filter)?);
            }
        }
        for slot in drafts.iter_mut() {
            let Ok(draft) = slot else { continue };
            let faults: Vec<FieldProblem> = pointed(rules, draft)
                .into_iter()
                .filter(|(_, _, ids)| ids.iter().any(|id| !seen.contains(id)))
                .map(|(field, object, _)| {
                    fault(&field, "unknown_record", format!("`{field}` names a {object} that is not there."))
                })
                .collect();
            if !faults.is_empty() {
                *slot = Err(Problem::invalid(faults));
            }
        }
        Ok(())
    }

    /// No record stands above itself, also when several are moved at once.
    fn check_trees(&mut self, rules: &ObjectRules, drafts: &mut Drafts) -> Result<(), Error> {
        for field in rules.object.fields.iter().filter(|field| field.tree) {
            let moves = |draft: &&Draft| draft.op != Op::Delete && draft.changes(&field.name);
            let moved: HashMap<Uuid, Option<Uuid>> = drafts
                .iter()
                .flatten()
                .filter(moves)
                .map(|draft| (draft.after.id, draft.get(&field.name).as_id()))
                .collect();
            for slot in drafts.iter_mut() {
                let Ok(draft) = slot else { continue };
                let (id, mut above) = match moved.get(&draft.after.id) {
                    Some(Some(above)) => (draft.after.id, Some(*above)),
                    _ => continue,
                };
                let mut steps = 0;
                while let Some(at) = above.filter(|at| *at != id && steps < TREE_MAX) {
                    steps += 1;
                    above = match moved.get(&at) {
                        Some(above) => *above,
                        None => self.tx.find(&rules.object, at)?.and_then(|record| record.get(&field.name).as_id()),
                    };
                }
                if above.is_some() {
                    let message = "This would make a circle: it stands below this record already. Choose another, or \
                                   move that one first.";
                    *slot = Err(Problem::invalid(vec![fault(&field.name, "circle", message.to_owned())]));
                }
            }
        }
        Ok(())
    }

    /// No two live records share the value of a unique field. The database has the last word; this finds the usual
    /// case first, so that one bad row of many does not end the transaction.
    fn check_unique(&mut self, rules: &ObjectRules, drafts: &mut Drafts) -> Result<(), Error> {
        let schema = self.compiled.schema.clone();
        for field in rules.object.fields.iter().filter(|field| field.unique) {
            let values: Vec<Value> = drafts
                .iter()
                .flatten()
                .filter(|draft| draft.op == Op::Restore || draft.changes(&field.name))
                .map(|draft| draft.get(&field.name).clone())
                .filter(|value| !value.is_missing())
                .collect();
            if values.is_empty() || values.iter().any(|value| matches!(value, Value::Json(_))) {
                continue;
            }
            let mut owners: HashMap<String, Uuid> = HashMap::new();
            let select = Select {
                fields: vec![field.name.clone()],
                filter: Some(expr::field_in(&rules.object, field, values)),
                limit: model::limits::BULK_MAX,
                deleted: Deleted::Without,
                ..Select::all(&schema, &rules.object)
            };
            self.tx.select(&select, &mut |record| {
                owners.insert(unique_key(record.get(&field.name)), record.id);
                Ok(())
            })?;
            self.refuse_taken(rules, field, owners, drafts)?;
        }
        Ok(())
    }

    /// A record is named only to those who may see it; to others the value is taken, and no more.
    fn refuse_taken(
        &mut self,
        rules: &ObjectRules,
        field: &Field,
        mut owners: HashMap<String, Uuid>,
        drafts: &mut Drafts,
    ) -> Result<(), Error> {
        let stored: Vec<Uuid> = owners.values().copied().collect();
        let mut taken: Vec<(usize, Uuid)> = Vec::new();
        for (at, slot) in drafts.iter().enumerate() {
            let Ok(draft) = slot else { continue };
            if draft.op == Op::Delete || draft.get(&field.name).is_missing() {
                continue;
            }
            let owner = *owners.entry(unique_key(draft.get(&field.name))).or_insert(draft.after.id);
            if owner != draft.after.id {
                taken.push((at, owner));
            }
        }
        if taken.is_empty() {
            return Ok(());
        }
        let seen = self.seen(&rules.object, &stored)?;
        for (at, owner) in taken {
            let named = (seen.contains(&owner) || !stored.contains(&owner)).then_some(owner);
            if let Some(slot) = drafts.get_mut(at) {
                *slot = Err(not_unique(&field.name, &field.label, named));
            }
        }
        Ok(())
    }
}

/// The problem of a value that another record has; `owner` when the actor may know which.
fn not_unique(field: &str, label: &str, owner: Option<Uuid>) -> Problem {
    let (says, detail) = match owner {
        Some(_) => ("is already used by another record.", "is already used by another record. Open that one instead."),
        None => ("is already taken.", "is already taken. Use another value."),
    };
    let problem = Problem {
        fields: vec![fault(field, "not_unique", format!("{label} {says}"))],
        ..Problem::new(Code::Conflict, format!("{label} {detail}"))
    };
    match owner {
        Some(owner) => problem.with("other", owner.to_string()),
        None => problem,
    }
}

fn unique_key(value: &Value) -> String {
    match value {
        Value::Text(text) => model::fold::fold(text),
        other => other.to_json().to_string(),
    }
}

fn fault(field: &str, code: &str, message: String) -> FieldProblem {
    FieldProblem { field: field.to_owned(), code: code.to_owned(), message }
}

/// The references that a draft changes: field, object pointed to, ids.
fn pointed(rules: &ObjectRules, draft: &Draft) -> Vec<(String, String, Vec<Uuid>)> {
    let mut found = Vec::new();
    for field in &rules.object.fields {
        let about = field.kind == Kind::About;
        if !(about || field.target_object().is_some()) || !draft.changes(&field.name) {
            continue;
        }
        let value = draft.get(&field.name);
        let before = draft.was(&field.name);
        let targets: Vec<String> = match field.target_object() {
            Some(target) => vec![target.to_owned()],
            None => objects_of(value),
        };
        for target in targets {
            let old = parents_of(before, &target);
            let ids: Vec<Uuid> = parents_of(value, &target).into_iter().filter(|id| !old.contains(id)).collect();
            if !ids.is_empty() {
                found.push((field.name.clone(), target, ids));
            }
        }
    }
    found
}

fn objects_of(about: &Value) -> Vec<String> {
    let entries = about.as_json().and_then(serde_json::Value::as_array);
    let mut names: Vec<String> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.get("object").and_then(serde_json::Value::as_str))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

fn faults_of(rules: &ObjectRules, draft: &Draft, row: &Row<'_, '_>, bindings: &expr::Bindings) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let required = |label: &str| format!("{label} is needed.");
    for field in rules.object.fields.iter().filter(|field| field.required && !field.hidden) {
        let matters = draft.before.is_none() || draft.changes(&field.name);
        if matters && draft.get(&field.name).is_missing() {
            faults.push(fault(&field.name, "required", required(&field.label)));
        }
    }
    for condition in &rules.required_if {
        if draft.get(&condition.field).is_missing() && expr::holds(&expr::bind(&condition.expr, bindings), row) {
            let label = rules.object.find_field(&condition.field).map_or("This", |field| field.label.as_str());
            faults.push(fault(&condition.field, "required", required(label)));
        }
    }
    for condition in &rules.validations {
        if draft.get(&condition.field).is_missing() {
            continue;
        }
        if !expr::holds(&expr::bind(&condition.expr, bindings), row) {
            let message = condition.message.clone().unwrap_or_else(|| "This value is not allowed.".to_owned());
            faults.push(fault(&condition.field, "not_valid", message));
        }
    }
    faults
}
