//! Checks of whole objects and between objects.

use std::collections::{HashMap, HashSet};

use super::names::{check_name, check_plural};
use super::{Fault, check_field::check_field};
use crate::duplicates::{Duplicates, SHOWN_FROM, WEIGHT_MAX};
use crate::field::{Field, Kind};
use crate::kinds::nearest;
use crate::limits::{FIELDS_MAX, OBJECTS_MAX};
use crate::object::{Object, Timeline};
use crate::schema::Schema;

/// Colour names of the palette.
pub(super) const COLORS: [&str; 10] =
    ["gray", "red", "orange", "yellow", "green", "teal", "blue", "indigo", "violet", "pink"];

/// Collects the faults of one object.
pub(super) struct Faults<'a> {
    pub(super) schema: &'a Schema,
    pub(super) object: &'a Object,
    found: Vec<Fault>,
}

impl Faults<'_> {
    pub(super) fn add(&mut self, field: Option<&str>, message: impl Into<String>) {
        let message = message.into();
        self.found.push(Fault { file: self.object.name.clone(), line: None, field: field.map(str::to_owned), message });
    }

    pub(super) fn add_when(&mut self, is_wrong: bool, field: Option<&str>, message: impl Into<String>) {
        if is_wrong {
            self.add(field, message);
        }
    }
}

pub(super) fn check_schema(schema: &Schema) -> Vec<Fault> {
    let mut found = Vec::new();
    if schema.objects().len() > OBJECTS_MAX {
        let message = format!("there are more than {OBJECTS_MAX} objects.");
        found.push(Fault { file: "schema".to_owned(), line: None, field: None, message });
    }
    let mut names = HashSet::new();
    let mut plurals = HashSet::new();
    for object in schema.objects() {
        let mut faults = Faults { schema, object, found: Vec::new() };
        let is_new = names.insert(object.name.as_str());
        faults.add_when(!is_new, None, format!("there are two objects named `{}`.", object.name));
        let is_new = plurals.insert(object.plural.as_str());
        faults.add_when(!is_new, None, format!("two objects have the plural `{}`.", object.plural));
        check_object(&mut faults);
        check_relations(&mut faults);
        found.append(&mut faults.found);
    }
    found
}

fn check_object(faults: &mut Faults<'_>) {
    let object = faults.object;
    if let Err(message) = check_name(&object.name) {
        faults.add(None, message);
    }
    if let Err(message) = check_plural(&object.plural) {
        faults.add(None, message);
    }
    for (key, label) in [("label", &object.label), ("label_plural", &object.label_plural)] {
        faults.add_when(label.trim().is_empty(), None, format!("`{key}` is empty; say what people read."));
    }
    if let Some(color) = object.color.as_deref().filter(|color| !COLORS.contains(color)) {
        faults.add(None, format!("the colour `{color}` does not exist; choose one of {}.", COLORS.join(", ")));
    }
    let count = object.fields.len();
    faults.add_when(count > FIELDS_MAX, None, format!("{count} fields are too many; {FIELDS_MAX} are allowed."));
    let mut names = HashSet::new();
    for field in &object.fields {
        let is_new = names.insert(field.name.as_str());
        faults.add_when(!is_new, Some(&field.name), "the object has two fields of this name.");
        if !field.system {
            check_field(faults, field);
        }
    }
    check_named_fields(faults);
    if let Some(timeline) = &object.timeline {
        check_timeline(faults, timeline);
    }
    check_duplicates(faults, &object.duplicates);
}

fn check_duplicates<'a>(faults: &mut Faults<'a>, rules: &'a Duplicates) {
    let from = rules.shown_from.is_none_or(|from| SHOWN_FROM.contains(&from));
    faults.add_when(!from, None, "`duplicates.shown_from` is a share in per cent from 50 to 99.");
    let heavy = rules.weights.values().any(|weight| *weight > WEIGHT_MAX);
    faults.add_when(heavy, None, format!("`duplicates.weights` are shares in per cent from 0 to {WEIGHT_MAX}."));
    for name in &rules.identifying {
        let Some(field) = named(faults, "duplicates.identifying", name) else { continue };
        let tells = matches!(field.kind, Kind::Text | Kind::AutoNumber | Kind::Integer) && !field.sensitive;
        let message =
            format!("`duplicates.identifying` names `{name}`, which is no text or whole number that all may see.");
        faults.add_when(!tells, None, message);
    }
    for name in rules.keep.keys() {
        let Some(field) = named(faults, "duplicates.keep", name) else { continue };
        let message =
            format!("`duplicates.keep` names `{name}`, which is computed; choose a field that people fill in.");
        faults.add_when(field.is_derived(), None, message);
    }
}

