//! Read, write, policy, registries, jobs, consumers: the rules that every record obeys, whatever the capability.

mod admins;
mod aggregate;
pub mod batch;
mod compiled;
mod core_rules;
mod derive;
pub mod draft;
mod effects;
pub mod history;
pub mod jobs;
pub mod live;
pub mod module;
mod numbers;
pub mod policy;
pub mod read;
pub mod schema_edit;
pub mod undo;
mod upsert;
mod validate;
pub mod verify;
mod view_index;
pub mod workspace;
pub mod write;

pub use batch::{Batch, Edit, Plan};
pub use draft::Draft;
pub use jobs::JobRun;
pub use live::LiveEvent;
pub use module::{CORE, JobEntry, KeyEntry, Module, RuleEntry};
pub use policy::{Policy, Right};
pub use read::{Query, title_json};
pub use schema_edit::SchemaEdit;
pub use undo::Undone;
pub use upsert::external_key;
pub use verify::Fault;
pub use workspace::{Settings, Workspace};
pub use write::{Command, IdempotencyKey, Outcome};
