//! A random organisation: teams in a tree, roles, users, and records that each carry words of their own.

use std::collections::{HashMap, HashSet};

use axum::http::Method;
use serde_json::{Map, Value as Json, json};
use store::tables::sessions::{self, Session};
use testkit::random::Random;
use uuid::Uuid;

use super::conditions::{CONDITIONS, over};
use super::eyes::words_of;
use super::reactions::{self, Reaction};
use super::shares::{self, Share};
use crate::site::{Client, Site};

/// How far a right reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reach {
    All,
    Team,
    Own,
    None,
    /// Position in the list of conditions.
    Where(usize),
}

impl Reach {
    fn text(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Team => "team",
            Self::Own => "own",
            Self::None => "none",
            Self::Where(at) => CONDITIONS[at].source,
        }
    }
}

pub struct Rights {
    /// Read, update, delete.
    pub reach: [Reach; 3],
    pub create: bool,
    pub fields: HashMap<&'static str, &'static str>,
}

#[derive(Default)]
pub struct Role {
    pub admin: bool,
    pub objects: HashMap<&'static str, Rights>,
    pub special: Vec<&'static str>,
}

impl Role {
    pub fn of(&self, object: &str) -> Option<&Rights> {
        self.objects.get(object).or_else(|| self.objects.get("*"))
    }

    fn json(&self) -> Json {
        let mut objects = Map::new();
        for (name, rights) in &self.objects {
            let [read, update, delete] = rights.reach.map(Reach::text);
            let rights = json!({ "read": read, "create": rights.create, "update": update, "delete": delete, "fields": rights.fields });
            objects.insert((*name).to_owned(), rights);
        }
        json!({ "admin": self.admin, "objects": objects, "special": self.special })
    }
}

pub struct User {
    pub id: String,
    pub role: usize,
    /// The team and all below it.
    pub teams: Vec<String>,
    /// The territories that the user or one of those teams works in, and all below them.
    pub territories: Vec<String>,
    token: String,
}

/// What the test knows of an object.
pub struct Known {
    pub title: String,
    /// Searched fields, and whether their text is long.
    pub search: Vec<(String, bool)>,
    /// Figures: field, object of the records that it counts.
    pub counts: HashMap<String, String>,
}

pub struct World {
    pub roles: Vec<Role>,
    pub users: Vec<User>,
    pub objects: HashMap<&'static str, Known>,
    records: HashMap<&'static str, Vec<Json>>,
    /// Where each word of its own stands.
    pub words: HashMap<String, HashSet<(&'static str, String, String)>>,
    /// The batches that made the records.
    pub batches: Vec<String>,
    pub shares: Vec<Share>,
    /// The text inside the files that documents carry, by SHA-256.
    pub texts: HashMap<String, String>,
    pub reactions: Vec<Reaction>,
}

/// The objects of the test: name, plural, the fields that roles restrict.
pub const OBJECTS: &[(&str, &str, &[&str])] = &[
    (
        "company",
        "companies",
        &["name", "employees", "industry", "kind", "parent", "owner", "description", "legal_name", "territory"],
    ),
    (
        "person",
        "people",
        &["name", "given_name", "family_name", "job_title", "company", "emails", "lifecycle", "owner"],
    ),
    ("note", "notes", &["title", "body", "about", "pinned"]),
    ("task", "tasks", &["title", "body", "about", "due_at", "status", "assignee"]),
    ("comment", "comments", &["body", "about", "resolved"]),
    ("document", "documents", &["name", "files", "about", "folder", "kind", "description"]),
    ("boat", "boats", &["name", "size", "secret", "keeper"]),
];

/// Words that many records share.
pub const SHARED: [&str; 4] = ["steelworks", "northbound", "harbour", "violet"];

/// A word that stands nowhere else.
pub fn canary(random: &mut Random) -> String {
    let letters = b"bcdfghjklmnpqrstvwx";
    let tail: String = (0..9).map(|_| char::from(*random.pick(letters))).collect();
    format!("zq{tail}")
}

impl World {
    pub fn role_of(&self, user: &User) -> &Role {
        &self.roles[user.role]
    }

    pub fn all(&self, object: &str) -> &[Json] {
        self.records.get(object).map_or(&[], Vec::as_slice)
    }

    pub fn find(&self, object: &str, id: &str) -> Option<&Json> {
        self.all(object).iter().find(|record| record["id"] == id)
    }

    /// The text inside the file that a field of a record holds.
    pub fn text_of(&self, record: &Json, field: &str) -> Option<&String> {
        (field == "files").then(|| self.texts.get(record[field][0]["id"].as_str()?)).flatten()
    }

