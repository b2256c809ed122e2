//! The schema: every object of a workspace, checked against one another.

use std::collections::HashMap;
use std::sync::Arc;

use crate::field::{Field, Kind};
use crate::object::Object;

/// All objects of a workspace. Immutable; a change makes a new one with the next version.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Grows with every change.
    pub version: u64,
    objects: Vec<Arc<Object>>,
    by_name: HashMap<String, usize>,
    by_plural: HashMap<String, usize>,
}

/// The records of another object that point here: what `deals.exists(…)` of a company ranges over.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Name on the target object.
    pub name: String,
    /// What people read.
    pub label: String,
    /// The object that points.
    pub object: Arc<Object>,
    /// Its field that points.
    pub field: String,
}

impl Schema {
    /// Puts objects together (system fields are added). Checks are in [`crate::object`]'s loader.
    pub fn new(version: u64, objects: Vec<Object>) -> Self {
        let objects: Vec<Arc<Object>> =
            objects.into_iter().map(|object| Arc::new(object.with_system_fields())).collect();
        let by_name = objects.iter().enumerate().map(|(at, object)| (object.name.clone(), at)).collect();
        let by_plural = objects.iter().enumerate().map(|(at, object)| (object.plural.clone(), at)).collect();
        Self { version, objects, by_name, by_plural }
    }

    /// Every object, in the order of registration.
    pub fn objects(&self) -> &[Arc<Object>] {
        &self.objects
    }

    /// By singular name.
    pub fn find_object(&self, name: &str) -> Option<&Arc<Object>> {
        self.by_name.get(name).and_then(|at| self.objects.get(*at))
    }

    /// By plural: the path in the API.
    pub fn find_plural(&self, plural: &str) -> Option<&Arc<Object>> {
        self.by_plural.get(plural).and_then(|at| self.objects.get(*at))
    }

    /// Every to-many relation of an object: references of others that declare an `inverse`.
    pub fn relations(&self, object: &str) -> Vec<Relation> {
        let mut relations = Vec::new();
        for other in &self.objects {
            for field in &other.fields {
                let points = match field.kind {
                    Kind::About => field.inverse.is_some(),
                    _ => field.target_object() == Some(object),
                };
                if let (true, Some(inverse)) = (points, &field.inverse) {
                    relations.push(Relation {
                        name: inverse.name.clone(),
                        label: inverse.label.clone(),
                        object: other.clone(),
                        field: field.name.clone(),
                    });
                }
            }
        }
        relations
    }

    /// The references that point to an object, inverse or not: what a merge re-links.
    pub fn references_to<'a>(&'a self, object: &'a str) -> impl Iterator<Item = (&'a Arc<Object>, &'a Field)> {
        self.objects.iter().flat_map(move |other| {
            other
                .fields
                .iter()
                .filter(move |field| field.kind == Kind::About || field.target_object() == Some(object))
                .map(move |field| (other, field))
        })
    }
}
