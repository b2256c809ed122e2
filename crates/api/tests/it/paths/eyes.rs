//! The model: what one user may see, worked out by plain loops over every record. It shares no code with the product.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::conditions::CONDITIONS;
use super::shares;
use super::world::{Reach, User, World, solid};

/// A user looking at the world; `narrow` when over relations only what the user sees counts.
pub struct Eyes<'a> {
    pub world: &'a World,
    pub user: &'a User,
    pub narrow: bool,
}

impl<'a> Eyes<'a> {
    pub fn of(world: &'a World, user: &'a User) -> Self {
        Self { world, user, narrow: true }
    }

    fn wide(&self) -> Eyes<'a> {
        Eyes { world: self.world, user: self.user, narrow: false }
    }

    pub fn in_my_teams(&self, record: &Json) -> bool {
        record["team"].as_str().is_some_and(|team| self.user.teams.iter().any(|mine| mine == team))
    }

    pub fn in_my_territories(&self, record: &Json) -> bool {
        record["territory"].as_str().is_some_and(|place| self.user.territories.iter().any(|mine| mine == place))
    }

    /// How far a right reaches over an object; read, update and delete are 0, 1 and 2.
    pub fn reach(&self, object: &str, right: usize) -> Reach {
        let role = self.world.role_of(self.user);
        if role.admin {
            return Reach::All;
        }
        if ["user", "team", "role"].contains(&object) {
            return if right == 0 { Reach::All } else { Reach::None };
        }
        role.of(object).map_or(Reach::None, |rights| rights.reach[right])
    }

    /// Whether a right reaches a record, by the role or by a share. Where the role reaches none, no share does.
    pub fn may(&self, object: &str, record: &Json, right: usize) -> bool {
        self.held(object, record, right)
            || (self.reach(object, right) != Reach::None && shares::opens(self, object, record, right))
    }

    /// Whether the role alone reaches a record.
    pub fn held(&self, object: &str, record: &Json, right: usize) -> bool {
        let mine = || record["owner"].as_str() == Some(&self.user.id);
        match self.reach(object, right) {
            Reach::All => true,
            Reach::Own => mine(),
            Reach::Team => mine() || self.in_my_teams(record),
            Reach::None => false,
            Reach::Where(at) => (CONDITIONS[at].holds)(&self.wide(), record),
        }
    }

    pub fn sees(&self, object: &str, record: &Json) -> bool {
        self.may(object, record, 0)
    }

    /// The right to a field: `none`, `read` or `write`.
    pub fn field(&self, object: &str, field: &str) -> &'static str {
        let role = self.world.role_of(self.user);
        if role.admin || ["user", "team", "role"].contains(&object) {
            return "write";
        }
        let counted = self.world.objects.get(object).and_then(|known| known.counts.get(field));
        if counted.is_some_and(|counted| self.reach(counted, 0) == Reach::None) {
            return "none";
        }
        role.of(object).map_or("none", |rights| rights.fields.get(field).copied().unwrap_or("write"))
    }

    /// Whether answers show a field.
    pub fn reads(&self, object: &str, field: &str) -> bool {
        self.knows(object, field) && !is_sensitive(object, field)
    }

    /// Whether a field may be named, and a sensitive one asked for.
    pub fn knows(&self, object: &str, field: &str) -> bool {
        field == "id" || self.field(object, field) != "none"
    }

    /// Whether records may be filtered, sorted and grouped by a field.
    pub fn uses(&self, object: &str, field: &str) -> bool {
        self.knows(object, field) && (!is_sensitive(object, field) || self.special("sensitive"))
    }

    pub fn is_admin(&self) -> bool {
        self.world.role_of(self.user).admin
    }

    pub fn special(&self, name: &str) -> bool {
        self.is_admin() || self.world.role_of(self.user).special.contains(&name)
    }

    /// Whether an expression, a sort or a list of fields may name all of these `object.field`.
    pub fn may_use(&self, uses: &[String]) -> bool {
        uses.iter().all(|used| {
            let (object, field) = used.split_once('.').unwrap();
            self.reach(object, 0) != Reach::None && self.uses(object, field)
        })
    }

    /// A record as the user may see it.
    pub fn shown(&self, object: &str, record: &Json) -> Json {
        let fields = record.as_object().unwrap().iter().filter(|(name, _)| self.reads(object, name));
        Json::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The title of a record as the user may see it.
    pub fn title(&self, object: &str, record: &Json) -> String {
        let field = self.world.objects[object].title.as_str();
        if self.reads(object, field) { record[field].as_str().unwrap_or_default().to_owned() } else { String::new() }
    }

    /// Titles of the records that a field of these records names.
    pub fn included(&self, object: &str, field: &str, target: &str, records: &[&Json]) -> HashMap<String, String> {
        let mut titles = HashMap::new();
        if !self.reads(object, field) {
            return titles;
        }
        for record in records {
            let Some(id) = record[field].as_str() else { continue };
            if let Some(other) = self.world.find(target, id).filter(|other| self.sees(target, other)) {
                titles.insert(id.to_owned(), self.title(target, other));
            }
        }
        titles
    }

    /// The live record that a reference leads to, when it counts.
    pub fn to(&self, record: &Json, field: &str, target: &str) -> Option<&'a Json> {
        self.world.find(target, record[field].as_str()?).filter(|other| self.counts(target, other))
    }

    /// The live records that point to this one and count.
    pub fn children(&self, record: &Json, object: &'static str, field: &'static str) -> impl Iterator<Item = &'a Json> {
        let id = record["id"].as_str().unwrap().to_owned();
        let eyes = Eyes { world: self.world, user: self.user, narrow: self.narrow };
        let points = move |child: &Json| {
            child[field].as_str() == Some(&id) || targets(&child[field]).iter().any(|(_, about)| *about == id)
        };
        self.world.all(object).iter().filter(move |child| points(child) && eyes.counts(object, child))
    }

    fn counts(&self, object: &str, record: &Json) -> bool {
        record["deleted_at"].is_null() && (!self.narrow || self.sees(object, record))
    }

    /// Whether search finds a record by these words.
    pub fn finds(&self, object: &str, record: &Json, typed: &[String]) -> bool {
        if !record["deleted_at"].is_null() || !self.sees(object, record) {
            return false;
        }
        let known = &self.world.objects[object];
        let searched = |name: &str| self.reads(object, name) || self.is_admin();
        let fields = known.search.iter().filter(|(name, _)| searched(name));
        // Words of a title and words of a long text find a record together.
        let words: Vec<String> = fields
            .flat_map(|(name, long)| match (name.as_str(), long) {
                ("files", true) => {
                    self.world.text_of(record, name).map(|text| words_of(&json!(text))).unwrap_or_default()
                }
                ("files", false) => words_of(&record[name][0]["name"]),
                _ => words_of(&record[name]),
            })
            .collect();
        typed.iter().all(|typed| words.iter().any(|word| word.starts_with(typed.as_str())))
    }

    /// A change as the user may see it.
    pub fn change(&self, object: &str, change: &Json) -> Json {
        let mut change = change.clone();
        let fields = change["fields"].as_object_mut().unwrap();
        fields.retain(|name, _| self.reads(object, name));
        change
    }

    /// An entry of the timeline of a record, given as someone who sees everything is told it; `None` when this user
    /// is not told.
    pub fn entry(&self, subject: &str, entry: &Json) -> Option<Json> {
        let object = entry["object"].as_str().unwrap();
        let mut shown = entry.clone();
        if entry["kind"] == "change" {
            let id = entry["subject"]["id"].as_str().unwrap();
            let record = self.world.find(object, id)?;
            if !self.sees(object, record) || (id != subject && !self.reads(object, "company")) {
                return None;
            }
            shown["change"] = self.change(object, &entry["change"]);
            shown["subject"]["title"] = json!(self.title(object, record));
            shown["subject"].as_object_mut().unwrap().remove("subtitle");
            return Some(shown);
        }
        let record = self.world.find(object, entry["record"]["id"].as_str().unwrap())?;
        let at = if object == "task" { "due_at" } else { "created_at" };
        if !self.sees(object, record) || !self.reads(object, "about") || !self.reads(object, at) {
            return None;
        }
        // It stands here because it is about this record, or about somebody who belongs to it.
        let belongs = |(target, id): &(String, String)| {
            id == subject
                || (target == "person" && self.reads("person", "company"))
                    && self.world.find("person", id).is_some_and(|person| self.sees("person", person))
        };
        if !targets(&record["about"]).iter().any(belongs) {
            return None;
        }
        shown["record"] = solid(&self.shown(object, record));
        shown["title"] = json!(self.title(object, record));
        if let Some(reactions) = shown.get("reactions").cloned() {
            shown["reactions"] = self.world.with_mine(&reactions, &self.user.id);
        }
        Some(shown)
    }
}

/// The one sensitive field of the test.
pub fn is_sensitive(object: &str, field: &str) -> bool {
    (object, field) == ("boat", "secret")
}

/// What an `about` names.
pub fn targets(about: &Json) -> Vec<(String, String)> {
    let text = |entry: &Json, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let entries = about.as_array().into_iter().flatten();
    entries.map(|entry| (text(entry, "object"), text(entry, "id"))).collect()
}

/// Every word of every text inside.
pub fn words_of(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => {
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            words.map(str::to_lowercase).collect()
        }
        Json::Array(list) => list.iter().flat_map(words_of).collect(),
        Json::Object(map) => {
            map.iter().filter(|(key, _)| *key != "label").flat_map(|(_, value)| words_of(value)).collect()
        }
        _ => Vec::new(),
    }
}

/// A map without one key, for comparisons that leave it out.
pub fn without(json: &Json, key: &str) -> Json {
    let mut map: Map<String, Json> = json.as_object().cloned().unwrap_or_default();
    map.remove(key);
    Json::Object(map)
}
