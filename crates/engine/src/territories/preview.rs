//! Looking before a change of the tree is made: who would move from where to where, and why a record goes where it goes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use model::{Actor, Code, Object, Problem, Record, Value};
use serde::{Deserialize, Deserializer};
use serde_json::{Value as Json, json};
use store::{Error, Select};
use uuid::Uuid;

use super::place::wrong_rule;
use super::reassign::asked;
use super::tree::{Tree, compile};
use super::{FIELD, is_pinned};
use crate::policy::Policy;
use crate::workspace::Workspace;

/// Most changes looked at together.
const CHANGES_MAX: usize = 500;
/// Records looked at in one go.
const SLICE: usize = 5_000;
/// Moves told one by one; the rest is in their sum.
const MOVES_MAX: usize = 100;

/// A change of a territory that is thought of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TreeChange {
    /// Which; a new one when there is none.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: Option<String>,
    /// What it is part of; `null`: nothing.
    #[serde(deserialize_with = "said")]
    pub parent: Option<Option<Uuid>>,
    /// Its rule; `null`: none.
    #[serde(deserialize_with = "said")]
    pub rule: Option<Option<String>>,
    /// Its place among those side by side; `null`: behind the others.
    #[serde(deserialize_with = "said")]
    pub position: Option<Option<i64>>,
    /// It goes.
    pub delete: bool,
}

/// Tells a `null` from what is not said.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

/// The tree as it is and as it would be.
struct Thought {
    placed: Arc<Object>,
    now: Tree,
    then: Tree,
    /// Compiled rules by territory, as far as the actor may ask them.
    open: HashMap<Uuid, bool>,
}

impl Thought {
    fn named(&self, id: Option<Uuid>) -> Json {
        let name = |id| self.then.name(id).or_else(|| self.now.name(id));
        id.map_or(Json::Null, |id| json!({ "id": id, "name": name(id) }))
    }
}

