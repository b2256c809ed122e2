//! What administrators added to the data model, as records of the object `definition`, and the schema that the modules'
//! objects and these make together.

use std::sync::Arc;

use model::load::{check_schema, load_fields, load_object, problem_of};
use model::{Code, Field, Object, Problem, Schema, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use store::{Deleted, Error, Select, Tx};
use uuid::Uuid;

use crate::batch::Batch;
use crate::compiled::Compiled;
use crate::module::Module;
use crate::workspace::Workspace;

/// The object that keeps them.
pub(crate) const OBJECT: &str = "definition";

/// What of a shipped object may be said differently.
const PRESENTATION: [&str; 9] =
    ["label", "label_plural", "description", "icon", "color", "subtitle", "search", "columns", "duplicates"];

/// What of a shipped field stays whatever is kept about it.
const IDENTITY: [&str; 5] = ["name", "kind", "result", "target", "hidden"];

/// One addition or change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Definition {
    /// Its record; none before it is stored.
    pub id: Option<Uuid>,
    /// Object name.
    pub object: String,
    /// Field name; none for the object itself.
    pub field: Option<String>,
    /// Order among the fields of the object.
    pub position: i64,
    /// The object without fields, or the field; of shipped ones what differs.
    pub body: Map<String, Json>,
}

impl Definition {
    /// `property`, or `property.price`.
    pub fn name(&self) -> String {
        match &self.field {
            Some(field) => format!("{}.{field}", self.object),
            None => self.object.clone(),
        }
    }
}

/// All of them, each object's fields in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Definitions {
    /// Grows with every change of any of them.
    pub version: u64,
    /// Objects and fields.
    pub all: Vec<Definition>,
}

impl Definitions {
    /// Reads them; none when the database is new.
    pub fn load(tx: &mut Tx, schema: &Arc<Schema>) -> Result<Self, Error> {
        let mut found = Self::default();
        let Some(object) = schema.find_object(OBJECT) else { return Ok(found) };
        if !tx.has_table(object)? {
            return Ok(found);
        }
        let fields = ["version", "deleted_at", "object", "field", "position", "body"];
        let select = Select {
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            deleted: Deleted::With,
            ..Select::all(schema, object)
        };
        tx.select(&select, &mut |record| {
            if let Value::Int(version) = record.get("version") {
                found.version += u64::try_from(*version).unwrap_or_default();
            }
            let live = record.get("deleted_at").is_missing();
            if let (Some(name), Value::Json(body), true) = (record.get("object").as_text(), record.get("body"), live)
                && let Json::Object(body) = body.as_ref()
            {
                let position = if let Value::Int(position) = record.get("position") { *position } else { 0 };
                found.all.push(Definition {
                    id: Some(record.id),
                    object: name.to_owned(),
                    field: record.get("field").as_text().map(str::to_owned),
                    position,
                    body: body.clone(),
                });
            }
            Ok(())
        })?;
        found.all.sort_by_key(|one| (one.position, one.id));
        Ok(found)
    }

    /// What is kept about an object or field.
    pub fn find(&mut self, object: &str, field: Option<&str>) -> Option<&mut Definition> {
        self.all.iter_mut().find(|one| one.object == object && one.field.as_deref() == field)
    }

    /// Keeps a body for an object or field; an empty one is forgotten.
    pub fn put(&mut self, object: &str, field: Option<&str>, body: Map<String, Json>) {
        if body.is_empty() {
            self.all.retain(|one| one.object != object || one.field.as_deref() != field);
        } else if let Some(known) = self.find(object, field) {
            known.body = body;
        } else {
            let last = self.all.iter().filter(|one| one.object == object).map(|one| one.position).max();
            self.all.push(Definition {
                id: None,
                object: object.to_owned(),
                field: field.map(str::to_owned),
                position: last.map_or(0, |last| last + 1),
                body,
            });
        }
    }

    /// Puts modules and additions together and checks the whole.
    pub fn build(&self, modules: &[Module]) -> Result<Schema, Problem> {
        let mut objects = shipped(modules)?;
        for one in self.all.iter().filter(|one| one.field.is_none()) {
            match objects.iter_mut().find(|object| object.name == one.object) {
                Some(object) if object.internal => {}
                Some(object) => {
                    let own = std::mem::take(&mut object.fields);
                    *object = Object { fields: own, ..overlay(&*object, &only(&PRESENTATION, &one.body))? };
                }
                None => objects.push(Object { custom: true, internal: false, ..whole(&one.body)? }),
            }
        }
        for one in &self.all {
            let Some(name) = &one.field else { continue };
            let Some(object) = objects.iter_mut().find(|object| object.name == one.object) else { continue };
            match object.fields.iter_mut().find(|field| field.name == *name) {
                Some(_) if object.internal => {}
                Some(field) => *field = overlay(field, &without(&IDENTITY, &one.body))?,
                None => object.fields.push(Field { custom: true, ..whole(&one.body)? }),
            }
        }
        for one in self.all.iter().filter(|one| one.field.is_none()) {
            if let Some(object) = objects.iter_mut().find(|object| object.name == one.object) {
                search_what_is_there(object);
            }
        }
        let schema = Schema::new(self.version + 1, objects);
        let faults = check_schema(&schema);
        if faults.is_empty() { Ok(schema) } else { Err(problem_of(&faults)) }
    }
}

/// Leaves fields out of search that are no more: undo takes back a field alone when others came to search since.
fn search_what_is_there(object: &mut Object) {
    let whole = object.clone().with_system_fields();
    object.search.retain(|name| whole.find_field(name).is_some());
}

