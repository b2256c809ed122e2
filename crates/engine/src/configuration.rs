//! The configuration of a workspace as TOML files: what administrators added to the data model, the roles, the tree of
//! territories, the views shared with everyone and the page layouts. Made to be kept under version control and moved to
//! another installation.
//!
//! `objects/<name>.toml` is an object of one's own, whole, or `extends = "<name>"` with what differs from the shipped
//! one; `roles/<name>.toml` is a role; `territories/<name>.toml` a territory without its people, `parent` by name;
//! `views/<object>-<name>.toml` a view, `layouts/<object>-<name>.toml` a layout with its roles by name.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{Actor, Code, Patch, Problem, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use store::{Error, Select};
use uuid::Uuid;

use crate::batch::{Batch, Edit, Plan};
use crate::definitions::{Definition, Definitions, shipped};
use crate::layouts::{self, Arrangement};
use crate::territories::OBJECT as TERRITORIES;
use crate::workspace::Workspace;

/// Members of a view that its file has.
const VIEW: [&str; 10] =
    ["name", "object", "type", "filter", "sort", "group", "starts", "ends", "columns", "opens_first"];
/// Members of a layout that its file has.
const LAYOUT: [&str; 6] = ["name", "object", "position", "roles", "condition", "content"];
/// Members of a role that its file has.
const ROLE: [&str; 3] = ["name", "description", "rights"];
/// Members of a territory that its file has.
const TERRITORY: [&str; 4] = ["name", "parent", "position", "rule"];

const LAYOUTS: &str = layouts::OBJECT;

/// Stands among the members of a changed object when its fields stand in another order.
const ORDER: &str = "order";

/// One file: its path below the folder, with `/`, and its text.
pub type File = (String, String);

/// What applying would do to one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `add`, `change`, or `remove`: there, but in no file.
    pub action: &'static str,
    /// `object`, `field`, `role`, `territory`, `view`, `layout`.
    pub kind: &'static str,
    /// `property`, `property.price`, the role's name, `property: Dear ones`.
    pub name: String,
    /// The members that differ.
    pub members: Vec<String>,
}

/// A thing with a name, as members.
type Things = BTreeMap<String, Map<String, Json>>;

#[derive(Debug, Clone, Default, PartialEq)]
struct Configuration {
    definitions: Definitions,
    roles: Things,
    territories: Things,
    views: Things,
    layouts: Things,
}

impl Workspace {
    /// The configuration as files.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; a database that fails.
    pub fn export_configuration(&self, actor: &Actor) -> Result<Vec<File>, Error> {
        self.check_special(actor, "configure")?;
        let work = self.transact(actor, Plan::new("export configuration"), |batch| batch.configuration());
        let (_, (configuration, _)) = work.wait()?;
        files(self, &configuration)
    }

    /// What [`Workspace::apply_configuration`] would do; what is there but in no file is among it as `remove`.
    ///
    /// # Errors
    /// What is wrong with a file; forbidden; a database that fails.
    pub fn plan_configuration(&self, actor: &Actor, files: &[File]) -> Result<Vec<Difference>, Error> {
        self.check_special(actor, "configure")?;
        let wanted = read(self, files)?;
        let work = self.transact(actor, Plan::new("plan configuration"), |batch| batch.configuration());
        let (_, (current, _)) = work.wait()?;
        Ok(compare(&current, &wanted))
    }

    /// Makes the workspace what the files say, in one batch, which undo takes back. With `prune` what is in no file
    /// goes; else it stays. Returns the batch, none when nothing was to be done, and what was done.
    ///
    /// # Errors
    /// What is wrong with a file or with the whole; forbidden; a database that fails. Then nothing is changed.
    pub fn apply_configuration(
        &self,
        actor: &Actor,
        files: &[File],
        prune: bool,
    ) -> Result<(Option<Uuid>, Vec<Difference>), Error> {
        self.check_special(actor, "configure")?;
        let wanted = read(self, files)?;
        let plan = Plan::new("apply configuration");
        let work = self.transact(actor, plan, move |batch| batch.apply_configuration(&wanted, prune));
        let (batch, done) = work.wait()?;
        self.refresh_schema()?;
        Ok(((!done.is_empty()).then_some(batch), done))
    }
}

