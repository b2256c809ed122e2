//! What a rule sees beside the draft: other records as they stand in this transaction, and whether a condition holds.

use std::cell::RefCell;
use std::sync::Arc;

use model::expr::{self, Bindings};
use model::{Problem, Record, Schema};
use uuid::Uuid;

use crate::compiled::ObjectRules;
use crate::derive::{Loader, Row, RowRecord, formulas};
use crate::draft::Draft;
use crate::module::RuleContext;
use crate::policy::Policy;

/// Reads for rules.
pub(crate) trait Sight {
    fn all(&self, object: &str) -> Arc<[Arc<Record>]>;
    fn find(&self, object: &str, id: Uuid) -> Option<Arc<Record>>;
    fn among(&self, object: &str, field: &str, id: Uuid) -> Vec<Arc<Record>>;
    fn holds(&self, draft: &Draft, condition: &str) -> Result<bool, Problem>;
    fn check_condition(&self, object: &str, condition: &str) -> Result<(), Problem>;
}

/// Reads for the rules of one object's drafts.
pub(crate) struct Reading<'a, 'b> {
    pub(crate) schema: &'a Schema,
    pub(crate) rules: &'a ObjectRules,
    pub(crate) loader: &'a RefCell<Loader<'b>>,
    pub(crate) bindings: &'a Bindings,
    pub(crate) policy: Policy<'a>,
}

impl Sight for Reading<'_, '_> {
    fn all(&self, object: &str) -> Arc<[Arc<Record>]> {
        self.loader.borrow_mut().all(object)
    }

    fn find(&self, object: &str, id: Uuid) -> Option<Arc<Record>> {
        let object = self.schema.find_object(object)?;
        self.loader.borrow_mut().load(object, id)
    }

    fn among(&self, object: &str, field: &str, id: Uuid) -> Vec<Arc<Record>> {
        let Some(object) = self.schema.find_object(object) else { return Vec::new() };
        self.loader.borrow_mut().load_children(object, field, id)
    }

    fn holds(&self, draft: &Draft, condition: &str) -> Result<bool, Problem> {
        let object = &self.rules.object;
        let parsed = expr::parse_condition(self.schema, object, condition)?;
        let mut after = draft.after.clone();
        formulas(self.rules, &mut after, self.loader);
        let row = Row { object: object.clone(), record: RowRecord::Borrowed(&after), loader: self.loader };
        Ok(expr::holds(&expr::bind(&parsed, self.bindings), &row))
    }

    fn check_condition(&self, object: &str, condition: &str) -> Result<(), Problem> {
        let object = self.schema.find_object(object).ok_or_else(|| Problem::not_found("object"))?;
        self.policy.check_uses(&expr::parse_condition(self.schema, object, condition)?)
    }
}

impl RuleContext<'_> {
    /// The records of an object that are not deleted, whoever may see them; read once for all drafts. For objects of
    /// which there are few, like the stages of pipelines: 2,000 at most are looked at.
    pub fn all(&self, object: &str) -> Arc<[Arc<Record>]> {
        self.sight.all(object)
    }

    /// A record that is not deleted, whoever may see it.
    pub fn find(&self, object: &str, id: Uuid) -> Option<Arc<Record>> {
        self.sight.find(object, id)
    }

    /// The records that are not deleted and refer to this one by a field, whoever may see them.
    pub fn among(&self, object: &str, field: &str, id: Uuid) -> Vec<Arc<Record>> {
        self.sight.among(object, field, id)
    }

    /// Whether a condition (CEL) holds for the record as it is to be, its formulas included.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn holds(&self, draft: &Draft, condition: &str) -> Result<bool, Problem> {
        self.sight.holds(draft, condition)
    }

    /// Refuses a condition (CEL) over an object that cannot be read, or that asks for what its author may not see:
    /// once it is kept, it answers whoever it holds up.
    ///
    /// # Errors
    /// What is wrong with the text; forbidden.
    pub fn check_condition(&self, object: &str, condition: &str) -> Result<(), Problem> {
        self.sight.check_condition(object, condition)
    }
}
