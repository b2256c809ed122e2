//! The schema with every expression parsed once and every dependency known: what the write path works with.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::expr::{self, Expr};
use model::field::{Aggregate, Rollup};
use model::{Field, Kind, Object, Problem, Schema};

use crate::module::{FollowEntry, KeyEntry, Module, RuleEntry};

/// A formula field, parsed.
pub struct Formula {
    /// The field.
    pub field: Field,
    /// Its expression.
    pub expr: Expr,
    /// Names of the record's own fields that it reads, references included.
    pub reads: HashSet<String>,
}

/// A condition on a field, parsed.
pub struct Condition {
    /// Field name.
    pub field: String,
    /// The condition.
    pub expr: Expr,
    /// What is said when it fails.
    pub message: Option<String>,
}

/// How the figure of a roll-up follows a change of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// What came is added, what left is taken away: counts and sums whose filter reads no relations.
    Adding,
    /// What came is compared with the figure; asked again only when the figure itself left: least and greatest.
    Comparing,
    /// As with [`Follows::Adding`], but of the sum and the number of values that lie beside the figure: means.
    Averaging,
    /// By asking again.
    Asking,
}

/// A roll-up, seen from the object whose records it counts.
pub struct RollupRule {
    /// The object that shows the figure.
    pub parent: Arc<Object>,
    /// The field that shows it.
    pub field: String,
    /// Its definition.
    pub rollup: Rollup,
    /// Its filter, parsed.
    pub filter: Option<Expr>,
    /// How its figure follows a change.
    pub follows: Follows,
    /// The counted record's fields that matter.
    pub reads: HashSet<String>,
}

impl RollupRule {
    /// What its means are kept under.
    pub fn key(&self) -> String {
        format!("{}.{}", self.parent.name, self.field)
    }
}

/// A formula of another object that reads this object's fields through a reference.
pub struct Dependent {
    /// The object with the formula.
    pub object: Arc<Object>,
    /// Its reference to this object.
    pub via: String,
    /// The fields of this object that it reads.
    pub reads: HashSet<String>,
}

/// Everything of one object that the write path needs.
pub struct ObjectRules {
    /// The object.
    pub object: Arc<Object>,
    /// Formulas, each after those it reads.
    pub formulas: Vec<Formula>,
    /// `validation` of fields.
    pub validations: Vec<Condition>,
    /// `required_if` of fields.
    pub required_if: Vec<Condition>,
    /// Roll-ups elsewhere that count this object's records.
    pub rollups: Vec<RollupRule>,
    /// Formulas elsewhere that read this object's fields.
    pub dependents: Vec<Dependent>,
    /// Behaviour from modules, in order.
    pub rules: Vec<RuleEntry>,
    /// What modules make of its changes, in order.
    pub follows: Vec<FollowEntry>,
    /// Makes the blocking keys.
    pub keys: Vec<KeyEntry>,
}

/// A schema, ready for writing.
pub struct Compiled {
    /// The schema itself.
    pub schema: Arc<Schema>,
    objects: HashMap<String, ObjectRules>,
}

impl Compiled {
    /// Parses everything.
    ///
    /// # Errors
    /// The first expression that does not check, naming object and field.
    pub fn new(schema: Arc<Schema>, modules: &[Module]) -> Result<Self, Problem> {
        let mut objects = HashMap::new();
        for object in schema.objects() {
            if let Some(source) = &object.duplicates.among {
                expr::parse_condition(&schema, object, source).map_err(|problem| {
                    let detail = format!("{}: `duplicates.among`: {}", object.label, problem.detail);
                    Problem { detail, ..problem }
                })?;
            }
            let rules = ObjectRules {
                object: object.clone(),
                formulas: formulas(&schema, object)?,
                validations: conditions(&schema, object, |field| field.validation.as_deref())?,
                required_if: conditions(&schema, object, |field| field.required_if.as_deref())?,
                rollups: Vec::new(),
                dependents: Vec::new(),
                rules: modules
                    .iter()
                    .flat_map(|module| module.rules.iter().filter(|rule| rule.object == object.name))
                    .copied()
                    .collect(),
                follows: modules
                    .iter()
                    .flat_map(|module| module.follows.iter().filter(|follow| follow.object == object.name))
                    .copied()
                    .collect(),
                keys: modules
                    .iter()
                    .flat_map(|module| module.keys.iter().filter(|keys| keys.object == object.name))
                    .copied()
                    .collect(),
            };
            objects.insert(object.name.clone(), rules);
        }
        let mut compiled = Self { schema, objects };
        compiled.add_rollups()?;
        compiled.add_dependents();
        Ok(compiled)
    }

    /// The rules of an object.
    ///
    /// # Errors
    /// Not found, when there is no such object.
    pub fn rules(&self, object: &str) -> Result<&ObjectRules, Problem> {
        self.objects.get(object).ok_or_else(|| Problem::not_found("object"))
    }