/// Records by the name of the thing they are.
type Ids = BTreeMap<(&'static str, String), Uuid>;

impl Batch<'_> {
    fn configuration(&mut self) -> Result<(Configuration, Ids), Error> {
        let mut ids = Ids::new();
        let roles = self.things("role", &ROLE, &mut ids)?;
        let views = self.things("view", &VIEW, &mut ids)?;
        let layouts = self.layouts(&mut ids)?;
        let mut territories = self.things(TERRITORIES, &TERRITORY, &mut ids)?;
        name_parents(&mut territories, &ids);
        let definitions = Definitions::load(self.tx, &self.compiled.schema)?;
        Ok((Configuration { definitions, roles, territories, views, layouts }, ids))
    }

    /// Layouts with their roles by name. What is for roles that are gone alone, or for an object that is gone, is for
    /// nobody and stands in no file.
    fn layouts(&mut self, ids: &mut Ids) -> Result<Things, Error> {
        let mut found = self.things(LAYOUTS, &LAYOUT, ids)?;
        let roles = ids.iter().filter(|((kind, _), _)| *kind == "role");
        let names: HashMap<String, &String> = roles.map(|((_, name), id)| (id.to_string(), name)).collect();
        found.retain(|_, members| {
            let object = members.get("object").and_then(Json::as_str).unwrap_or_default();
            let is_there = self.compiled.schema.find_object(object).is_some();
            let roles = members.remove("roles").and_then(|roles| roles.as_array().cloned()).unwrap_or_default();
            let mut kept: Vec<&String> = roles.iter().filter_map(|id| names.get(id.as_str()?).copied()).collect();
            kept.sort();
            if !kept.is_empty() {
                members.insert("roles".to_owned(), json!(kept));
            }
            let for_nobody = kept.is_empty() && !roles.is_empty();
            is_there && !for_nobody
        });
        Ok(found)
    }

    /// The members of a layout's file with the ids of its roles.
    fn with_ids_of_roles(&mut self, members: &Map<String, Json>) -> Result<Map<String, Json>, Error> {
        let mut members = members.clone();
        if let Some(Json::Array(names)) = members.get_mut("roles") {
            let mut ids = Ids::new();
            self.things("role", &ROLE, &mut ids)?;
            for name in names {
                let role = name.as_str().unwrap_or_default().to_owned();
                let id = ids.get(&("role", role.clone())).ok_or_else(|| {
                    Problem::new(Code::Invalid, format!("A layout is for the role `{role}`, which is not there."))
                })?;
                *name = json!(id);
            }
        }
        Ok(members)
    }

    fn things(&mut self, kind: &'static str, members: &[&str], ids: &mut Ids) -> Result<Things, Error> {
        let object = self.load_object(kind)?;
        let select = Select::all(&self.compiled.schema, &object);
        let mut found = Things::new();
        self.tx.select(&select, &mut |record| {
            if kind == "view" && record.get("shared").as_text() != Some("everyone") {
                return Ok(());
            }
            let mut map = Map::new();
            for name in members {
                let value = record.get(name).to_json();
                if !value.is_null() {
                    map.insert((*name).to_owned(), value);
                }
            }
            let name = name_of(kind, &map);
            ids.insert((kind, name.clone()), record.id);
            found.insert(name, map);
            Ok(())
        })?;
        Ok(found)
    }

    fn apply_configuration(&mut self, wanted: &Configuration, prune: bool) -> Result<Vec<Difference>, Error> {
        let (current, ids) = self.configuration()?;
        let done: Vec<Difference> =
            compare(&current, wanted).into_iter().filter(|difference| prune || difference.action != "remove").collect();
        let mut after = current.definitions.clone();
        if prune {
            after.all.retain(|one| wanted.definitions.all.iter().any(|other| other.name() == one.name()));
        }
        for one in &wanted.definitions.all {
            after.put(&one.object, one.field.as_deref(), one.body.clone());
            let moved = |difference: &Difference| {
                difference.name == one.object && difference.members.iter().any(|member| member == ORDER)
                    || difference.action == "add" && difference.name.split('.').next() == Some(&one.object)
            };
            if let (Some(kept), true) = (after.find(&one.object, one.field.as_deref()), done.iter().any(moved)) {
                kept.position = one.position;
            }
        }
        self.write_definitions(&current.definitions, &after)?;
        let mut ids = ids;
        let territories = self.with_parents(&wanted.territories, &mut ids)?;
        for (kind, things) in
            [("role", &wanted.roles), (TERRITORIES, &territories), ("view", &wanted.views), (LAYOUTS, &wanted.layouts)]
        {
            self.apply_things(kind, things, &done, &ids)?;
        }
        Ok(done)
    }

    fn apply_things(
        &mut self,
        kind: &'static str,
        things: &Things,
        done: &[Difference],
        ids: &Ids,
    ) -> Result<(), Error> {
        let object = self.load_object(kind)?;
        let context = self.workspace.context();
        let mut gone = Vec::new();
        for difference in done.iter().filter(|difference| difference.kind == told(kind)) {
            let id = ids.get(&(kind, difference.name.clone())).copied();
            let Some(members) = things.get(&difference.name) else {
                gone.extend(id);
                continue;
            };
            let written = if kind == LAYOUTS { self.with_ids_of_roles(members)? } else { members.clone() };
            let mut patch: Patch = model::kinds::patch_from_json(&object, &written, &context)?;
            if kind == "view" {
                patch.insert("shared".to_owned(), Value::text("everyone"));
            }
            match id {
                Some(id) => {
                    for gone in difference.members.iter().filter(|name| !members.contains_key(*name)) {
                        patch.insert(gone.clone(), Value::Missing);
                    }
                    self.update(kind, Edit { id, patch, if_version: None })?;
                }
                None => {
                    self.create(kind, patch)?;
                }
            }
        }
        // Together, as of a tree all may go and none alone.
        if !gone.is_empty() {
            self.delete_many(kind, &gone)?.into_iter().try_for_each(|answer| answer.map(drop))?;
        }
        Ok(())
    }

    /// Territories with the ids of what they are part of. New ones are made first, each by its name alone, so that it
    /// does not matter in which order the files come.
    fn with_parents(&mut self, wanted: &Things, ids: &mut Ids) -> Result<Things, Error> {
        let mut made = wanted.clone();
        for name in wanted.keys() {
            let key = (TERRITORIES, name.clone());
            if let Entry::Vacant(slot) = ids.entry(key) {
                let patch = Patch::from([("name".to_owned(), Value::text(name.as_str()))]);
                slot.insert(self.create(TERRITORIES, patch)?.id);
            }
        }
        for (name, members) in &mut made {
            let Some(parent) = members.get_mut("parent") else { continue };
            let above = parent.as_str().unwrap_or_default().to_owned();
            let id = ids.get(&(TERRITORIES, above.clone())).ok_or_else(|| {
                let detail = format!("The territory `{name}` is part of `{above}`, which is in no file.");
                Problem::new(Code::Invalid, detail)
            })?;
            *parent = json!(id);
        }
        Ok(made)
    }
}

