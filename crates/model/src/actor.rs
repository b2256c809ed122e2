//! Who acts. Power comes from the actor, never from a flag, and is written into history.

use std::sync::Arc;

use uuid::Uuid;

/// The kind of an actor, the first part of `created_by` and of the log's `actor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A person who logged in.
    User,
    /// A program with a key.
    ApiKey,
    /// The program itself, with a reason.
    System,
}

/// Someone or something that reads and writes.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// What it is.
    pub kind: ActorKind,
    /// The user or key; nil for the system.
    pub id: Uuid,
    /// The user behind it (`me`), if any.
    pub user: Option<Uuid>,
    /// The role whose rights bind it; `None` only for the system, which may do everything.
    pub role: Option<Uuid>,
    /// The teams of `my_teams`: own teams and those below them.
    pub teams: Arc<[Uuid]>,
    /// The territories of `my_territories`: those one belongs to and those below them.
    pub territories: Arc<[Uuid]>,
    /// Why the system acts; empty for others.
    pub reason: String,
    /// The address of the network it comes from, for the audit log.
    pub address: Option<Arc<str>>,
    /// The user who sees with the rights of this one, for reading alone.
    pub viewed_by: Option<Uuid>,
}

impl Actor {
    /// The program itself, which may do everything and says why.
    pub fn system(reason: &str) -> Self {
        Self {
            kind: ActorKind::System,
            id: Uuid::nil(),
            user: None,
            role: None,
            teams: Arc::new([]),
            territories: Arc::new([]),
            reason: reason.to_owned(),
            address: None,
            viewed_by: None,
        }
    }

    /// The same from an address of the network.
    #[must_use]
    pub fn at(mut self, address: &str) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Whether policy binds it.
    pub fn is_system(&self) -> bool {
        self.kind == ActorKind::System
    }

    /// `user:<id>`, `api_key:<id>` or `system:<reason>`: how the log and `created_by` name it.
    pub fn label(&self) -> String {
        match self.kind {
            ActorKind::User => format!("user:{}", self.id),
            ActorKind::ApiKey => format!("api_key:{}", self.id),
            ActorKind::System => format!("system:{}", self.reason),
        }
    }
}
