//! Records beside the rows' own: the companies of people, the owners of things. Found by id, name, domain or e-mail, else made,
//! once for all rows.

use std::collections::HashMap;
use std::sync::Arc;

use engine::Edit;
use model::fold::fold;
use model::{Object, Patch, Record, Value};
use store::Error;
use uuid::Uuid;

use super::{Made, Outcome, Step, reason_of};
use crate::import::build::Draft;
use crate::import::identity::Identifier;
use crate::import::map::places;
use crate::import::settle::{OnMatch, changes};

/// What the title of a person is made of.
const NAMING: [&str; 5] = ["given_name", "family_name", "nickname", "emails", "phones"];

/// One related draft of one row.
struct Wanted<'d> {
    at: usize,
    via: &'d str,
    draft: &'d Draft,
    /// What it is found under, the surest first.
    names: &'d [String],
    /// Keys as the database keeps them.
    keys: &'d [String],
}

impl Step<'_, '_, '_> {
    /// Finds or makes every related record and puts its id into the row's own.
    pub(super) fn resolve_related(&mut self) -> Result<(), Error> {
        let (items, schema) = (self.items, self.batch.schema());
        let mut by_object: HashMap<&str, Vec<Wanted<'_>>> = HashMap::new();
        for (at, item) in items.iter().enumerate().filter(|(at, _)| self.is_open(*at)) {
            for ((via, name, draft), known) in item.built.related.iter().zip(&item.related) {
                let wanted = Wanted { at, via, draft, names: &known.names, keys: &known.keys };
                by_object.entry(name).or_default().push(wanted);
            }
        }
        for (name, wanted) in by_object {
            if let Some(object) = schema.find_object(name) {
                self.resolve_object(object, &Identifier::new(object), &wanted)?;
            }
        }
        Ok(())
    }

    fn resolve_object(
        &mut self,
        object: &Arc<Object>,
        identifier: &Identifier,
        wanted: &[Wanted<'_>],
    ) -> Result<(), Error> {
        let mut known: HashMap<String, Uuid> = HashMap::new();
        for name in wanted.iter().flat_map(|one| one.names) {
            if let Some(id) = self.memory.related.get(name) {
                known.insert(name.clone(), *id);
            }
        }
        let open: Vec<&Wanted<'_>> =
            wanted.iter().filter(|one| !one.names.iter().any(|name| known.contains_key(name))).collect();
        self.find_related(object, identifier, &open, &mut known)?;
        let refused = self.make_related(object, &open, &mut known)?;
        self.fill_related(object, wanted, &known)?;
        for one in wanted {
            match one.names.iter().find_map(|name| known.get(name)) {
                Some(id) => {
                    if let Some(patch) = self.patches.get_mut(one.at) {
                        patch.insert(one.via.to_owned(), Value::Id(*id));
                    }
                    self.done.related.extend(one.names.iter().map(|name| (name.clone(), *id)));
                }
                None => self.without_related(object, one, refused.as_deref()),
            }
        }
        Ok(())
    }

    /// Nothing was found and nothing could be made.
    fn without_related(&mut self, object: &Object, one: &Wanted<'_>, refused: Option<&str>) {
        let label = object.label.to_lowercase();
        if is_named(object, &one.draft.patch) {
            let reason =
                refused.map_or_else(|| format!("Its {label} is not there and is not to be made."), str::to_owned);
            self.settle(one.at, Outcome::Error, reason, None);
        } else if let Some(remarks) = self.remarks.get_mut(one.at) {
            remarks.push(format!("The row does not name a {label} that is there; its values for it were left out."));
        }
    }

    fn find_related(
        &mut self,
        object: &Arc<Object>,
        identifier: &Identifier,
        open: &[&Wanted<'_>],
        known: &mut HashMap<String, Uuid>,
    ) -> Result<(), Error> {
        let mut keys: Vec<String> = open.iter().flat_map(|one| one.keys.iter().cloned()).collect();
        keys.sort_unstable();
        keys.dedup();
        self.find_by_full_name(object, open, known)?;
        let by_key = self.find_by_keys(object, &keys)?;
        if by_key.is_empty() {
            return Ok(());
        }
        let mut ids: Vec<Uuid> = by_key.values().flatten().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let (workspace, actor) = (self.batch.workspace().clone(), self.batch.actor().clone());
        let visible = workspace.visible_many(self.batch.tx(), &actor, &object.name, &ids).or_else(forgive)?;
        let records: HashMap<Uuid, Record> = visible.into_iter().map(|record| (record.id, record)).collect();
        for one in open {
            let hit = one.keys.iter().find_map(|key| {
                let same =
                    |id: &&Uuid| records.get(id).is_some_and(|record| identifier.is_same(one.draft, key, record));
                by_key.get(key)?.iter().find(same).copied()
            });
            if let Some(id) = hit {
                known.extend(one.names.iter().map(|name| (name.clone(), id)));
            }
        }
        Ok(())
    }

    /// People of whom a row says nothing but the name: as references written as names.
    fn find_by_full_name(
        &mut self,
        object: &Arc<Object>,
        open: &[&Wanted<'_>],
        known: &mut HashMap<String, Uuid>,
    ) -> Result<(), Error> {
        let mut texts: HashMap<String, String> = HashMap::new();
        for one in open.iter().filter(|one| one.keys.is_empty()) {
            if let Some(name) = full_name(object, &one.draft.patch) {
                texts.insert(fold(&name), name);
            }
        }
        let mut hits = HashMap::new();
        if !texts.is_empty() {
            self.by_field(object, &object.title, &texts, &mut hits)?;
        }
        known.extend(hits.into_iter().map(|(folded, id)| (by_title(&object.name, &folded), id)));
        Ok(())
    }

    /// Makes what is not there. Returns why something could not be made.
    fn make_related(
        &mut self,
        object: &Arc<Object>,
        open: &[&Wanted<'_>],
        known: &mut HashMap<String, Uuid>,
    ) -> Result<Option<String>, Error> {
        let mut drafts: Vec<(Vec<String>, Patch)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for one in open {
            let found = one.names.iter().any(|name| known.contains_key(name));
            if found || !self.frame.create_related || !is_named(object, &one.draft.patch) {
                continue;
            }
            let place = one.names.iter().find_map(|name| places.get(name)).copied().unwrap_or(drafts.len());
            match drafts.get_mut(place) {
                Some((names, patch)) => {
                    let added = changes(OnMatch::Fill, object, patch, &one.draft.patch);
                    patch.extend(added);
                    names.extend(one.names.iter().cloned());
                }
                None => drafts.push((one.names.to_vec(), one.draft.patch.clone())),
            }
            places.extend(one.names.iter().map(|name| (name.clone(), place)));
        }
        if drafts.is_empty() {
            return Ok(None);
        }
        if let Err(problem) = self.batch.policy().check_create(object) {
            return Ok(Some(reason_of(&problem)));
        }
        let patches = drafts.iter().map(|(_, patch)| patch.clone()).collect();
        let mut refused = None;
        for ((names, _), answer) in drafts.into_iter().zip(self.batch.create_many(&object.name, patches)?) {
            match answer {
                Ok(record) => {
                    self.done.made.push(Made { object: object.name.clone(), names: names.clone() });
                    known.extend(names.into_iter().map(|name| (name, record.id)));
                }
                Err(problem) => refused = Some(format!("{}: {}", object.label, reason_of(&problem))),
            }
        }
        Ok(refused)
    }

    /// Adds to related records what rows say and they do not.
    fn fill_related(
        &mut self,
        object: &Arc<Object>,
        wanted: &[Wanted<'_>],
        known: &HashMap<String, Uuid>,
    ) -> Result<(), Error> {
        if matches!(self.frame.on_match, OnMatch::Skip | OnMatch::Create) {
            return Ok(());
        }
        let says_more = |one: &&Wanted<'_>| one.draft.patch.keys().any(|field| *field != object.title);
        let mut drafts: HashMap<Uuid, Vec<&Wanted<'_>>> = HashMap::new();
        for one in wanted.iter().filter(says_more) {
            if let Some(id) = one.names.iter().find_map(|name| known.get(name)) {
                drafts.entry(*id).or_default().push(one);
            }
        }
        if drafts.is_empty() {
            return Ok(());
        }
        let mut ids: Vec<Uuid> = drafts.keys().copied().collect();
        ids.sort_unstable();
        let mut edits = Vec::new();
        for record in self.batch.tx().find_many(object, &ids)? {
            let mut current = record.values;
            let mut patch = Patch::new();
            for one in drafts.get(&record.id).into_iter().flatten() {
                let added = changes(OnMatch::Fill, object, &current, &one.draft.patch);
                current.extend(added.clone());
                patch.extend(added);
            }
            if !patch.is_empty() {
                edits.push(Edit { id: record.id, patch, if_version: None });
            }
        }
        if edits.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = edits.iter().map(|edit| edit.id).collect();
        for (id, answer) in ids.iter().zip(self.batch.update_many(&object.name, edits)?) {
            let Err(problem) = answer else { continue };
            for one in drafts.get(id).into_iter().flatten() {
                if let Some(remarks) = self.remarks.get_mut(one.at) {
                    remarks.push(format!("{}: {}", object.label, reason_of(&problem)));
                }
            }
        }
        Ok(())
    }
}

/// Objects that the actor may not see hold nothing for it.
fn forgive(error: Error) -> Result<Vec<Record>, Error> {
    match error {
        Error::Problem(problem) if problem.code == model::Code::Forbidden => Ok(Vec::new()),
        other => Err(other),
    }
}

/// Whether a draft says who or what it is, so that a record can be made of it: by its title, or by one of the values that
/// the title of a person is made of.
fn is_named(object: &Object, patch: &Patch) -> bool {
    patch.contains_key(&object.title)
        || (places::splits_names(object) && NAMING.iter().any(|field| patch.contains_key(*field)))
}

/// Given and family name of a person; none for other objects.
fn full_name(object: &Object, patch: &Patch) -> Option<String> {
    let parts =
        ["given_name", "family_name"].map(|field| patch.get(field).and_then(Value::as_text).unwrap_or_default());
    let name = parts.join(" ").trim().to_owned();
    (places::splits_names(object) && !name.is_empty()).then_some(name)
}

/// How rows mean a record by its title.
pub(super) fn by_title(object: &str, title: &str) -> String {
    format!("{object} t:{}", fold(title))
}

/// What a related draft is found under.
#[derive(Debug, Clone, Default)]
pub struct RelatedKeys {
    names: Vec<String>,
    keys: Vec<String>,
}

impl RelatedKeys {
    /// Of a draft of an object.
    pub fn new(object: &Object, identifier: &Identifier, draft: &Draft) -> Self {
        let keys = identifier.of(draft).stored;
        let with = |mark: &str| -> Vec<String> {
            keys.iter().filter(|key| key.starts_with(mark)).map(|key| format!("{} {key}", object.name)).collect()
        };
        let mut names = with("x:");
        if places::splits_names(object) {
            // An address may be that of a family: beside a name it is that of one of them.
            let name = full_name(object, &draft.patch);
            names.extend(with("e:").into_iter().chain(with("p:")).map(|key| match &name {
                Some(name) => format!("{key} {}", fold(name)),
                None => key,
            }));
            if keys.is_empty() {
                names.extend(name.map(|name| by_title(&object.name, &name)));
            }
            return Self { names, keys };
        }
        // A domain alone names a company; beside a name it does not, as groups share one.
        match draft.patch.get(&object.title).and_then(Value::as_text) {
            Some(title) => names.push(by_title(&object.name, title)),
            None => names.extend(with("d:")),
        }
        Self { names, keys }
    }
}
