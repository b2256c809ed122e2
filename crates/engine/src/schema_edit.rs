//! Changes of the schema while everything runs: tables, API, search and history follow at once.

use std::sync::Arc;

use model::{Actor, Code, Field, Object, Patch, Problem, Schema, Value};
use serde_json::Value as Json;
use store::Error;
use uuid::Uuid;

use crate::batch::{Batch, Edit, Plan};
use crate::definitions::{
    Definition, Definitions, OBJECT, body_of_field, body_of_object, difference_of_fields, difference_of_objects,
    shipped,
};
use crate::workspace::Workspace;

/// One change of the schema.
#[derive(Debug, Clone)]
pub enum SchemaEdit {
    /// A new object with its first fields.
    AddObject(Box<Object>),
    /// Labels, icon, columns and the like of an object; its fields stay as they are.
    ChangeObject(Box<Object>),
    /// Takes an object of one's own out of use; its records stay where they are.
    RemoveObject {
        /// Object name.
        object: String,
    },
    /// The order of the fields that were added to an object; those not named stand behind.
    OrderFields {
        /// Object name.
        object: String,
        /// Field names.
        order: Vec<String>,
    },
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
    /// Whether search looks into a field; one that is new to search stands behind the others.
    SearchField {
        /// Object name.
        object: String,
        /// Field name.
        field: String,
        /// Whether it does.
        searched: bool,
    },
    /// Takes a field of one's own out of use; its values stay where they are.
    HideField {
        /// Object name.
        object: String,
        /// Field name.
        field: String,
    },
}

impl Workspace {
    /// Changes the schema in one batch, which undo takes back. The batch is none when nothing changed.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; everything that is wrong with the new schema; a database that fails.
    pub fn edit_schema(&self, actor: &Actor, edits: Vec<SchemaEdit>) -> Result<(Option<Uuid>, Arc<Schema>), Error> {
        self.check_special(actor, "configure")?;
        let work = self.transact(actor, Plan::new("edit schema"), move |batch| batch.edit_schema(&edits));
        let (batch, changed) = work.wait()?;
        Ok((changed.then_some(batch), self.refresh_schema()?))
    }
}

impl Batch<'_> {
    /// Writes the definitions that make the edits. Returns whether there was anything to write.
    ///
    /// # Errors
    /// As [`Workspace::edit_schema`].
    pub(crate) fn edit_schema(&mut self, edits: &[SchemaEdit]) -> Result<bool, Error> {
        let modules = self.workspace().modules().to_vec();
        let before = Definitions::load(self.tx, &self.compiled.schema)?;
        let mut after = before.clone();
        let mut current = before.build(&modules)?;
        let shipped = shipped(&modules)?;
        for edit in edits {
            apply(&current, &shipped, &mut after, edit)?;
            current = after.build(&modules)?;
        }
        self.write_definitions(&before, &after)
    }

    pub(crate) fn write_definitions(&mut self, before: &Definitions, after: &Definitions) -> Result<bool, Error> {
        let (mut made, mut edits) = (Vec::new(), Vec::new());
        for one in &after.all {
            match before.all.iter().find(|known| known.id == one.id && one.id.is_some()) {
                None => made.push(patch_of(one)),
                Some(known) if known != one => {
                    edits.extend(one.id.map(|id| Edit { id, patch: patch_of(one), if_version: None }));
                }
                Some(_) => {}
            }
        }
        let kept: Vec<Option<Uuid>> = after.all.iter().map(|one| one.id).collect();
        let gone: Vec<Uuid> =
            before.all.iter().filter(|one| !kept.contains(&one.id)).filter_map(|one| one.id).collect();
        let changed = !(made.is_empty() && edits.is_empty() && gone.is_empty());
        check_search(
            &after.build(self.workspace().modules())?,
            made.iter().chain(edits.iter().map(|edit| &edit.patch)),
        )?;
        let mut answers = self.delete_many(OBJECT, &gone)?;
        answers.extend(self.update_many(OBJECT, edits)?);
        answers.extend(self.create_many(OBJECT, made)?);
        answers.into_iter().collect::<Result<Vec<_>, Problem>>()?;
        Ok(changed)
    }
}

/// Refuses objects whose search is to look into fields that are not there.
fn check_search<'a>(schema: &Schema, patches: impl Iterator<Item = &'a Patch>) -> Result<(), Problem> {
    for patch in patches {
        let object = patch.get("object").and_then(Value::as_text).and_then(|name| schema.find_object(name));
        let (Some(object), Some(Value::Json(body))) = (object, patch.get("body")) else { continue };
        let names = body.get("search").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        if let Some(name) = names.into_iter().find(|name| object.find_field(name).is_none()) {
            return Err(conflict(format!(
                "`search` names the field `{name}`, which {} do not have.",
                object.label_plural
            )));
        }
    }
    Ok(())
}

fn patch_of(one: &Definition) -> Patch {
    let field = one.field.as_deref().map_or(Value::Missing, Value::text);
    Patch::from([
        ("name".to_owned(), Value::text(one.name())),
        ("object".to_owned(), Value::text(&one.object)),
        ("field".to_owned(), field),
        ("position".to_owned(), Value::Int(one.position)),
        ("body".to_owned(), Value::json(Json::Object(one.body.clone()))),
    ])
}

fn conflict(detail: String) -> Problem {
    Problem::new(Code::Conflict, detail)
}

