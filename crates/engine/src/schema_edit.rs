//! The schema of a workspace: the modules' objects plus what administrators added, editable while running.

use std::sync::Arc;

use model::load::{check_schema, load_object, problem_of};
use model::{Actor, Code, Field, Object, Problem, Schema};
use serde::{Deserialize, Serialize};
use store::{Error, Priority, Tx};

use crate::compiled::Compiled;
use crate::module::Module;
use crate::workspace::Workspace;

/// Where the additions are kept among the settings.
const KEY: &str = "schema";

/// What administrators added to the modules' objects.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Additions {
    /// Grows with every change; other nodes reload when it does.
    pub version: u64,
    /// Objects of their own.
    pub objects: Vec<Object>,
    /// Fields added to the modules' objects, and changes of presentation of the modules' fields.
    pub fields: Vec<AddedField>,
}

/// A field added to an object of a module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddedField {
    /// Object name.
    pub object: String,
    /// The field.
    pub field: Field,
}

/// Reads the additions.
pub(crate) fn load(tx: &mut Tx) -> Result<Additions, Error> {
    match store::tables::settings::find(tx, KEY)? {
        Some(json) => Ok(serde_json::from_value(json).map_err(anyhow::Error::from)?),
        None => Ok(Additions::default()),
    }
}

/// Puts modules and additions together and checks the whole.
pub(crate) fn build(modules: &[Module], additions: &Additions) -> Result<Schema, Problem> {
    let mut objects = Vec::new();
    for (file, toml) in modules.iter().flat_map(|module| module.objects) {
        objects.push(load_object(file, toml).map_err(|fault| problem_of(&[fault]))?);
    }
    for added in &additions.fields {
        let Some(object) = objects.iter_mut().find(|object| object.name == added.object) else { continue };
        match object.fields.iter_mut().find(|field| field.name == added.field.name) {
            Some(field) => *field = added.field.clone(),
            None => object.fields.push(added.field.clone()),
        }
    }
    objects.extend(additions.objects.iter().cloned());
    let schema = Schema::new(additions.version + 1, objects);
    let faults = check_schema(&schema);
    if faults.is_empty() { Ok(schema) } else { Err(problem_of(&faults)) }
}

/// One change of the schema.
#[derive(Debug, Clone)]
pub enum SchemaEdit {
    /// A new object.
    AddObject(Box<Object>),
    /// Labels, icon, columns and the like of an object of the administrators' own.
    ChangeObject(Box<Object>),
    /// A new field.
    AddField {
        /// Object name.
        object: String,
        /// The field.
        field: Box<Field>,
    },
    /// Another label, help, options … of a field; its kind stays.
    ChangeField {
        /// Object name.
        object: String,
        /// The field as it is to be.
        field: Box<Field>,
    },
    /// Takes a field out of use; its values stay until it is dropped for good.
    HideField {
        /// Object name.
        object: String,
        /// Field name.
        field: String,
    },
}

impl SchemaEdit {
    /// What the audit log says of it: the object, and what was done.
    fn told(&self) -> (String, serde_json::Value) {
        let (object, field, done) = match self {
            Self::AddObject(object) => (&object.name, None, "object added"),
            Self::ChangeObject(object) => (&object.name, None, "object changed"),
            Self::AddField { object, field } => (object, Some(&field.name), "field added"),
            Self::ChangeField { object, field } => (object, Some(&field.name), "field changed"),
            Self::HideField { object, field } => (object, Some(field), "field hidden"),
        };
        (format!("object:{object}"), serde_json::json!({ "done": done, "field": field }))
    }
}

