//! Import: files of records become records, through a mapping that people can correct and a dry run they can read.
//!
//! The way of a file: [`upload`] looks at it and proposes a mapping; [`set_mapping`] corrects it; [`check`] does everything
//! and takes it back; [`start`] does it. Both run as a job that goes on after a restart. All changes are one batch, so one
//! undo takes back what was made and what was changed.

pub mod build;
pub mod counts;
pub mod guard;
pub mod identity;
pub mod ledger;
pub mod looks;
pub mod map;
pub mod pass;
pub mod read;
pub mod settings;
pub mod settle;
pub mod step;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use engine::{JobEntry, JobRun, Workspace};
use model::fold::fold;
use model::{Actor, Code, Object, Problem, Schema};
use serde_json::{Value as Json, json};
use store::tables::imports::{self, ImportRow};
use store::{Error, Priority, Select, Tx};
use uuid::Uuid;

pub use counts::Counts;
pub use ledger::{errors_csv, rows};
pub use pass::Phase;
pub use settings::{Import, Options, Settings};
pub use settle::OnMatch;

use map::Proposal;
use pass::{Ended, Pass};
use read::{Reader, Row, Shape};
use step::Frame;

/// The job that carries an import out, and goes on with it after a restart.
pub const JOB: JobEntry = JobEntry { kind: KIND, run: run_job, nightly: None, upkeep: false };

const KIND: &str = "import";
/// Rows a mapping is proposed from.
const SAMPLE_ROWS: usize = 500;
/// Users looked at when a column seems to name them.
const USERS_MAX: usize = 5_000;
/// Imports listed.
const LIST_MAX: usize = 100;

/// Takes in a file that lies on this machine: finds its form, proposes a mapping, writes nothing but the import itself.
///
/// # Errors
/// Forbidden without the right `import`; a file that cannot be read; a database that fails.
pub fn upload(workspace: &Workspace, actor: &Actor, object: &str, name: &str, file: &Path) -> Result<Import, Error> {
    workspace.check_special(actor, "import")?;
    let schema = workspace.schema();
    let object = load_object(workspace, object)?;
    let file = file.canonicalize()?;
    let mut look = look(&schema, &object, &file, None)?;
    let known = known_users(workspace)?;
    look.proposal.drop_unknown_users(&object, &look.samples, |name| known.contains(&fold(name)));
    let options = Options::guess(look.shape.format, &look.samples);
    let settings = Settings::new(actor, look.shape, look.proposal, options, look.rows_total);
    let row = ImportRow {
        id: Uuid::now_v7(),
        created_at: workspace.now(),
        actor: actor.label(),
        object: object.name.clone(),
        name: name.chars().filter(|c| !c.is_control()).take(200).collect(),
        file: file.to_string_lossy().into_owned(),
        status: "mapping".to_owned(),
        settings: settings.to_json(),
        counts: Counts::default().to_json(),
        place: 0,
        batch: None,
        error: String::new(),
    };
    let import = Import { row, settings, undone: false };
    let stored = import.row.clone();
    workspace.store().write(Priority::Interactive, move |tx| imports::insert(tx, &stored)).wait()?;
    Ok(import)
}

/// What a look at a file finds.
struct Look {
    shape: Shape,
    proposal: Proposal,
    samples: Vec<Row>,
    rows_total: u64,
}

fn look(schema: &Schema, object: &Object, file: &Path, shape: Option<&Shape>) -> Result<Look, Problem> {
    let (mut reader, shape) = Reader::open(file, shape)?;
    let columns = reader.columns().clone();
    let mut samples = Vec::new();
    while samples.len() < SAMPLE_ROWS
        && let Some(row) = reader.next_row()?
    {
        samples.push(row);
    }
    let rows_total = samples.len() as u64 + reader.count_rest()?;
    if columns.names.is_empty() || rows_total == 0 {
        return Err(Problem::new(Code::Invalid, "The file has no rows to import."));
    }
    let proposal = map::propose(schema, object, shape.format, &columns, &samples);
    Ok(Look { shape, proposal, samples, rows_total })
}

