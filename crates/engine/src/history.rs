//! What happened: field history, batches, search. Everything passes policy before it is shown.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use model::{Actor, Change, Code, Object, Problem, Record};
use serde_json::{Map, Value as Json, json};
use store::tables::notifications::{self, Notification};
use store::{Deleted, Error, Pending, SearchQuery, Tx};
use uuid::Uuid;

use crate::effects::search_doc;
use crate::file_texts::{Texts, searched_files, texts_of};
use crate::policy::{Policy, Right};
use crate::read::{Query, title_json};
use crate::shares;
use crate::workspace::Workspace;

/// Most entries of a timeline or history page.
pub(crate) const PAGE_MAX: usize = 100;
/// Most characters of a text in a notification.
const EXCERPT_MAX: usize = 200;

impl Workspace {
    /// The changes of one record, newest first: `{"changes":[…],"next":…,"actors":{…}}`.
    ///
    /// # Errors
    /// Not found, also when the actor may not see the record; a database that fails.
    pub fn history(&self, actor: &Actor, object: &str, id: Uuid, before: Option<i64>, limit: usize) -> Pending<Json> {
        let (workspace, actor, object) = (self.clone(), actor.clone(), object.to_owned());
        self.store().read(move |tx| {
            let (object, _) = workspace.load_visible(tx, &actor, &object, id)?;
            let limit = if limit == 0 { 50 } else { limit.min(PAGE_MAX) };
            let changes = tx.changes_of_record(id, before.unwrap_or(i64::MAX), limit)?;
            let next = (changes.len() == limit).then(|| changes.last().map(|change| change.seq)).flatten();
            let names: HashSet<String> = changes.iter().map(|change| change.actor.clone()).collect();
            let actors = workspace.actor_names(tx, &names)?;
            let rows: Vec<Json> = workspace.judge(tx, &actor, |policy| {
                changes.iter().map(|change| change_json(policy, &object, change)).collect()
            })?;
            Ok(json!({ "changes": rows, "next": next, "actors": actors }))
        })
    }

