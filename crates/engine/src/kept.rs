//! Fields that the program keeps: worked out from other records and the time, stored to be filtered and sorted by. Like
//! figures, their changes are nobody's edit: no version, no history, nobody told; but what reads them follows.

use model::{Actor, Code, Patch, Problem};
use store::{Error, Tx};
use uuid::Uuid;

use crate::batch::{Batch, Plan};
use crate::workspace::Workspace;

impl Workspace {
    /// Stores values of kept fields in a transaction that is open already; what is stored already costs no write.
    ///
    /// # Errors
    /// A field that is not kept; a database that fails.
    pub fn keep(&self, tx: &mut Tx, reason: &str, object: &str, values: Vec<(Uuid, Patch)>) -> Result<(), Error> {
        let actor = Actor::system(reason);
        let mut batch = Batch::open(self, tx, &actor, &Plan::new(reason), Uuid::now_v7())?;
        let known = batch.load_object(object)?;
        let names = values.iter().flat_map(|(_, patch)| patch.keys());
        for name in names {
            if !known.find_field(name).is_some_and(|field| field.kept) {
                return Err(Problem::new(Code::Invalid, format!("`{name}` is not kept by the program.")).into());
            }
        }
        let mut values: std::collections::HashMap<Uuid, Patch> = values.into_iter().collect();
        let ids: Vec<Uuid> = values.keys().copied().collect();
        let mut drafts = Vec::new();
        for before in batch.tx.lock_many(&known, &ids)? {
            let Some(patch) = values.remove(&before.id) else { continue };
            let mut after = before.clone();
            after.values.extend(patch);
            drafts.push(batch.derived(object, before, after));
        }
        batch.store_derived(object, drafts, 0)
    }
}
