//! Who uses a field or an object: what would break, or say less, without it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use model::expr::{self, Expr};
use model::{Actor, Field, Kind, Object, Schema, Value};
use serde::Serialize;
use serde_json::Value as Json;
use store::Error;
use uuid::Uuid;

use crate::layouts::{self, Layout};
use crate::policy::{Rights, Scope};
use crate::read::Query;
use crate::territories;
use crate::workspace::Workspace;

/// Something that names a field or an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Usage {
    /// `view`, `layout`, `role`, `territory`, or the part of a definition: `formula`, `rollup`, `validation`, `visible_if`,
    /// `required_if`, `reference`, `title`, `subtitle`, `search`, `columns`, `orders`, `counted_by`, `parent`, `timeline`.
    pub kind: &'static str,
    /// The object it stands at.
    pub object: String,
    /// Its field, view, layout or role.
    pub name: String,
    /// What people read.
    pub label: String,
    /// Its record, of views, layouts, roles and territories.
    pub id: Option<Uuid>,
}

/// What is looked for.
struct Wanted<'a> {
    schema: &'a Schema,
    object: &'a str,
    field: Option<&'a str>,
}

impl Wanted<'_> {
    fn is(&self, object: &str, field: &str) -> bool {
        self.object == object && self.field.is_none_or(|wanted| wanted == field)
    }

    fn read_by(&self, expr: &Expr) -> bool {
        expr::uses(expr).iter().any(|used| self.is(&used.object, &used.field))
    }

    fn read_by_condition(&self, object: &Arc<Object>, source: &str) -> bool {
        expr::parse_condition(self.schema, object, source).is_ok_and(|parsed| self.read_by(&parsed))
    }
}

impl Workspace {
    /// Everything that names a field, or any field of an object.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; a database that fails.
    pub fn uses(&self, actor: &Actor, object: &str, field: Option<&str>) -> Result<Vec<Usage>, Error> {
        self.check_special(actor, "configure")?;
        let schema = self.schema();
        let wanted = Wanted { schema: &schema, object, field };
        let mut found = BTreeSet::new();
        for other in schema.objects() {
            definitions(&wanted, other, &mut found);
        }
        for view in self.all_of("view")? {
            let of = view.get("object").as_text().and_then(|name| schema.find_object(name));
            if let Some(of) = of.filter(|of| uses_view(&wanted, of, &view)) {
                let label = view.get("name").as_text().unwrap_or_default().to_owned();
                let (object, name) = (of.name.clone(), label.clone());
                found.insert(Usage { kind: "view", object, name, label, id: Some(view.id) });
            }
        }
        for record in self.all_of(layouts::OBJECT)? {
            let layout = Layout::of(&record);
            let read = layout.condition.as_deref().is_some_and(|source| {
                schema.find_object(&layout.object).is_some_and(|of| wanted.read_by_condition(of, source))
            });
            if read || layout.names(object, field) {
                let Layout { id, name, object, .. } = layout;
                found.insert(Usage { kind: "layout", object, name: name.clone(), label: name, id: Some(id) });
            }
        }
        for role in self.all_of("role")? {
            let Value::Json(json) = role.get("rights") else { continue };
            let Ok(rights) = Rights::from_json(json) else { continue };
            if uses_rights(&wanted, &rights) {
                let label = role.get("name").as_text().unwrap_or_default().to_owned();
                let object = "role".to_owned();
                found.insert(Usage { kind: "role", object, name: label.clone(), label, id: Some(role.id) });
            }
        }
        let placed = self.placed();
        for territory in self.all_of(territories::OBJECT)? {
            let (Some(of), Some(rule)) = (&placed, territory.get("rule").as_text()) else { continue };
            if wanted.read_by_condition(of, rule) {
                let label = territory.get("name").as_text().unwrap_or_default().to_owned();
                let object = territories::OBJECT.to_owned();
                found.insert(Usage { kind: "territory", object, name: label.clone(), label, id: Some(territory.id) });
            }
        }
        Ok(found.into_iter().collect())
    }

    fn all_of(&self, object: &str) -> Result<Vec<model::Record>, Error> {
        let rows: Arc<Mutex<Vec<model::Record>>> = Arc::default();
        let collected = rows.clone();
        let query = Query { object: object.to_owned(), ..Query::default() };
        let each = self.each(&Actor::system("who uses it"), query, move |record| {
            if let Ok(mut rows) = collected.lock() {
                rows.push(record);
            }
            Ok(())
        });
        each.wait()?;
        Ok(rows.lock().map(|mut rows| std::mem::take(&mut *rows)).unwrap_or_default())
    }
}