/// Territories with the names of what they are part of.
fn name_parents(territories: &mut Things, ids: &Ids) {
    let names: BTreeMap<String, &String> = ids.iter().map(|((_, name), id)| (id.to_string(), name)).collect();
    for members in territories.values_mut() {
        let parent = members.get("parent").and_then(Json::as_str).and_then(|id| names.get(id));
        match parent {
            Some(name) => members.insert("parent".to_owned(), json!(name)),
            None => members.remove("parent"),
        };
    }
}

/// The word for an object's records in what is told.
fn told(object: &'static str) -> &'static str {
    if object == LAYOUTS { "layout" } else { object }
}

/// What a thing is called among those of its kind.
fn name_of(kind: &str, members: &Map<String, Json>) -> String {
    let text = |name: &str| members.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    if kind == "view" || kind == LAYOUTS { format!("{}: {}", text("object"), text("name")) } else { text("name") }
}

fn compare(current: &Configuration, wanted: &Configuration) -> Vec<Difference> {
    let definitions = |from: &Configuration| -> Things {
        let each = from.definitions.all.iter();
        each.map(|one| (one.name(), one.body.clone())).collect()
    };
    let (now, then) = (definitions(current), definitions(wanted));
    let kind_of = |name: &str| if name.contains('.') { "field" } else { "object" };
    let mut found = differences(&now, &then, kind_of);
    found.extend(differences_of_order(&current.definitions, &wanted.definitions));
    found.extend(differences(&current.roles, &wanted.roles, |_| "role"));
    found.extend(differences(&current.territories, &wanted.territories, |_| TERRITORIES));
    found.extend(differences(&current.views, &wanted.views, |_| "view"));
    found.extend(differences(&current.layouts, &wanted.layouts, |_| told(LAYOUTS)));
    found
}

/// Objects whose own fields stand in another order, as far as both have them. A changed field of a shipped object stays
/// where it is, so the place of its change means nothing; it is told by having no kind of its own.
fn differences_of_order(now: &Definitions, then: &Definitions) -> Vec<Difference> {
    let order = |of: &Definitions, also: &Definitions, object: &str| -> Vec<String> {
        let is_own = |one: &&Definition| one.object == object && one.field.is_some() && one.body.contains_key("kind");
        let own = of.all.iter().filter(is_own);
        own.map(Definition::name).filter(|name| also.all.iter().any(|one| one.name() == *name)).collect()
    };
    let objects: BTreeSet<&String> = then.all.iter().map(|one| &one.object).collect();
    objects
        .into_iter()
        .filter(|object| order(now, then, object) != order(then, now, object))
        .map(|object| Difference {
            action: "change",
            kind: "object",
            name: object.clone(),
            members: vec![ORDER.to_owned()],
        })
        .collect()
}

fn differences(now: &Things, then: &Things, kind: impl Fn(&str) -> &'static str) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, members) in then {
        let known = now.get(name);
        let old = known.cloned().unwrap_or_default();
        let mut changed: Vec<String> = members
            .iter()
            .filter(|(member, value)| old.get(*member) != Some(*value))
            .map(|(member, _)| member.clone())
            .chain(old.keys().filter(|member| !members.contains_key(*member)).cloned())
            .collect();
        changed.sort();
        if known.is_none() {
            found.push(Difference { action: "add", kind: kind(name), name: name.clone(), members: Vec::new() });
        } else if !changed.is_empty() {
            found.push(Difference { action: "change", kind: kind(name), name: name.clone(), members: changed });
        }
    }
    for name in now.keys().filter(|name| !then.contains_key(*name)) {
        found.push(Difference { action: "remove", kind: kind(name), name: name.clone(), members: Vec::new() });
    }
    found
}

