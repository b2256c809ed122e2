//! One row to drafts of records: cells are gathered per field, read by the field's kind, and what does not fit is named.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::fold::fold;
use model::kinds::{self, Context};
use model::{Code, Field, Kind, Object, Patch, Problem, Schema, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::guard::unguard;
use super::looks;
use super::map::{ColumnMapping, Target, person_name, places, units};
use super::read::{Columns, Format, Row};

/// What happens with a value that does not fit its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadValues {
    /// The row is refused with the reason.
    Refuse,
    /// The value goes into the description under its column's name, and the row says so.
    Describe,
}

/// A record to be, as one row says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// Values by field.
    pub patch: Patch,
    /// References given by a name, an e-mail address or an id of another system.
    pub lookups: Vec<Lookup>,
    /// The id, when the file is an export of this program.
    pub id: Option<Uuid>,
}

impl Draft {
    /// Nothing was said.
    pub fn is_empty(&self) -> bool {
        self.patch.is_empty() && self.lookups.is_empty() && self.id.is_none()
    }
}

/// A reference to be found by what a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lookup {
    /// The reference field.
    pub field: String,
    /// The object it refers to.
    pub object: String,
    /// What was written.
    pub text: String,
}

/// A row, understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Built {
    /// The row's own record.
    pub main: Draft,
    /// Records beside it, with the reference field that shall point to them.
    pub related: Vec<(String, String, Draft)>,
    /// Why the row cannot be imported.
    pub errors: Vec<String>,
    /// What was changed or moved on the way.
    pub remarks: Vec<String>,
}

/// A column that feeds a field.
#[derive(Debug, Clone)]
struct Input {
    column: usize,
    name: String,
    part: Option<String>,
    label: Option<String>,
    label_column: Option<usize>,
    primary: bool,
}

/// A field and the columns that feed it.
#[derive(Debug, Clone)]
struct FieldPlan {
    field: Field,
    inputs: Vec<Input>,
}

/// All that a row fills in one object.
#[derive(Debug, Clone)]
struct Side {
    object: Arc<Object>,
    /// The reference field that leads here; empty for the row's own object.
    via: String,
    fields: Vec<FieldPlan>,
    full_name: Option<usize>,
    id: Option<usize>,
}

/// How rows become drafts: a mapping checked against the schema.
#[derive(Debug, Clone)]
pub struct Plan {
    sides: Vec<Side>,
    context: Context,
    bad_values: BadValues,
    guarded: bool,
}

impl Plan {
    /// Checks a mapping. Targets that do not exist or cannot be written are named in the problem.
    pub fn new(
        schema: &Schema,
        object: &Arc<Object>,
        columns: &Columns,
        mapping: &[ColumnMapping],
        format: Format,
        settings: (Context, BadValues),
    ) -> Result<Self, Problem> {
        let (context, bad_values) = settings;
        let mut sides = vec![Side::new(object.clone(), String::new())];
        for (at, (mapping, name)) in mapping.iter().zip(&columns.names).enumerate() {
            let Some(target) = &mapping.target else {
                continue;
            };
            let side = side_of(&mut sides, schema, object, target)?;
            let label_column = match &mapping.label_column {
                Some(label) => Some(columns.names.iter().position(|name| name == label).ok_or_else(|| {
                    Problem::new(Code::Invalid, format!("There is no column “{label}” to take labels from."))
                })?),
                None => None,
            };
            side.add(
                target,
                Input {
                    column: at,
                    name: name.clone(),
                    part: target.part.clone(),
                    label: target.label.clone(),
                    label_column,
                    primary: target.primary,
                },
            )?;
        }
        Ok(Self { sides, context, bad_values, guarded: format == Format::Csv })
    }

    /// Whether any column goes anywhere.
    pub fn is_empty(&self) -> bool {
        self.sides.iter().all(|side| side.fields.is_empty() && side.full_name.is_none())
    }

