//! Exports out of a workspace: what an actor may see of a query, with the titles of what the records refer to.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::sync::mpsc::{SyncSender, sync_channel};

use engine::audit::masked;
use engine::{Query, Workspace};
use model::{Actor, Kind, Object, Record, Value};
use serde_json::json;
use store::Error;
use uuid::Uuid;

use super::{ExportFormat, Titles, Writer};

/// Records per step.
const STEP_ROWS: usize = 500;
/// Titles remembered; then they are forgotten and asked for again.
const TITLES_MAX: usize = 50_000;

/// Collects records into steps; what is left when the walk ends is a step too.
struct Steps {
    rows: Vec<Record>,
    sender: SyncSender<Vec<Record>>,
}

impl Steps {
    fn push(&mut self, record: Record) -> Result<(), Error> {
        self.rows.push(record);
        if self.rows.len() >= STEP_ROWS {
            let step = std::mem::take(&mut self.rows);
            self.sender.send(step).map_err(|_| anyhow::anyhow!("the export was given up"))?;
        }
        Ok(())
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        // Nobody listens when the output failed; then nobody misses the rest.
        let _ = self.sender.send(std::mem::take(&mut self.rows));
    }
}

/// What is to be exported.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Which records, and which of their fields.
    pub query: Query,
    /// How they are written.
    pub format: ExportFormat,
    /// Whether sensitive fields are written too.
    pub clear: bool,
}

/// Writes every record of the query that the actor may see. Returns how many. The audit log knows of it before
/// anything goes out, and afterwards how much did.
///
/// # Errors
/// Forbidden without the right `export`, with sensitive fields without `sensitive`; a bad query; an output that fails.
pub fn run<W: Write + Send>(workspace: &Workspace, actor: &Actor, wanted: Wanted, out: W) -> Result<u64, Error> {
    workspace.check_special(actor, "export")?;
    if wanted.clear {
        workspace.check_special(actor, "sensitive")?;
    }
    let subject = Some(format!("object:{}", wanted.query.object));
    let filter = wanted.query.filter.as_deref().map(masked);
    let told = json!({ "filter": filter, "fields": wanted.query.fields, "format": wanted.format.extension() });
    workspace.audit(actor, "export.started", subject.clone(), told).wait()?;
    let mut rows = 0;
    let written = write_all(workspace, actor, wanted, out, &mut rows);
    let told = json!({ "filter": filter, "rows": rows, "complete": written.is_ok() });
    workspace.audit(actor, "export.done", subject, told).wait()?;
    written
}

fn write_all<W: Write + Send>(
    workspace: &Workspace,
    actor: &Actor,
    wanted: Wanted,
    out: W,
    rows: &mut u64,
) -> Result<u64, Error> {
    let schema = workspace.schema();
    let object =
        schema.find_object(&wanted.query.object).cloned().ok_or_else(|| model::Problem::not_found("object"))?;
    let fields = fields_of(workspace, actor, &wanted, &object)?;
    let mut writer = Writer::new(out, wanted.format, object.clone(), &fields)?;
    // The reader walks ahead by two steps while this thread looks up titles and writes.
    let (sender, receiver) = sync_channel::<Vec<Record>>(2);
    let mut steps = Steps { rows: Vec::new(), sender };
    let query = Query { fields, ..wanted.query };
    let walk = match wanted.clear {
        true => workspace.each_clear(actor, query, move |record| steps.push(record))?,
        false => workspace.each(actor, query, move |record| steps.push(record)),
    };
    let mut titles = Titles::new();
    while let Ok(records) = receiver.recv() {
        look_up(workspace, actor, &object, &records, &mut titles)?;
        for record in &records {
            writer.write(record, &titles)?;
            *rows += 1;
        }
    }
    let count = walk.wait()?;
    writer.finish()?;
    Ok(count)
}

/// The fields that are written: those asked for, or all that the actor may see; sensitive ones only in clear.
fn fields_of(
    workspace: &Workspace,
    actor: &Actor,
    wanted: &Wanted,
    object: &std::sync::Arc<Object>,
) -> Result<Vec<String>, Error> {
    let (object, clear, asked) = (object.clone(), wanted.clear, wanted.query.fields.clone());
    workspace.with_policy(actor, move |policy| {
        if !asked.is_empty() {
            let hidden = |name: &String| !clear && policy.can_reveal(&object, name) && !policy.can_read(&object, name);
            return Ok(asked.into_iter().filter(|name| !hidden(name)).collect());
        }
        let all =
            object.fields.iter().filter(|field| !field.hidden && !["id", "deleted_at"].contains(&field.name.as_str()));
        let shown = |name: &str| if clear { policy.can_reveal(&object, name) } else { policy.can_read(&object, name) };
        Ok(all.map(|field| field.name.clone()).filter(|name| shown(name)).collect())
    })
}

/// Asks for the titles that are not known yet, as far as the actor may see them.
fn look_up(
    workspace: &Workspace,
    actor: &Actor,
    object: &Object,
    records: &[Record],
    titles: &mut Titles,
) -> Result<(), Error> {
    if titles.len() > TITLES_MAX {
        titles.clear();
    }
    let mut wanted: HashMap<String, HashSet<Uuid>> = HashMap::new();
    for field in &object.fields {
        for record in records {
            let (target, id) = match (field.kind, record.get(&field.name)) {
                (Kind::Reference | Kind::User, Value::Id(id)) => (field.target_object().unwrap_or_default(), *id),
                (Kind::Actor, Value::Text(label)) => match label.strip_prefix("user:").map(Uuid::parse_str) {
                    Some(Ok(id)) => ("user", id),
                    _ => continue,
                },
                _ => continue,
            };
            if !titles.contains_key(&id) {
                wanted.entry(target.to_owned()).or_default().insert(id);
            }
        }
    }
    let schema = workspace.schema();
    for (name, ids) in wanted {
        let Some(target) = schema.find_object(&name) else {
            continue;
        };
        let ids: Vec<String> = ids.into_iter().map(|id| format!("'{id}'")).collect();
        let title = target.title.clone();
        for part in ids.chunks(STEP_ROWS) {
            let query = Query {
                object: name.clone(),
                filter: Some(format!("id in [{}]", part.join(", "))),
                fields: vec![title.clone()],
                deleted: store::Deleted::With,
                ..Query::default()
            };
            let (sender, receiver) = std::sync::mpsc::channel();
            let field = title.clone();
            let walk = workspace.each(actor, query, move |record| {
                let text = record.get(&field).as_text().unwrap_or_default().to_owned();
                sender.send((record.id, text)).map_err(|_| anyhow::anyhow!("the export was given up"))?;
                Ok(())
            });
            // An object that the actor may not see has no titles for it.
            if walk.wait().is_ok() {
                titles.extend(receiver.try_iter().filter(|(_, title)| !title.is_empty()));
            }
        }
    }
    Ok(())
}