    fn add_rollups(&mut self) -> Result<(), Problem> {
        for parent in self.schema.clone().objects() {
            for field in &parent.fields {
                let (Kind::Rollup, Some(rollup)) = (field.kind, &field.rollup) else { continue };
                let Some(child) = self.schema.find_object(&rollup.object).cloned() else { continue };
                let filter = match &rollup.filter {
                    Some(source) => Some(expr::parse_condition(&self.schema, &child, source)?),
                    None => None,
                };
                if filter.as_ref().is_some_and(expr::needs_binding) {
                    let detail = "A roll-up's filter cannot use now, today, me, my_teams or my_territories: its figure is \
                                  kept in the record and would not change by itself. Filter the list instead.";
                    return Err(named(parent, field, Problem::new(model::Code::Invalid, detail)));
                }
                let rule = rollup_rule(parent, &field.name, rollup, filter, &child);
                if let Some(rules) = self.objects.get_mut(&rollup.object) {
                    rules.rollups.push(rule);
                }
            }
        }
        Ok(())
    }

    fn add_dependents(&mut self) {
        let mut found: Vec<(String, Dependent)> = Vec::new();
        for rules in self.objects.values() {
            for formula in &rules.formulas {
                for used in expr::uses(&formula.expr) {
                    if let [via] = used.via.as_slice() {
                        found.push((
                            used.object.clone(),
                            Dependent {
                                object: rules.object.clone(),
                                via: via.clone(),
                                reads: HashSet::from([used.field.clone()]),
                            },
                        ));
                    }
                }
            }
        }
        for (object, dependent) in found {
            let Some(rules) = self.objects.get_mut(&object) else { continue };
            let same = rules
                .dependents
                .iter_mut()
                .find(|known| known.object.name == dependent.object.name && known.via == dependent.via);
            match same {
                Some(known) => known.reads.extend(dependent.reads),
                None => rules.dependents.push(dependent),
            }
        }
    }
}

fn rollup_rule(parent: &Arc<Object>, field: &str, rollup: &Rollup, filter: Option<Expr>, child: &Object) -> RollupRule {
    let mut reads = HashSet::from([rollup.via.clone(), "deleted_at".to_owned()]);
    reads.extend(rollup.field.clone());
    let mut plain = true;
    for used in filter.iter().flat_map(expr::uses) {
        plain &= used.object == child.name && used.via.is_empty();
        reads.extend(used.via.first().cloned());
        reads.insert(used.field);
    }
    let follows = match rollup.aggregate {
        Aggregate::Count | Aggregate::Sum if plain => Follows::Adding,
        Aggregate::Min | Aggregate::Max if plain => Follows::Comparing,
        Aggregate::Avg if plain => Follows::Averaging,
        _ => Follows::Asking,
    };
    RollupRule { parent: parent.clone(), field: field.to_owned(), rollup: rollup.clone(), filter, follows, reads }
}

fn named(object: &Object, field: &Field, problem: Problem) -> Problem {
    Problem { detail: format!("{}.{}: {}", object.name, field.name, problem.detail), ..problem }
}

fn conditions(
    schema: &Schema,
    object: &Object,
    source: impl Fn(&Field) -> Option<&str>,
) -> Result<Vec<Condition>, Problem> {
    let mut conditions = Vec::new();
    for field in &object.fields {
        let Some(source) = source(field) else { continue };
        let expr = expr::parse_condition(schema, object, source).map_err(|problem| named(object, field, problem))?;
        conditions.push(Condition { field: field.name.clone(), expr, message: field.validation_message.clone() });
    }
    Ok(conditions)
}

/// Parses formulas and orders them so that each comes after the formulas it reads.
fn formulas(schema: &Schema, object: &Object) -> Result<Vec<Formula>, Problem> {
    let mut waiting = Vec::new();
    for field in object.fields.iter().filter(|field| field.kind == Kind::Formula) {
        let source = field.formula.as_deref().unwrap_or_default();
        let expr = expr::parse_formula(schema, object, source, field.value_kind())
            .map_err(|problem| named(object, field, problem))?;
        let reads = expr::uses(&expr).into_iter().map(|used| used.via.first().cloned().unwrap_or(used.field)).collect();
        waiting.push(Formula { field: field.clone(), expr, reads });
    }
    let mut ordered: Vec<Formula> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let names: HashSet<String> = waiting.iter().map(|formula| formula.field.name.clone()).collect();
        let Some(at) = waiting.iter().position(|formula| formula.reads.is_disjoint(&names)) else {
            let cycle = waiting.iter().map(|formula| formula.field.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Problem::new(
                model::Code::Invalid,
                format!("Formulas of `{}` read one another in a circle: {cycle}. Break the circle.", object.name),
            ));
        };
        ordered.push(waiting.remove(at));
    }
    Ok(ordered)
}