    /// The fields of the row's own object that the file can fill.
    pub fn own_fields(&self) -> Vec<String> {
        self.sides
            .first()
            .map(|side| side.fields.iter().map(|plan| plan.field.name.clone()).collect())
            .unwrap_or_default()
    }

    /// The objects that rows fill beside their own.
    pub fn related_objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.sides.iter().filter(|side| !side.via.is_empty()).map(|side| &side.object)
    }

    /// Reads one row.
    pub fn build(&self, row: &Row) -> Built {
        let mut built = Built::default();
        if let Some(fault) = row.fault {
            built.errors.push(fault.message());
            return built;
        }
        for side in &self.sides {
            let mut reading = Reading { plan: self, row, built: &mut built, kept: Vec::new() };
            let mut draft = reading.draft(side);
            let kept = std::mem::take(&mut reading.kept);
            self.describe(side, &mut draft, kept, &mut built);
            if side.via.is_empty() {
                built.main = draft;
            } else if !draft.is_empty() {
                built.related.push((side.via.clone(), side.object.name.clone(), draft));
            }
        }
        built
    }

    /// Puts values that did not fit into the description.
    fn describe(&self, side: &Side, draft: &mut Draft, kept: Vec<(String, String)>, built: &mut Built) {
        if kept.is_empty() {
            return;
        }
        let Some(field) = places::note_field(&side.object) else {
            built.errors.extend(kept.into_iter().map(|(_, reason)| reason));
            return;
        };
        let mut text = draft.patch.get(&field.name).and_then(Value::as_text).unwrap_or_default().to_owned();
        for (line, reason) in kept {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line);
            built.remarks.push(format!("{reason} It was put into “{}”.", field.label));
        }
        draft.patch.insert(field.name.clone(), Value::text(text));
    }
}

fn side_of<'a>(
    sides: &'a mut Vec<Side>,
    schema: &Schema,
    main: &Arc<Object>,
    target: &Target,
) -> Result<&'a mut Side, Problem> {
    let at = sides.iter().position(|side| side.object.name == target.object);
    let at = match at {
        Some(at) => at,
        None => {
            let related =
                super::map::related(schema, main).into_iter().find(|related| related.object.name == target.object);
            let found =
                related.and_then(|related| Some((related.field.name.clone(), schema.find_object(&target.object)?)));
            let (via, object) = found.ok_or_else(|| {
                let detail =
                    format!("Rows of {} cannot fill {}: no field refers to it.", main.label_plural, target.object);
                Problem::new(Code::Invalid, detail)
            })?;
            sides.push(Side::new(object.clone(), via));
            sides.len() - 1
        }
    };
    sides.get_mut(at).ok_or_else(|| Problem::new(Code::Internal, "A side of the mapping is missing."))
}

impl Side {
    fn new(object: Arc<Object>, via: String) -> Self {
        Self { object, via, fields: Vec::new(), full_name: None, id: None }
    }

    fn add(&mut self, target: &Target, input: Input) -> Result<(), Problem> {
        if target.field == "id" {
            self.id = Some(input.column);
            return Ok(());
        }
        let is_full_name = target.field == "name" && places::splits_names(&self.object);
        if is_full_name {
            self.full_name = Some(input.column);
            return Ok(());
        }
        let field = self.object.find_field(&target.field).filter(|field| !field.hidden).ok_or_else(|| {
            let detail = format!("{} has no field `{}` (column “{}”).", self.object.label, target.field, input.name);
            Problem::new(Code::Invalid, detail)
        })?;
        if !super::map::is_writable(field) {
            let detail = format!("“{}” is kept by the program; leave column “{}” out.", field.label, input.name);
            return Err(Problem::new(Code::Invalid, detail));
        }
        match self.fields.iter_mut().find(|plan| plan.field.name == field.name) {
            Some(plan) => plan.inputs.push(input),
            None => self.fields.push(FieldPlan { field: field.clone(), inputs: vec![input] }),
        }
        if let Some(plan) = self.fields.iter_mut().find(|plan| plan.field.name == target.field) {
            let long = plan.field.kind == Kind::LongText;
            plan.inputs.sort_by_key(|input| (!input.primary, long && input.label.is_some()));
        }
        Ok(())
    }
}