/// The modules' objects as they are shipped.
pub(crate) fn shipped(modules: &[Module]) -> Result<Vec<Object>, Problem> {
    let files = modules.iter().flat_map(|module| module.objects);
    let refused = |fault| problem_of(&[fault]);
    let mut objects: Vec<Object> =
        files.map(|(file, toml)| load_object(file, toml).map_err(refused)).collect::<Result<_, _>>()?;
    for (name, file, toml) in modules.iter().flat_map(|module| module.additions) {
        // Without the other module there is nothing to be added to.
        if let Some(object) = objects.iter_mut().find(|object| object.name == *name) {
            object.fields.extend(load_fields(file, toml).map_err(refused)?);
        }
    }
    Ok(objects)
}

/// What an object of one's own is kept as: everything but its fields.
pub(crate) fn body_of_object(object: &Object) -> Result<Map<String, Json>, Problem> {
    let mut body = members(object)?;
    for name in ["fields", "custom", "internal"] {
        body.remove(name);
    }
    Ok(body)
}

/// What a field of one's own is kept as.
pub(crate) fn body_of_field(field: &Field) -> Result<Map<String, Json>, Problem> {
    let mut body = members(field)?;
    for name in ["custom", "system"] {
        body.remove(name);
    }
    Ok(body)
}

/// What a changed shipped object is kept as. `title`, `timeline` and the like stay as they are shipped.
pub(crate) fn difference_of_objects(shipped: &Object, changed: &Object) -> Result<Map<String, Json>, Problem> {
    let difference = difference(&body_of_object(shipped)?, &body_of_object(changed)?);
    match difference.keys().find(|name| !PRESENTATION.contains(&name.as_str())) {
        Some(name) => Err(Problem::new(
            Code::Conflict,
            format!("`{name}` of a standard object stays. You can change: {}.", PRESENTATION.join(", ")),
        )),
        None => Ok(difference),
    }
}

/// What a changed shipped field is kept as.
pub(crate) fn difference_of_fields(shipped: &Field, changed: &Field) -> Result<Map<String, Json>, Problem> {
    Ok(difference(&body_of_field(shipped)?, &body_of_field(changed)?))
}

/// The members of `new` that differ from `old`; `null` where one is gone.
fn difference(old: &Map<String, Json>, new: &Map<String, Json>) -> Map<String, Json> {
    let changed = new.iter().filter(|(name, value)| old.get(*name) != Some(*value));
    let gone = old.keys().filter(|name| !new.contains_key(*name)).map(|name| (name.clone(), Json::Null));
    changed.map(|(name, value)| (name.clone(), value.clone())).chain(gone).collect()
}

fn only(names: &[&str], body: &Map<String, Json>) -> Map<String, Json> {
    let kept = body.iter().filter(|(name, _)| names.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn without(names: &[&str], body: &Map<String, Json>) -> Map<String, Json> {
    let kept = body.iter().filter(|(name, _)| !names.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn members<T: Serialize>(of: &T) -> Result<Map<String, Json>, Problem> {
    match serde_json::to_value(of) {
        Ok(Json::Object(map)) => Ok(map),
        Ok(_) => Err(unfit("it is no object")),
        Err(error) => Err(unfit(error)),
    }
}

fn whole<T: DeserializeOwned>(body: &Map<String, Json>) -> Result<T, Problem> {
    serde_json::from_value(Json::Object(body.clone())).map_err(unfit)
}

/// A definition with some members replaced; `null` removes one.
///
/// # Errors
/// [`Code::Invalid`] when the result is no definition any more.
pub fn overlay<T: Serialize + DeserializeOwned>(base: &T, body: &Map<String, Json>) -> Result<T, Problem> {
    let mut all = members(base)?;
    for (name, value) in body {
        if value.is_null() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.clone());
        }
    }
    whole(&all)
}

fn unfit(reason: impl std::fmt::Display) -> Problem {
    Problem::new(Code::Invalid, format!("The definition does not fit: {reason}."))
}

impl Workspace {
    /// Takes over definitions that were changed here or by another node.
    pub(crate) fn refresh_schema(&self) -> Result<Arc<Schema>, Error> {
        let schema = self.schema();
        let definitions = self.store().read(move |tx| Definitions::load(tx, &schema)).wait()?;
        if definitions.version + 1 > self.schema().version {
            let schema = Arc::new(definitions.build(self.modules())?);
            let compiled = Arc::new(Compiled::new(schema, self.modules())?);
            self.0.compiled.rcu(|known| {
                if known.schema.version < compiled.schema.version { compiled.clone() } else { known.clone() }
            });
        }
        Ok(self.schema())
    }
}

impl Batch<'_> {
    /// The schema as the definitions of this transaction make it.
    pub(crate) fn schema_to_be(&mut self) -> Result<Arc<Schema>, Error> {
        if !self.schema_changed {
            return Ok(self.schema());
        }
        let definitions = Definitions::load(self.tx, &self.compiled.schema)?;
        Ok(Arc::new(definitions.build(self.workspace.modules())?))
    }

    /// Tables follow changed definitions in the same transaction, which is refused as a whole when the definitions do
    /// not fit together, whatever changed them: an edit, an undo, a restore.
    pub(crate) fn settle_schema(&mut self) -> Result<(), Error> {
        let definitions = Definitions::load(self.tx, &self.compiled.schema)?;
        let schema = Arc::new(definitions.build(self.workspace.modules())?);
        Compiled::new(schema.clone(), self.workspace.modules())?;
        self.follow_fields_of_rules(&schema)?;
        self.tx.apply_schema(&schema)?;
        crate::refresh::queue(self.tx, &schema, self.at)
    }
}