fn apply(current: &Schema, shipped: &[Object], kept: &mut Definitions, edit: &SchemaEdit) -> Result<(), Problem> {
    match edit {
        SchemaEdit::AddObject(object) => add_object(current, kept, object),
        SchemaEdit::ChangeObject(object) => change_object(current, shipped, kept, object),
        SchemaEdit::RemoveObject { object } => remove_object(current, kept, object),
        SchemaEdit::OrderFields { object, order } => order_fields(current, kept, object, order),
        SchemaEdit::AddField { object, field } => {
            let known = find(current, object)?;
            if known.find_field(&field.name).is_some_and(|field| !field.hidden) {
                return Err(conflict(format!("{} already has a field `{}`.", known.label, field.name)));
            }
            if known.find_field(&field.name).is_some_and(|known| known.kind != field.kind) {
                return Err(conflict(format!(
                    "A field `{}` of another kind was taken out of use, and its values are still there. Choose \
                     another name.",
                    field.name
                )));
            }
            kept.put(object, Some(&field.name), body_of_field(field)?);
            Ok(())
        }
        SchemaEdit::ChangeField { object, field } => {
            let known = own_field(current, object, &field.name)?;
            if known.kind != field.kind || known.result != field.result || known.target != field.target {
                return Err(conflict(
                    "The kind of a field stays, since its values would be lost. Make a new field instead.".to_owned(),
                ));
            }
            let from = shipped.iter().find(|one| one.name == *object).and_then(|one| one.find_field(&field.name));
            let body = match from {
                Some(from) => difference_of_fields(from, field)?,
                None => body_of_field(field)?,
            };
            kept.put(object, Some(&field.name), body);
            Ok(())
        }
        SchemaEdit::SearchField { object, field, searched } => {
            let mut changed = (**find(current, object)?).clone();
            if changed.search.contains(field) == *searched {
                return Ok(());
            }
            changed.search.retain(|name| name != field);
            changed.search.extend(searched.then(|| field.clone()));
            change_object(current, shipped, kept, &changed)
        }
        SchemaEdit::HideField { object, field } => {
            let known = own_field(current, object, field)?;
            if !known.custom {
                return Err(conflict(format!("`{field}` is a standard field and stays.")));
            }
            let hidden = Field { hidden: true, required: false, ..known.clone() };
            kept.put(object, Some(field), body_of_field(&hidden)?);
            Ok(())
        }
    }
}

fn add_object(current: &Schema, kept: &mut Definitions, object: &Object) -> Result<(), Problem> {
    if current.find_object(&object.name).is_some() || current.find_plural(&object.plural).is_some() {
        return Err(conflict(format!(
            "There is already an object `{}` or a list `{}`. Choose another name.",
            object.name, object.plural
        )));
    }
    kept.put(&object.name, None, body_of_object(object)?);
    for field in object.fields.iter().filter(|field| !field.system) {
        kept.put(&object.name, Some(&field.name), body_of_field(field)?);
    }
    Ok(())
}

fn change_object(current: &Schema, shipped: &[Object], kept: &mut Definitions, object: &Object) -> Result<(), Problem> {
    let known = find(current, &object.name)?;
    if known.plural != object.plural {
        return Err(conflict("The plural of an object is its path and stays.".to_owned()));
    }
    if known.owned && !object.owned {
        return Err(conflict(format!("{} have owners, whom rights may speak of. That stays.", known.label_plural)));
    }
    if known.internal {
        return Err(conflict(format!("{} belong to the program and stay as they are.", known.label_plural)));
    }
    let body = match shipped.iter().find(|one| one.name == object.name) {
        Some(from) => difference_of_objects(from, object)?,
        None => body_of_object(object)?,
    };
    kept.put(&object.name, None, body);
    Ok(())
}

fn remove_object(current: &Schema, kept: &mut Definitions, object: &str) -> Result<(), Problem> {
    let known = find(current, object)?;
    if !known.custom {
        return Err(conflict(format!("{} are a standard object and stay.", known.label_plural)));
    }
    let pointing = current.objects().iter().filter(|other| other.name != object).find_map(|other| {
        let field = other.fields.iter().find(|field| {
            field.target_object() == Some(object) || field.rollup.as_ref().is_some_and(|rollup| rollup.object == object)
        })?;
        Some(format!("{} ({})", field.label, other.label_plural))
    });
    if let Some(field) = pointing {
        return Err(conflict(format!("The field {field} refers to {}. Delete that first.", known.label_plural)));
    }
    kept.all.retain(|one| one.object != object);
    Ok(())
}

fn order_fields(current: &Schema, kept: &mut Definitions, object: &str, order: &[String]) -> Result<(), Problem> {
    let known = find(current, object)?;
    for name in order {
        if !known.find_field(name).is_some_and(|field| field.custom) {
            return Err(conflict(format!("`{name}` is no field that was added to {}.", known.label_plural)));
        }
    }
    let mut fields: Vec<&mut Definition> =
        kept.all.iter_mut().filter(|one| one.object == object && one.field.is_some()).collect();
    fields.sort_by_key(|one| {
        let place = order.iter().position(|name| one.field.as_ref() == Some(name));
        (place.unwrap_or(order.len()), one.position)
    });
    for (place, one) in (1..).zip(fields) {
        one.position = place;
    }
    kept.all.sort_by_key(|one| one.position);
    Ok(())
}

fn find<'a>(current: &'a Schema, object: &str) -> Result<&'a Arc<Object>, Problem> {
    current.find_object(object).ok_or_else(|| Problem::not_found("object"))
}

fn own_field<'a>(current: &'a Schema, object: &str, field: &str) -> Result<&'a Field, Problem> {
    let known = find(current, object)?.find_field(field).ok_or_else(|| Problem::not_found("field"))?;
    if known.system {
        return Err(conflict(format!("`{field}` belongs to every record and stays as it is.")));
    }
    Ok(known)
}
