//! A workspace: one database, its schema, its modules, its caches. Cheap to clone.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use model::expr::Bindings;
use model::{Actor, ActorKind, Code, Problem, Schema, Value};
use parking_lot::Mutex;
use store::{Error, Location, Store, Tx};
use uuid::Uuid;

use crate::address_key::AddressKey;
use crate::batch::{Batch, Plan};
use crate::compiled::Compiled;
use crate::definitions::{self, Definitions};
use crate::file_texts::Files;
use crate::keys::Keys;
use crate::live::Live;
use crate::mail::Post;
use crate::module::{CORE, Module};
use crate::policy::{Policy, Rights};
use crate::push::Outlet;
use crate::rates::Known;
use crate::settings::Settings;
use crate::shares::Grants;
use crate::territories::Tree;

/// Rows a reader or writer may see differently: caches, swapped as a whole.
#[derive(Default)]
struct Caches {
    rights: HashMap<Uuid, Arc<Rights>>,
    actors: HashMap<Uuid, Arc<Actor>>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) modules: Vec<Module>,
    pub(crate) compiled: ArcSwap<Compiled>,
    pub(crate) settings: ArcSwap<Settings>,
    /// Held while the settings in force are replaced by stored ones, so that older ones never come after newer ones.
    pub(crate) settings_turn: Mutex<()>,
    pub(crate) address_key: AddressKey,
    caches: Mutex<Caches>,
    pub(crate) grants: Grants,
    pub(crate) rates: ArcSwap<Known>,
    pub(crate) territories: ArcSwap<Tree>,
    pub(crate) totals: Mutex<HashMap<String, crate::read::CachedTotal>>,
    pub(crate) live: Live,
    pub(crate) stopping: AtomicBool,
    pub(crate) keys: OnceLock<Keys>,
    pub(crate) files: OnceLock<Files>,
    pub(crate) post: OnceLock<Post>,
    pub(crate) outlet: OnceLock<Outlet>,
    /// Grows with every audited act.
    pub(crate) audited: AtomicU64,
}

/// One workspace. Clones share everything.
#[derive(Clone)]
pub struct Workspace(pub(crate) Arc<Inner>);

impl Workspace {
    /// Opens the database, brings its tables to what the schema says, starts the consumer of the log.
    ///
    /// # Errors
    /// A TOML that does not load (with file and line), a database that does not open.
    pub fn open(location: &Location, options: &store::Options, modules: &[Module]) -> anyhow::Result<Self> {
        let store = Store::open(location, options)?;
        let modules: Vec<Module> = std::iter::once(CORE).chain(modules.iter().copied()).collect();
        let shipped = Arc::new(Schema::new(0, definitions::shipped(&modules)?));
        let definitions = store.read(move |tx| Definitions::load(tx, &shipped)).wait()?;
        let schema = Arc::new(definitions.build(&modules)?);
        store.apply_schema(&schema)?;
        let settings = store.read(Settings::find).wait()?;
        let compiled = Compiled::new(schema, &modules)?;
        let address_key = AddressKey::load_or_make(&store)?;
        let workspace = Self(Arc::new(Inner {
            store,
            modules,
            compiled: ArcSwap::from_pointee(compiled),
            settings: ArcSwap::from_pointee(settings),
            settings_turn: Mutex::default(),
            address_key,
            caches: Mutex::default(),
            grants: Grants::default(),
            rates: ArcSwap::default(),
            territories: ArcSwap::default(),
            totals: Mutex::default(),
            live: Live::default(),
            stopping: AtomicBool::new(false),
            keys: OnceLock::new(),
            files: OnceLock::new(),
            post: OnceLock::new(),
            outlet: OnceLock::new(),
            audited: AtomicU64::new(0),
        }));
        workspace.learn_shares(workspace.store())?;
        workspace.learn_territories()?;
        workspace.queue_refreshes()?;
        workspace.start_consumer()?;
        Ok(workspace)
    }