    /// A client logged in as a user.
    pub fn client<'a>(&self, site: &'a Site, user: &User) -> Client<'a> {
        let client = site.stranger();
        *client.cookie.lock().unwrap() = Some(user.token.clone());
        client
    }

    /// Builds it all in a fresh workspace.
    pub async fn build(site: &Site, random: &mut Random) -> Self {
        let admin = site.admin();
        let fields: Vec<Json> = [("name", "text"), ("size", "integer"), ("secret", "text")]
            .iter()
            .map(|(name, kind)| json!({ "name": name, "kind": kind, "label": name, "sensitive": *name == "secret" }))
            .chain([json!({ "name": "keeper", "kind": "reference", "target": "person", "label": "Keeper" })])
            .collect();
        let boat = json!({ "name": "boat", "plural": "boats", "label": "Boat", "label_plural": "Boats", "title": "name",
            "search": ["name", "secret"], "fields": fields });
        admin.post("/objects", boat).await.is(201);
        let (roles, users) = people(site, random);
        let (mut files, mut texts) = (Vec::new(), HashMap::new());
        for _ in 0..4 {
            let text = format!("{} {}", canary(random), random.pick(&SHARED));
            let body = Some(("text/plain", text.clone().into_bytes()));
            let file = admin.send(admin.request(Method::POST, "/files?name=a.txt", body)).await.is(201).json();
            texts.insert(file["id"].as_str().unwrap().to_owned(), text);
            files.push(file);
        }
        let mut world = Self {
            roles,
            users,
            objects: HashMap::new(),
            records: HashMap::new(),
            words: HashMap::new(),
            batches: Vec::new(),
            shares: Vec::new(),
            texts,
            reactions: Vec::new(),
        };
        world.fill(&admin, random, &files).await;
        contacts::texts::catch_up(&site.kit.workspace).unwrap();
        while site.kit.workspace.run_due_job().unwrap() {}
        world.look(site).await;
        world.reactions = reactions::make(site, &world, random).await;
        world
    }

    async fn fill(&mut self, admin: &Client<'_>, random: &mut Random, files: &[Json]) {
        let teams = admin.get("/teams").await.is(200).json();
        let teams: Vec<Json> = teams["records"].as_array().unwrap().iter().map(|team| team["id"].clone()).collect();
        let mut made: HashMap<&str, Vec<Json>> = HashMap::new();
        for (object, plural, _) in OBJECTS {
            let count = 6 + random.below(8);
            let mut rows = Vec::new();
            for _ in 0..count {
                let mut row = values(random, object, &made, &self.users, files);
                row["owner"] = if random.chance(5) { Json::Null } else { json!(random.pick(&self.users).id) };
                row["team"] = if random.chance(4) { Json::Null } else { random.pick(&teams).clone() };
                rows.push(row);
            }
            let answer = admin.post(&format!("/{plural}/bulk"), json!({ "create": rows })).await.is(200).json();
            assert_eq!(answer["errors"], json!([]), "{object}");
            self.batches.push(answer["batch"].as_str().unwrap().to_owned());
            made.insert(object, answer["ids"].as_array().unwrap().clone());
        }
        let records: Vec<_> = OBJECTS.iter().map(|(object, _, _)| (*object, made[object].clone())).collect();
        self.shares = shares::make(admin, random, &records, &self.users, &teams).await;
        // References among records of one object, some history, and some that are in the recycle bin.
        for (object, plural, _) in OBJECTS {
            for id in made[object].clone() {
                let id = id.as_str().unwrap();
                let other = random.pick(&made[object]).clone();
                let link = match *object {
                    "company" => Some("parent"),
                    "person" => Some("reports_to"),
                    "comment" => Some("reply_to"),
                    _ => None,
                };
                // Companies are a tree: only what was made before may stand above.
                let is_sound = *object != "company" || other.as_str() < Some(id);
                if let Some(field) = link.filter(|_| is_sound && other != id && !random.chance(3)) {
                    admin.patch(&format!("/{plural}/{id}"), json!({ field: other })).await.is(200);
                }
                if random.chance(6) {
                    admin.delete(&format!("/{plural}/{id}")).await.is(200);
                }
            }
        }
    }

    /// Reads every record as the program itself, and learns where each word stands.
    pub async fn look(&mut self, site: &Site) {
        let schema = site.kit.workspace.schema();
        for name in OBJECTS.iter().map(|(name, _, _)| *name).chain(["user", "team"]) {
            let object = schema.find_object(name).unwrap();
            let long = |name: &String| object.find_field(name).unwrap().value_kind() == model::Kind::LongText;
            let search = object.search.iter().map(|name| (name.clone(), long(name)));
            let title = (object.title.clone(), false);
            let inside = engine::file_texts::searched_files(object).map(|field| (field.name.clone(), true));
            let search: Vec<_> =
                search.filter(|(name, _)| *name != object.title).chain(inside).chain([title]).collect();
            let figures = object.fields.iter().filter_map(|field| Some((&field.name, field.rollup.as_ref()?)));
            let counts = figures.map(|(name, rollup)| (name.clone(), rollup.object.clone())).collect();
            self.objects.insert(name, Known { title: object.title.clone(), search, counts });
            // The program itself: sensitive fields are not left out for it.
            let query = engine::Query {
                object: name.to_owned(),
                deleted: store::Deleted::With,
                sort: Some("id".to_owned()),
                limit: 200,
                ..engine::Query::default()
            };
            let answer = site.kit.workspace.list_json(&model::Actor::system("look"), query).await.unwrap();
            let answer: Json = serde_json::from_slice(&answer).unwrap();
            let records: Vec<Json> = answer["records"].as_array().unwrap().clone();
            for record in &records {
                for (field, value) in record.as_object().unwrap() {
                    let inside = self.text_of(record, field).map(|text| json!(text)).unwrap_or_default();
                    let words = words_of(value).into_iter().chain(words_of(&inside));
                    for word in words.filter(|word| is_canary(word)) {
                        let place = (name, record["id"].as_str().unwrap().to_owned(), field.clone());
                        self.words.entry(word).or_default().insert(place);
                    }
                }
            }
            self.records.insert(name, records);
        }
    }
}

