//! What tests share: workspaces on both databases, actors, a small language for records.

// A test that cannot go on says why by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod expressions;
pub mod nasty;
pub mod postgres;
pub mod push;
pub mod random;
pub mod smtp;
pub mod tamper;

use std::sync::Arc;

use engine::{Command, Edit, Outcome, Query, Workspace};
use model::{Actor, ActorKind, Patch, Problem};
use serde_json::{Value as Json, json};
use store::{Error, Location, Options};
use uuid::Uuid;

/// A workspace of a test, with everything that must live as long as it.
pub struct Kit {
    /// The workspace.
    pub workspace: Workspace,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// Where it is.
    pub location: Location,
    folder: Arc<tempfile::TempDir>,
}

/// The capabilities of the program.
pub const MODULES: &[engine::Module] = &[contacts::MODULE, sales::MODULE];

fn options() -> Options {
    Options { readers: 2, writers: 2, ..Options::default() }
}

/// An empty workspace in a fresh SQLite file.
pub fn sqlite() -> Kit {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let location = Location::Sqlite(folder.path().join("rapport.db"));
    open("sqlite", location, folder)
}

/// An empty workspace in a fresh PostgreSQL schema.
pub fn on_postgres() -> Kit {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (url, schema) = postgres::fresh_schema();
    open("postgres", Location::Postgres { url, schema }, folder)
}

fn open(database: &'static str, location: Location, folder: tempfile::TempDir) -> Kit {
    let workspace = Workspace::open(&location, &options(), MODULES).expect("the workspace opens");
    workspace.unlock(&folder.path().join("keys")).expect("the keys are made");
    workspace.begin().expect("what it begins with is made");
    Kit { workspace, database, location, folder: Arc::new(folder) }
}

/// Runs a test on SQLite and on PostgreSQL; afterwards every promise of the database must hold.
pub fn on_both(test: impl Fn(&Kit)) {
    for make in [sqlite as fn() -> Kit, on_postgres] {
        let kit = make();
        test(&kit);
        kit.check();
    }
}

impl Drop for Kit {
    fn drop(&mut self) {
        self.workspace.stop();
        self.workspace.store().close();
    }
}

impl Kit {
    /// The folder of the workspace's keys.
    pub fn keys(&self) -> std::path::PathBuf {
        self.folder.path().join("keys")
    }

    /// Closes the workspace, so that somebody may tamper with it.
    pub fn stop(&self) {
        self.workspace.stop();
        self.workspace.store().close();
    }

    /// The same workspace opened a second time, as another program would.
    pub fn again(&self) -> Kit {
        let workspace = self.open_locked();
        workspace.unlock(&self.keys()).expect("the keys fit");
        Kit { workspace, database: self.database, location: self.location.clone(), folder: self.folder.clone() }
    }

    /// Takes the database of a stopped workspace away; the keys stay.
    pub fn lose(&mut self) {
        match &self.location {
            Location::Sqlite(path) => {
                for suffix in ["", "-wal", "-shm"] {
                    let file = path.with_file_name(format!("rapport.db{suffix}"));
                    if file.exists() {
                        std::fs::remove_file(file).expect("the file goes");
                    }
                }
            }
            Location::Postgres { .. } => {
                let (url, schema) = postgres::fresh_schema();
                self.location = Location::Postgres { url, schema };
            }
        }
    }

    /// The workspace opened once more, without its keys.
    pub fn open_locked(&self) -> Workspace {
        Workspace::open(&self.location, &options(), MODULES).expect("it opens again")
    }

    /// Opens the workspace again, as a restart does.
    pub fn start(&mut self) {
        self.workspace = self.open_locked();
        self.workspace.unlock(&self.keys()).expect("the keys fit");
    }