/// One row being read.
struct Reading<'a> {
    plan: &'a Plan,
    row: &'a Row,
    built: &'a mut Built,
    /// Lines for the description, with the reason.
    kept: Vec<(String, String)>,
}

impl Reading<'_> {
    fn cell(&self, column: usize) -> &str {
        self.whole_cell(column).trim()
    }

    /// With its white space, which long texts keep.
    fn whole_cell(&self, column: usize) -> &str {
        let cell = self.row.cell(column);
        if self.plan.guarded { unguard(cell) } else { cell }
    }

    fn draft(&mut self, side: &Side) -> Draft {
        let mut draft = Draft::default();
        for plan in &side.fields {
            let value = match plan.field.kind {
                Kind::Emails | Kind::Phones | Kind::Links => self.entries(plan),
                Kind::Address => self.address(plan),
                Kind::Reference | Kind::User => self.reference(plan, &mut draft),
                Kind::MultiSelect => self.words(plan),
                Kind::Json => self.parts(plan),
                Kind::Date if plan.inputs.iter().any(|input| input.part.is_some()) => self.date(plan),
                _ => self.text(plan),
            };
            if !value.is_missing() {
                draft.patch.insert(plan.field.name.clone(), value);
            }
        }
        self.split_name(side, &mut draft);
        if let Some(column) = side.id {
            draft.id = Uuid::parse_str(self.cell(column)).ok();
        }
        // Cards that this program wrote carry the record's own id.
        if draft.id.is_none() {
            draft.id = draft.patch.get("external_ids").and_then(card_id);
        }
        draft
    }

    /// A full name counts only where the row has no given and family name of its own.
    fn split_name(&mut self, side: &Side, draft: &mut Draft) {
        let Some(full) = side.full_name.map(|column| self.cell(column).to_owned()) else {
            return;
        };
        let has = |draft: &Draft, field: &str| draft.patch.contains_key(field);
        if full.is_empty() || looks::is_email(&full) || has(draft, "given_name") || has(draft, "family_name") {
            return;
        }
        let name = person_name::split(&full);
        for (field, text) in [("salutation", name.salutation), ("given_name", name.given), ("family_name", name.family)]
        {
            let Some(field) = side.object.find_field(field).filter(|_| !text.is_empty()) else {
                continue;
            };
            match kinds::from_text(field, &text, &self.plan.context) {
                Ok(value) if !has(draft, &field.name) => {
                    draft.patch.insert(field.name.clone(), value);
                }
                Ok(_) => {}
                // A title that is no option of the field stays with the name.
                Err(_) => {
                    let given = draft.patch.get("given_name").and_then(Value::as_text).unwrap_or_default();
                    let joined = format!("{text} {given}").trim().to_owned();
                    draft.patch.insert("given_name".to_owned(), Value::text(joined));
                }
            }
        }
    }

    fn refuse(&mut self, column: &str, cell: &str, message: &str) {
        match self.plan.bad_values {
            BadValues::Refuse => self.built.errors.push(format!("Column “{column}”: {message}")),
            BadValues::Describe => {
                self.kept.push((format!("{column}: {cell}"), format!("Column “{column}”: {message}")));
            }
        }
    }

    /// Texts of several columns are joined; a heading stands before its line.
    fn text(&mut self, plan: &FieldPlan) -> Value {
        if let [only] = plan.inputs.as_slice()
            && only.label.is_none()
        {
            let cell = self.whole_cell(only.column).to_owned();
            return self.convert(&plan.field, &only.name, if cell.trim().is_empty() { "" } else { &cell });
        }
        let mut joined = String::new();
        let long = plan.field.kind == Kind::LongText;
        for input in &plan.inputs {
            let cell = self.cell(input.column);
            if cell.is_empty() {
                continue;
            }
            if !joined.is_empty() {
                joined.push(if long { '\n' } else { ' ' });
            }
            if let Some(heading) = input.label.as_deref().filter(|_| long) {
                joined.push_str(heading);
                joined.push_str(": ");
            }
            joined.push_str(cell);
        }
        let name = plan.inputs.first().map_or("", |input| input.name.as_str());
        self.convert(&plan.field, name, &joined)
    }

    fn convert(&mut self, field: &Field, column: &str, text: &str) -> Value {
        if text.is_empty() {
            return Value::Missing;
        }
        let text = &*with_currency(field, column, text);
        match kinds::from_text(field, text, &self.plan.context) {
            Ok(value) => value,
            Err(problem) => {
                self.refuse(column, text, &problem.message);
                Value::Missing
            }
        }
    }

    fn entries(&mut self, plan: &FieldPlan) -> Value {
        let mut list: Vec<Json> = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for input in &plan.inputs {
            let cell = self.cell(input.column).to_owned();
            let label =
                input.label_column.map(|column| clean_label(self.cell(column))).filter(|label| !label.is_empty());
            let label = label.or_else(|| input.label.clone());
            let Value::Json(found) = self.convert(&plan.field, &input.name, &cell) else {
                continue;
            };
            for entry in found.as_array().into_iter().flatten() {
                let (Some(value), own) =
                    (entry.get("value").and_then(Json::as_str), entry.get("label").and_then(Json::as_str))
                else {
                    continue;
                };
                let key = fold(value);
                if seen.contains(&key) {
                    continue;
                }
                seen.push(key);
                let mut map = Map::with_capacity(3);
                map.insert("value".to_owned(), value.into());
                if let Some(label) = own.map(str::to_owned).or_else(|| label.clone()) {
                    map.insert("label".to_owned(), label.into());
                }
                map.insert("primary".to_owned(), list.is_empty().into());
                list.push(Json::Object(map));
            }
        }
        Value::json(Json::Array(list))
    }

    fn address(&mut self, plan: &FieldPlan) -> Value {
        let mut parts: Map<String, Json> = Map::new();
        for input in &plan.inputs {
            let cell = self.cell(input.column);
            if cell.is_empty() {
                continue;
            }
            match &input.part {
                Some(part) => {
                    let text = match parts.get(part).and_then(Json::as_str) {
                        Some(before) => format!("{before}\n{cell}"),
                        None => cell.to_owned(),
                    };
                    parts.insert(part.clone(), Json::String(text));
                }
                None => {
                    let cell = cell.to_owned();
                    if let Value::Json(whole) = self.convert(&plan.field, &input.name, &cell)
                        && let Json::Object(whole) = *whole
                    {
                        parts.extend(whole);
                    }
                }
            }
        }
        if parts.is_empty() {
            return Value::Missing;
        }
        let json = Json::Object(parts);
        match (kinds::from_json(&plan.field, &json, &self.plan.context), json) {
            (Err(_), Json::Object(parts)) => self.sound_parts(plan, parts),
            (value, _) => value.unwrap_or_default(),
        }
    }

    /// Of an address with a fault the parts without one: a wrong country does not cost the street.
    fn sound_parts(&mut self, plan: &FieldPlan, parts: Map<String, Json>) -> Value {
        let mut sound = Map::new();
        for (part, text) in parts {
            let one = Json::Object(Map::from_iter([(part.clone(), text.clone())]));
            match kinds::from_json(&plan.field, &one, &self.plan.context) {
                Ok(_) => {
                    sound.insert(part, text);
                }
                Err(problem) => {
                    let input = plan.inputs.iter().find(|input| input.part.as_deref() == Some(part.as_str()));
                    let column = input.map_or("", |input| input.name.as_str());
                    self.refuse(column, text.as_str().unwrap_or_default(), &problem.message);
                }
            }
        }
        kinds::from_json(&plan.field, &Json::Object(sound), &self.plan.context).unwrap_or_default()
    }

    fn reference(&mut self, plan: &FieldPlan, draft: &mut Draft) -> Value {
        let Some(object) = plan.field.target_object() else {
            return Value::Missing;
        };
        for input in &plan.inputs {
            let cell = self.cell(input.column);
            if cell.is_empty() {
                continue;
            }
            if let Ok(id) = Uuid::parse_str(cell) {
                return Value::Id(id);
            }
            let lookup = Lookup { field: plan.field.name.clone(), object: object.to_owned(), text: cell.to_owned() };
            draft.lookups.push(lookup);
            break;
        }
        Value::Missing
    }

    /// Words of several columns; other programs part them with ` ::: ` and mark their own with `*`.
    fn words(&mut self, plan: &FieldPlan) -> Value {
        let mut all: Vec<Json> = Vec::new();
        for input in &plan.inputs {
            let cell = self.cell(input.column).replace(" ::: ", ";");
            let cell: Vec<&str> = cell.split(';').map(|word| word.trim().trim_start_matches("* ")).collect();
            if let Value::Json(found) = self.convert(&plan.field, &input.name, &cell.join(";")) {
                for word in found.as_array().into_iter().flatten() {
                    if !all.contains(word) {
                        all.push(word.clone());
                    }
                }
            }
        }
        Value::json(Json::Array(all))
    }

    /// `external_ids`: one id per system.
    fn parts(&mut self, plan: &FieldPlan) -> Value {
        let mut map = Map::new();
        for input in &plan.inputs {
            let cell = self.cell(input.column).to_owned();
            match &input.part {
                Some(part) if !cell.is_empty() => {
                    map.insert(part.clone(), Json::String(cell));
                }
                Some(_) => {}
                None => {
                    if let Value::Json(found) = self.convert(&plan.field, &input.name, &cell)
                        && let Json::Object(found) = *found
                    {
                        map.extend(found);
                    }
                }
            }
        }
        Value::json(Json::Object(map))
    }

    /// A day in three columns.
    fn date(&mut self, plan: &FieldPlan) -> Value {
        let mut parts: BTreeMap<&str, String> = BTreeMap::new();
        for input in &plan.inputs {
            let cell = self.cell(input.column).to_owned();
            if !cell.is_empty() {
                parts.insert(input.part.as_deref().unwrap_or("whole"), cell);
            }
        }
        let column = plan.inputs.first().map_or("", |input| input.name.as_str());
        if let Some(whole) = parts.get("whole") {
            return self.convert(&plan.field, column, whole);
        }
        match (parts.get("year"), parts.get("month"), parts.get("day")) {
            (None, None, None) => Value::Missing,
            (Some(year), Some(month), Some(day)) => {
                self.convert(&plan.field, column, &format!("{year:0>4}-{month:0>2}-{day:0>2}"))
            }
            _ => {
                let written = parts.into_values().collect::<Vec<_>>().join(" ");
                self.refuse(column, &written, &format!("{}: the day is not complete.", plan.field.label));
                Value::Missing
            }
        }
    }
}

/// An amount without a currency is in that of its heading, such as `Price USD`.
fn with_currency<'t>(field: &Field, column: &str, text: &'t str) -> Cow<'t, str> {
    // Typographic minus signs and apostrophes belong to the number; the signs of currencies do not.
    let names_one = |c: char| c.is_alphabetic() || matches!(c, '$' | '¢'..='¥' | '₠'..='⃏' | '﷼' | '＄' | '￥');
    let is_bare = |text: &str| !text.chars().any(names_one);
    match units::currency_in(column) {
        Some(code) if field.kind == Kind::Money && is_bare(text) => format!("{text} {code}").into(),
        _ => text.into(),
    }
}

/// The id in a card's `UID`, if it is one of the form that records have.
pub fn card_id(external_ids: &Value) -> Option<Uuid> {
    Uuid::parse_str(external_ids.as_json()?.get("vcard")?.as_str()?).ok()
}

/// `* Work` and `HOME` as other programs write their labels.
fn clean_label(label: &str) -> String {
    label.trim_start_matches('*').trim().to_lowercase()
}