/// A record without the fields that hold nothing, as timelines and exports give it.
pub fn solid(record: &Json) -> Json {
    let fields = record.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
    Json::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect())
}

pub fn is_canary(word: &str) -> bool {
    word.starts_with("zq") && word.len() == 11
}

/// Teams in a tree, roles, and users in them.
fn people(site: &Site, random: &mut Random) -> (Vec<Role>, Vec<User>) {
    let mut teams: Vec<(String, Option<usize>)> = Vec::new();
    for at in 0..5 {
        let above = (at > 0 && !random.chance(4)).then(|| random.below(at));
        let parent = above.map(|above| teams[above].0.clone());
        let id = site.kit.create("team", json!({ "name": format!("Team {at}"), "parent": parent }));
        teams.push((id.to_string(), above));
    }
    let below = |team: usize| {
        let inside = |mut at: usize| loop {
            if at == team {
                return true;
            }
            match teams[at].1 {
                Some(above) => at = above,
                None => return false,
            }
        };
        (0..teams.len()).filter(|at| inside(*at)).map(|at| teams[at].0.clone()).collect::<Vec<_>>()
    };
    let mut roles: Vec<Role> = vec![Role { admin: true, ..Role::default() }];
    roles.extend((0..7).map(|_| role(random)));
    let ids: Vec<Uuid> = (0..roles.len())
        .map(|at| site.kit.create("role", json!({ "name": format!("Role {at}"), "rights": roles[at].json() })))
        .collect();
    let users = (0..8 + random.below(12)).map(|at| {
        let role = if at == 0 { 0 } else { 1 + random.below(roles.len() - 1) };
        let team = (!random.chance(5)).then(|| random.below(teams.len()));
        let values = json!({ "name": format!("User {at}"), "email": format!("user{at}@example.com"), "role": ids[role],
            "team": team.map(|team| teams[team].0.clone()), "active": true });
        let id = site.kit.create("user", values);
        let (teams, territories) = (team.map(below).unwrap_or_default(), Vec::new());
        User { id: id.to_string(), role, teams, territories, token: session(site, id) }
    });
    let mut users: Vec<User> = users.collect();
    territories(site, random, &mut users, &teams.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>());
    (roles, users)
}

/// Two trees of territories, and who works where.
fn territories(site: &Site, random: &mut Random, users: &mut [User], teams: &[&str]) {
    let rules = ["employees >= 30", "employees >= 60", "employees >= 80", "kind == 'customer'", "true"];
    let above = [None, Some(0), Some(1), None, Some(3)];
    let mut ids: Vec<String> = Vec::new();
    let mut members: Vec<Vec<String>> = Vec::new();
    for (at, (rule, above)) in rules.into_iter().zip(above).enumerate() {
        let few = |random: &mut Random, all: &[String]| -> Vec<String> {
            (0..random.below(3)).map(|_| random.pick(all).clone()).collect()
        };
        let people: Vec<String> = users.iter().map(|user| user.id.clone()).collect();
        let whole: Vec<String> = teams.iter().map(|team| (*team).to_owned()).collect();
        let (own, groups, lead) = (few(random, &people), few(random, &whole), few(random, &people).pop());
        let values = json!({ "name": format!("Territory {at}"), "rule": rule, "position": at,
            "parent": above.map(|above: usize| ids[above].clone()), "users": own, "teams": groups, "lead": lead });
        ids.push(site.kit.create("territory", values).to_string());
        members.push(own.into_iter().chain(groups).chain(lead).collect());
    }
    for user in users {
        let works = |at: usize| members[at].iter().any(|one| *one == user.id || user.teams.contains(one));
        let reached = |at: &usize| {
            let mut next = Some(*at);
            while let Some(at) = next {
                if works(at) {
                    return true;
                }
                next = above[at];
            }
            false
        };
        user.territories = (0..ids.len()).filter(reached).map(|at| ids[at].clone()).collect();
    }
    while site.kit.workspace.run_due_job().unwrap() {}
}

