//! The read path: check, scope, bind, select, stream. Nothing else selects records for an actor.

use std::sync::Arc;

use model::expr;
use model::{Actor, Code, Object, Problem, Record, Value, limits};
use serde_json::Value as Json;
use store::{Deleted, Error, Pending, Select, Sort, Tx};
use uuid::Uuid;

use crate::policy::{Policy, Right};
use crate::workspace::Workspace;

/// A list of records of one object, as a client asks for it.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Object name.
    pub object: String,
    /// CEL; none for every record.
    pub filter: Option<String>,
    /// `-created_at,name`: field names, a minus for descending. The id breaks ties.
    pub sort: Option<String>,
    /// Fields to return; none for every field that may be seen.
    pub fields: Vec<String>,
    /// References whose titles come along.
    pub include: Vec<String>,
    /// Page size; 0 for the default.
    pub limit: usize,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows to jump over instead of a cursor.
    pub offset: u64,
    /// Records in the recycle bin.
    pub deleted: Deleted,
    /// Whether the total is wanted.
    pub total: bool,
}

/// A total that was counted before, of what that transaction saw.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CachedTotal {
    snapshot: i64,
    at: i64,
    count: u64,
    exact: bool,
}

/// A total is believed this long (filters may depend on the time), in microseconds.
const TOTAL_AGE_MAX_US: i64 = 10_000_000;
/// Totals kept.
const TOTALS_MAX: usize = 1_000;

/// A query that has passed policy.
pub(crate) struct Planned {
    pub(crate) select: Select,
    pub(crate) total_key: String,
}

impl Planned {
    /// Narrows the query to these records.
    pub(crate) fn among(&mut self, ids: Vec<Uuid>) {
        self.select.limit = 0;
        let wanted = expr::id_in(ids);
        self.select.filter = Some(match self.select.filter.take() {
            Some(scope) => expr::and(wanted, scope),
            None => wanted,
        });
    }
}

