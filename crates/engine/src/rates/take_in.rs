//! Taking in a file of rates: what is new becomes records, what is known stays, and all of it is one batch.

use model::{Actor, Patch, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use store::Error;
use uuid::Uuid;

use super::{OBJECT, ecb, rate_of, stored};
use crate::batch::{Batch, Edit, Plan};
use crate::workspace::Workspace;

/// Records written in one go.
const SLICE: usize = 1_000;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RatesImported {
    /// The batch that undo takes; none when nothing was new.
    pub batch: Option<Uuid>,
    /// Days that were not known.
    pub created: usize,
    /// Days of which something is different now.
    pub changed: usize,
    /// Days that were known as they are.
    pub unchanged: usize,
    /// The first day of the file.
    pub first: String,
    /// The last day of the file.
    pub last: String,
}

impl Workspace {
    /// Takes in a file of the European Central Bank: `eurofxref-daily.xml`, `eurofxref-hist.xml`, `.csv` or `.zip`.
    /// What is known already stays as it is; all of it is one batch.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; what is wrong with the file, with its line; a database that fails.
    pub fn import_rates(&self, actor: &Actor, file: &[u8]) -> Result<RatesImported, Error> {
        self.check_special(actor, "configure")?;
        let days = ecb::parse(file)?;
        let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value()) else {
            return Err(ecb::empty().into());
        };
        let (first, last) = (first.to_string(), last.to_string());
        let work = self.transact(actor, Plan::new("import rates"), move |batch| batch.take_in_rates(&days));
        let (id, [created, changed, unchanged]) = work.wait()?;
        let batch = (created + changed > 0).then_some(id);
        Ok(RatesImported { batch, created, changed, unchanged, first, last })
    }
}

/// Puts rates in among those of a day; says whether that makes a difference: `1.50` is what `1.5` is.
fn put_in(all: &mut Map<String, Json>, rates: &ecb::Rates) -> bool {
    let mut differs = false;
    for (currency, rate) in rates {
        let known = all.get(currency).and_then(Json::as_str).and_then(rate_of);
        if known != rate_of(rate) {
            all.insert(currency.clone(), Json::from(rate.as_str()));
            differs = true;
        }
    }
    differs
}

impl Batch<'_> {
    fn take_in_rates(&mut self, days: &ecb::Days) -> Result<[usize; 3], Error> {
        let mut stored = stored(self.workspace, self.tx)?;
        let (mut created, mut changed, mut unchanged) = (Vec::new(), Vec::new(), 0);
        for (day, rates) in days {
            let (id, mut all) = stored.remove(day).map_or_else(Default::default, |(id, all)| (Some(id), all));
            let differs = put_in(&mut all, rates);
            let rates = ("rates".to_owned(), Value::json(Json::Object(all)));
            match id {
                None => created.push(Patch::from([("on".to_owned(), Value::Date(*day)), rates])),
                Some(id) if differs => changed.push(Edit { id, patch: Patch::from([rates]), if_version: None }),
                Some(_) => unchanged += 1,
            }
        }
        let counts = [created.len(), changed.len(), unchanged];
        for slice in created.chunks(SLICE) {
            self.create_many(OBJECT, slice.to_vec())?.into_iter().try_for_each(|answer| answer.map(drop))?;
        }
        for slice in changed.chunks(SLICE) {
            self.update_many(OBJECT, slice.to_vec())?.into_iter().try_for_each(|answer| answer.map(drop))?;
        }
        Ok(counts)
    }
}
