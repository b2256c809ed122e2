//! The tree with its rules compiled, and where a record belongs in it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::expr::{self, Expr};
use model::{Code, Object, Problem, Record, Schema, Value};
use serde::Serialize;
use uuid::Uuid;

use super::{FIELD, PINNED};

/// Deepest tree: what is deeper would be a circle.
const DEPTH_MAX: usize = 64;
/// Fields of the record that no rule reads: they change with every write, or follow from the rule itself.
const UNSTEADY: [&str; 6] = [FIELD, PINNED, "version", "updated_at", "updated_by", "deleted_at"];

enum Rule {
    /// None: what stands below decides.
    None,
    Holds(Expr),
    /// It cannot be read any more, as when a field of it was taken out of use: it holds for nothing.
    Broken,
}

struct Node {
    id: Uuid,
    name: String,
    rule: Rule,
    /// In the order in which they are tried.
    parts: Vec<usize>,
}

/// Every territory that is reached from the top.
#[derive(Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    tops: Vec<usize>,
    places: HashMap<Uuid, usize>,
    /// The record's fields that the rules read.
    pub(crate) reads: HashSet<String>,
}

/// What a rule said to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Said {
    /// It has none; what stands below decides.
    Folder,
    Yes,
    No,
    Broken,
}

/// A territory that was tried.
pub(crate) struct Tried {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) depth: usize,
    pub(crate) said: Said,
}

/// A rule, compiled; refused when it asks for what changes without a write of the record.
pub(crate) fn compile(schema: &Schema, placed: &Object, source: &str) -> Result<Expr, Problem> {
    let wrong = |detail: String| Err(Problem::new(Code::Invalid, detail));
    let parsed = expr::parse_condition(schema, placed, source)?;
    if expr::needs_binding(&parsed) {
        return wrong(
            "The rule of a territory cannot use now, today, me, my_teams or my_territories, as where a record belongs \
             would change by itself. Ask for what stands in the record."
                .to_owned(),
        );
    }
    for used in expr::uses(&parsed) {
        let own = used.via.is_empty() && (used.object == placed.name || used.object.is_empty());
        let field = placed.find_field(&used.field);
        let steady = used.field == "id" || field.is_some_and(|field| !field.is_derived() && !field.kept);
        if !own || !steady || UNSTEADY.contains(&used.field.as_str()) {
            return wrong(format!(
                "The rule of a territory cannot ask for `{}`, which changes without a change of the record itself. Ask for \
                 fields that people fill in, like address, industry or employees.",
                used.field
            ));
        }
    }
    Ok(parsed)
}

impl Tree {
    /// Of the records of territories. What hangs below nothing is left out.
    pub(crate) fn new(schema: &Schema, placed: Option<&Arc<Object>>, rows: &[Record]) -> Self {
        let mut tree = Self::default();
        let Some(placed) = placed else { return tree };
        let mut order: Vec<&Record> = rows.iter().collect();
        order.sort_by_key(|row| {
            let position = if let Value::Int(position) = row.get("position") { *position } else { i64::MAX };
            (position, row.id)
        });
        let mut children: HashMap<Option<Uuid>, Vec<&Record>> = HashMap::new();
        for row in order {
            children.entry(row.get("parent").as_id()).or_default().push(row);
        }
        tree.tops = tree.add(schema, placed, &children, None, 0);
        tree
    }

    fn add(
        &mut self,
        schema: &Schema,
        placed: &Object,
        children: &HashMap<Option<Uuid>, Vec<&Record>>,
        parent: Option<Uuid>,
        depth: usize,
    ) -> Vec<usize> {
        let mut added = Vec::new();
        for row in children.get(&parent).into_iter().flatten().filter(|_| depth < DEPTH_MAX) {
            let rule = match row.get("rule").as_text() {
                None => Rule::None,
                Some(source) => compile(schema, placed, source).map_or(Rule::Broken, Rule::Holds),
            };
            if let Rule::Holds(parsed) = &rule {
                self.reads.extend(expr::uses(parsed).into_iter().map(|used| used.field));
            }
            let parts = self.add(schema, placed, children, Some(row.id), depth + 1);
            let name = row.get("name").as_text().unwrap_or_default().to_owned();
            self.places.insert(row.id, self.nodes.len());
            added.push(self.nodes.len());
            self.nodes.push(Node { id: row.id, name, rule, parts });
        }
        added
    }

    /// How many territories there are.
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Whether a rule cannot be read: it may be again, when its field comes back.
    pub(crate) fn has_broken(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node.rule, Rule::Broken))
    }

    /// Whether the territory is there.
    pub(crate) fn knows(&self, id: Uuid) -> bool {
        self.places.contains_key(&id)
    }

    /// Its name.
    pub(crate) fn name(&self, id: Uuid) -> Option<&str> {
        Some(&self.nodes.get(*self.places.get(&id)?)?.name)
    }

    /// The deepest territory whose rule and all rules above hold; of those side by side the first.
    pub(crate) fn place(&self, record: &Record) -> Option<Uuid> {
        self.among(&self.tops, record, 0, &mut |_| {})
    }

    /// The same, with what was tried on the way.
    pub(crate) fn explain(&self, record: &Record) -> (Option<Uuid>, Vec<Tried>) {
        let mut tried = Vec::new();
        let found = self.among(&self.tops, record, 0, &mut |one| tried.push(one));
        (found, tried)
    }

    fn among(&self, nodes: &[usize], record: &Record, depth: usize, tell: &mut dyn FnMut(Tried)) -> Option<Uuid> {
        for node in nodes.iter().filter_map(|at| self.nodes.get(*at)) {
            let said = match &node.rule {
                Rule::None => Said::Folder,
                Rule::Broken => Said::Broken,
                Rule::Holds(rule) if expr::holds(rule, record) => Said::Yes,
                Rule::Holds(_) => Said::No,
            };
            tell(Tried { id: node.id, name: node.name.clone(), depth, said });
            if matches!(said, Said::No | Said::Broken) {
                continue;
            }
            let deeper = self.among(&node.parts, record, depth + 1, tell);
            if deeper.is_some() || said == Said::Yes {
                return deeper.or(Some(node.id));
            }
        }
        None
    }
}
