//! References written as names, e-mail addresses or ids of another system.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use engine::{Edit, Right, external_key};
use model::expr;
use model::fold::fold;
use model::{Kind, Object, Patch, Record, Value};
use store::{Error, Select};
use uuid::Uuid;

use super::related::by_title;
use super::{Fate, Made, Outcome, Step, reason_of};
use crate::import::build::{BadValues, Lookup};
use crate::import::map::places;

impl Step<'_, '_, '_> {
    /// Fills in the references of the rows' own records, but for those to records of their own kind: these may come
    /// further down in the file.
    pub(super) fn resolve_references(&mut self) -> Result<(), Error> {
        let own = self.frame.object.name.clone();
        let lookups: Vec<(usize, Lookup)> =
            self.open_lookups().into_iter().filter(|(_, lookup)| lookup.object != own).collect();
        let found = self.find_references(lookups.iter().map(|(_, lookup)| lookup))?;
        let made = self.make_references(&lookups, &found)?;
        for (at, lookup) in lookups {
            let key = (lookup.object.clone(), fold(&lookup.text));
            match found.get(&key).copied().flatten().or_else(|| made.get(&key).copied()) {
                Some(id) => {
                    if let Some(patch) = self.patches.get_mut(at) {
                        patch.insert(lookup.field, Value::Id(id));
                    }
                }
                None => self.leads_nowhere(at, &lookup),
            }
        }
        Ok(())
    }

    /// Refuses the row, or keeps what was written in the description.
    fn leads_nowhere(&mut self, at: usize, lookup: &Lookup) {
        let label = self.label_of(&lookup.field);
        let reason = format!("{label}: there is no {} “{}”.", lookup.object, lookup.text);
        let note = places::note_field(&self.frame.object).filter(|_| self.frame.bad_values == BadValues::Describe);
        let (Some(note), Some(patch)) = (note.cloned(), self.patches.get_mut(at)) else {
            self.settle(at, Outcome::Error, reason, None);
            return;
        };
        let before = patch.get(&note.name).and_then(Value::as_text).unwrap_or_default();
        let text = format!("{before}\n{label}: {}", lookup.text).trim().to_owned();
        patch.insert(note.name.clone(), Value::text(text));
        if let Some(remarks) = self.remarks.get_mut(at) {
            remarks.push(format!("{reason} It was put into “{}”.", note.label));
        }
    }

    fn open_lookups(&self) -> Vec<(usize, Lookup)> {
        let items = self.items.iter().enumerate().filter(|(at, _)| self.is_open(*at));
        items.flat_map(|(at, item)| item.built.main.lookups.iter().map(move |lookup| (at, lookup.clone()))).collect()
    }

    fn label_of(&self, field: &str) -> String {
        self.frame.object.find_field(field).map_or_else(|| field.to_owned(), |field| field.label.clone())
    }

    /// The records that texts mean, asked for once per text.
    fn find_references<'l>(
        &mut self,
        lookups: impl Iterator<Item = &'l Lookup>,
    ) -> Result<HashMap<(String, String), Option<Uuid>>, Error> {
        let mut found: HashMap<(String, String), Option<Uuid>> = HashMap::new();
        let mut wanted: HashMap<String, HashMap<String, String>> = HashMap::new();
        for lookup in lookups {
            let key = (lookup.object.clone(), fold(&lookup.text));
            if let Some(known) = self.memory.lookups.get(&key) {
                found.insert(key, *known);
            } else {
                wanted.entry(key.0).or_default().insert(key.1, lookup.text.clone());
            }
        }
        let schema = self.batch.schema();
        for (name, texts) in wanted {
            let Some(object) = schema.find_object(&name).cloned() else {
                continue;
            };
            let mut hits = self.by_external_id(&object, &texts)?;
            for field in ["email", "emails", object.title.as_str()] {
                self.by_field(&object, field, &texts, &mut hits)?;
            }
            for text in texts.into_keys() {
                let hit = hits.get(&text).copied();
                let key = (name.clone(), text);
                // What is not there now may be made by a later step.
                if hit.is_some() {
                    self.done.lookups.push((key.clone(), hit));
                }
                found.insert(key, hit);
            }
        }
        Ok(found)
    }

    fn by_external_id(
        &mut self,
        object: &Object,
        texts: &HashMap<String, String>,
    ) -> Result<HashMap<String, Uuid>, Error> {
        let keys: HashMap<String, &String> =
            texts.iter().map(|(folded, text)| (external_key(&self.frame.source, text), folded)).collect();
        let wanted: Vec<String> = keys.keys().cloned().collect();
        let found = self.batch.tx().find_by_keys(&object.name, &wanted, 1)?;
        Ok(found.into_iter().filter_map(|(key, id)| Some(((*keys.get(&key)?).clone(), id))).collect())
    }

    /// Looks texts up in a text or e-mail field, among the records that the actor may see.
    pub(super) fn by_field(
        &mut self,
        object: &Arc<Object>,
        field: &str,
        texts: &HashMap<String, String>,
        hits: &mut HashMap<String, Uuid>,
    ) -> Result<(), Error> {
        let Some(field) = object.find_field(field) else {
            return Ok(());
        };
        let is_mail = field.name.starts_with("email");
        let open = texts.iter().filter(|(folded, _)| !hits.contains_key(*folded) && folded.contains('@') == is_mail);
        let values: Vec<Value> = open.map(|(_, text)| Value::text(text.trim())).collect();
        if values.is_empty() {
            return Ok(());
        }
        let Ok(scope) = self.batch.policy().scope(object, Right::Read) else {
            return Ok(());
        };
        let named = expr::field_in(object, field, values);
        let filter = match scope {
            Some(scope) => expr::and(named, scope),
            None => named,
        };
        let schema = self.batch.schema();
        let select = Select { fields: vec![field.name.clone()], filter: Some(filter), ..Select::all(&schema, object) };
        self.batch
            .tx()
            .select(&select, &mut |record| {
                if let Some(text) = text_of(field.value_kind(), record.get(&field.name)) {
                    hits.entry(fold(&text)).or_insert(record.id);
                }
                Ok(())
            })
            .map(|_| ())
    }

    /// Makes the records that references name and that are not there, where a title is all they need. Never users.
    fn make_references(
        &mut self,
        lookups: &[(usize, Lookup)],
        found: &HashMap<(String, String), Option<Uuid>>,
    ) -> Result<HashMap<(String, String), Uuid>, Error> {
        let mut made = HashMap::new();
        let mut seen = HashSet::new();
        for (_, lookup) in lookups {
            let key = (lookup.object.clone(), fold(&lookup.text));
            if found.get(&key).copied().flatten().is_some() || !seen.insert(key.clone()) {
                continue;
            }
            if let Some(id) = self.make_one(&lookup.object, &lookup.text)? {
                self.done.lookups.push((key.clone(), Some(id)));
                made.insert(key, id);
            }
        }
        Ok(made)
    }

    fn make_one(&mut self, object: &str, text: &str) -> Result<Option<Uuid>, Error> {
        let schema = self.batch.schema();
        let target = schema.find_object(object).filter(|object| !object.internal && self.frame.create_related);
        let Some(target) = target else {
            return Ok(None);
        };
        let title = target.find_field(&target.title).filter(|field| field.kind == Kind::Text);
        let (Some(title), true) = (title, self.batch.policy().check_create(target).is_ok()) else {
            return Ok(None);
        };
        let values = Patch::from([(title.name.clone(), Value::text(text.trim()))]);
        let answer = self.batch.create_many(object, vec![values])?.pop();
        let record = answer.and_then(Result::ok);
        if record.is_some() {
            self.done.made.push(Made { object: object.to_owned(), names: vec![by_title(object, text)] });
        }
        Ok(record.map(|record| record.id))
    }

    /// References to records of the same kind (parent companies, superiors), once the step's own records are there.
    pub(super) fn link_own_kind(&mut self, fates: &[Fate], created: &[Option<Record>]) -> Result<(), Error> {
        let own = self.frame.object.name.clone();
        let lookups: Vec<(usize, Lookup)> = self.settled_lookups(&own);
        if lookups.is_empty() {
            return Ok(());
        }
        let title = self.frame.object.title.clone();
        let here: HashMap<String, Uuid> = created
            .iter()
            .flatten()
            .filter_map(|record| Some((fold(record.get(&title).as_text()?), record.id)))
            .collect();
        let away: Vec<&Lookup> =
            lookups.iter().map(|(_, lookup)| lookup).filter(|lookup| !here.contains_key(&fold(&lookup.text))).collect();
        let found = self.find_references(away.into_iter())?;
        let mut edits = Vec::new();
        let mut rows = Vec::new();
        for (at, lookup) in lookups {
            let folded = fold(&lookup.text);
            let known =
                here.get(&folded).copied().or_else(|| found.get(&(own.clone(), folded.clone())).copied().flatten());
            let target = match known {
                Some(id) => Some(id),
                None => self.make_one(&own, &lookup.text)?,
            };
            let record = self.rows.get(at).and_then(|row| row.as_ref()?.record);
            let (Some(target), Some(record)) = (target, record) else {
                let label = self.label_of(&lookup.field);
                if let Some(remarks) = self.remarks.get_mut(at) {
                    remarks.push(format!("{label}: there is no {own} “{}”; it was left empty.", lookup.text));
                }
                continue;
            };
            let current = self.stored.get(&record).and_then(|stored| stored.current.get(&lookup.field)?.as_id());
            if current != Some(target) && record != target {
                edits.push(Edit {
                    id: record,
                    patch: Patch::from([(lookup.field, Value::Id(target))]),
                    if_version: None,
                });
                rows.push(at);
            }
        }
        self.write_links(&own, edits, &rows, fates)
    }

    fn settled_lookups(&self, own: &str) -> Vec<(usize, Lookup)> {
        let mut lookups = Vec::new();
        for (at, (item, row)) in self.items.iter().zip(&self.rows).enumerate() {
            let lives = row.as_ref().is_some_and(|row| {
                matches!(row.outcome, Outcome::Create | Outcome::Update | Outcome::Unchanged) && row.record.is_some()
            });
            if lives {
                let own_kind = item.built.main.lookups.iter().filter(|lookup| lookup.object == own);
                lookups.extend(own_kind.map(|lookup| (at, lookup.clone())));
            }
        }
        lookups
    }

    fn write_links(&mut self, own: &str, edits: Vec<Edit>, rows: &[usize], fates: &[Fate]) -> Result<(), Error> {
        if edits.is_empty() {
            return Ok(());
        }
        let answers = self.batch.update_many(own, edits)?;
        for (at, answer) in rows.iter().zip(answers) {
            match answer {
                Ok(_) => {
                    let was_stored = matches!(fates.get(*at), Some(Fate::Stored(..)));
                    if let Some(Some(row)) = self.rows.get_mut(*at)
                        && was_stored
                        && row.outcome == Outcome::Unchanged
                    {
                        row.outcome = Outcome::Update;
                    }
                }
                Err(problem) => {
                    if let Some(remarks) = self.remarks.get_mut(*at) {
                        remarks.push(reason_of(&problem));
                    }
                }
            }
        }
        Ok(())
    }
}

/// A text, or the primary entry of a list.
fn text_of(kind: Kind, value: &Value) -> Option<String> {
    match (kind, value) {
        (_, Value::Text(text)) => Some(text.clone()),
        (Kind::Emails, Value::Json(list)) => list.get(0)?.get("value")?.as_str().map(str::to_owned),
        _ => None,
    }
}
