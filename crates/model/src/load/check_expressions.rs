//! Checks of the expressions of fields, and that no calculated field depends on itself.

use std::collections::HashMap;

use super::Fault;
use super::check::Faults;
use crate::expr::{self, Expr};
use crate::field::{Field, Kind};
use crate::object::Object;
use crate::schema::Schema;

pub(super) fn check_expressions(faults: &mut Faults<'_>, field: &Field) {
    let name = Some(field.name.as_str());
    let (schema, object) = (faults.schema, faults.object);
    let conditions =
        [("validation", &field.validation), ("visible_if", &field.visible_if), ("required_if", &field.required_if)];
    for (key, source) in conditions {
        if let Some(Err(problem)) = source.as_ref().map(|source| expr::parse_condition(schema, object, source)) {
            faults.add(name, format!("its `{key}`: {}", problem.detail));
        }
    }
    if let (Some(source), Some(result)) = (&field.formula, field.result)
        && let Err(problem) = expr::parse_formula(schema, object, source, result)
    {
        faults.add(name, format!("its formula: {}", problem.detail));
    }
    if let Some((object, other)) = sensitive_source(schema, object, field) {
        let message = format!("it shows what the sensitive field `{object}.{other}` holds; make it sensitive too.");
        faults.add(name, message);
    }
    if let Some(rollup) = &field.rollup
        && let (Some(filter), Some(child)) = (&rollup.filter, schema.find_object(&rollup.object))
        && let Err(problem) = expr::parse_condition(schema, child, filter)
    {
        faults.add(name, format!("the filter of its roll-up: {}", problem.detail));
    }
}

/// A sensitive field that a calculated field reads which is not sensitive itself.
fn sensitive_source(schema: &Schema, object: &Object, field: &Field) -> Option<Node> {
    if field.sensitive {
        return None;
    }
    let is_sensitive = |(object, field): &Node| {
        schema.find_object(object).and_then(|object| object.find_field(field)).is_some_and(|field| field.sensitive)
    };
    needs_of(schema, object, field).into_iter().find(is_sensitive)
}

/// One fault for every ring of calculated fields that need each other.
pub(super) fn check_cycles(schema: &Schema) -> Vec<Fault> {
    let mut needs: HashMap<Node, Vec<Node>> = HashMap::new();
    for object in schema.objects() {
        for field in object.fields.iter().filter(|field| field.is_derived()) {
            needs.insert((object.name.clone(), field.name.clone()), needs_of(schema, object, field));
        }
    }
    let mut nodes: Vec<&Node> = needs.keys().collect();
    nodes.sort();
    let mut walk = Walk { needs: &needs, states: HashMap::new(), path: Vec::new(), found: Vec::new() };
    for node in nodes {
        walk.visit(node);
    }
    walk.found
}

/// Object and field.
type Node = (String, String);

/// The fields that a calculated field reads, in its own object and in others.
fn needs_of(schema: &Schema, object: &Object, field: &Field) -> Vec<Node> {
    let mut read: Vec<Node> = Vec::new();
    let mut add = |parsed: Option<Expr>| {
        let uses = parsed.iter().flat_map(expr::uses);
        read.extend(uses.map(|used| (used.object, used.field)));
    };
    if let Some(source) = &field.formula {
        add(expr::parse_formula(schema, object, source, field.result.unwrap_or(Kind::Text)).ok());
    }
    if let Some(rollup) = &field.rollup
        && let Some(child) = schema.find_object(&rollup.object)
    {
        add(rollup.filter.as_ref().and_then(|filter| expr::parse_condition(schema, child, filter).ok()));
        read.extend(rollup.field.as_ref().map(|field| (child.name.clone(), field.clone())));
    }
    read
}

struct Walk<'a> {
    needs: &'a HashMap<Node, Vec<Node>>,
    /// Whether all that a node needs has been walked.
    states: HashMap<&'a Node, bool>,
    path: Vec<&'a Node>,
    found: Vec<Fault>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, node: &'a Node) {
        match self.states.get(node) {
            Some(true) => return,
            Some(false) => return self.add_ring(node),
            None => {}
        }
        let Some(needs) = self.needs.get(node) else { return };
        self.states.insert(node, false);
        self.path.push(node);
        for need in needs {
            self.visit(need);
        }
        self.path.pop();
        self.states.insert(node, true);
    }

    fn add_ring(&mut self, node: &Node) {
        let ring = self.path.iter().skip_while(|other| **other != node).chain(std::iter::once(&node));
        let ring: Vec<String> = ring.map(|(object, field)| format!("`{object}.{field}`")).collect();
        self.found.push(Fault {
            file: node.0.clone(),
            line: None,
            field: Some(node.1.clone()),
            message: format!("it depends on itself: {}.", ring.join(" needs ")),
        });
    }
}
