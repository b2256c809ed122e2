//! Reactions: one emoji of one person on one record. Each is a record of its own; who sees one is said in `policy.rs`,
//! here is who adds and removes them, and what becomes of them in a merge.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::{Actor, Code, FieldProblem, Object, Op, Problem, Record, Value};
use serde_json::{Value as Json, json};
use store::{Error, Tx};
use uuid::Uuid;

use crate::batch::Batch;
use crate::draft::Draft;
use crate::module::RuleContext;
use crate::shares::subject_of;
use crate::workspace::Workspace;

/// Name of the object.
pub const OBJECT: &str = "reaction";
/// Its field that names the record.
pub(crate) const ABOUT: &str = "about";

/// What there is to choose from; the user interface offers the first few at one click.
pub const EMOJI: [&str; 24] = [
    "👍", "🎉", "💙", "😂", "👀", "✅", "👏", "🙏", "💪", "🔥", "🚀", "💡", "💯", "⭐", "🤝", "🏆", "😀", "😍", "🤔",
    "😮", "😢", "👎", "❌", "⏳",
];

type Drafts = Vec<Result<Draft, Problem>>;

/// Checks what was chosen, and says by what the database tells reactions apart.
pub(crate) fn complete(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    if matches!(draft.op, Op::Delete | Op::Restore | Op::Erase) {
        return Ok(());
    }
    let emoji = draft.get("emoji").as_text().unwrap_or_default().to_owned();
    if !EMOJI.contains(&emoji.as_str()) {
        return Err(wrong("emoji", &format!("Choose one of: {}.", EMOJI.join(" "))));
    }
    let (Some((_, record)), Some(user)) = (subject_of(&draft.after), draft.get("user").as_id()) else {
        return Ok(());
    };
    draft.set("key", Value::text(format!("{user}:{record}:{emoji}")));
    Ok(())
}

/// The record that a reaction is about.
pub fn reacted_to(reaction: &Record) -> Option<(String, Uuid)> {
    subject_of(reaction)
}

/// An emoji under a record, with who chose it.
#[derive(Default)]
struct Shown {
    emoji: String,
    users: Vec<Uuid>,
    mine: Option<Uuid>,
}

impl Workspace {
    /// The live reactions on these records, the oldest first, whoever may see them.
    ///
    /// # Errors
    /// A database that fails.
    pub fn reactions(&self, tx: &mut Tx, records: &[Uuid]) -> Result<Vec<Record>, Error> {
        let schema = self.schema();
        let Some((object, about)) = schema.find_object(OBJECT).and_then(|o| Some((o, o.find_field(ABOUT)?))) else {
            return Ok(Vec::new());
        };
        let ids = tx.linking(object, about, records)?;
        let mut found = tx.find_many(object, &ids)?;
        found.retain(|reaction| reaction.get("deleted_at").is_missing());
        // Ids grow with time.
        found.sort_by_key(|reaction| reaction.id);
        Ok(found)
    }

    /// The reactions on records that the actor is shown, for one answer with all of them:
    /// `{record: [{"emoji","users":[…],"mine"}]}`, `mine` being the actor's own one.
    pub(crate) fn reactions_shown(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        records: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<Json>>, Error> {
        let mut by_record: HashMap<Uuid, Vec<Shown>> = HashMap::new();
        for reaction in self.reactions(tx, records)? {
            let (Some((_, record)), Some(user)) = (subject_of(&reaction), reaction.get("user").as_id()) else {
                continue;
            };
            let emoji = reaction.get("emoji").as_text().unwrap_or_default();
            let shown = by_record.entry(record).or_default();
            let at = shown.iter().position(|one| one.emoji == emoji).unwrap_or_else(|| {
                shown.push(Shown { emoji: emoji.to_owned(), ..Shown::default() });
                shown.len() - 1
            });
            if let Some(one) = shown.get_mut(at) {
                one.users.push(user);
                one.mine = if actor.user == Some(user) { Some(reaction.id) } else { one.mine };
            }
        }
        let json = |one: Shown| json!({ "emoji": one.emoji, "users": one.users, "mine": one.mine });
        Ok(by_record.into_iter().map(|(record, shown)| (record, shown.into_iter().map(json).collect())).collect())
    }
}

impl Batch<'_> {
    /// Refuses reactions in somebody else's name, and changes of them other than by a merge.
    pub(crate) fn guard_reactions(&mut self, object: &Arc<Object>, drafts: Drafts) -> Result<Drafts, Error> {
        if object.name != OBJECT || self.actor.is_system() {
            return Ok(drafts);
        }
        let follows = self.is_of_merge()?;
        Ok(drafts.into_iter().map(|draft| draft.and_then(|draft| self.judge_reaction(draft, follows))).collect())
    }

    fn judge_reaction(&self, draft: Draft, follows: bool) -> Result<Draft, Problem> {
        let own = self.actor.user.is_some() && draft.get("user").as_id() == self.actor.user;
        let detail = match draft.op {
            _ if follows => return Ok(draft),
            Op::Create if own => match about_one(&draft, &self.compiled.schema) {
                true => return Ok(draft),
                false => return Err(wrong(ABOUT, "Name the one record that you react to.")),
            },
            Op::Delete | Op::Restore if own || self.policy().is_unbound() => return Ok(draft),
            Op::Create => "Nobody reacts in the name of somebody else. Leave `user` out.",
            Op::Update => "A reaction is not changed. Remove it and add another one.",
            _ => "This is the reaction of somebody else.",
        };
        Err(Problem::new(Code::Forbidden, detail))
    }

    /// Whether this is a merge, or takes one back, or does it again.
    fn is_of_merge(&mut self) -> Result<bool, Error> {
        let (mut cause, mut undoes) = (self.cause.clone(), self.undoes);
        while let Some(batch) = undoes {
            let Some(row) = self.tx.find_batch(batch)? else { return Ok(false) };
            (cause, undoes) = (row.cause, row.undoes);
        }
        Ok(cause == "merge")
    }

    /// Before a merge: removes the reactions that a person would have twice with the same emoji.
    ///
    /// # Errors
    /// A database that fails.
    pub fn unite_reactions(&mut self, keep: Uuid, losers: &[Uuid]) -> Result<(), Error> {
        let workspace = self.workspace.clone();
        let all: Vec<Uuid> = std::iter::once(keep).chain(losers.iter().copied()).collect();
        let mut found = workspace.reactions(self.tx, &all)?;
        // Those of the record that stays come first; the sort keeps the order among others.
        found.sort_by_key(|reaction| subject_of(reaction).is_none_or(|(_, record)| record != keep));
        let mut known: HashSet<(Option<Uuid>, String)> = HashSet::new();
        let of = |one: &Record| (one.get("user").as_id(), one.get("emoji").as_text().unwrap_or_default().to_owned());
        let twice: Vec<Uuid> = found.iter().filter(|one| !known.insert(of(one))).map(|one| one.id).collect();
        if !twice.is_empty() {
            for answer in self.delete_many(OBJECT, &twice)? {
                answer?;
            }
        }
        Ok(())
    }
}

fn about_one(draft: &Draft, schema: &model::Schema) -> bool {
    let one = draft.get(ABOUT).as_json().and_then(Json::as_array).is_some_and(|list| list.len() == 1);
    let object = subject_of(&draft.after).and_then(|(name, _)| schema.find_object(&name).map(|object| object.internal));
    one && object == Some(false)
}

fn wrong(field: &str, message: &str) -> Problem {
    let (field, message) = (field.to_owned(), message.to_owned());
    Problem::invalid(vec![FieldProblem { field, code: "bad_value".to_owned(), message }])
}