/// The fields that `title`, `subtitle`, `search`, `columns`, `orders`, `counted_by` and `parent` name.
fn check_named_fields(faults: &mut Faults<'_>) {
    let object = faults.object;
    if let Some(title) = named(faults, "title", &object.title) {
        let is_text = matches!(title.value_kind(), Kind::Text | Kind::AutoNumber);
        faults.add_when(!is_text, None, "`title` must be a text, an auto number or a formula with a text result.");
        let message = "`title` names a sensitive field, and titles stand everywhere; choose another or leave it open.";
        faults.add_when(title.sensitive, None, message);
    }
    if let Some(subtitle) = &object.subtitle {
        named(faults, "subtitle", subtitle);
    }
    for name in &object.columns {
        named(faults, "columns", name);
    }
    for name in &object.orders {
        named(faults, "orders", name);
    }
    for name in &object.counted_by {
        named(faults, "counted_by", name);
    }
    for name in &object.search {
        let Some(field) = named(faults, "search", name) else { continue };
        let is_searchable = matches!(
            field.value_kind(),
            Kind::Text
                | Kind::LongText
                | Kind::AutoNumber
                | Kind::Emails
                | Kind::Phones
                | Kind::Links
                | Kind::MultiSelect
                | Kind::Address
                | Kind::Files
                | Kind::Integer
        );
        faults.add_when(
            !is_searchable,
            None,
            format!("`search` names `{name}`, which holds no text and no whole number."),
        );
    }
    for (key, name) in [("parent", &object.parent), ("part_of", &object.part_of)] {
        let Some(name) = name else { continue };
        let Some(field) = named(faults, key, name) else { continue };
        faults.add_when(field.kind != Kind::Reference, None, format!("`{key}` names `{name}`, which is no reference."));
    }
    check_whole(faults);
}

/// A part always names its whole, and a whole is no part itself: rights are asked of one record further, not of many.
fn check_whole(faults: &mut Faults<'_>) {
    let Some(field) = faults.object.part_of.as_deref().and_then(|name| faults.object.find_field(name)) else { return };
    let name = field.name.clone();
    faults.add_when(!field.required, Some(&name), "`part_of` needs a reference that is required.");
    let whole = field.target_object().and_then(|target| faults.schema.find_object(target));
    let nested = whole.is_some_and(|whole| whole.part_of.is_some() || whole.internal);
    faults.add_when(nested, Some(&name), "`part_of` leads to an object that is a part itself, or internal.");
}

/// The field that a key of the object names, or a fault.
fn named<'a>(faults: &mut Faults<'a>, key: &str, name: &str) -> Option<&'a Field> {
    let found = faults.object.find_field(name);
    if found.is_none() {
        let hint = did_you_mean(name, faults.object);
        faults.add(None, format!("`{key}` names the field `{name}`, which does not exist{hint}."));
    }
    found
}

/// `; did you mean …` when the object has a field with a similar name.
pub(super) fn did_you_mean(name: &str, object: &Object) -> String {
    let names = object.fields.iter().map(|field| field.name.as_str());
    nearest(name, names).map(|near| format!("; did you mean `{near}`")).unwrap_or_default()
}

fn check_timeline(faults: &mut Faults<'_>, timeline: &Timeline) {
    if let Some(at) = named(faults, "timeline.at", &timeline.at) {
        let is_time = at.value_kind() == Kind::DateTime;
        faults.add_when(!is_time, None, format!("`timeline.at` names `{}`, which is no date_time.", at.name));
    }
    faults.add_when(
        timeline.subjects.is_empty(),
        None,
        "`timeline.subjects` is empty; name a reference or about field.",
    );
    for name in &timeline.subjects {
        if let Some(field) = named(faults, "timeline.subjects", name) {
            let points = matches!(field.kind, Kind::Reference | Kind::References | Kind::About | Kind::User);
            faults.add_when(!points, None, format!("`timeline.subjects` names `{name}`, which points to no record."));
        }
    }
    if let Some(body) = &timeline.body {
        named(faults, "timeline.body", body);
    }
}

/// The names that other objects' references get on this one must not clash with its fields or with each other.
fn check_relations(faults: &mut Faults<'_>) {
    let object = faults.object;
    let mut seen: HashMap<String, String> = HashMap::new();
    for relation in faults.schema.relations(&object.name) {
        let from = format!("{}.{}", relation.object.name, relation.field);
        if object.find_field(&relation.name).is_some() {
            let message = format!(
                "the inverse `{}` of `{from}` has the name of a field of `{}`; rename the inverse.",
                relation.name, object.name
            );
            faults.add(None, message);
        }
        if let Some(other) = seen.insert(relation.name.clone(), from.clone()) {
            let message = format!("`{other}` and `{from}` both have the inverse `{}`; rename one.", relation.name);
            faults.add(None, message);
        }
    }
}
