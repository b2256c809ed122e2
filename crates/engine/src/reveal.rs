//! Sensitive fields in clear: nobody is shown them without having asked, and every asking stands in the audit log.

use model::{Actor, Code, Problem, Record};
use serde_json::{Map, Value as Json, json};
use store::{Deleted, Error, Pending, Priority};
use uuid::Uuid;

use crate::read::{Query, check_known, rows, walk};
use crate::workspace::Workspace;

impl Workspace {
    /// The values of sensitive fields of one record: `{"values":{…}}`. The entry of the audit log is written in the same
    /// transaction: what is not logged is not answered.
    ///
    /// # Errors
    /// Not found, also when the actor may not see the record; a field that is forbidden, unknown or not sensitive; a
    /// database that fails.
    pub fn reveal(&self, actor: &Actor, object: &str, id: Uuid, fields: Vec<String>) -> Pending<Json> {
        let (workspace, actor) = (self.clone(), actor.clone());
        let query = Query { object: object.to_owned(), fields, deleted: Deleted::With, ..Query::default() };
        self.store().write(Priority::Interactive, move |tx| {
            let mut planned = workspace.plan_clear(tx, &actor, &query)?;
            let object = planned.select.object.clone();
            if query.fields.is_empty() {
                let detail = "Name the sensitive fields to show in `fields`.";
                return Err(Problem::new(Code::BadRequest, detail).into());
            }
            for name in &query.fields {
                check_known(&object, name)?;
                if !object.find_field(name).is_some_and(|field| field.sensitive) {
                    let detail = format!("`{name}` is not sensitive. Read it with the record.");
                    return Err(Problem::new(Code::BadRequest, detail).into());
                }
            }
            planned.among(vec![id]);
            let (_, mut records) = rows(tx, &planned.select)?;
            let record = records.pop().ok_or_else(|| Problem::not_found(&object.label.to_lowercase()))?;
            let subject = Some(format!("{}:{id}", object.name));
            workspace.audit_in(tx, &actor, "sensitive.read", subject, json!({ "fields": planned.select.fields }));
            let values: Map<String, Json> =
                planned.select.fields.iter().map(|name| (name.clone(), record.get(name).to_json())).collect();
            Ok(json!({ "values": values }))
        })
    }

    /// Walks every record of a query as [`Workspace::each`] does, sensitive fields in clear. One entry of the audit log
    /// tells of it before the first record is given.
    ///
    /// # Errors
    /// Forbidden without the right `sensitive`; as [`Workspace::each`].
    pub fn each_clear(
        &self,
        actor: &Actor,
        query: Query,
        mut each: impl FnMut(Record) -> Result<(), Error> + Send + 'static,
    ) -> Result<Pending<u64>, Error> {
        self.check_special(actor, "sensitive")?;
        let mut among = query.fields.clone();
        if among.is_empty() {
            let schema = self.schema();
            let all = schema.find_object(&query.object).into_iter().flat_map(|object| &object.fields);
            among = all.map(|field| field.name.clone()).collect();
        }
        let fields = self.sensitive_of(&query.object, &among);
        if !fields.is_empty() {
            let subject = Some(format!("object:{}", query.object));
            let filter = query.filter.as_deref().map(crate::audit::masked);
            let told = json!({ "fields": fields, "filter": filter });
            self.audit(actor, "sensitive.export", subject, told).wait()?;
        }
        let (workspace, actor) = (self.clone(), actor.clone());
        Ok(self.store().read(move |tx| {
            let planned = workspace.plan_clear(tx, &actor, &query)?;
            walk(tx, planned, &mut each)
        }))
    }

    /// The sensitive ones among these fields of an object.
    pub(crate) fn sensitive_of(&self, object: &str, among: &[String]) -> Vec<String> {
        let schema = self.schema();
        let fields = schema.find_object(object).into_iter().flat_map(|object| &object.fields);
        fields.filter(|field| field.sensitive && among.contains(&field.name)).map(|field| field.name.clone()).collect()
    }
}