impl Workspace {
    /// One page of a list as the body of an answer:
    /// `{"records":[…],"next":…,"total":{"count":…,"exact":…},"included":{…}}`.
    ///
    /// # Errors
    /// Bad expression (with its position), unknown or forbidden field, forbidden object; a database that fails.
    pub fn list_json(&self, actor: &Actor, query: Query) -> Pending<Vec<u8>> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.store().read(move |tx| workspace.list_in(tx, &actor, &query))
    }

    fn list_in(&self, tx: &mut Tx, actor: &Actor, query: &Query) -> Result<Vec<u8>, Error> {
        let planned = self.plan(tx, actor, query)?;
        let mut body = Vec::with_capacity(16 * 1024);
        body.extend_from_slice(b"{\"records\":[");
        let (next, included) = if query.include.is_empty() {
            (tx.select_json(&planned.select, &mut body)?.next, None)
        } else {
            let (next, records) = rows(tx, &planned.select)?;
            for (at, record) in records.iter().enumerate() {
                if at > 0 {
                    body.push(b',');
                }
                serde_json::to_writer(&mut body, &record.to_json()).map_err(anyhow::Error::from)?;
            }
            (next, Some(self.include(tx, actor, &planned.select.object, &query.include, &records)?))
        };
        body.extend_from_slice(b"],\"next\":");
        serde_json::to_writer(&mut body, &next).map_err(anyhow::Error::from)?;
        if query.total {
            let (count, exact) = self.total(tx, &planned)?;
            body.extend_from_slice(format!(",\"total\":{{\"count\":{count},\"exact\":{exact}}}").as_bytes());
        }
        if let Some(included) = included {
            body.extend_from_slice(b",\"included\":");
            serde_json::to_writer(&mut body, &included).map_err(anyhow::Error::from)?;
        }
        body.push(b'}');
        Ok(body)
    }

    /// Walks every record of a query, page by page, in one snapshot. For exports and other code.
    ///
    /// # Errors
    /// As [`Workspace::list_json`]; whatever `each` refuses.
    pub fn each(
        &self,
        actor: &Actor,
        query: Query,
        mut each: impl FnMut(Record) -> Result<(), Error> + Send + 'static,
    ) -> Pending<u64> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.store().read(move |tx| workspace.each_in(tx, &actor, &query, &mut each))
    }

    /// The same for code that reads in a transaction of its own.
    ///
    /// # Errors
    /// As [`Workspace::each`].
    pub fn each_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        query: &Query,
        each: &mut (dyn FnMut(Record) -> Result<(), Error> + Send),
    ) -> Result<u64, Error> {
        let planned = self.plan(tx, actor, query)?;
        walk(tx, planned, each)
    }

    /// Whether there is any record of a query.
    ///
    /// # Errors
    /// As [`Workspace::each`].
    pub fn any_in(&self, tx: &mut Tx, actor: &Actor, query: &Query) -> Result<bool, Error> {
        let planned = self.plan(tx, actor, query)?;
        Ok(!tx.select_ids(&Select { limit: 1, ..planned.select })?.is_empty())
    }

    /// Steps check, scope and bind of the read path.
    pub(crate) fn plan(&self, tx: &mut Tx, actor: &Actor, query: &Query) -> Result<Planned, Error> {
        let rights = self.rights(tx, actor)?;
        let (schema, bindings) = (self.schema(), self.bindings(actor));
        self.plan_with(&Policy::new(actor, &rights, &schema, &bindings, self.granted()), query)
    }

    /// The same for a reading that shows sensitive fields. Whoever calls it audits it.
    pub(crate) fn plan_clear(&self, tx: &mut Tx, actor: &Actor, query: &Query) -> Result<Planned, Error> {
        let rights = self.rights(tx, actor)?;
        let (schema, bindings) = (self.schema(), self.bindings(actor));
        self.plan_with(&Policy::new(actor, &rights, &schema, &bindings, self.granted()).revealing(), query)
    }

    fn plan_with(&self, policy: &Policy<'_>, query: &Query) -> Result<Planned, Error> {
        let (schema, actor) = (self.schema(), policy.actor);
        let object = schema.find_object(&query.object).cloned().ok_or_else(|| Problem::not_found("object"))?;
        let scope = policy.scope(&object, Right::Read)?;
        let filter = match query.filter.as_deref().filter(|source| !source.trim().is_empty()) {
            Some(source) => Some(policy.condition(&object, source)?),
            None => None,
        };
        let total_key = format!("{}|{:?}|{:?}|{}", object.name, query.deleted, query.filter, scope_key(actor));
        let filter = match (filter, scope) {
            (Some(filter), Some(scope)) => Some(expr::and(scope, filter)),
            (one, other) => one.or(other),
        };
        let select = Select {
            fields: fields(policy, &object, &query.fields)?,
            filter,
            sort: sort(policy, &object, query.sort.as_deref())?,
            cursor: query.cursor.clone(),
            offset: query.offset,
            limit: match query.limit {
                0 => limits::PAGE_DEFAULT,
                limit => limit.min(limits::PAGE_MAX),
            },
            deleted: query.deleted,
            ..Select::all(&schema, &object)
        };
        Ok(Planned { select, total_key })
    }

    pub(crate) fn total(&self, tx: &mut Tx, planned: &Planned) -> Result<(u64, bool), Error> {
        let (snapshot, now) = (tx.snapshot()?, self.now());
        if let Some(total) = self.0.totals.lock().get(&planned.total_key)
            && total.snapshot == snapshot
            && now - total.at < TOTAL_AGE_MAX_US
        {
            return Ok((total.count, total.exact));
        }
        let count = tx.count(&planned.select, limits::TOTAL_EXACT_MAX)?;
        let mut totals = self.0.totals.lock();
        if totals.len() >= TOTALS_MAX {
            totals.clear();
        }
        let total = CachedTotal { snapshot, at: now, count: count.count, exact: count.exact };
        totals.insert(planned.total_key.clone(), total);
        Ok((count.count, count.exact))
    }

    /// One record as JSON text, with its version.
    ///
    /// # Errors
    /// Not found, also when the actor may not see it; a database that fails.
    pub fn get_json(
        &self,
        actor: &Actor,
        object: &str,
        id: Uuid,
        include: &[String],
        at: Option<i64>,
    ) -> Pending<(Vec<u8>, i64)> {
        let (workspace, actor, object, include) = (self.clone(), actor.clone(), object.to_owned(), include.to_vec());
        self.store().read(move |tx| {
            let (object, mut body, known) = match at {
                Some(at) => workspace.visible_then(tx, &actor, &object, id, at)?,
                None => workspace.visible_now(tx, &actor, &object, id, &include)?,
            };
            if !include.is_empty() {
                let included = workspace.include(tx, &actor, &object, &include, std::slice::from_ref(&known))?;
                body.pop();
                body.extend_from_slice(b",\"included\":");
                serde_json::to_writer(&mut body, &included).map_err(anyhow::Error::from)?;
                body.push(b'}');
            }
            let version = match known.get("version") {
                Value::Int(version) => *version,
                _ => 0,
            };
            Ok((body, version))
        })
    }

    /// A record as JSON, straight from its row, and what else is asked about it: its version, the fields to include.
    fn visible_now(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        object: &str,
        id: Uuid,
        include: &[String],
    ) -> Result<(Arc<Object>, Vec<u8>, Record), Error> {
        let planned = self.plan_one(tx, actor, object, id)?;
        let mut body = Vec::with_capacity(4 * 1024);
        let wanted: Vec<&str> = include.iter().map(String::as_str).chain(["version"]).collect();
        let known = tx.select_one_json(&planned.select, &wanted, &mut body)?;
        let object = planned.select.object;
        let known = known.ok_or_else(|| Problem::not_found(&object.label.to_lowercase()))?;
        Ok((object, body, known))
    }

    /// The same as the record was at an instant.
    fn visible_then(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        object: &str,
        id: Uuid,
        at: i64,
    ) -> Result<(Arc<Object>, Vec<u8>, Record), Error> {
        let (object, record) = self.load_visible(tx, actor, object, id)?;
        let whole = tx.find(&object, id)?.ok_or_else(|| Problem::not_found("record"))?;
        let mut then = crate::batch::Batch::rewind(tx, &object, whole, at, &self.context())?;
        // The fields that may be seen, those without a value too.
        let values = record.values.into_keys();
        let values = values.map(|name| then.values.remove_entry(&name).unwrap_or((name, Value::Missing)));
        let record = Record { id, values: values.collect() };
        let body = serde_json::to_vec(&record.to_json()).map_err(anyhow::Error::from)?;
        Ok((object, body, record))
    }

    fn plan_one(&self, tx: &mut Tx, actor: &Actor, object: &str, id: Uuid) -> Result<Planned, Error> {
        let query = Query { object: object.to_owned(), deleted: Deleted::With, ..Query::default() };
        let mut planned = self.plan(tx, actor, &query)?;
        planned.among(vec![id]);
        Ok(planned)
    }

    /// A record that the actor may see, with the fields that it may see; deleted ones too.
    pub(crate) fn load_visible(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        object: &str,
        id: Uuid,
    ) -> Result<(Arc<Object>, Record), Error> {
        let planned = self.plan_one(tx, actor, object, id)?;
        let (_, mut records) = rows(tx, &planned.select)?;
        let object = planned.select.object;
        let record = records.pop().ok_or_else(|| Problem::not_found(&object.label.to_lowercase()))?;
        Ok((object, record))
    }

    /// The live records of these ids that the actor may see, with the fields that it may see, in no order. For code
    /// that found the ids elsewhere and reads in its own transaction.
    ///
    /// # Errors
    /// Forbidden object; a database that fails.
    pub fn visible_many(&self, tx: &mut Tx, actor: &Actor, object: &str, ids: &[Uuid]) -> Result<Vec<Record>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut planned = self.plan(tx, actor, &Query { object: object.to_owned(), ..Query::default() })?;
        planned.among(ids.to_vec());
        Ok(rows(tx, &planned.select)?.1)
    }

    /// Those of these ids whose live records a condition of the workspace's own holds for, whoever may see them.
    ///
    /// # Errors
    /// A condition that does not check; a database that fails.
    pub fn matching(&self, tx: &mut Tx, object: &str, ids: &[Uuid], condition: &str) -> Result<Vec<Uuid>, Error> {
        let filter = Some(condition.to_owned());
        let query = Query { object: object.to_owned(), filter, ..Query::default() };
        let mut planned = self.plan(tx, &Actor::system("workspace"), &query)?;
        planned.among(ids.to_vec());
        tx.select_ids(&planned.select)
    }

    /// A record for code that acts for an actor.
    ///
    /// # Errors
    /// Not found, also when the actor may not see it; a database that fails.
    pub fn load(&self, actor: &Actor, object: &str, id: Uuid) -> Pending<Record> {
        let (workspace, actor, object) = (self.clone(), actor.clone(), object.to_owned());
        self.store().read(move |tx| Ok(workspace.load_visible(tx, &actor, &object, id)?.1))
    }

    /// Titles of the records that references of these records name: `{object: {id: {id, object, title, subtitle}}}`.
    fn include(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        object: &Object,
        include: &[String],
        records: &[Record],
    ) -> Result<Json, Error> {
        let mut included = serde_json::Map::new();
        for name in include {
            let target = object.find_field(name).and_then(model::Field::target_object).ok_or_else(|| {
                Problem::new(Code::BadRequest, format!("`{name}` is no reference of {} to include.", object.name))
            })?;
            let mut ids: Vec<Uuid> =
                records.iter().flat_map(|record| crate::derive::parents_of(record.get(name), target)).collect();
            ids.sort_unstable();
            ids.dedup();
            let titles = self.titles(tx, actor, target, &ids)?;
            // By object, not by field: several references to users share their titles.
            match included.entry(target.to_owned()).or_insert_with(|| Json::Object(serde_json::Map::new())) {
                Json::Object(known) => known.extend(titles),
                other => *other = Json::Object(titles),
            }
        }
        Ok(Json::Object(included))
    }

    /// Title and subtitle of records that the actor may see, by id.
    pub(crate) fn titles(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        object: &str,
        ids: &[Uuid],
    ) -> Result<serde_json::Map<String, Json>, Error> {
        let mut titles = serde_json::Map::new();
        if ids.is_empty() {
            return Ok(titles);
        }
        let query = Query { object: object.to_owned(), deleted: Deleted::With, ..Query::default() };
        let mut planned = match self.plan(tx, actor, &query) {
            Ok(planned) => planned,
            Err(Error::Problem(problem)) if problem.code == Code::Forbidden => return Ok(titles),
            Err(error) => return Err(error),
        };
        planned.among(ids.to_vec());
        let object = planned.select.object.clone();
        let shown = [Some(&object.title), object.subtitle.as_ref(), Some(&"deleted_at".to_owned())];
        let visible = std::mem::take(&mut planned.select.fields);
        planned.select.fields = shown.into_iter().flatten().filter(|name| visible.contains(name)).cloned().collect();
        tx.select(&planned.select, &mut |record| {
            titles.insert(record.id.to_string(), title_json(&object, &record));
            Ok(())
        })?;
        Ok(titles)
    }

    /// Groups with their figures, the largest first: `{"groups":[{"keys":{…},"count":…}],"more":false}`. The query's
    /// limit and offset are those of the groups. Figures over sensitive fields are in the audit log: they may be values.
    ///
    /// # Errors
    /// As [`Workspace::list_json`]; a measure that is not `count` or `sum|min|max|avg:field`.
    pub fn aggregate(&self, actor: &Actor, query: Query, group: Vec<String>, measures: Vec<String>) -> Pending<Json> {
        let (workspace, actor) = (self.clone(), actor.clone());
        let measured = measures.iter().filter_map(|text| text.split_once(':').map(|(_, field)| field.to_owned()));
        let grouped = group.iter().map(|name| name.split('.').next().unwrap_or_default().to_owned());
        let sensitive = self.sensitive_of(&query.object, &grouped.chain(measured).collect::<Vec<_>>());
        let is_plain = sensitive.is_empty() || actor.is_system();
        let work = move |tx: &mut Tx| {
            let planned = workspace.plan(tx, &actor, &query)?;
            let object = planned.select.object.clone();
            let parsed = measures.iter().map(|text| crate::aggregate::measure(text)).collect::<Result<Vec<_>, _>>()?;
            workspace.judge(tx, &actor, |policy| {
                let measured = parsed.iter().filter_map(|measure| measure.field.as_ref());
                let fields = group.iter().map(|name| grouped_by(&object, name)).chain(measured.map(String::as_str));
                fields.into_iter().try_for_each(|name| check_use(policy, &object, name))
            })??;
            parsed.iter().try_for_each(|measure| crate::aggregate::check(&object, measure))?;
            if !is_plain {
                let told = serde_json::json!({ "fields": sensitive });
                let subject = Some(format!("object:{}", object.name));
                workspace.audit_in(tx, &actor, "sensitive.figures", subject, told);
            }
            // One group beyond the page says whether there are more.
            let page = planned.select.limit;
            let select = store::Select { limit: page + 1, ..planned.select };
            let mut groups = tx.aggregate(&store::Aggregation { select, group: group.clone(), measures: parsed })?;
            let more = groups.len() > page;
            groups.truncate(page);
            Ok(crate::aggregate::to_json(&group, &measures, &groups, more))
        };
        match is_plain {
            true => self.store().read(work),
            false => self.store().write(store::Priority::Interactive, work),
        }
    }
}

