//! Whoever asked for a job, as they are now: its work goes on with the rights of today, or not at all.

use model::{Actor, ActorKind, Code, Problem, Record, Value};
use std::sync::Arc;
use store::{Error, Tx};
use uuid::Uuid;

use crate::workspace::Workspace;

impl Workspace {
    /// The actor of a label (`user:<id>`, `api_key:<id>`) with the role and teams of today.
    ///
    /// # Errors
    /// Forbidden when the user is switched off or the key is gone; a database that fails.
    pub fn asker(&self, label: &str) -> Result<Actor, Error> {
        let gone = || Problem::new(Code::Forbidden, "Whoever started this may not work here any more.");
        let (kind, id) = label.split_once(':').ok_or_else(gone)?;
        let Ok(id) = Uuid::try_parse(id) else {
            return if kind == "system" { Ok(Actor::system(id)) } else { Err(gone().into()) };
        };
        let (workspace, is_user) = (self.clone(), kind == "user");
        let find = move |tx: &mut Tx| match is_user {
            true => Ok(workspace.find_user_actor(tx, id)?.map(Arc::unwrap_or_clone)),
            false => Ok(workspace.find_key_actor(tx, id)?.map(|(actor, _)| actor)),
        };
        Ok(self.store().read(find).wait()?.ok_or_else(gone)?)
    }

    /// The actor of an API key that is neither taken back nor over, and the key's record; `None` otherwise.
    ///
    /// # Errors
    /// A database that fails.
    pub fn find_key_actor(&self, tx: &mut Tx, id: Uuid) -> Result<Option<(Actor, Record)>, Error> {
        let schema = self.schema();
        let object = schema.find_object("api_key").ok_or_else(|| Problem::not_found("object"))?;
        let now = self.now();
        let is_live = |key: &Record| {
            let is_over = matches!(key.get("expires_at"), Value::Instant(at) if *at <= now);
            key.get("deleted_at").is_missing() && !is_over
        };
        let key = tx.find(object, id)?.filter(is_live);
        Ok(key.map(|key| {
            let actor = Actor { kind: ActorKind::ApiKey, id, role: key.get("role").as_id(), ..Actor::system("") };
            (actor, key)
        }))
    }
}