/// The files of a configuration, sorted by path.
fn files(workspace: &Workspace, configuration: &Configuration) -> Result<Vec<File>, Error> {
    let shipped = shipped(workspace.modules())?;
    let mut objects: BTreeMap<&str, Map<String, Json>> = BTreeMap::new();
    let known = |object: &str| shipped.iter().find(|one| one.name == object);
    for one in &configuration.definitions.all {
        let file = objects.entry(&one.object).or_insert_with(|| match known(&one.object) {
            Some(_) => Map::from_iter([("extends".to_owned(), json!(one.object))]),
            None => Map::new(),
        });
        let Some(field) = &one.field else {
            file.extend(written(&one.body));
            continue;
        };
        let changes = known(&one.object).is_some_and(|object| object.find_field(field).is_some());
        let list = file.entry(if changes { "changes" } else { "fields" }).or_insert_with(|| json!([]));
        let mut body = written(&one.body);
        if changes {
            body.insert("name".to_owned(), json!(field));
        }
        if let Json::Array(list) = list {
            list.push(Json::Object(body));
        }
    }
    let mut made = Vec::new();
    for (name, file) in objects {
        made.push((format!("objects/{name}.toml"), text_of(file)?));
    }
    let Configuration { roles, territories, views, layouts, .. } = configuration;
    for (folder, things) in [("roles", roles), ("territories", territories), ("views", views), ("layouts", layouts)] {
        let mut taken = BTreeMap::new();
        for (name, members) in things {
            let slug = slug(name);
            let count = taken.entry(slug.clone()).and_modify(|count| *count += 1).or_insert(1);
            let suffix = if *count > 1 { format!("-{count}") } else { String::new() };
            made.push((format!("{folder}/{slug}{suffix}.toml"), text_of(members.clone())?));
        }
    }
    made.sort();
    Ok(made)
}

/// A body without `null`, which TOML does not have: those members are named in `unset`.
fn written(body: &Map<String, Json>) -> Map<String, Json> {
    let unset: Vec<&String> = body.iter().filter(|(_, value)| value.is_null()).map(|(name, _)| name).collect();
    let mut kept: Map<String, Json> = Map::new();
    if !unset.is_empty() {
        kept.insert("unset".to_owned(), json!(unset));
    }
    kept.extend(body.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())));
    kept
}

fn text_of(members: Map<String, Json>) -> Result<String, Error> {
    Ok(toml::to_string_pretty(&in_order(Json::Object(members))).map_err(anyhow::Error::from)?)
}

/// Members in one order, whatever order the database keeps them in, so that versions of a file can be compared.
fn in_order(value: Json) -> Json {
    const FIRST: [&str; 11] = [
        "extends",
        "name",
        "plural",
        "field",
        "object",
        "value",
        "label",
        "label_plural",
        "description",
        "kind",
        "result",
    ];
    match value {
        Json::Object(members) => {
            let mut members: Vec<(String, Json)> = members.into_iter().collect();
            members.sort_by_cached_key(|(name, _)| {
                (FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()), name.clone())
            });
            Json::Object(members.into_iter().map(|(name, value)| (name, in_order(value))).collect())
        }
        Json::Array(all) => Json::Array(all.into_iter().map(in_order).collect()),
        other => other,
    }
}

