//! Page layouts: how the page and the forms of an object are arranged, for roles and for kinds of records. They only
//! arrange: what somebody may see and change is the policy's matter alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::expr;
use model::{Actor, FieldProblem, Object, Op, Problem, Record, Schema, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use store::{Error, Select, Tx};
use uuid::Uuid;

use crate::batch::Batch;
use crate::draft::Draft;
use crate::module::{FollowEntry, RuleContext};
use crate::policy::{Policy, Right};
use crate::workspace::Workspace;

/// The object that keeps them.
pub const OBJECT: &str = "page_layout";

/// Most layouts of one object: all that fit somebody's role are sent when their UI starts.
const LAYOUTS_MAX: usize = 50;
const SECTIONS_MAX: usize = 40;
const TITLE_MAX: usize = 80;
/// Most fields of all sections, and most entries of the tabs and of the columns.
const NAMES_MAX: usize = 1_000;
/// What the strip holds in one line.
const STRIP_MAX: usize = 8;

/// Layouts name fields that the same batch may make.
pub(crate) const FOLLOW: FollowEntry = FollowEntry {
    object: OBJECT,
    why: "Its names are held against the data model as this transaction leaves it.",
    settles: false,
    apply: |batch, drafts| drafts.iter().try_for_each(|draft| check_names(batch, draft)),
};

/// A heading with fields below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Section {
    /// What people read; empty for the usual word.
    #[serde(default)]
    pub title: String,
    /// How many fields stand beside each other where there is room: 1 or 2.
    #[serde(default = "two")]
    pub columns: u8,
    /// Closed until somebody opens it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub collapsed: bool,
    /// Names, in their order.
    #[serde(default)]
    pub fields: Vec<String>,
}

fn two() -> u8 {
    2
}

/// What a layout says. A list that is not there is as usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arrangement {
    /// The page's details and the forms; none: as the object has its fields.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Fields of the line below the page's header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strip: Option<Vec<String>>,
    /// Tabs of the page: `object.field` of a relation, or the name of a part of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panels: Option<Vec<String>>,
    /// Columns that lists begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
}

impl Arrangement {
    /// Reads it, or says what is wrong with its shape.
    pub(crate) fn read(json: &Json) -> Result<Self, String> {
        if !json.is_object() {
            return Err("It cannot be read: it is no object with `sections`.".to_owned());
        }
        let mut read: Self =
            serde_json::from_value(json.clone()).map_err(|error| format!("It cannot be read: {error}."))?;
        if read.sections.len() > SECTIONS_MAX {
            return Err(format!("A layout has at most {SECTIONS_MAX} sections. Join some."));
        }
        for section in &mut read.sections {
            section.title = section.title.trim().to_owned();
            if section.title.chars().count() > TITLE_MAX {
                return Err(format!("The title of a section has at most {TITLE_MAX} letters."));
            }
            if !(1..=2).contains(&section.columns) {
                return Err("A section has 1 or 2 columns.".to_owned());
            }
        }
        let fields: Vec<&String> = read.sections.iter().flat_map(|section| &section.fields).collect();
        once(&fields, NAMES_MAX)?;
        let lists = [(&read.strip, STRIP_MAX), (&read.panels, NAMES_MAX), (&read.columns, NAMES_MAX)];
        for (list, most) in lists {
            once(&list.iter().flatten().collect::<Vec<_>>(), most)?;
        }
        Ok(read)
    }

    pub(crate) fn to_json(&self) -> Json {
        json!(self)
    }

    /// Every field of the object that it names.
    fn fields(&self) -> impl Iterator<Item = &String> {
        let sections = self.sections.iter().flat_map(|section| &section.fields);
        sections.chain(self.strip.iter().flatten()).chain(self.columns.iter().flatten())
    }

    /// The relations among its tabs: object and field that point here.
    fn relations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.panels.iter().flatten().filter_map(|panel| panel.split_once('.'))
    }
}

/// Refuses what stands twice, and too much of it.
fn once(names: &[&String], most: usize) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(format!("`{twice}` stands in it twice. Leave it out once."));
    }
    if names.len() > most { Err(format!("A list of a layout has at most {most} names.")) } else { Ok(()) }
}