/// Opens a session without the cost of a password.
fn session(site: &Site, user: Uuid) -> String {
    let token = api::tokens::new_token().unwrap();
    let now = site.kit.workspace.now();
    let session = Session {
        id: Uuid::now_v7(),
        token: api::tokens::hash_of(&token).unwrap(),
        user,
        created_at: now,
        seen_at: now,
        expires_at: now + 86_400_000_000,
        address: String::new(),
        agent: String::new(),
    };
    let store = site.kit.workspace.store();
    store.write(store::Priority::Interactive, move |tx| sessions::insert(tx, &session)).wait().unwrap();
    token
}

fn role(random: &mut Random) -> Role {
    let mut role = Role::default();
    for (object, _, restricted) in OBJECTS {
        if random.chance(8) {
            continue;
        }
        let mut fields = HashMap::new();
        for field in restricted.iter() {
            if random.chance(6) {
                fields.insert(*field, *random.pick(&["none", "none", "read"]));
            }
        }
        let reach = [reach(random, object), reach(random, object), reach(random, object)];
        role.objects.insert(object, Rights { reach, create: random.chance(2), fields });
    }
    if random.chance(3) {
        let plain = [Reach::All, Reach::Team, Reach::Own, Reach::None];
        let reach = [*random.pick(&plain), *random.pick(&plain), *random.pick(&plain)];
        role.objects.insert("*", Rights { reach, create: random.chance(2), fields: HashMap::new() });
    }
    for special in ["export", "import", "bulk", "merge", "sensitive"] {
        if random.chance(2) {
            role.special.push(special);
        }
    }
    role
}

fn reach(random: &mut Random, object: &str) -> Reach {
    match random.below(10) {
        0..=2 => Reach::All,
        3 => Reach::Team,
        4 => Reach::Own,
        5 => Reach::None,
        _ => Reach::Where(*random.pick(&over(object))),
    }
}

/// Values of one new record.
fn values(random: &mut Random, object: &str, made: &HashMap<&str, Vec<Json>>, users: &[User], files: &[Json]) -> Json {
    let word = canary(random);
    let text = |random: &mut Random| {
        let own = canary(random);
        if random.chance(3) { format!("{own} {}", random.pick(&SHARED)) } else { own }
    };
    let about = |random: &mut Random| {
        let mut about = Vec::new();
        for _ in 0..1 + random.below(2) {
            let target = *random.pick(&["company", "person"]);
            about.push(json!({ "object": target, "id": random.pick(&made[target]) }));
        }
        Json::Array(about)
    };
    match object {
        "company" => json!({ "name": text(random), "legal_name": text(random), "description": canary(random),
            "employees": if random.chance(5) { Json::Null } else { json!(random.below(100)) },
            "industry": if random.chance(3) { Json::Null } else { json!(canary(random)) },
            "kind": *random.pick(&[Some("customer"), Some("partner"), None]) }),
        "person" => json!({ "given_name": canary(random), "family_name": text(random), "job_title": text(random),
            "emails": [format!("{word}@example.com")],
            "company": if random.chance(4) { Json::Null } else { random.pick(&made["company"]).clone() },
            "lifecycle": *random.pick(&[Some("lead"), Some("customer"), None]) }),
        "note" => {
            json!({ "title": text(random), "body": text(random), "about": about(random), "pinned": random.chance(2) })
        }
        "task" => json!({ "title": text(random), "body": text(random), "about": about(random),
            "due_at": if random.chance(3) { Json::Null } else { json!(format!("2026-1{}-0{}T08:00:00Z", random.below(3), 1 + random.below(9))) },
            "status": *random.pick(&["open", "done", "waiting"]), "priority": *random.pick(&["low", "high"]),
            "assignee": random.pick(users).id }),
        "comment" => json!({ "body": text(random), "about": about(random), "resolved": random.chance(2) }),
        "document" => {
            json!({ "name": text(random), "description": text(random), "about": about(random), "files": [random.pick(files)],
            "folder": if random.chance(3) { Json::Null } else { json!(canary(random)) },
            "kind": *random.pick(&["contract", "offer"]) })
        }
        _ => json!({ "name": text(random), "secret": text(random), "size": random.below(12),
            "keeper": if random.chance(4) { Json::Null } else { random.pick(&made["person"]).clone() } }),
    }
}