/// A name as part of a file name: letters and digits, a dash between them.
fn slug(name: &str) -> String {
    let folded = model::fold::fold(name);
    let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    if slug.is_empty() { "unnamed".to_owned() } else { slug }
}

fn read(workspace: &Workspace, files: &[File]) -> Result<Configuration, Problem> {
    let shipped = shipped(workspace.modules())?;
    let mut found = Configuration::default();
    for (path, text) in files {
        let wrong = |reason: String| Problem::new(Code::Invalid, format!("{path}: {reason}"));
        let file: Map<String, Json> = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let named = |members: &[&str]| match file.keys().find(|name| !members.contains(&name.as_str())) {
            Some(unknown) => Err(wrong(format!("`{unknown}` is not known here. Use: {}.", members.join(", ")))),
            None => Ok(()),
        };
        match path.split('/').next() {
            Some("objects") => read_object(&shipped, file, &mut found.definitions).map_err(wrong)?,
            Some("roles") => {
                named(&ROLE)?;
                found.roles.insert(name_of("role", &file), file);
            }
            Some("territories") => {
                named(&TERRITORY)?;
                found.territories.insert(name_of(TERRITORIES, &file), file);
            }
            Some("views") => {
                named(&VIEW)?;
                found.views.insert(name_of("view", &file), file);
            }
            Some("layouts") => {
                named(&LAYOUT)?;
                let layout = read_layout(file).map_err(wrong)?;
                found.layouts.insert(name_of(LAYOUTS, &layout), layout);
            }
            _ => {
                return Err(wrong(
                    "a file stands in `objects`, `roles`, `territories`, `views` or `layouts`.".to_owned(),
                ));
            }
        }
    }
    Ok(found)
}

/// A layout in the form in which it is stored, so that it compares.
fn read_layout(mut file: Map<String, Json>) -> Result<Map<String, Json>, String> {
    let content = file.remove("content").unwrap_or_else(|| json!({}));
    file.insert("content".to_owned(), Arrangement::read(&content)?.to_json());
    let names = file.remove("roles").unwrap_or_else(|| json!([]));
    let mut names: Vec<String> = serde_json::from_value(names).map_err(|_| "`roles` is a list of names of roles.")?;
    names.sort();
    names.dedup();
    if !names.is_empty() {
        file.insert("roles".to_owned(), json!(names));
    }
    Ok(file)
}

fn read_object(
    shipped: &[model::Object],
    mut file: Map<String, Json>,
    definitions: &mut Definitions,
) -> Result<(), String> {
    let extends = file.remove("extends");
    let name = extends.as_ref().or_else(|| file.get("name")).and_then(Json::as_str).map(str::to_owned);
    let object = name.ok_or("it has neither `name` nor `extends`.")?;
    let known = shipped.iter().find(|one| one.name == object);
    match (&extends, known) {
        (Some(_), None) => return Err(format!("it extends `{object}`, which is not shipped with this version.")),
        (None, Some(_)) => return Err(format!("`{object}` is shipped; say `extends = \"{object}\"`.")),
        _ => {}
    }
    let mut position = 0;
    let mut add = |definitions: &mut Definitions, field: Option<String>, body: Map<String, Json>| {
        let object = object.clone();
        definitions.all.push(Definition { id: None, object, field, position, body });
        position += 1;
    };
    let lists = [file.remove("fields"), file.remove("changes")];
    let body = unwritten(file)?;
    if !body.is_empty() {
        add(definitions, None, body);
    }
    for (list, changes) in lists.into_iter().zip([false, true]) {
        for entry in list.as_ref().and_then(Json::as_array).into_iter().flatten() {
            let mut body = entry.as_object().cloned().ok_or("a field is a table.")?;
            let field = body.get("name").and_then(Json::as_str).map(str::to_owned).ok_or("a field has no `name`.")?;
            if changes {
                body.remove("name");
            }
            add(definitions, Some(field), unwritten(body)?);
        }
    }
    Ok(())
}

/// The reverse of [`written`].
fn unwritten(mut body: Map<String, Json>) -> Result<Map<String, Json>, String> {
    if let Some(unset) = body.remove("unset") {
        for name in unset.as_array().ok_or("`unset` is a list of names.")? {
            body.insert(name.as_str().ok_or("`unset` is a list of names.")?.to_owned(), Json::Null);
        }
    }
    Ok(body)
}