    /// Runs the consumers until this one has seen everything: on PostgreSQL a change shows once all older transactions
    /// of the server have ended, those of other tests among them.
    pub fn consume(&self, consumer: &'static str) {
        let mark = self.create("tag", json!({ "name": Uuid::now_v7().to_string() }));
        let history = self.workspace.history(&self.system(), "tag", mark, None, 1).wait().expect("the mark's history");
        let seq = history["changes"][0]["seq"].as_i64().expect("the mark's position");
        let begun = std::time::Instant::now();
        loop {
            self.workspace.run_consumers().expect("the consumers run");
            let cursor = self.workspace.store().read(move |tx| store::tables::cursors::find(tx, consumer));
            if cursor.wait().expect("the cursor").is_some_and(|done| done >= seq) {
                return;
            }
            assert!(begun.elapsed().as_secs() < 20, "the consumers never came to the end");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// How many changes the log holds. Unlike the last position that consumers may read, it counts what was committed
    /// a moment ago, whatever else the server of the database runs.
    pub fn changes(&self) -> i64 {
        let rows = self.workspace.store().read(|tx| tx.query("SELECT count(*) FROM {change}", &[])).wait();
        match rows.expect("the log is counted")[0].values[..] {
            [store::Val::Int(count)] => count,
            ref other => panic!("{other:?} is no count"),
        }
    }

    /// Fails when `verify` finds a fault.
    pub fn check(&self) {
        let faults = self.workspace.verify().expect("verify runs");
        assert!(faults.is_empty(), "{}: {faults:#?}", self.database);
    }

    /// The program itself.
    pub fn system(&self) -> Actor {
        Actor::system("test")
    }

    /// Values from JSON, as the API reads them.
    pub fn patch(&self, object: &str, json: Json) -> Result<Patch, Problem> {
        let schema = self.workspace.schema();
        let object = schema.find_object(object).expect("the object exists");
        let Json::Object(map) = json else { panic!("values are a JSON object") };
        model::kinds::patch_from_json(object, &map, &self.workspace.context())
    }

    /// Makes a record as the API would.
    pub fn try_create(&self, actor: &Actor, object: &str, json: Json) -> Result<Outcome, Error> {
        let values = vec![self.patch(object, json)?];
        let command = Command::Create { object: object.to_owned(), values, strict: true };
        Ok(self.workspace.write(actor, command, None).wait()?.1)
    }

    /// Makes a record that must be accepted; returns its id.
    pub fn create(&self, object: &str, json: Json) -> Uuid {
        let outcome = self.try_create(&self.system(), object, json).expect("the record is accepted");
        *outcome.ids.first().expect("one record")
    }

    /// Changes a record as the API would.
    pub fn try_update(
        &self,
        actor: &Actor,
        object: &str,
        id: Uuid,
        json: Json,
        if_version: Option<i64>,
    ) -> Result<Outcome, Error> {
        let patch = self.patch(object, json)?;
        let edits = vec![Edit { id, patch, if_version }];
        let command = Command::Update { object: object.to_owned(), edits, strict: true };
        Ok(self.workspace.write(actor, command, None).wait()?.1)
    }

    /// Changes a record; must be accepted. Returns the batch.
    pub fn update(&self, object: &str, id: Uuid, json: Json) -> Uuid {
        self.try_update(&self.system(), object, id, json, None).expect("the edit is accepted").batch
    }

    /// Deletes a record; returns the batch.
    pub fn delete(&self, object: &str, id: Uuid) -> Uuid {
        let command = Command::Delete { object: object.to_owned(), ids: vec![id], strict: true };
        self.workspace.write(&self.system(), command, None).wait().expect("the record is deleted").1.batch
    }

    /// A record as JSON.
    pub fn try_get(&self, actor: &Actor, object: &str, id: Uuid) -> Result<Json, Error> {
        let (bytes, _) = self.workspace.get_json(actor, object, id, &[], None).wait()?;
        Ok(serde_json::from_slice(&bytes).expect("JSON"))
    }

    /// A record as JSON; must be there.
    pub fn get(&self, object: &str, id: Uuid) -> Json {
        self.try_get(&self.system(), object, id).expect("the record is there")
    }

    /// A list's body.
    pub fn try_list(&self, actor: &Actor, query: Query) -> Result<Json, Error> {
        let bytes = self.workspace.list_json(actor, query).wait()?;
        Ok(serde_json::from_slice(&bytes).expect("JSON"))
    }

    /// One field of every record that a filter finds, in an order.
    pub fn column(&self, object: &str, field: &str, filter: &str, sort: &str) -> Vec<Json> {
        let query = Query {
            object: object.to_owned(),
            filter: Some(filter.to_owned()),
            sort: Some(sort.to_owned()),
            limit: 200,
            ..Query::default()
        };
        let list = self.try_list(&self.system(), query).expect("the list is answered");
        list["records"].as_array().expect("records").iter().map(|record| record[field].clone()).collect()
    }

    /// A user with a role of these rights, in a team.
    pub fn user(&self, name: &str, rights: Json, team: Option<Uuid>) -> Actor {
        let role = self.create("role", json!({ "name": format!("Role of {name}"), "rights": rights }));
        let mut values = json!({ "name": name, "email": format!("{name}@example.com"), "role": role, "active": true });
        if let Some(team) = team {
            values["team"] = json!(team);
        }
        let user = self.create("user", values);
        let workspace = self.workspace.clone();
        let found = self.workspace.store().read(move |tx| workspace.find_user_actor(tx, user)).wait();
        let actor = found.expect("the user is read").expect("the user is active");
        assert_eq!(actor.kind, ActorKind::User);
        Arc::unwrap_or_clone(actor)
    }

    /// Name by name, count and hash of the live records.
    pub fn checksum(&self) -> Vec<store::Checksum> {
        self.workspace.store().checksum(&self.workspace.schema()).expect("checksums are computed")
    }
}

/// The problem in an error; anything else fails the test.
pub fn problem<T: std::fmt::Debug>(result: Result<T, Error>) -> Problem {
    match result {
        Err(Error::Problem(problem)) => *problem,
        other => panic!("expected a problem, got {other:?}"),
    }
}