/// What a list of the same text may show differs by actor only through its scope.
fn scope_key(actor: &Actor) -> String {
    format!("{:?}|{:?}|{:?}", actor.role, actor.user, actor.teams)
}

/// All rows of one page, each with every field asked for: whoever merges an answer into what they know has to be told
/// that a value is gone.
pub(crate) fn rows(tx: &mut Tx, select: &Select) -> Result<(Option<String>, Vec<Record>), Error> {
    let mut records = Vec::new();
    let next = tx.select(select, &mut |mut record| {
        for field in &select.fields {
            if !record.values.contains_key(field) {
                record.values.insert(field.clone(), model::Value::Missing);
            }
        }
        records.push(record);
        Ok(())
    })?;
    Ok((next, records))
}

/// `{id, object, title, subtitle}` of a record.
pub fn title_json(object: &Object, record: &Record) -> Json {
    let text = |name: &str| match object.find_field(name) {
        Some(field) => model::kinds::to_text(field, record.get(name)),
        None => String::new(),
    };
    serde_json::json!({
        "id": record.id,
        "object": object.name,
        "title": text(&object.title),
        "subtitle": object.subtitle.as_deref().map(text).filter(|text| !text.is_empty()),
        "deleted": !record.get("deleted_at").is_missing(),
    })
}