/// Reads a table as somebody said it is to be read.
fn look_again(workspace: &Workspace, import: &mut Import, shape: &Shape) -> Result<(), Error> {
    let object = load_object(workspace, &import.row.object)?;
    let mut look = look(&workspace.schema(), &object, Path::new(&import.row.file), Some(shape))?;
    let known = known_users(workspace)?;
    look.proposal.drop_unknown_users(&object, &look.samples, |name| known.contains(&fold(name)));
    import.settings.look_again(look.shape, look.proposal, look.rows_total);
    Ok(())
}

/// Names and e-mail addresses of the users, folded.
fn known_users(workspace: &Workspace) -> Result<HashSet<String>, Error> {
    let schema = workspace.schema();
    let object = schema.find_object("user").cloned().ok_or_else(|| Problem::not_found("object"))?;
    let select = Select { limit: USERS_MAX, ..Select::all(&schema, &object) };
    workspace
        .store()
        .read(move |tx| {
            let mut known = HashSet::new();
            tx.select(&select, &mut |user| {
                known.extend(["name", "email"].iter().filter_map(|field| Some(fold(user.get(field).as_text()?))));
                Ok(())
            })?;
            Ok(known)
        })
        .wait()
}

fn load_object(workspace: &Workspace, name: &str) -> Result<Arc<Object>, Problem> {
    let schema = workspace.schema();
    let found = schema.find_object(name).or_else(|| schema.find_plural(name)).cloned();
    let object = found.ok_or_else(|| Problem::not_found("object"))?;
    if object.internal {
        let detail = format!("{} cannot be imported.", object.label_plural);
        return Err(Problem::new(Code::BadRequest, detail));
    }
    Ok(object)
}

/// One import. Everyone sees their own, administrators all.
///
/// # Errors
/// Not found; a database that fails.
pub fn load(workspace: &Workspace, actor: &Actor, id: Uuid) -> Result<Import, Error> {
    let found = workspace.store().read(move |tx| {
        let row = imports::find(tx, id)?.ok_or_else(|| Problem::not_found("import"))?;
        let undone = tx.undone(row.batch.as_slice())?;
        Ok((row, undone))
    });
    let (row, undone) = found.wait()?;
    if row.actor != actor.label() && workspace.check_special(actor, "configure").is_err() {
        return Err(Problem::not_found("import").into());
    }
    Import::read(row, &undone)
}

/// The newest imports that an actor may see.
///
/// # Errors
/// A database that fails.
pub fn list(workspace: &Workspace, actor: &Actor) -> Result<Vec<Import>, Error> {
    let own = workspace.check_special(actor, "configure").is_err().then(|| actor.label());
    let found = workspace.store().read(move |tx| {
        let rows = imports::list(tx, own.as_deref(), LIST_MAX)?;
        let batches: Vec<Uuid> = rows.iter().filter_map(|row| row.batch).collect();
        let undone = tx.undone(&batches)?;
        Ok((rows, undone))
    });
    let (rows, undone) = found.wait()?;
    rows.into_iter().map(|row| Import::read(row, &undone)).collect()
}

/// Corrects the mapping and the options: `{"mapping": …, "options": …}`. The mapping is a map of column → target (or
/// `null`), or a list in the order of the columns. `{"header": false}` and `{"delimiter": ";"}` read a table anew, which
/// proposes its mapping anew.
///
/// # Errors
/// A target that does not exist; an import that runs already; a database that fails.
pub fn set_mapping(workspace: &Workspace, actor: &Actor, id: Uuid, change: &Json) -> Result<Import, Error> {
    let mut import = load(workspace, actor, id)?;
    if let Some(shape) = import.settings.reshaped(change)? {
        look_again(workspace, &mut import, &shape)?;
    }
    import.settings.change(change)?;
    plan_of(workspace, &import)?;
    let settings = import.settings.to_json();
    let kept =
        workspace.store().write(Priority::Interactive, move |tx| imports::set_settings(tx, id, &settings)).wait()?;
    if !kept {
        return Err(busy(&import).into());
    }
    load(workspace, actor, id)
}