/// A layout as its record has it.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub id: Uuid,
    pub name: String,
    pub object: String,
    pub position: i64,
    /// Empty for everyone. Roles that are gone stay among them: what was for one role never becomes everyone's.
    pub roles: Vec<Uuid>,
    pub condition: Option<String>,
    pub arrangement: Arrangement,
}

impl Layout {
    pub(crate) fn of(record: &Record) -> Self {
        let text = |field: &str| record.get(field).as_text().map(str::to_owned);
        let roles = record.get("roles").to_json();
        let ids = roles.as_array().into_iter().flatten().filter_map(Json::as_str);
        Self {
            id: record.id,
            name: text("name").unwrap_or_default(),
            object: text("object").unwrap_or_default(),
            position: if let Value::Int(position) = record.get("position") { *position } else { i64::MAX },
            roles: ids.filter_map(|id| Uuid::parse_str(id).ok()).collect(),
            condition: text("condition"),
            arrangement: arrangement_of(record.get("content")),
        }
    }

    /// Whether it names a field of an object, or with `None` anything of it; conditions aside.
    pub(crate) fn names(&self, object: &str, field: Option<&str>) -> bool {
        let is = |other: &str, name: &str| other == object && field.is_none_or(|field| field == name);
        self.object == object && field.is_none()
            || self.arrangement.fields().any(|name| is(&self.object, name))
            || self.arrangement.relations().any(|(other, via)| is(other, via))
    }
}

fn arrangement_of(content: &Value) -> Arrangement {
    content.as_json().and_then(|json| Arrangement::read(json).ok()).unwrap_or_default()
}

/// All layouts, each object's in the order in which they are tried.
pub(crate) fn all(tx: &mut Tx, schema: &Arc<Schema>) -> Result<Vec<Layout>, Error> {
    let object = schema.find_object(OBJECT).ok_or_else(|| Problem::not_found("object"))?;
    let mut found = Vec::new();
    tx.select(&Select::all(schema, object), &mut |record| {
        found.push(Layout::of(&record));
        Ok(())
    })?;
    found.sort_by_key(|layout| (layout.position, layout.id));
    Ok(found)
}

/// Brings the content into the form in which it is stored, or says what cannot be read.
pub(crate) fn check(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    if matches!(draft.op, Op::Delete | Op::Restore) {
        return Ok(());
    }
    let content = draft.get("content").as_json().cloned().unwrap_or_else(|| json!({}));
    let arrangement = Arrangement::read(&content).map_err(|message| wrong("content", "bad_layout", message))?;
    draft.set("content", Value::json(arrangement.to_json()));
    Ok(())
}

fn wrong(field: &str, code: &str, message: String) -> Problem {
    Problem::invalid(vec![FieldProblem { field: field.to_owned(), code: code.to_owned(), message }])
}

/// Refuses names that are not there, and a condition that does not check.
fn check_names(batch: &mut Batch<'_>, draft: &Draft) -> Result<(), Error> {
    let said = ["name", "object", "condition", "content"];
    if matches!(draft.op, Op::Delete | Op::Restore) || !said.iter().any(|field| draft.changes(field)) {
        return Ok(());
    }
    let schema = batch.schema_to_be()?;
    let layout = Layout::of(&draft.after);
    let others: Vec<Layout> = all(batch.tx(), &schema)?;
    let others = others.iter().filter(|other| other.object == layout.object && other.id != layout.id);
    let object = schema.find_object(&layout.object).filter(|object| !object.internal);
    let Some(object) = object else {
        let message = format!("There is no object `{}` with a page to arrange.", layout.object);
        return Err(wrong("object", "bad_value", message).into());
    };
    if others.clone().any(|other| other.name == layout.name) {
        let message = format!("{} have a layout “{}” already. Choose another name.", object.label_plural, layout.name);
        return Err(wrong("name", "not_unique", message).into());
    }
    if draft.op == Op::Create && others.count() >= LAYOUTS_MAX {
        let message = format!("An object has at most {LAYOUTS_MAX} layouts. Delete one first.");
        return Err(wrong("object", "too_many", message).into());
    }
    // What it named before may be gone by now; it is left out of pages and may stay in the layout.
    let before = if draft.changes("object") { Arrangement::default() } else { arrangement_of(draft.was("content")) };
    let known: BTreeSet<&String> = before.fields().chain(before.panels.iter().flatten()).collect();
    let unknown = unknown_names(&schema, object, &layout.arrangement, &known);
    if !unknown.is_empty() {
        let message = format!("{} have no {}. Leave it out.", object.label_plural, unknown.join(", "));
        return Err(wrong("content", "unknown_field", message).into());
    }
    if let Some(source) = &layout.condition
        && let Err(problem) = expr::parse_condition(&schema, object, source)
    {
        let refused = wrong("condition", "bad_expression", problem.detail);
        return Err(Problem { extra: problem.extra, ..refused }.into());
    }
    Ok(())
}

