//! The health of customers: what a part of it is, so that every capability can register its own. Who puts them together
//! is `contacts`.

use std::sync::Arc;

use model::{Actor, Record};
use parking_lot::Mutex;
use serde_json::Value as Json;
use store::{Error, Tx};
use uuid::Uuid;

use crate::read::Query;
use crate::workspace::Workspace;

/// One thing that health is made of: it takes points from a hundred.
#[derive(Clone, Copy)]
pub struct HealthPart {
    /// Stable name, in the setting and in answers.
    pub name: &'static str,
    /// Points that it takes at most, when the setting says nothing else.
    pub weight: u32,
    /// The figure that it depends on (days, records), when the setting says nothing else; 0 for none.
    pub threshold: u32,
    /// Objects and fields that it reads. Its reasons are told only to those who may read all of them.
    pub reads: &'static [(&'static str, &'static str)],
    /// Whose changes it follows: objects, and their fields that lead to a company or to one of its people.
    pub follows: &'static [(&'static str, &'static [&'static str])],
    /// Looks at some companies and says what is wrong with which.
    pub judge: fn(&mut Look<'_>, &[Record]) -> Result<Vec<Finding>, Error>,
}

/// What a part has against a company.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The company.
    pub company: Uuid,
    /// How much of the part's points it takes: 1 to 100.
    pub percent: u32,
    /// What the reason is made of in words: figures and stable names.
    pub facts: Json,
    /// The records that it is about: object and id.
    pub records: Vec<(&'static str, Uuid)>,
}

/// Reads for one actor within one transaction.
pub struct Look<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The transaction.
    pub tx: &'a mut Tx,
    /// Through whose eyes.
    pub actor: &'a Actor,
    /// Microseconds since the epoch.
    pub now: i64,
    /// The figure of the part that looks.
    pub threshold: u32,
}

impl Look<'_> {
    /// The records of a condition that the actor may see, with some of their fields.
    ///
    /// # Errors
    /// As [`Workspace::each_in`].
    pub fn find(
        &mut self,
        object: &str,
        filter: String,
        sort: Option<&str>,
        fields: &[&str],
    ) -> Result<Vec<Record>, Error> {
        let found: Arc<Mutex<Vec<Record>>> = Arc::default();
        let into = found.clone();
        let query = Query {
            object: object.to_owned(),
            filter: Some(filter),
            sort: sort.map(str::to_owned),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            ..Query::default()
        };
        self.workspace.each_in(self.tx, self.actor, &query, &mut |record| {
            into.lock().push(record);
            Ok(())
        })?;
        Ok(std::mem::take(&mut *found.lock()))
    }

    /// Whether the actor may see any record of a condition.
    ///
    /// # Errors
    /// As [`Workspace::each_in`].
    pub fn any(&mut self, object: &str, filter: String) -> Result<bool, Error> {
        let query = Query { object: object.to_owned(), filter: Some(filter), limit: 1, ..Query::default() };
        self.workspace.any_in(self.tx, self.actor, &query)
    }
}