fn busy(import: &Import) -> Problem {
    let detail = match import.row.status.as_str() {
        "done" => "This import is done. Upload the file again to import it once more.",
        "cancelled" | "failed" => "This import has ended. Upload the file again to begin anew.",
        _ => "This import is being worked on. Wait for it, or cancel it.",
    };
    Problem::new(Code::Conflict, detail)
}

fn plan_of(workspace: &Workspace, import: &Import) -> Result<build::Plan, Problem> {
    let schema = workspace.schema();
    let object = load_object(workspace, &import.row.object)?;
    let settings = &import.settings;
    let context = settings.options.context(workspace.context());
    build::Plan::new(
        &schema,
        &object,
        &settings.columns(),
        &settings.mapping(),
        settings.shape.format,
        (context, settings.options.bad_values),
    )
}

/// Starts the dry run: everything is done and taken back, and the ledger says what would happen.
///
/// # Errors
/// A mapping without targets; an import that runs already; a database that fails.
pub fn check(workspace: &Workspace, actor: &Actor, id: Uuid) -> Result<Import, Error> {
    begin(workspace, actor, id, Phase::Check)
}

/// Starts the import.
///
/// # Errors
/// As [`check`].
pub fn start(workspace: &Workspace, actor: &Actor, id: Uuid) -> Result<Import, Error> {
    begin(workspace, actor, id, Phase::Run)
}

fn begin(workspace: &Workspace, actor: &Actor, id: Uuid, phase: Phase) -> Result<Import, Error> {
    workspace.check_special(actor, "import")?;
    let import = load(workspace, actor, id)?;
    if plan_of(workspace, &import)?.is_empty() {
        return Err(Problem::new(Code::Invalid, "No column is mapped to a field yet.").into());
    }
    let batch = (phase == Phase::Run).then(Uuid::now_v7);
    let (inner, now, by) = (workspace.clone(), workspace.now(), actor.clone());
    let told = json!({ "object": import.row.object, "rows": import.settings.rows_total });
    let begun = workspace
        .store()
        .write(Priority::Interactive, move |tx| {
            if !imports::begin(tx, id, phase.status(), batch, &Counts::default().to_json())? {
                return Ok(false);
            }
            imports::clear_rows(tx, id, phase.number())?;
            inner.enqueue_for(tx, &by, KIND, json!({ "import": id }), now)?;
            if phase == Phase::Run {
                inner.audit_in(tx, &by, "import.started", Some(format!("import:{id}")), told.clone());
            }
            Ok(true)
        })
        .wait()?;
    if !begun {
        return Err(busy(&import).into());
    }
    load(workspace, actor, id)
}

/// Stops a running import after its current step; what is done stays, and its batch can be undone. A dry run goes back to
/// the mapping.
///
/// # Errors
/// Not found; a database that fails.
pub fn cancel(workspace: &Workspace, actor: &Actor, id: Uuid) -> Result<Import, Error> {
    load(workspace, actor, id)?;
    workspace
        .store()
        .write(Priority::Interactive, move |tx| {
            for (from, to) in [("running", "cancelled"), ("mapping", "cancelled"), ("checked", "cancelled")] {
                imports::end(tx, id, from, to, "")?;
            }
            imports::end(tx, id, "checking", "mapping", "")
        })
        .wait()?;
    load(workspace, actor, id)
}

fn run_job(workspace: &Workspace, run: &JobRun) -> anyhow::Result<()> {
    let id = run.payload.get("import").and_then(Json::as_str).and_then(|id| Uuid::parse_str(id).ok());
    let id = id.ok_or_else(|| anyhow::anyhow!("the job names no import"))?;
    let ended = work(workspace, id, &mut |progress| {
        run.progress(progress)?;
        Ok(!run.is_stopping())
    })?;
    anyhow::ensure!(ended != Ended::Paused, "the program is stopping; the import goes on after the next start");
    Ok(())
}