    /// Recent batches, newest first: who did what when, and how many changes it made.
    ///
    /// # Errors
    /// A database that fails.
    pub fn batches(&self, actor: &Actor, before: Option<Uuid>, limit: usize) -> Pending<Json> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.store().read(move |tx| {
            let limit = if limit == 0 { 30 } else { limit.min(PAGE_MAX) };
            let unbound = {
                let rights = workspace.rights(tx, &actor)?;
                actor.is_system() || rights.admin
            };
            let rows = tx.batches(before, limit)?;
            let next = (rows.len() == limit).then(|| rows.last().map(|row| row.id)).flatten();
            let mine = rows.into_iter().filter(|row| unbound || row.actor == actor.label());
            let rows: Vec<_> = mine.collect();
            let names: HashSet<String> = rows.iter().map(|row| row.actor.clone()).collect();
            let actors = workspace.actor_names(tx, &names)?;
            let batches: Vec<Json> = rows
                .iter()
                .map(|row| {
                    json!({ "id": row.id, "at": model::value::instant_to_text(row.at), "actor": row.actor,
                            "cause": row.cause, "undoes": row.undoes })
                })
                .collect();
            Ok(json!({ "batches": batches, "next": next, "actors": actors }))
        })
    }

    /// Records by words, beginnings of words, fragments of addresses and numbers; typing errors forgiven.
    /// `{"results":[{"object","id","title","subtitle","excerpt"}]}`, best first; the excerpt is there when the words stand in
    /// a long text or inside a file. A condition is about one object, and holds for all that is found.
    ///
    /// # Errors
    /// A condition over several objects, or one that a list would refuse; a database that fails.
    pub fn search(
        &self,
        actor: &Actor,
        text: &str,
        objects: Vec<String>,
        filter: Option<String>,
        limit: usize,
    ) -> Pending<Json> {
        let (workspace, actor, text) = (self.clone(), actor.clone(), text.to_owned());
        self.store().read(move |tx| {
            let limit = if limit == 0 { 10 } else { limit.min(50) };
            if filter.is_some() {
                workspace.check_search_filter(tx, &actor, &objects, filter.as_deref())?;
            }
            let query = SearchQuery { text, objects, limit: limit * 3 };
            let open = filter.is_none() && workspace.judge(tx, &actor, |policy| policy.is_unbound())?;
            let hits = match open {
                true => tx.search(&query)?,
                false => tx.search_among(&query, &mut |tx, object, ids| {
                    let among = Query { object: object.to_owned(), filter: filter.clone(), ..Query::default() };
                    workspace.findable(tx, &actor, &among, ids, &query.text)
                })?,
            };
            let mut results = Vec::with_capacity(limit);
            // More than asked for are found, as some may be deleted; the rest is loaded only when it is needed.
            for hits in hits.chunks(limit) {
                let mut wanted: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
                for hit in hits {
                    wanted.entry(hit.object.clone()).or_default().push(hit.record);
                }
                let mut titles = Map::new();
                for (object, ids) in wanted {
                    titles.extend(workspace.titles(tx, &actor, &object, &ids)?);
                }
                let titles = hits.iter().filter_map(|hit| titles.remove(&hit.record.to_string()));
                results.extend(titles.filter(|title| title.get("deleted") == Some(&Json::Bool(false))));
                if results.len() >= limit {
                    results.truncate(limit);
                    break;
                }
            }
            workspace.add_excerpts(tx, &actor, &query.text, &mut results)?;
            Ok(json!({ "results": results }))
        })
    }

    /// Refuses a condition before anything is looked for: whether it is one must not depend on what is there.
    fn check_search_filter(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        objects: &[String],
        filter: Option<&str>,
    ) -> Result<(), Error> {
        let [object] = objects else {
            let detail = "A condition is about the fields of one object. Name it alone in `objects`.";
            return Err(Problem::new(Code::BadRequest, detail).into());
        };
        let query = Query { object: object.clone(), filter: filter.map(str::to_owned), ..Query::default() };
        self.plan(tx, actor, &query).map(drop)
    }

    /// Those of the records that the query lets the actor see and that these words find by what the actor may read of
    /// them: what stands in a forbidden field finds nothing.
    fn findable(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        query: &Query,
        ids: &[Uuid],
        text: &str,
    ) -> Result<HashSet<Uuid>, Error> {
        let mut planned = match self.plan(tx, actor, query) {
            Ok(planned) => planned,
            Err(Error::Problem(problem)) if problem.code == Code::Forbidden => return Ok(HashSet::new()),
            Err(error) => return Err(error),
        };
        planned.among(ids.to_vec());
        let object = planned.select.object.clone();
        let searched: Vec<&String> = object.search.iter().chain([&object.title]).collect();
        let readable = std::mem::take(&mut planned.select.fields);
        let whole = searched.iter().all(|name| readable.contains(name));
        planned.select.fields = readable.into_iter().filter(|name| searched.contains(&name)).collect();
        if whole || planned.select.fields.is_empty() {
            planned.select.fields = vec!["version".to_owned()];
        }
        let inside = searched_files(&object).any(|field| planned.select.fields.contains(&field.name));
        let (mut found, mut left) = (HashSet::new(), Vec::new());
        tx.select(&planned.select, &mut |record| {
            if whole || store::finds(text, &search_doc(&object, &record, &Texts::new(), false)) {
                found.insert(record.id);
            } else if inside {
                left.push(record);
            }
            Ok(())
        })?;
        // The texts inside files are large: one at a time, and only where nothing else was found.
        for record in &left {
            let texts = texts_of(tx, &object, [record])?;
            if !texts.is_empty() && store::finds(text, &search_doc(&object, record, &texts, false)) {
                found.insert(record.id);
            }
        }
        Ok(found)
    }

    /// Loads records that the actor may see, of several objects, with the fields that it may see.
    pub(crate) fn visible_records(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        wanted: BTreeMap<String, Vec<Uuid>>,
    ) -> Result<HashMap<Uuid, (Arc<Object>, Record)>, Error> {
        let mut seen = HashMap::new();
        for (object, ids) in wanted {
            let query = Query { object, deleted: Deleted::With, ..Query::default() };
            let Ok(mut planned) = self.plan(tx, actor, &query) else { continue };
            planned.among(ids);
            let object = planned.select.object.clone();
            tx.select(&planned.select, &mut |record| {
                seen.insert(record.id, (object.clone(), record));
                Ok(())
            })?;
        }
        Ok(seen)
    }

    /// Names of actors: `{"user:<id>": {"name": …}}`.
    pub(crate) fn actor_names(&self, tx: &mut Tx, labels: &HashSet<String>) -> Result<Json, Error> {
        let system = Actor::system("names of actors");
        let mut by_object: BTreeMap<&str, Vec<(Uuid, &String)>> = BTreeMap::new();
        let mut names = Map::new();
        for label in labels {
            match label.split_once(':') {
                Some((kind @ ("user" | "api_key" | "team" | "role"), id)) => {
                    if let Ok(id) = Uuid::parse_str(id) {
                        by_object.entry(kind).or_default().push((id, label));
                    }
                }
                Some((_, reason)) => {
                    names.insert(label.clone(), json!({ "name": reason }));
                }
                None => {}
            }
        }
        for (object, ids) in by_object {
            let wanted: Vec<Uuid> = ids.iter().map(|(id, _)| *id).collect();
            let titles = self.titles(tx, &system, object, &wanted)?;
            for (id, label) in ids {
                let name = titles.get(&id.to_string()).and_then(|title| title.get("title")).cloned();
                names.insert(label.clone(), json!({ "name": name }));
            }
        }
        Ok(Json::Object(names))
    }

    /// Whether an actor may see a record at this moment.
    ///
    /// # Errors
    /// A database that fails.
    pub fn can_see(&self, actor: &Actor, object: &str, id: Uuid) -> Pending<bool> {
        let (workspace, actor, object) = (self.clone(), actor.clone(), object.to_owned());
        self.store().read(move |tx| workspace.sees(tx, &actor, &object, id))
    }

    /// The same inside a transaction.
    ///
    /// # Errors
    /// A database that fails.
    pub fn sees(&self, tx: &mut Tx, actor: &Actor, object: &str, id: Uuid) -> Result<bool, Error> {
        let schema = self.schema();
        let Some(object) = schema.find_object(object) else { return Ok(false) };
        match self.judge(tx, actor, |policy| policy.scope(object, Right::Read))? {
            Err(_) => Ok(false),
            Ok(None) => Ok(true),
            Ok(Some(scope)) => Ok(tx.matches(&schema, object, &[id], &scope)?.contains(&id)),
        }
    }

    /// Whether an object has a field that an actor may read.
    pub fn reads_field(&self, actor: &Actor, object: &str, field: &str) -> Pending<bool> {
        let (workspace, actor) = (self.clone(), actor.clone());
        let (object, field) = (object.to_owned(), field.to_owned());
        self.store().read(move |tx| {
            let schema = workspace.schema();
            let Some(object) = schema.find_object(&object) else { return Ok(false) };
            let there = object.find_field(&field).is_some();
            Ok(there && workspace.judge(tx, &actor, |policy| policy.can_read(object, &field))?)
        })
    }

    /// A user's notifications, newest first, those before one of them, as far as the user may still see what they are
    /// about: `{"notifications":[…],"unread":n,"next":…,"actors":{…}}`.
    ///
    /// # Errors
    /// A database that fails.
    pub fn notifications(
        &self,
        actor: &Actor,
        user: Uuid,
        unread: bool,
        before: Option<Uuid>,
        limit: usize,
    ) -> Pending<Json> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.store().read(move |tx| {
            let limit = if limit == 0 { 30 } else { limit.min(PAGE_MAX) };
            let rows = notifications::list(tx, user, unread, before, limit)?;
            let next = (rows.len() == limit).then(|| rows.last().map(|row| row.id)).flatten();
            let (shown, actors) = workspace.show_notifications(tx, &actor, &rows)?;
            let unread = workspace.unread(tx, &actor, user)?;
            Ok(json!({ "notifications": shown, "unread": unread, "next": next, "actors": actors }))
        })
    }

    /// Notifications as far as an actor may see at this moment what they are about, and the names of who caused them.
    ///
    /// # Errors
    /// A database that fails.
    pub fn show_notifications(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        rows: &[Notification],
    ) -> Result<(Vec<Json>, Json), Error> {
        let mut wanted: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
        for row in rows {
            wanted.entry(row.object.clone()).or_default().push(row.record);
            wanted.entry(row.via_object.clone()).or_default().push(row.via);
        }
        let seen = self.visible_records(tx, actor, wanted)?;
        let names: HashSet<String> = rows.iter().map(|row| row.actor.clone()).collect();
        let actors = self.actor_names(tx, &names)?;
        let text = self.judge(tx, actor, |policy| {
            let about = |row: &Notification| seen.get(&row.via).filter(|_| row.via != row.record);
            rows.iter().map(|row| excerpt(policy, about(row))).collect::<Vec<_>>()
        })?;
        let shown = rows.iter().zip(text).filter_map(|(row, text)| {
            let (object, record) = seen.get(&row.record)?;
            Some(json!({
                "id": row.id, "kind": row.kind, "actor": row.actor, "number": row.number, "text": text,
                "at": model::value::instant_to_text(row.at), "read": row.read_at.is_some(),
                "subject": title_json(object, record), "via": { "object": row.via_object, "id": row.via },
            }))
        });
        Ok((shown.collect(), actors))
    }
}

/// The beginning of what a record says, where the actor may read it.
pub(crate) fn excerpt(policy: &Policy<'_>, record: Option<&(Arc<Object>, Record)>) -> Option<String> {
    let (object, record) = record?;
    let note = || (object.name == shares::OBJECT).then_some(&object.title);
    let body = object.timeline.as_ref().and_then(|timeline| timeline.body.as_ref()).or_else(note)?;
    let text = record.get(body).as_text().filter(|_| policy.can_read(object, body))?;
    let mut short: String = text.chars().take(EXCERPT_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    Some(short)
}

/// A change as the actor may see it: fields without the right to read are left out.
pub(crate) fn change_json(policy: &Policy<'_>, object: &Object, change: &Change) -> Json {
    let fields: Map<String, Json> = change
        .fields
        .iter()
        .filter(|(name, _)| policy.can_read(object, name))
        .map(|(name, pair)| (name.clone(), pair.clone()))
        .collect();
    json!({
        "seq": change.seq,
        "batch": change.batch,
        "at": model::value::instant_to_text(change.at),
        "actor": change.actor,
        "op": change.op,
        "fields": fields,
    })
}