impl Workspace {
    /// What changes of the tree would move: `{"total","pinned","moved","moves":[{"from","to","count"}]}`. Counted are all
    /// records, also those out of the actor's sight.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; a rule that cannot be asked; a database that fails.
    pub fn preview_territories(&self, actor: &Actor, changes: Vec<TreeChange>) -> Result<Json, Error> {
        let thought = self.think(actor, changes)?;
        let (schema, fields) = (self.schema(), asked(&thought.then));
        let (mut total, mut pinned, mut moved) = (0_u64, 0_u64, 0_u64);
        let mut moves: BTreeMap<(Option<Uuid>, Option<Uuid>), u64> = BTreeMap::new();
        let thought = Arc::new(thought);
        let mut cursor = None;
        loop {
            let select = Select {
                fields: fields.clone(),
                cursor: cursor.take(),
                limit: SLICE,
                ..Select::all(&schema, &thought.placed)
            };
            let tree = thought.clone();
            let looked = self.store().read(move |tx| {
                let mut found: Vec<Option<(Option<Uuid>, Option<Uuid>)>> = Vec::with_capacity(SLICE);
                let next = tx.select(&select, &mut |record| {
                    found.push(step_of(&tree.then, &record));
                    Ok(())
                })?;
                Ok((found, next))
            });
            let (found, next) = looked.wait()?;
            for step in found {
                total += 1;
                match step {
                    None => pinned += 1,
                    Some((from, to)) if from != to => {
                        moved += 1;
                        *moves.entry((from, to)).or_default() += 1;
                    }
                    Some(_) => {}
                }
            }
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        let mut moves: Vec<_> = moves.into_iter().collect();
        moves.sort_by_key(|(step, count)| (std::cmp::Reverse(*count), *step));
        let told = moves
            .into_iter()
            .take(MOVES_MAX)
            .map(|((from, to), count)| json!({ "from": thought.named(from), "to": thought.named(to), "count": count }));
        Ok(json!({ "total": total, "pinned": pinned, "moved": moved, "moves": told.collect::<Vec<Json>>() }))
    }

    /// Where a record goes and which rules said what on the way: `{"pinned","stands","goes","tried":[{"id","name","depth",
    /// "said"}]}`. Of rules that read what the actor may not use it is not told what they said.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; a record that the actor does not see; a database that fails.
    pub fn explain_territory(&self, actor: &Actor, id: Uuid, changes: Vec<TreeChange>) -> Result<Json, Error> {
        let thought = self.think(actor, changes)?;
        let (workspace, by, name) = (self.clone(), actor.clone(), thought.placed.name.clone());
        let find = self.store().read(move |tx| {
            let (object, _) = workspace.load_visible(tx, &by, &name, id)?;
            let reads = workspace.judge(tx, &by, |policy| policy.can_read(&object, FIELD))?;
            if !reads {
                return Err(Policy::field_refusal(FIELD).into());
            }
            Ok(tx.find(&object, id)?.ok_or_else(|| Problem::not_found(&object.label.to_lowercase()))?)
        });
        let record = find.wait()?;
        let (found, tried) = thought.then.explain(&record);
        let stands = record.get(FIELD).as_id();
        let goes = if is_pinned(&record) { stands } else { found };
        let tried = tried.into_iter().map(|one| {
            let open = thought.open.get(&one.id).copied().unwrap_or(true);
            let said = if open { json!(one.said) } else { json!("hidden") };
            json!({ "id": one.id, "name": one.name, "depth": one.depth, "said": said })
        });
        Ok(json!({ "pinned": is_pinned(&record), "stands": thought.named(stands), "goes": thought.named(goes),
            "tried": tried.collect::<Vec<Json>>() }))
    }

    /// The tree with the changes, as far as the actor may make them.
    fn think(&self, actor: &Actor, changes: Vec<TreeChange>) -> Result<Thought, Error> {
        let (workspace, by) = (self.clone(), actor.clone());
        let work = self.store().read(move |tx| {
            let placed = workspace.placed().ok_or_else(|| Problem::not_found("object"))?;
            let (schema, rows) = (workspace.schema(), workspace.territory_records(tx)?);
            let changed = with(&rows, &changes)?;
            let open = workspace.judge(tx, &by, |policy| -> Result<HashMap<Uuid, bool>, Problem> {
                policy.check_special("configure")?;
                for source in changes.iter().filter_map(|change| change.rule.as_ref()?.as_deref()) {
                    let checked = compile(&schema, &placed, source).and_then(|_| policy.condition(&placed, source));
                    checked.map_err(|problem| wrong_rule(&problem))?;
                }
                let rules = changed.iter().filter_map(|row| Some((row.id, row.get("rule").as_text()?)));
                Ok(rules.map(|(id, source)| (id, policy.condition(&placed, source).is_ok())).collect())
            })??;
            let tree = |rows: &[Record]| Tree::new(&schema, Some(&placed), rows);
            Ok(Thought { now: tree(&rows), then: tree(&changed), open, placed: placed.clone() })
        });
        work.wait()
    }
}

/// The rows as they would be.
fn with(rows: &[Record], changes: &[TreeChange]) -> Result<Vec<Record>, Problem> {
    if changes.len() > CHANGES_MAX {
        return Err(Problem::new(Code::TooLarge, format!("Look at no more than {CHANGES_MAX} changes at a time.")));
    }
    let mut changed = rows.to_vec();
    for change in changes {
        let id = change.id.unwrap_or_else(Uuid::now_v7);
        if change.delete {
            changed.retain(|row| row.id != id);
            continue;
        }
        if change.id.is_none() {
            changed.push(Record { id, ..Record::default() });
        }
        let row = changed.iter_mut().find(|row| row.id == id).ok_or_else(|| Problem::not_found("territory"))?;
        let mut set = |field: &str, value: Value| row.values.insert(field.to_owned(), value);
        if let Some(name) = &change.name {
            set("name", Value::text(name.as_str()));
        }
        if let Some(parent) = change.parent {
            set("parent", parent.map_or(Value::Missing, Value::Id));
        }
        if let Some(rule) = &change.rule {
            let rule = rule.as_deref().map(str::trim).filter(|rule| !rule.is_empty());
            set("rule", rule.map_or(Value::Missing, Value::text));
        }
        if let Some(position) = change.position {
            set("position", position.map_or(Value::Missing, Value::Int));
        }
    }
    Ok(changed)
}

/// Where a record stands and where it would go; nothing when it is pinned.
fn step_of(then: &Tree, record: &Record) -> Option<(Option<Uuid>, Option<Uuid>)> {
    let stands = record.get(FIELD).as_id();
    let holds = is_pinned(record) && stands.is_none_or(|id| then.knows(id));
    (!holds).then(|| (stands, then.place(record)))
}