/// Goes on with an import that was begun. What concerns the import is kept in it; what remains is worth another try.
fn work(workspace: &Workspace, id: Uuid, beat: &mut dyn FnMut(f64) -> Result<bool, Error>) -> Result<Ended, Error> {
    let found = workspace.store().read(move |tx| imports::find(tx, id)).wait()?;
    let Some(row) = found else {
        return Ok(Ended::Elsewhere);
    };
    let phase = match row.status.as_str() {
        "checking" => Phase::Check,
        "running" => Phase::Run,
        _ => return Ok(Ended::Elsewhere),
    };
    let result = prepare(workspace, row, phase).and_then(|pass| pass::run(workspace, pass, beat));
    match result {
        Err(Error::Problem(problem)) => {
            let reason = step::reason_of(&problem);
            workspace
                .store()
                .write(Priority::Interactive, move |tx| imports::end(tx, id, phase.status(), "failed", &reason))
                .wait()?;
            Ok(Ended::Elsewhere)
        }
        other => other,
    }
}

fn prepare(workspace: &Workspace, row: ImportRow, phase: Phase) -> Result<Pass, Error> {
    let import = Import::read(row, &HashSet::new())?;
    let actor = actor_of(workspace, &import)?;
    let object = load_object(workspace, &import.row.object)?;
    let plan = plan_of(workspace, &import)?;
    let options = &import.settings.options;
    Ok(Pass {
        id: import.row.id,
        phase,
        actor,
        cause: format!("import {}", import.row.name),
        batch: import.row.batch.unwrap_or_else(Uuid::now_v7),
        file: PathBuf::from(&import.row.file),
        shape: import.settings.shape.clone(),
        frame: Frame {
            identifier: identity::Identifier::new(&object),
            object,
            on_match: options.update,
            create_related: options.create_related,
            bad_values: options.bad_values,
            source: import.settings.source.map_or("import", map::sources::Source::name).to_owned(),
        },
        plan,
        place: u64::try_from(import.row.place).unwrap_or(0),
        counts: Counts::from_json(&import.row.counts),
        rows_total: import.settings.rows_total,
    })
}

/// The actor as it is now: a user who was switched off meanwhile imports nothing more.
fn actor_of(workspace: &Workspace, import: &Import) -> Result<Actor, Error> {
    let kept = import.settings.actor();
    let Some(user) = kept.user.filter(|_| kept.kind == model::ActorKind::User) else {
        return Ok(kept);
    };
    let inner = workspace.clone();
    let found = workspace.store().read(move |tx: &mut Tx| inner.find_user_actor(tx, user)).wait()?;
    let gone = || Problem::new(Code::Forbidden, "The user who started this import is not active any more.");
    Ok((*found.ok_or_else(gone)?).clone())
}

/// What the command line asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Object of the rows, singular or plural.
    pub object: String,
    /// The file.
    pub file: PathBuf,
    /// Only say what would happen.
    pub dry_run: bool,
    /// What happens with rows whose record is there.
    pub on_match: OnMatch,
}

/// Imports a file from beginning to end as its mapping is proposed. `tell` hears the progress, 0 to 1. A program that is
/// killed meanwhile goes on when it starts the next time.
///
/// # Errors
/// As [`upload`] and [`start`]; an import that failed as a whole.
pub fn run_to_end(
    workspace: &Workspace,
    actor: &Actor,
    wanted: &Wanted,
    mut tell: impl FnMut(f64),
) -> Result<Import, Error> {
    let name = wanted.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let import = upload(workspace, actor, &wanted.object, &name, &wanted.file)?;
    let id = import.row.id;
    let update = serde_json::to_value(wanted.on_match).map_err(anyhow::Error::from)?;
    set_mapping(workspace, actor, id, &json!({ "options": { "update": update } }))?;
    if wanted.dry_run {
        check(workspace, actor, id)?;
    } else {
        start(workspace, actor, id)?;
    }
    loop {
        let worked = workspace.run_due_job()?;
        let import = load(workspace, actor, id)?;
        match import.row.status.as_str() {
            "checking" | "running" => {}
            "failed" => return Err(Problem::new(Code::Invalid, import.row.error).into()),
            _ => return Ok(import),
        }
        tell(import.progress());
        if !worked {
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}
