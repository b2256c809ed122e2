//! Timelines: activities about a record and changes, as far as somebody may see them and why they stand there.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use model::{Actor, Change, Object, Record};
use serde_json::{Value as Json, json};
use store::{Error, Pending, TimelinePage, TimelineSource, Tx};
use uuid::Uuid;

use crate::effects::subjects_of;
use crate::history::{PAGE_MAX, change_json};
use crate::policy::Policy;
use crate::read::title_json;
use crate::workspace::Workspace;

/// Pages looked through for one page to be shown, when much of them is out of sight.
const LOOKS_MAX: usize = 50;

/// Records that may be seen, with their objects.
pub(crate) type Seen = HashMap<Uuid, (Arc<Object>, Record)>;

impl Workspace {
    /// A record's timeline, newest first: `{"entries":[…],"next":…,"actors":{…}}`. What is out of sight takes nobody's
    /// place: a page is as long as it may be.
    ///
    /// # Errors
    /// Not found, also when the actor may not see the record; a database that fails.
    pub fn timeline(
        &self,
        actor: &Actor,
        object: &str,
        id: Uuid,
        kinds: Option<Vec<String>>,
        mut cursor: Option<String>,
        limit: usize,
    ) -> Pending<Json> {
        let (workspace, actor, object) = (self.clone(), actor.clone(), object.to_owned());
        self.store().read(move |tx| {
            workspace.load_visible(tx, &actor, &object, id)?;
            let limit = if limit == 0 { 30 } else { limit.min(PAGE_MAX) };
            let mut shown = Shown { subject: id, entries: Vec::new(), actors: HashSet::new() };
            let mut cursor = cursor.take();
            for _ in 0..LOOKS_MAX {
                let page = tx.timeline(id, kinds.as_deref(), cursor.as_deref(), limit - shown.entries.len())?;
                workspace.show_page(tx, &actor, &page, &mut shown)?;
                cursor = page.next;
                if cursor.is_none() || shown.entries.len() >= limit {
                    break;
                }
            }
            workspace.show_reactions(tx, &actor, &mut shown)?;
            let actors = workspace.actor_names(tx, &shown.actors)?;
            Ok(json!({ "entries": shown.entries, "next": cursor, "actors": actors }))
        })
    }

    /// Puts the reactions beside the activities that are shown.
    fn show_reactions(&self, tx: &mut Tx, actor: &Actor, shown: &mut Shown) -> Result<(), Error> {
        let id_of = |entry: &Json| entry.get("record")?.get("id")?.as_str().and_then(|id| Uuid::try_parse(id).ok());
        let ids: Vec<Uuid> = shown.entries.iter().filter_map(id_of).collect();
        let mut reactions = self.reactions_shown(tx, actor, &ids)?;
        for entry in &mut shown.entries {
            let Some(found) = id_of(entry).and_then(|id| reactions.remove(&id)) else { continue };
            let users = found.iter().filter_map(|one| one.get("users")?.as_array()).flatten().filter_map(Json::as_str);
            shown.actors.extend(users.map(|id| format!("user:{id}")));
            if let Some(map) = entry.as_object_mut() {
                map.insert("reactions".to_owned(), Json::Array(found));
            }
        }
        Ok(())
    }

    fn show_page(&self, tx: &mut Tx, actor: &Actor, page: &TimelinePage, shown: &mut Shown) -> Result<(), Error> {
        let mut wanted: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
        for row in &page.entries {
            let (object, record) = match &row.source {
                TimelineSource::Change(change) => (&change.object, change.record),
                TimelineSource::Entry { object, record } => (object, *record),
            };
            wanted.entry(object.clone()).or_default().push(record);
        }
        let seen = self.visible_records(tx, actor, wanted)?;
        let between = match self.judge(tx, actor, |policy| policy.is_unbound())? {
            true => None,
            false => Some(self.visible_records(tx, actor, subjects_between(shown.subject, &seen))?),
        };
        self.judge(tx, actor, |policy| {
            for row in &page.entries {
                match &row.source {
                    TimelineSource::Change(change) => shown.add_change(policy, change, &seen),
                    TimelineSource::Entry { record, .. } => shown.add_entry(policy, row.at, *record, &seen, &between),
                }
            }
        })
    }
}

/// What activities that are not about the subject itself are about: it is the parent of one of these.
fn subjects_between(subject: Uuid, seen: &Seen) -> BTreeMap<String, Vec<Uuid>> {
    let mut between: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for (object, record) in seen.values() {
        let about = about(object, record);
        if about.iter().any(|(_, id)| *id == subject) {
            continue;
        }
        for (target, id) in about {
            between.entry(target).or_default().push(id);
        }
    }
    between
}

pub(crate) fn about(object: &Object, record: &Record) -> Vec<(String, Uuid)> {
    let subjects = object.timeline.iter().flat_map(|timeline| &timeline.subjects);
    subjects.flat_map(|field| subjects_of(object, field, record)).collect()
}

/// Timeline entries being put together.
struct Shown {
    subject: Uuid,
    entries: Vec<Json>,
    actors: HashSet<String>,
}

impl Shown {
    /// A change of the subject, or of a record whose parent it is: that, too, is a field to be allowed.
    fn add_change(&mut self, policy: &Policy<'_>, change: &Change, seen: &Seen) {
        let Some((object, record)) = seen.get(&change.record) else { return };
        let linked = || object.parent.as_ref().is_some_and(|parent| policy.can_read(object, parent));
        if change.record != self.subject && !linked() {
            return;
        }
        let json = change_json(policy, object, change);
        self.actors.insert(change.actor.clone());
        self.entries.push(json!({
            "key": format!("change:{}", change.seq),
            "at": model::value::instant_to_text(change.at),
            "kind": "change",
            "object": object.name,
            "subject": title_json(object, record),
            "change": json,
        }));
    }

    /// An activity: its place says what it is about and when, so both fields must be allowed; and when it stands here
    /// because of somebody who belongs to the subject, so must they and their belonging.
    fn add_entry(&mut self, policy: &Policy<'_>, at: i64, record: Uuid, seen: &Seen, between: &Option<Seen>) {
        let Some((object, record)) = seen.get(&record) else { return };
        let Some(timeline) = &object.timeline else { return };
        if !timeline.subjects.iter().chain([&timeline.at]).all(|field| policy.can_read(object, field)) {
            return;
        }
        let belongs = |between: &Seen, id: &Uuid| {
            between
                .get(id)
                .is_some_and(|(object, _)| object.parent.as_ref().is_some_and(|parent| policy.can_read(object, parent)))
        };
        if let Some(between) = between
            && !about(object, record).iter().any(|(_, id)| *id == self.subject || belongs(between, id))
        {
            return;
        }
        if let Some(label) = record.get("created_by").as_text() {
            self.actors.insert(label.to_owned());
        }
        let title = title_json(object, record).get("title").cloned();
        self.entries.push(json!({
            "key": format!("{}:{}", object.name, record.id),
            "at": model::value::instant_to_text(at),
            "kind": object.name,
            "object": object.name,
            "title": title,
            "record": record.to_json(),
        }));
    }
}