/// Every record of a query, page by page, in one snapshot.
pub(crate) fn walk(
    tx: &mut Tx,
    mut planned: Planned,
    each: &mut (dyn FnMut(Record) -> Result<(), Error> + Send),
) -> Result<u64, Error> {
    planned.select.limit = 1_000;
    let mut count = 0;
    loop {
        let next = tx.select(&planned.select, &mut |record| {
            count += 1;
            each(record)
        })?;
        match next {
            Some(cursor) => planned.select.cursor = Some(cursor),
            None => return Ok(count),
        }
    }
}

pub(crate) fn check_known(object: &Object, name: &str) -> Result<(), Problem> {
    if object.find_field(name).is_none_or(|field| field.hidden) {
        return Err(Problem::new(Code::BadRequest, format!("{} has no field `{name}`.", object.label)));
    }
    Ok(())
}

/// The field that groups are made by: of `billing_address.country` the address. The right is that of the field.
fn grouped_by<'a>(object: &Object, name: &'a str) -> &'a str {
    let part = name.split_once('.').filter(|(_, part)| model::column::ADDRESS_PARTS.contains(part));
    let is_address = |field: &model::Field| field.value_kind() == model::Kind::Address;
    match part {
        Some((address, _)) if object.find_field(address).is_some_and(is_address) => address,
        _ => name,
    }
}