fn unknown_names(
    schema: &Schema,
    object: &Object,
    arrangement: &Arrangement,
    known: &BTreeSet<&String>,
) -> Vec<String> {
    let relations = schema.relations(&object.name);
    let is_panel = |panel: &str| match panel.split_once('.') {
        Some((other, field)) => relations.iter().any(|one| one.object.name == other && one.field == field),
        // Parts of the page are the UI's: one that it does not know is not shown.
        None => panel.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_') && !panel.is_empty(),
    };
    let fields = arrangement.fields().filter(|name| object.find_field(name).is_none());
    let panels = arrangement.panels.iter().flatten().filter(|panel| !is_panel(panel));
    let all: BTreeSet<&String> = fields.chain(panels).filter(|name| !known.contains(name)).collect();
    all.into_iter().map(|name| format!("`{name}`")).collect()
}

impl Workspace {
    /// The layouts that an actor's role can meet, by object, in the order in which they are tried; of each only what
    /// the actor may know. One whose condition reads something else is not theirs: it would tell what they may not see.
    ///
    /// # Errors
    /// A database that fails.
    pub fn layouts(&self, actor: &Actor) -> Result<BTreeMap<String, Vec<Json>>, Error> {
        let (workspace, actor) = (self.clone(), actor.clone());
        let work = self.store().read(move |tx| {
            let schema = workspace.schema();
            let mut all = all(tx, &schema)?;
            all.retain(|layout| layout.roles.is_empty() || actor.role.is_some_and(|role| layout.roles.contains(&role)));
            workspace.judge(tx, &actor, |policy| {
                let mut shown: BTreeMap<String, Vec<Json>> = BTreeMap::new();
                for layout in &all {
                    if let Some(json) = shown_to(policy, &schema, layout) {
                        shown.entry(layout.object.clone()).or_default().push(json);
                    }
                }
                shown
            })
        });
        work.wait()
    }
}

fn shown_to(policy: &Policy<'_>, schema: &Schema, layout: &Layout) -> Option<Json> {
    let object = schema.find_object(&layout.object).filter(|object| !object.internal)?;
    if let Some(source) = &layout.condition {
        policy.condition(object, source).ok()?;
    }
    let field =
        |name: &String| object.find_field(name).is_some_and(|field| !field.hidden) && policy.can_reveal(object, name);
    let panel = |name: &String| match name.split_once('.') {
        None => true,
        Some((other, field)) => schema
            .find_object(other)
            .is_some_and(|other| policy.scope(other, Right::Read).is_ok() && policy.can_reveal(other, field)),
    };
    let mut arrangement = layout.arrangement.clone();
    for section in &mut arrangement.sections {
        section.fields.retain(field);
    }
    for list in [&mut arrangement.strip, &mut arrangement.columns].into_iter().flatten() {
        list.retain(field);
    }
    arrangement.panels.iter_mut().for_each(|list| list.retain(panel));
    let mut json = Map::from_iter([("id".to_owned(), json!(layout.id)), ("name".to_owned(), json!(layout.name))]);
    json.extend(layout.condition.as_ref().map(|source| ("condition".to_owned(), json!(source))));
    if let Json::Object(members) = arrangement.to_json() {
        json.extend(members);
    }
    Some(Json::Object(json))
}