/// Uses in the definitions of an object and its fields.
fn definitions(wanted: &Wanted<'_>, other: &Arc<Object>, found: &mut BTreeSet<Usage>) {
    let own = other.name == wanted.object;
    let mut add = |kind, field: &str, label: &str| {
        let (object, name, label) = (other.name.clone(), field.to_owned(), label.to_owned());
        found.insert(Usage { kind, object, name, label, id: None });
    };
    for field in other.fields.iter().filter(|field| !field.hidden) {
        if own && wanted.field.is_none_or(|name| name == field.name) {
            continue;
        }
        for kind in uses_field(wanted, other, field) {
            add(kind, &field.name, &format!("{}: {}", other.label, field.label));
        }
    }
    let Some(name) = wanted.field.filter(|_| own) else { return };
    let listed = |names: &[String]| names.iter().any(|one| one == name);
    let timeline = other.timeline.as_ref().is_some_and(|timeline| {
        timeline.at == name || timeline.body.as_deref() == Some(name) || listed(&timeline.subjects)
    });
    for (kind, used) in [
        ("title", other.title == name),
        ("subtitle", other.subtitle.as_deref() == Some(name)),
        ("search", listed(&other.search)),
        ("columns", listed(&other.columns)),
        ("orders", listed(&other.orders)),
        ("counted_by", listed(&other.counted_by)),
        ("parent", other.parent.as_deref() == Some(name)),
        ("timeline", timeline),
        ("duplicates", listed(&other.duplicates.identifying) || other.duplicates.keep.contains_key(name)),
    ] {
        if used {
            add(kind, name, &other.label_plural);
        }
    }
}

/// The parts of a field's definition that name what is wanted.
fn uses_field(wanted: &Wanted<'_>, object: &Arc<Object>, field: &Field) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    let conditions =
        [("validation", &field.validation), ("visible_if", &field.visible_if), ("required_if", &field.required_if)];
    for (kind, source) in conditions {
        if source.as_ref().is_some_and(|source| wanted.read_by_condition(object, source)) {
            kinds.push(kind);
        }
    }
    if let (Kind::Formula, Some(source)) = (field.kind, &field.formula) {
        let parsed = expr::parse_formula(wanted.schema, object, source, field.value_kind());
        if parsed.is_ok_and(|parsed| wanted.read_by(&parsed)) {
            kinds.push("formula");
        }
    }
    if let Some(rollup) = &field.rollup {
        let names = wanted.is(&rollup.object, &rollup.via)
            || rollup.field.as_ref().is_some_and(|field| wanted.is(&rollup.object, field));
        let filtered = rollup.filter.as_ref().is_some_and(|source| {
            let counted = wanted.schema.find_object(&rollup.object);
            counted.is_some_and(|counted| wanted.read_by_condition(counted, source))
        });
        if names || filtered {
            kinds.push("rollup");
        }
    }
    if wanted.field.is_none() && field.target_object() == Some(wanted.object) {
        kinds.push("reference");
    }
    kinds
}

fn uses_view(wanted: &Wanted<'_>, of: &Arc<Object>, view: &model::Record) -> bool {
    if of.name == wanted.object && wanted.field.is_none() {
        return true;
    }
    let text = |field: &str| view.get(field).as_text().unwrap_or_default().to_owned();
    if wanted.read_by_condition(of, &text("filter")) {
        return true;
    }
    let Some(field) = wanted.field.filter(|_| of.name == wanted.object) else { return false };
    let sorted = text("sort").split(',').any(|part| part.trim().trim_start_matches('-') == field);
    let shown = match view.get("columns") {
        Value::Json(columns) => columns.as_array().is_some_and(|columns| {
            columns.iter().any(|one| one.as_str().or_else(|| one.get("field").and_then(Json::as_str)) == Some(field))
        }),
        _ => false,
    };
    sorted || shown || ["group", "starts", "ends"].iter().any(|by| text(by) == field)
}

fn uses_rights(wanted: &Wanted<'_>, rights: &Rights) -> bool {
    rights.objects.iter().any(|(name, own)| {
        let named = name == wanted.object && wanted.field.is_none_or(|field| own.fields.contains_key(field));
        let conditions = [&own.read, &own.update, &own.delete];
        named
            || wanted.schema.find_object(name).is_some_and(|object| {
                conditions
                    .into_iter()
                    .any(|scope| matches!(scope, Scope::Where(source) if wanted.read_by_condition(object, source)))
            })
    })
}