fn check_use(policy: &Policy<'_>, object: &Object, name: &str) -> Result<(), Problem> {
    check_known(object, name)?;
    policy.check_use(object, name)
}

fn fields(policy: &Policy<'_>, object: &Object, wanted: &[String]) -> Result<Vec<String>, Problem> {
    if wanted.is_empty() {
        return Ok(policy.readable_fields(object));
    }
    let mut fields = Vec::with_capacity(wanted.len());
    for name in wanted.iter().filter(|name| *name != "id") {
        check_known(object, name)?;
        if !policy.can_reveal(object, name) {
            return Err(Policy::field_refusal(name));
        }
        // A sensitive field may be named: its place stays empty until it is revealed.
        if policy.can_read(object, name) && !fields.contains(name) {
            fields.push(name.clone());
        }
    }
    if fields.is_empty() {
        // `fields=id`: to the store an empty list means all of them.
        fields.push("version".to_owned());
    }
    Ok(fields)
}

fn sort(policy: &Policy<'_>, object: &Object, text: Option<&str>) -> Result<Vec<Sort>, Problem> {
    let mut sorts: Vec<Sort> = Vec::new();
    for part in text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (field, descending) = match part.strip_prefix('-') {
            Some(field) => (field, true),
            None => (part, false),
        };
        if field != "id" {
            check_use(policy, object, field)?;
        }
        if sorts.len() >= 8 {
            return Err(Problem::new(Code::BadRequest, "Sort by at most eight fields."));
        }
        if !sorts.iter().any(|sort| sort.field == field) {
            sorts.push(Sort { field: field.to_owned(), descending });
        }
    }
    Ok(sorts)
}
