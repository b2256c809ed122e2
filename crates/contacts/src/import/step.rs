//! One step of an import: a few thousand rows in one transaction. Finds what is there, makes what is not, and says of
//! each row what happened and why. The dry run does the same and takes it back.

mod references;
mod related;

use std::collections::HashMap;
use std::sync::Arc;

use engine::{Batch, Edit};
use model::fold::fold;
use model::{Object, Patch, Problem, Record, Value};
use serde::{Deserialize, Serialize};
use store::Error;
use uuid::Uuid;

pub use related::RelatedKeys;

use super::build::{BadValues, Built, card_id};
use super::identity::{Identifier, Identity, Memory, TITLE};
use super::read::Row;
use super::settle::{OnMatch, Values, changes};
use crate::consent::suppressed;

/// Records looked at per key.
const PER_KEY_MAX: usize = 8;

/// What happened with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A record was made.
    Create,
    /// A record was changed.
    Update,
    /// The record is there already and says the same.
    Unchanged,
    /// An earlier row of the file is the same one; what it did not say was added.
    Duplicate,
    /// The record is there already and was left as it is.
    Skip,
    /// It was refused.
    Error,
}

impl Outcome {
    /// As the ledger keeps it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Unchanged => "unchanged",
            Self::Duplicate => "duplicate",
            Self::Skip => "skip",
            Self::Error => "error",
        }
    }
}

/// A row on its way: read, built and identified off the writer's thread.
#[derive(Debug, Clone)]
pub struct Item {
    /// As it stands in the file.
    pub row: Row,
    /// What it says.
    pub built: Built,
    /// Who it is.
    pub identity: Identity,
    /// What the records beside it are found under, in the order of [`Built::related`].
    pub related: Vec<RelatedKeys>,
}

/// What happened with one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowResult {
    /// What.
    pub outcome: Outcome,
    /// Why; empty when there is nothing to say.
    pub reason: String,
    /// The record.
    pub record: Option<Uuid>,
}

/// A record made beside those of the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// Its object.
    pub object: String,
    /// What rows mean it by.
    pub names: Vec<String>,
}

/// What a step did.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// Per row, in order.
    pub rows: Vec<RowResult>,
    /// Related records found or made, by object and identity.
    pub related: Vec<(String, Uuid)>,
    /// Related records made.
    pub made: Vec<Made>,
    /// Rows with an address that must not be written to; it stays so.
    pub suppressed: u64,
    /// References looked up by text.
    pub lookups: Vec<((String, String), Option<Uuid>)>,
}

/// What does not change during an import.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The object of its rows.
    pub object: Arc<Object>,
    /// Reads who rows are.
    pub identifier: Identifier,
    /// What happens with rows whose record is there.
    pub on_match: OnMatch,
    /// Whether related records that are not there are made.
    pub create_related: bool,
    /// What happens with references that lead nowhere.
    pub bad_values: BadValues,
    /// The system the file came from, for ids written into references.
    pub source: String,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// Decided already.
    Settled,
    /// A new record: position in the list of new ones.
    New(usize),
    /// The same as a new record of this step.
    Same(usize, u64),
    /// A stored record; with the earlier row that is the same, if any.
    Stored(Uuid, Option<u64>),
    /// The same as an earlier row whose record is not at hand.
    Earlier(u64),
}

struct New {
    patch: Patch,
}

struct Stored {
    current: Values,
    patch: Patch,
}

/// A step being done.
struct Step<'s, 'b, 'w> {
    batch: &'b mut Batch<'w>,
    frame: &'s Frame,
    items: &'s [Item],
    memory: &'s Memory,
    rows: Vec<Option<RowResult>>,
    /// Patches of the rows' own records, references filled in.
    patches: Vec<Patch>,
    remarks: Vec<Vec<String>>,
    news: Vec<New>,
    stored: HashMap<Uuid, Stored>,
    done: Done,
}

