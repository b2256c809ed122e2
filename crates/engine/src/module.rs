//! What a capability brings: its objects, rules, jobs and keys. The program is a list of modules.

use model::{Actor, Object, Record};
use store::Tx;
use uuid::Uuid;

use crate::batch::Batch;
use crate::consume::ConsumerEntry;
use crate::draft::Draft;
use crate::health::HealthPart;
use crate::jobs::JobRun;
use crate::mail::{self, Addressed, Letter};
use crate::push::NoticeWriter;
use crate::sight::Sight;
use crate::workspace::Workspace;

/// A capability, registered by the program.
#[derive(Clone, Copy)]
pub struct Module {
    /// Name of the crate.
    pub name: &'static str,
    /// Its objects: file name (for errors) and TOML text.
    pub objects: &'static [(&'static str, &'static str)],
    /// Fields that it adds to objects of other modules: name of the object, file name and TOML text with `[[fields]]`.
    pub additions: &'static [(&'static str, &'static str, &'static str)],
    /// What it puts into a workspace that has none of it yet.
    pub beginnings: &'static [BeginningEntry],
    /// Behaviour of its objects, in the order in which it applies.
    pub rules: &'static [RuleEntry],
    /// What changes of its objects bring about in other records.
    pub follows: &'static [FollowEntry],
    /// Its timed and queued work.
    pub jobs: &'static [JobEntry],
    /// What it makes of the log.
    pub consumers: &'static [ConsumerEntry],
    /// Blocking keys of its objects, for duplicates and upserts.
    pub keys: &'static [KeyEntry],
    /// What it knows of the health of customers.
    pub health: &'static [HealthPart],
    /// The mails that it writes.
    pub letters: &'static [LetterEntry],
    /// Writes what devices show of a notification.
    pub notice: Option<NoticeWriter>,
    /// The object of it whose records are placed in the tree of territories.
    pub placed: Option<&'static str>,
}

/// A rule: runs inside every write of its object, before formulas and validation. It may load, never sends.
#[derive(Clone, Copy)]
pub struct RuleEntry {
    /// Object it belongs to.
    pub object: &'static str,
    /// Why it stands where it stands in the list.
    pub why: &'static str,
    /// Changes or refuses the draft.
    pub apply: fn(&mut Draft, &RuleContext<'_>) -> Result<(), model::Problem>,
}

/// What a rule may know of the write beside the draft.
pub struct RuleContext<'a> {
    /// The workspace: its settings and keys.
    pub workspace: &'a Workspace,
    /// Who writes.
    pub actor: &'a Actor,
    /// What the batch is, in words: given by the program, never by a client.
    pub cause: &'a str,
    /// The batch that this one undoes.
    pub undoes: Option<Uuid>,
    /// Other records, and whether conditions hold.
    pub(crate) sight: &'a dyn Sight,
}

/// What follows from a change: runs after it is stored, in the same transaction and batch, so that both stand or fall
/// together and one undo takes both back. When something is undone, what followed is brought back with it; only what `settles`
/// runs then too.
#[derive(Clone, Copy)]
pub struct FollowEntry {
    /// Object whose changes it follows.
    pub object: &'static str,
    /// Why it belongs into the same transaction.
    pub why: &'static str,
    /// It works out what must agree with the records as they stand, like the sum of a document's lines.
    pub settles: bool,
    /// Makes or changes other records, for all that one step of the batch changed.
    pub apply: fn(&mut Batch<'_>, &[&Draft]) -> Result<(), store::Error>,
}

/// Records that a workspace begins with. They are made when an object never had any, deleted ones included, so that
/// nothing comes back that somebody took away.
#[derive(Clone, Copy)]
pub struct BeginningEntry {
    /// Object name.
    pub object: &'static str,
    /// Makes them, and what belongs to them, in one transaction.
    pub make: fn(&mut Batch<'_>) -> Result<(), store::Error>,
}

/// A kind of job and the function that runs it.
#[derive(Clone, Copy)]
pub struct JobEntry {
    /// Stable name, kept in the job's row.
    pub kind: &'static str,
    /// Runs one job; an error is retried with back-off.
    pub run: fn(&Workspace, &JobRun) -> anyhow::Result<()>,
    /// What of it is to be done every night, one payload per job; `None` for work that is only asked for.
    pub nightly: Option<fn(&Workspace) -> Vec<serde_json::Value>>,
    /// Nobody waits for it and it may take long: one worker always stays free of such work.
    pub upkeep: bool,
}

/// A kind of mail and the function that writes it.
#[derive(Clone, Copy)]
pub struct LetterEntry {
    /// Stable name, kept in the mail's row.
    pub kind: &'static str,
    /// Writes one at the moment at which it is sent; nothing when there is nothing left to say.
    pub write: fn(&Workspace, &mut Tx, &Addressed<'_>) -> Result<Option<Letter>, store::Error>,
}

/// The blocking keys of one object's records.
#[derive(Clone, Copy)]
pub struct KeyEntry {
    /// Object name.
    pub object: &'static str,
    /// Short strings; records that share one are candidates of each other.
    pub keys: fn(&Object, &Record) -> Vec<String>,
}

/// The objects every workspace has: users, teams, territories, roles, keys, shares, views.
pub const CORE: Module = Module {
    name: "core",
    objects: &[
        ("user.toml", include_str!("../objects/user.toml")),
        ("team.toml", include_str!("../objects/team.toml")),
        ("role.toml", include_str!("../objects/role.toml")),
        ("api_key.toml", include_str!("../objects/api_key.toml")),
        ("share.toml", include_str!("../objects/share.toml")),
        ("exchange_rate.toml", include_str!("../objects/exchange_rate.toml")),
        ("reaction.toml", include_str!("../objects/reaction.toml")),
        ("view.toml", include_str!("../objects/view.toml")),
        ("definition.toml", include_str!("../objects/definition.toml")),
        ("work_calendar.toml", include_str!("../objects/work_calendar.toml")),
        ("page_layout.toml", include_str!("../objects/page_layout.toml")),
        ("territory.toml", include_str!("../objects/territory.toml")),
    ],
    additions: &[],
    beginnings: &[],
    rules: crate::core_rules::RULES,
    follows: crate::core_rules::FOLLOWS,
    jobs: &[
        crate::bulk::JOB,
        crate::refresh::JOB,
        crate::refresh::SEARCH,
        crate::territories::JOB,
        crate::undo_job::JOB,
        crate::view_index::JOB,
        mail::reset::JOB,
    ],
    consumers: &[],
    keys: &[],
    health: &[],
    letters: mail::letters::LETTERS,
    notice: None,
    placed: None,
};
