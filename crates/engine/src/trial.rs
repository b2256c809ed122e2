//! What a formula would give, tried on a record that is there, before anybody keeps it.

use model::expr::{self, Expr};
use model::{Actor, Code, Kind, Object, Problem, Record, Schema, Value};
use serde_json::{Value as Json, json};
use store::{Error, Pending, Tx};
use uuid::Uuid;

use crate::derive::{Loader, Row, RowRecord, as_kind};
use crate::policy::{Policy, Right};
use crate::read::{Query, title_json};
use crate::workspace::Workspace;

/// Records looked at for one with a result.
const LOOKED_AT: usize = 25;

impl Workspace {
    /// A formula's result for a record, by the evaluation that keeps formulas fresh: `{"record": {…}, "value": …}`.
    /// Without an id the newest record that gives a result is taken, else the newest; `null` when there is none.
    ///
    /// # Errors
    /// Forbidden without the right `configure`, or when the formula reads what the actor may not see; what is wrong with
    /// the text; not found; a database that fails.
    pub fn try_formula(
        &self,
        actor: &Actor,
        object: &str,
        source: &str,
        result: Kind,
        id: Option<Uuid>,
    ) -> Pending<Json> {
        let (workspace, actor) = (self.clone(), actor.clone());
        let (object, source) = (object.to_owned(), source.to_owned());
        self.store().read(move |tx| {
            let schema = workspace.schema();
            let object = schema.find_object(&object).cloned().ok_or_else(|| Problem::not_found("object"))?;
            let formula = expr::parse_formula(&schema, &object, &source, result)?;
            workspace.judge(tx, &actor, |policy| may_try(policy, &schema, &object, &formula))??;
            let mut found = Json::Null;
            for id in workspace.to_try(tx, &actor, &object, id)? {
                let Some(record) = tx.find(&object, id)? else { continue };
                let value = workspace.result_of(tx, &object, &record, &formula, result)?;
                let is_some = !value.is_missing();
                if is_some || found.is_null() {
                    found = json!({ "record": title_json(&object, &record), "value": value.to_json() });
                }
                if is_some {
                    break;
                }
            }
            Ok(found)
        })
    }

    /// The records to try: the one that is named, or the newest, all of them such as the actor may see.
    fn to_try(&self, tx: &mut Tx, actor: &Actor, object: &Object, id: Option<Uuid>) -> Result<Vec<Uuid>, Error> {
        if let Some(id) = id {
            return Ok(vec![self.load_visible(tx, actor, &object.name, id)?.1.id]);
        }
        let newest = Query {
            object: object.name.clone(),
            sort: Some("-created_at".to_owned()),
            limit: LOOKED_AT,
            ..Query::default()
        };
        let planned = self.plan(tx, actor, &newest)?;
        tx.select_ids(&planned.select)
    }

    fn result_of(
        &self,
        tx: &mut Tx,
        object: &Object,
        record: &Record,
        formula: &Expr,
        result: Kind,
    ) -> Result<Value, Error> {
        let schema = self.schema();
        let Some(object) = schema.find_object(&object.name).cloned() else { return Ok(Value::Missing) };
        let loader = Loader::new(tx, schema, self);
        let value = expr::eval(formula, &Row { object, record: RowRecord::Borrowed(record), loader: &loader });
        Loader::check(loader)?;
        Ok(as_kind(value, result, &self.settings().base_currency))
    }
}

/// A result tells what it is made of: whoever asks may see all of that, of related objects every record.
fn may_try(policy: &Policy<'_>, schema: &Schema, object: &Object, formula: &Expr) -> Result<(), Problem> {
    policy.check_special("configure")?;
    policy.check_uses(formula)?;
    let others = expr::uses(formula).into_iter().filter(|used| used.object != object.name || !used.via.is_empty());
    for used in others {
        let Some(other) = schema.find_object(&used.object) else { continue };
        if policy.scope(other, Right::Read)?.is_some() {
            let detail = format!("The formula reads {}, of which you see only some.", other.label_plural);
            return Err(Problem::new(Code::Forbidden, detail));
        }
    }
    Ok(())
}