/// Does one step inside a transaction.
///
/// # Errors
/// What concerns the whole transaction: rights over a result, a value that must be unique, a database that fails.
pub fn run(batch: &mut Batch<'_>, frame: &Frame, items: &[Item], memory: &Memory) -> Result<Done, Error> {
    let mut step = Step {
        batch,
        frame,
        items,
        memory,
        rows: vec![None; items.len()],
        patches: items.iter().map(|item| item.built.main.patch.clone()).collect(),
        remarks: items.iter().map(|item| item.built.remarks.clone()).collect(),
        news: Vec::new(),
        stored: HashMap::new(),
        done: Done::default(),
    };
    step.refuse_faulty();
    step.note_suppressed()?;
    step.resolve_references()?;
    step.resolve_related()?;
    let found = step.find_stored()?;
    let fates = step.decide(&found);
    let created = step.create(&fates)?;
    step.update(&fates)?;
    step.link_own_kind(&fates, &created)?;
    Ok(step.finish())
}

impl Step<'_, '_, '_> {
    fn settle(&mut self, at: usize, outcome: Outcome, reason: String, record: Option<Uuid>) {
        if let Some(slot) = self.rows.get_mut(at) {
            *slot = Some(RowResult { outcome, reason, record });
        }
    }

    fn is_open(&self, at: usize) -> bool {
        self.rows.get(at).is_some_and(Option::is_none)
    }

    fn refuse_faulty(&mut self) {
        for (at, item) in self.items.iter().enumerate() {
            if !item.built.errors.is_empty() {
                self.settle(at, Outcome::Error, item.built.errors.join(" "), None);
            } else if item.built.main.is_empty() {
                let reason = "None of its mapped columns has a value.".to_owned();
                self.settle(at, Outcome::Skip, reason, None);
            }
        }
    }

    /// Says which rows name an address that must not be written to. Importing it never lifts that.
    fn note_suppressed(&mut self) -> Result<(), Error> {
        let workspace = self.batch.workspace().clone();
        let stopped = suppressed(&workspace, self.batch.tx(), &self.patches)?;
        for (at, _) in stopped.iter().enumerate().filter(|(_, stopped)| **stopped) {
            if self.is_open(at) {
                self.done.suppressed += 1;
                if let Some(remarks) = self.remarks.get_mut(at) {
                    remarks.push("It has an address that is suppressed, and stays so.".to_owned());
                }
            }
        }
        Ok(())
    }

    /// Per row the stored record it means and the key that says so; `Err` when there is one that may not be seen.
    #[allow(clippy::type_complexity)]
    fn find_stored(&mut self) -> Result<Vec<Option<Result<(Uuid, String), String>>>, Error> {
        let mut found: Vec<Option<Result<(Uuid, String), String>>> = vec![None; self.items.len()];
        let mut wanted: Vec<String> = Vec::new();
        let mut ids: Vec<Uuid> = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            if self.is_open(at) && self.frame.on_match != OnMatch::Create {
                wanted.extend(item.identity.stored.iter().cloned());
                ids.extend(item.built.main.id);
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        let object = self.frame.object.clone();
        let mut by_key = self.find_by_keys(&object, &wanted)?;
        ids.extend(by_key.values().flatten());
        self.find_unique(&mut by_key, &mut ids)?;
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(found);
        }
        let all: HashMap<Uuid, Record> = self
            .batch
            .tx()
            .find_many(&object, &ids)?
            .into_iter()
            .filter(|record| record.get("deleted_at").is_missing())
            .map(|record| (record.id, record))
            .collect();
        let visible = self.visible(&ids)?;
        for (at, item) in self.items.iter().enumerate() {
            if !self.is_open(at) {
                continue;
            }
            let Some((id, key)) = self.match_of(item, &by_key, &all) else {
                continue;
            };
            let seen = visible.contains(&id);
            if let Some(slot) = found.get_mut(at) {
                *slot = Some(if seen { Ok((id, key)) } else { Err(Identifier::reason(&key)) });
            }
            if let Some(record) = all.get(&id).filter(|_| seen) {
                self.stored.entry(id).or_insert_with(|| Stored { current: record.values.clone(), patch: Patch::new() });
            }
        }
        Ok(found)
    }

    /// Records by key; the keys of titles are looked up in the records themselves.
    fn find_by_keys(&mut self, object: &Arc<Object>, keys: &[String]) -> Result<HashMap<String, Vec<Uuid>>, Error> {
        let mut by_key: HashMap<String, Vec<Uuid>> = HashMap::new();
        let (titles, keys): (Vec<String>, Vec<String>) = keys.iter().cloned().partition(|key| key.starts_with(TITLE));
        for (key, id) in self.batch.tx().find_by_keys(&object.name, &keys, PER_KEY_MAX)? {
            by_key.entry(key).or_default().push(id);
        }
        let Some(field) = object.find_field(&object.title).filter(|_| !titles.is_empty()) else {
            return Ok(by_key);
        };
        let values = titles.iter().filter_map(|title| title.strip_prefix(TITLE)).map(Value::text).collect();
        let schema = self.batch.schema();
        let select = store::Select {
            fields: vec![field.name.clone()],
            filter: Some(model::expr::field_in(object, field, values)),
            ..store::Select::all(&schema, object)
        };
        self.batch.tx().select(&select, &mut |record| {
            let title = fold(record.get(&field.name).as_text().unwrap_or_default());
            by_key.entry(format!("{TITLE}{title}")).or_default().push(record.id);
            Ok(())
        })?;
        Ok(by_key)
    }

    fn match_of(
        &self,
        item: &Item,
        by_key: &HashMap<String, Vec<Uuid>>,
        all: &HashMap<Uuid, Record>,
    ) -> Option<(Uuid, String)> {
        if let Some(id) = item.built.main.id.filter(|id| all.contains_key(id)) {
            return Some((id, "id".to_owned()));
        }
        for field in self.frame.identifier.unique() {
            let key = item.built.main.patch.get(&field.name).map(|value| unique_key(&field.name, value));
            if let Some((key, id)) =
                key.and_then(|key| Some((by_key.get(&key)?.first()?, key))).map(|(id, key)| (key, *id))
            {
                return Some((id, key.split(" = ").next().unwrap_or_default().to_owned()));
            }
        }
        item.identity.stored.iter().find_map(|key| {
            let candidates = by_key.get(key)?;
            let same = |id: &&Uuid| {
                all.get(id).is_some_and(|record| self.frame.identifier.is_same(&item.built.main, key, record))
            };
            candidates.iter().find(same).map(|id| (*id, key.clone()))
        })
    }

    /// Stored records that hold a value of a unique field.
    fn find_unique(&mut self, by_key: &mut HashMap<String, Vec<Uuid>>, ids: &mut Vec<Uuid>) -> Result<(), Error> {
        if self.frame.on_match == OnMatch::Create {
            return Ok(());
        }
        for field in self.frame.identifier.unique() {
            let values: Vec<Value> =
                self.items.iter().filter_map(|item| item.built.main.patch.get(&field.name)).cloned().collect();
            if values.is_empty() {
                continue;
            }
            let schema = self.batch.schema();
            let select = store::Select {
                fields: vec![field.name.clone()],
                filter: Some(model::expr::field_in(&self.frame.object, field, values)),
                ..store::Select::all(&schema, &self.frame.object)
            };
            self.batch.tx().select(&select, &mut |record| {
                by_key.entry(unique_key(&field.name, record.get(&field.name))).or_default().push(record.id);
                ids.push(record.id);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Which of the records the actor may see.
    fn visible(&mut self, ids: &[Uuid]) -> Result<std::collections::HashSet<Uuid>, Error> {
        let (workspace, actor) = (self.batch.workspace().clone(), self.batch.actor().clone());
        let object = self.frame.object.clone();
        match self.batch.policy().scope(&object, engine::Right::Read) {
            Ok(None) => Ok(ids.iter().copied().collect()),
            Ok(Some(_)) => {
                let seen = workspace.visible_many(self.batch.tx(), &actor, &object.name, ids)?;
                Ok(seen.into_iter().map(|record| record.id).collect())
            }
            Err(_) => Ok(std::collections::HashSet::new()),
        }
    }

    /// New, the same as an earlier row, or there already.
    fn decide(&mut self, found: &[Option<Result<(Uuid, String), String>>]) -> Vec<Fate> {
        let mut fates = Vec::with_capacity(self.items.len());
        // Rows of this step by what makes them the same, on top of what is remembered of the rows before.
        let mut here = Memory::default();
        let mut new_by_number: HashMap<u64, usize> = HashMap::new();
        for (at, item) in self.items.iter().enumerate() {
            if !self.is_open(at) {
                fates.push(Fate::Settled);
                continue;
            }
            let earlier = match self.frame.on_match {
                OnMatch::Create => None,
                _ => self.memory.find(&item.identity).or_else(|| here.find(&item.identity)),
            };
            let fate = match (found.get(at).cloned().flatten(), earlier) {
                (Some(Err(reason)), _) => {
                    let reason = format!("{reason} as a record that you may not see. Ask an administrator.");
                    self.settle(at, Outcome::Error, reason, None);
                    Fate::Settled
                }
                (Some(Ok((id, key))), earlier) => {
                    if key == "id" {
                        self.forget_own_id(at, id);
                    }
                    if let Some(remarks) = self.remarks.get_mut(at).filter(|_| earlier.is_none()) {
                        remarks.insert(0, format!("{} as a record that is there.", Identifier::reason(&key)));
                    }
                    Fate::Stored(id, earlier)
                }
                (None, Some(number)) => match new_by_number.get(&number) {
                    Some(new) => Fate::Same(*new, number),
                    None => Fate::Earlier(number),
                },
                (None, None) => {
                    let patch = self.patches.get_mut(at).map(std::mem::take).unwrap_or_default();
                    self.news.push(New { patch });
                    new_by_number.insert(item.row.number, self.news.len() - 1);
                    Fate::New(self.news.len() - 1)
                }
            };
            here.add(&item.identity, item.row.number);
            fates.push(fate);
        }
        fates
    }

    /// The record's own id, as its card carries it, is no id of another system.
    fn forget_own_id(&mut self, at: usize, id: Uuid) {
        let Some(patch) = self.patches.get_mut(at) else {
            return;
        };
        if patch.get("external_ids").and_then(card_id) != Some(id) {
            return;
        }
        if let Some(Value::Json(ids)) = patch.get_mut("external_ids")
            && let Some(map) = ids.as_object_mut()
        {
            map.remove("vcard");
            if map.is_empty() {
                patch.remove("external_ids");
            }
        }
    }

    /// Makes the new records, each with what later rows of the step add to it.
    fn create(&mut self, fates: &[Fate]) -> Result<Vec<Option<Record>>, Error> {
        let object = self.frame.object.clone();
        if self.frame.on_match != OnMatch::Skip {
            for (at, fate) in fates.iter().enumerate() {
                if let (Fate::Same(new, _), Some(row)) = (fate, self.patches.get(at))
                    && let Some(new) = self.news.get_mut(*new)
                {
                    let added = changes(OnMatch::Fill, &object, &new.patch, row);
                    new.patch.extend(added);
                }
            }
        }
        if self.news.is_empty() {
            return Ok(Vec::new());
        }
        let patches = self.news.iter_mut().map(|new| std::mem::take(&mut new.patch)).collect();
        let answers = self.batch.create_many(&object.name, patches)?;
        for (at, fate) in fates.iter().enumerate() {
            match fate {
                Fate::New(new) => match answers.get(*new) {
                    Some(Ok(record)) => self.settle(at, Outcome::Create, String::new(), Some(record.id)),
                    Some(Err(problem)) => self.settle(at, Outcome::Error, reason_of(problem), None),
                    None => {}
                },
                Fate::Same(new, number) => match answers.get(*new) {
                    Some(Ok(record)) => {
                        self.settle(at, Outcome::Duplicate, format!("The same as row {number}."), Some(record.id));
                    }
                    _ => {
                        let reason = format!("The same as row {number}, which was refused.");
                        self.settle(at, Outcome::Error, reason, None);
                    }
                },
                _ => {}
            }
        }
        Ok(answers.into_iter().map(Result::ok).collect())
    }

    /// Changes stored records; several rows may add to one.
    fn update(&mut self, fates: &[Fate]) -> Result<(), Error> {
        let object = self.frame.object.clone();
        let mut touched: HashMap<usize, bool> = HashMap::new();
        let mut order: Vec<Uuid> = Vec::new();
        for (at, fate) in fates.iter().enumerate() {
            let (id, mode) = match fate {
                Fate::Stored(id, Some(_)) if self.frame.on_match == OnMatch::Update => (*id, OnMatch::Fill),
                Fate::Stored(id, _) => (*id, self.frame.on_match),
                _ => continue,
            };
            let (Some(stored), Some(row)) = (self.stored.get_mut(&id), self.patches.get(at)) else {
                continue;
            };
            let change = changes(mode, &object, &stored.current, row);
            touched.insert(at, !change.is_empty());
            if !change.is_empty() && stored.patch.is_empty() {
                order.push(id);
            }
            stored.current.extend(change.clone());
            stored.patch.extend(change);
        }
        let edits: Vec<Edit> = order
            .iter()
            .filter_map(|id| Some(Edit { id: *id, patch: self.stored.get(id)?.patch.clone(), if_version: None }))
            .collect();
        let mut refused: HashMap<Uuid, String> = HashMap::new();
        if !edits.is_empty() {
            let answers = self.batch.update_many(&object.name, edits)?;
            for (id, answer) in order.iter().zip(answers) {
                if let Err(problem) = answer {
                    refused.insert(*id, reason_of(&problem));
                }
            }
        }
        for (at, fate) in fates.iter().enumerate() {
            let changed = touched.get(&at).copied().unwrap_or_default();
            self.settle_stored(at, *fate, changed, &refused);
        }
        Ok(())
    }

    fn settle_stored(&mut self, at: usize, fate: Fate, changed: bool, refused: &HashMap<Uuid, String>) {
        match fate {
            Fate::Stored(id, _) if changed && refused.contains_key(&id) => {
                let reason = refused.get(&id).cloned().unwrap_or_default();
                self.settle(at, Outcome::Error, reason, Some(id));
            }
            Fate::Stored(id, Some(number)) => {
                self.settle(at, Outcome::Duplicate, format!("The same as row {number}."), Some(id));
            }
            Fate::Stored(id, None) => {
                let outcome = match (self.frame.on_match, changed) {
                    (OnMatch::Skip, _) => Outcome::Skip,
                    (_, true) => Outcome::Update,
                    (_, false) => Outcome::Unchanged,
                };
                self.settle(at, outcome, String::new(), Some(id));
            }
            Fate::Earlier(number) => {
                self.settle(at, Outcome::Duplicate, format!("The same as row {number}."), None);
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Done {
        for (row, remarks) in self.rows.iter_mut().zip(&self.remarks) {
            let Some(row) = row else {
                continue;
            };
            if row.outcome != Outcome::Error && !remarks.is_empty() {
                let remarks = remarks.join(" ");
                row.reason = if row.reason.is_empty() { remarks } else { format!("{} {remarks}", row.reason) };
            }
        }
        let lost =
            || RowResult { outcome: Outcome::Error, reason: "The row was not reached.".to_owned(), record: None };
        self.done.rows = self.rows.into_iter().map(|row| row.unwrap_or_else(lost)).collect();
        self.done
    }
}

fn unique_key(field: &str, value: &Value) -> String {
    format!("u:{field} = {}", fold(&value.to_json().to_string()))
}

/// A problem in one line.
pub(super) fn reason_of(problem: &Problem) -> String {
    if problem.fields.is_empty() {
        return problem.detail.clone();
    }
    problem.fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" ")
}