impl Workspace {
    /// Changes the schema: tables, API, search and history follow at once, without a restart.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; everything that is wrong with the new schema; a database that fails.
    pub fn edit_schema(&self, actor: &Actor, edit: SchemaEdit) -> Result<Arc<Schema>, Error> {
        self.check_special(actor, "configure")?;
        let current = self.schema();
        let mut additions = self.store().read(load).wait()?;
        let (edited, details) = edit.told();
        apply(&current, &mut additions, edit)?;
        additions.version = additions.version.max(current.version) + 1;
        let schema = Arc::new(build(self.modules(), &additions)?);
        let compiled = Compiled::new(schema.clone(), self.modules())?;
        self.store().apply_schema(&schema)?;
        let json = serde_json::to_value(&additions).map_err(anyhow::Error::from)?;
        let (workspace, by) = (self.clone(), actor.clone());
        let written = self.store().write(Priority::Interactive, move |tx| {
            workspace.audit_in(tx, &by, "schema.changed", Some(edited.clone()), details.clone());
            store::tables::settings::set(tx, KEY, &json)
        });
        written.wait()?;
        self.0.compiled.store(Arc::new(compiled));
        Ok(schema)
    }
}

fn conflict(detail: String) -> Problem {
    Problem::new(Code::Conflict, detail)
}

fn apply(current: &Schema, additions: &mut Additions, edit: SchemaEdit) -> Result<(), Problem> {
    match edit {
        SchemaEdit::AddObject(object) => {
            if current.find_object(&object.name).is_some() || current.find_plural(&object.plural).is_some() {
                return Err(conflict(format!(
                    "There is already an object `{}` or a list `{}`. Choose another name.",
                    object.name, object.plural
                )));
            }
            additions.objects.push(as_custom(*object));
        }
        SchemaEdit::ChangeObject(object) => {
            let known = additions.objects.iter_mut().find(|known| known.name == object.name).ok_or_else(|| {
                conflict(format!("`{}` is a standard object; add fields to it instead.", object.name))
            })?;
            if known.plural != object.plural {
                return Err(conflict("The plural of an object is its path and stays.".to_owned()));
            }
            let mut changed = as_custom(*object);
            changed.fields = std::mem::take(&mut known.fields);
            *known = changed;
        }
        SchemaEdit::AddField { object, field } => {
            let known = current.find_object(&object).ok_or_else(|| Problem::not_found("object"))?;
            if known.find_field(&field.name).is_some() {
                return Err(conflict(format!("{} already has a field `{}`.", known.label, field.name)));
            }
            put(additions, &object, Field { custom: true, system: false, ..*field });
        }
        SchemaEdit::ChangeField { object, field } => {
            let known = known_field(current, &object, &field.name)?;
            if known.kind != field.kind || known.result != field.result || known.target != field.target {
                return Err(conflict(
                    "The kind of a field stays, since its values would be lost. Make a new field instead.".to_owned(),
                ));
            }
            put(additions, &object, Field { custom: known.custom, system: false, ..*field });
        }
        SchemaEdit::HideField { object, field } => {
            let known = known_field(current, &object, &field)?;
            if !known.custom {
                return Err(conflict(format!("`{field}` is a standard field and stays.")));
            }
            put(additions, &object, Field { hidden: true, required: false, ..known });
        }
    }
    Ok(())
}

fn as_custom(mut object: Object) -> Object {
    object.custom = true;
    object.internal = false;
    for field in &mut object.fields {
        field.custom = true;
        field.system = false;
    }
    object
}

fn known_field(current: &Schema, object: &str, field: &str) -> Result<Field, Problem> {
    let object = current.find_object(object).ok_or_else(|| Problem::not_found("object"))?;
    let known = object.find_field(field).ok_or_else(|| Problem::not_found("field"))?;
    if known.system {
        return Err(conflict(format!("`{field}` belongs to every record and stays as it is.")));
    }
    Ok(known.clone())
}

/// Puts a field where its object is kept.
fn put(additions: &mut Additions, object: &str, field: Field) {
    if let Some(own) = additions.objects.iter_mut().find(|own| own.name == object) {
        match own.fields.iter_mut().find(|known| known.name == field.name) {
            Some(known) => *known = field,
            None => own.fields.push(field),
        }
        return;
    }
    match additions.fields.iter_mut().find(|known| known.object == object && known.field.name == field.name) {
        Some(known) => known.field = field,
        None => additions.fields.push(AddedField { object: object.to_owned(), field }),
    }
}