    /// Puts in what the modules begin with, where there was never anything of it. A restored backup stays as it was
    /// until the program serves it.
    ///
    /// # Errors
    /// A database that fails.
    pub fn begin(&self) -> Result<(), Error> {
        for entry in self.0.modules.iter().flat_map(|module| module.beginnings) {
            if !self.is_untouched(entry.object)? {
                continue;
            }
            let make = |batch: &mut Batch<'_>| {
                let workspace = batch.workspace;
                if workspace.has_any(batch.tx, entry.object)? { Ok(()) } else { (entry.make)(batch) }
            };
            let made = self.transact(&Actor::system("installation"), Plan::new("installation"), make).wait();
            // Another program that starts at the same time may have been first.
            if let Err(error) = made
                && self.is_untouched(entry.object)?
            {
                return Err(error);
            }
        }
        Ok(())
    }

    fn is_untouched(&self, object: &'static str) -> Result<bool, Error> {
        let workspace = self.clone();
        self.store().read(move |tx| Ok(!workspace.has_any(tx, object)?)).wait()
    }

    /// Whether the object has or had a record.
    fn has_any(&self, tx: &mut Tx, object: &str) -> Result<bool, Error> {
        let schema = self.schema();
        let Some(object) = schema.find_object(object) else { return Ok(true) };
        let select = store::Select { limit: 1, deleted: store::Deleted::With, ..store::Select::all(&schema, object) };
        Ok(!tx.select_ids(&select)?.is_empty())
    }

    /// The store below.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The schema in force.
    pub fn schema(&self) -> Arc<Schema> {
        self.0.compiled.load().schema.clone()
    }

    /// The modules, the core first.
    pub fn modules(&self) -> &[Module] {
        &self.0.modules
    }

    pub(crate) fn compiled(&self) -> Arc<Compiled> {
        self.0.compiled.load_full()
    }

    /// How texts become values here.
    pub fn context(&self) -> model::kinds::Context {
        let settings = self.settings();
        model::kinds::Context {
            default_country: settings.default_country.clone(),
            default_currency: settings.base_currency.clone(),
            ..model::kinds::Context::default()
        }
    }

    /// Microseconds since the epoch.
    pub fn now(&self) -> i64 {
        jiff::Timestamp::now().as_microsecond()
    }

    /// What `now`, `today`, `me`, `my_teams` and `my_territories` mean for an actor at this moment.
    pub fn bindings(&self, actor: &Actor) -> Bindings {
        let zone = jiff::tz::TimeZone::get(&self.settings().time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
        Bindings {
            now: self.now(),
            time_zone: zone,
            me: actor.user,
            my_teams: actor.teams.clone(),
            my_territories: actor.territories.clone(),
        }
    }

    /// The rights of an actor. Read inside a transaction, kept until a role changes.
    pub(crate) fn rights(&self, tx: &mut Tx, actor: &Actor) -> Result<Arc<Rights>, Error> {
        if actor.is_system() {
            return Ok(Arc::new(Rights::all()));
        }
        let Some(role) = actor.role else { return Ok(Arc::new(Rights::default())) };
        if let Some(rights) = self.0.caches.lock().rights.get(&role) {
            return Ok(rights.clone());
        }
        let schema = self.schema();
        let object = schema.find_object("role").ok_or_else(|| Problem::not_found("object"))?;
        let rights = match tx.find(object, role)? {
            Some(record) if record.get("deleted_at").is_missing() => match record.get("rights") {
                Value::Json(json) => Rights::from_json(json)?,
                _ => Rights::default(),
            },
            _ => Rights::default(),
        };
        let rights = Arc::new(rights);
        self.0.caches.lock().rights.insert(role, rights.clone());
        Ok(rights)
    }

    /// Refuses when the actor lacks a special right.
    ///
    /// # Errors
    /// Forbidden; a database that fails.
    pub fn check_special(&self, actor: &Actor, special: &'static str) -> Result<(), Error> {
        self.with_policy(actor, move |policy| policy.check_special(special).map_err(Error::from))
    }

    /// Whether the workspace or the actor's role asks for a second factor.
    ///
    /// # Errors
    /// A database that fails.
    pub fn needs_second_factor(&self, tx: &mut Tx, actor: &Actor) -> Result<bool, Error> {
        Ok(self.settings().second_factor_required || self.rights(tx, actor)?.second_factor)
    }

    /// Evaluates something against the actor's policy.
    ///
    /// # Errors
    /// Whatever `work` refuses; a database that fails.
    pub fn with_policy<T: Send + 'static>(
        &self,
        actor: &Actor,
        work: impl FnOnce(&Policy<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.0.store.read(move |tx| workspace.judge(tx, &actor, work)?).wait()
    }

    /// The same inside a transaction.
    ///
    /// # Errors
    /// A database that fails.
    pub fn judge<T>(&self, tx: &mut Tx, actor: &Actor, work: impl FnOnce(&Policy<'_>) -> T) -> Result<T, Error> {
        let rights = self.rights(tx, actor)?;
        let (schema, bindings) = (self.schema(), self.bindings(actor));
        Ok(work(&Policy::new(actor, &rights, &schema, &bindings, self.granted())))
    }

    /// The actor of an active user, with role and teams; `None` when the user is gone or switched off.
    ///
    /// # Errors
    /// A database that fails.
    pub fn find_user_actor(&self, tx: &mut Tx, user: Uuid) -> Result<Option<Arc<Actor>>, Error> {
        if let Some(actor) = self.0.caches.lock().actors.get(&user) {
            return Ok(Some(actor.clone()));
        }
        let schema = self.schema();
        let object = schema.find_object("user").ok_or_else(|| Problem::not_found("object"))?;
        let Some(record) = tx.find(object, user)? else { return Ok(None) };
        if !record.get("deleted_at").is_missing() || record.get("active") != &Value::Bool(true) {
            return Ok(None);
        }
        let teams = self.teams_below(tx, record.get("team").as_id())?;
        let territories = self.territories_of(tx, user, &teams)?;
        let actor = Arc::new(Actor {
            kind: ActorKind::User,
            id: user,
            user: Some(user),
            role: record.get("role").as_id(),
            teams: teams.into(),
            territories: territories.into(),
            reason: String::new(),
            address: None,
            viewed_by: None,
        });
        self.0.caches.lock().actors.insert(user, actor.clone());
        Ok(Some(actor))
    }

    /// A team and every team below it.
    pub(crate) fn teams_below(&self, tx: &mut Tx, team: Option<Uuid>) -> Result<Vec<Uuid>, Error> {
        let Some(top) = team else { return Ok(Vec::new()) };
        let schema = self.schema();
        let object = schema.find_object("team").ok_or_else(|| Problem::not_found("object"))?;
        let mut parents = Vec::new();
        let select = store::Select {
            fields: vec!["parent".to_owned()],
            limit: model::limits::BULK_MAX,
            ..store::Select::all(&schema, object)
        };
        tx.select(&select, &mut |record| {
            parents.push((record.id, record.get("parent").as_id()));
            Ok(())
        })?;
        // A team in the recycle bin is nobody's.
        if !parents.iter().any(|(id, _)| *id == top) {
            return Ok(Vec::new());
        }
        let mut found = vec![top];
        let mut at = 0;
        while let Some(parent) = found.get(at).copied() {
            at += 1;
            for (id, above) in &parents {
                if *above == Some(parent) && !found.contains(id) {
                    found.push(*id);
                }
            }
        }
        Ok(found)
    }

    /// Forgets cached users, teams, territories and roles; called when one of them changes.
    pub(crate) fn forget_actors(&self) {
        let mut caches = self.0.caches.lock();
        caches.rights.clear();
        caches.actors.clear();
    }

    /// Ends background threads soon and signs what was audited. Reads and writes still work.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Release);
        if let Err(error) = self.seal_audit() {
            tracing::warn!(error = format!("{error:#}"), "the audit log was not signed");
        }
        self.0.live.wake();
    }

    /// Whether the program is about to end.
    pub fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Acquire)
    }

    /// The object of a plural path.
    ///
    /// # Errors
    /// Not found.
    pub fn load_plural(&self, plural: &str) -> Result<Arc<model::Object>, Problem> {
        self.schema().find_plural(plural).cloned().ok_or_else(|| {
            Problem::new(Code::NotFound, format!("There is no object `{plural}`. GET /api/v1/objects lists them."))
        })
    }
}
