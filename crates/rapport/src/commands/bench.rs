//! `bench`: measures this build on this machine. Every figure that depends on the machine stands beside that of the
//! bare driver doing the same work in the same run, so that the ratio means something anywhere.

mod bare;
mod bare_creates;
mod client;
mod dedupe;
mod people;
mod program;
mod rooms;
mod twins;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use contacts::dedupe::Labelled;
use serde_json::{Value as Json, json};

use crate::cli::Bench;
use crate::config::Config;
use client::{Client, Load, Request};
use program::{Imported, Server};

/// How long each load lasts.
const LOAD: Duration = Duration::from_secs(6);
/// Clients of the list load.
const READERS: usize = 16;
/// Clients of the create load.
const WRITERS: usize = 64;
/// How long the index of a view may take.
const INDEX_TIME_MAX: Duration = Duration::from_secs(120);
/// Turns in which a load is compared with another.
const ROUNDS: u32 = 3;
/// Requests behind each median.
const SAMPLES: usize = 300;
/// Entries of the timeline that is read.
const ENTRIES: usize = 200;

/// One line of the result.
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    baseline: Option<f64>,
}

impl Figure {
    fn print(&self) {
        let ratio = self.baseline.map(|baseline| rounded(self.value / baseline));
        let line = json!({
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "baseline": self.baseline.map(rounded),
            "ratio": ratio,
        });
        println!("{line}");
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// What is measured, in which order, and which of it was asked for.
struct Run<'a> {
    only: Option<&'a str>,
    folder: PathBuf,
}

impl Run<'_> {
    fn wants(&self, names: &[&str]) -> bool {
        self.only.is_none_or(|only| names.iter().any(|name| name.contains(only)))
    }

    fn show(&self, name: &str, value: f64, unit: &'static str, baseline: Option<f64>) {
        if self.wants(&[name]) {
            Figure { name: name.to_owned(), value, unit, baseline }.print();
        }
    }
}

pub fn run(arguments: &Bench, config: &Config, _json: bool) -> Result<ExitCode> {
    let folder = std::env::temp_dir().join(format!("rapport-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let run = Run { only: arguments.only.as_deref(), folder: folder.clone() };
    let result = measure(&run, arguments, config);
    std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
    result.map(|()| ExitCode::SUCCESS)
}

fn measure(run: &Run<'_>, arguments: &Bench, config: &Config) -> Result<()> {
    if let Some(labelled) = &arguments.labelled {
        duplicates(run, labelled)?;
    }
    if run.wants(&dedupe::FIGURES) {
        dedupe::measure(run, arguments.people)?;
    }
    rooms::measure(run)?;
    let rest = [
        "binary",
        "import",
        "import_memory",
        "start",
        "idle_memory",
        "list",
        "list_p50",
        "get_p50",
        "timeline_p50",
        "search_p50",
        "creates",
        "postgres_list",
    ];
    if !run.wants(&rest) {
        return Ok(());
    }
    let size = std::fs::metadata(std::env::current_exe()?)?.len() as f64 / 1e6;
    run.show("binary", size, "MB", None);
    let small = prepare(run, "small", (arguments.people / 100).max(100), false)?;
    let large = prepare(run, "large", arguments.people, true)?;
    let url = config.database_url.as_deref().filter(|_| run.wants(&["postgres_list"]));
    if let Some(url) = url {
        fill_postgres(run, url, arguments.people)?;
    }
    let small = Site::open(run, &small, None, false)?;
    let large = Site::open(run, &large, None, true)?;
    medians(run, &large, &small)?;
    lists(run, &large, url)?;
    small.server.stop()?;
    creates(run, large)
}

/// Precision, recall and F1 of the search for duplicates on people whose duplicates are known.
fn duplicates(run: &Run<'_>, folder: &Path) -> Result<()> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    names.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    names.sort();
    // Files that differ in a last letter are two halves of one set: 4a and 4b.
    let set = |path: &PathBuf| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        stem.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned()
    };
    for files in names.chunk_by(|a, b| set(a) == set(b)) {
        let mut labelled = Labelled::default();
        for path in files {
            let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            labelled.add_csv(&text).with_context(|| format!("in {}", path.display()))?;
        }
        let quality = labelled.measure();
        let name = files.first().map(set).unwrap_or_default();
        run.show(&format!("duplicates_precision_{name}"), quality.precision, "share", None);
        run.show(&format!("duplicates_recall_{name}"), quality.recall, "share", None);
        run.show(&format!("duplicates_f1_{name}"), quality.f1(), "share", None);
    }
    Ok(())
}

/// Makes a workspace of so many people by importing a file, and measures that on the large one.
fn prepare(run: &Run<'_>, name: &str, count: usize, shown: bool) -> Result<PathBuf> {
    let file = run.folder.join(format!("{name}.csv"));
    people::write_csv(&file, count)?;
    let data = run.folder.join(name);
    let Imported { seconds, peak_mb, rows } = program::import(&data, None, &file, "update")?;
    anyhow::ensure!(rows == count as u64, "{rows} of {count} people were imported");
    if shown && run.wants(&["import", "import_memory"]) {
        let indexes = bare::count_indexes(&data.join("rapport.db"))?;
        let baseline = bare::import(&run.folder.join("bare-import.db"), &file, indexes)?;
        run.show("import", seconds, "s", Some(baseline));
        run.show("import_memory", peak_mb, "MB peak", None);
    }
    std::fs::remove_file(&file)?;
    Ok(data)
}

/// A served workspace, ready to be read.
struct Site {
    server: Server,
    /// Its file on SQLite.
    database: PathBuf,
    /// A person with a long timeline.
    subject: String,
}

impl Site {
    fn open(run: &Run<'_>, data: &Path, url: Option<&str>, shown: bool) -> Result<Self> {
        let key = program::add_key(data, url)?;
        let server = Server::start(data, url, &key)?;
        if shown {
            run.show("start", server.start_ms, "ms to the first answer", None);
            std::thread::sleep(Duration::from_secs(3));
            run.show("idle_memory", server.private_mb()?, "MB private", None);
        }
        let database = data.join("rapport.db");
        let before = if url.is_none() { bare::count_indexes(&database)? } else { 0 };
        let subject = prepare_reads(&server)?;
        match url {
            None => wait_for_index(&database, before)?,
            Some(_) => std::thread::sleep(INDEX_TIME_MAX / 4),
        }
        Ok(Self { server, database, subject })
    }

    /// The reads whose times are compared, by name; `number` varies what is looked for.
    fn read(&self, name: &str, number: usize) -> Request {
        let person = format!("/api/v1/people/{}", self.subject);
        Request::get(&match name {
            "get_p50" => person,
            "timeline_p50" => format!("{person}/timeline?limit=50"),
            "search_p50" => format!("/api/v1/search?q={}&limit=10", people::typed(number)),
            _ => people::LIST.to_owned(),
        })
    }
}

/// The middle times of single reads with many people and with few, asked in turns: what else the machine does meets both.
fn medians(run: &Run<'_>, large: &Site, small: &Site) -> Result<()> {
    let (mut many, mut few) = (large.server.client()?, small.server.client()?);
    for name in ["list_p50", "get_p50", "timeline_p50", "search_p50"] {
        let (mut large_ms, mut small_ms) = (Vec::new(), Vec::new());
        for number in 0..SAMPLES {
            large_ms.push(many.time_ms(&large.read(name, number))?);
            small_ms.push(few.time_ms(&small.read(name, number))?);
        }
        run.show(name, client::median(&mut large_ms), "ms", Some(client::median(&mut small_ms)));
    }
    Ok(())
}

/// The list under load, in turns with the bare driver's and with the same list on PostgreSQL.
fn lists(run: &Run<'_>, site: &Site, url: Option<&str>) -> Result<()> {
    if !run.wants(&["list", "postgres_list"]) {
        return Ok(());
    }
    let postgres = url.map(|url| Site::open(run, &run.folder.join("postgres"), Some(url), false)).transpose()?;
    let list = Request::get(people::LIST);
    let (mut ours, mut bare, mut theirs) = (0.0, 0.0, 0.0);
    for _ in 0..ROUNDS {
        let part = 1.0 / f64::from(ROUNDS);
        ours += part * site.server.load(READERS, LOAD / ROUNDS, |_, _| list.clone())?.per_s;
        bare += part * bare::list(&site.database, READERS, LOAD / ROUNDS)?.per_s;
        if let Some(postgres) = &postgres {
            theirs += part * postgres.server.load(READERS, LOAD / ROUNDS, |_, _| list.clone())?.per_s;
        }
    }
    run.show("list", ours, "requests/s", Some(bare));
    if let Some(postgres) = postgres {
        postgres.server.stop()?;
        run.show("postgres_list", theirs, "requests/s", Some(ours));
    }
    Ok(())
}

/// Single creates by many clients, then the same rows by the bare driver into the same file.
fn creates(run: &Run<'_>, site: Site) -> Result<()> {
    if !run.wants(&["creates"]) {
        return site.server.stop();
    }
    let ours = site.server.load(WRITERS, LOAD, |client, number| {
        Request::post("/api/v1/people", &people::new_person(client, number).to_string())
    })?;
    site.server.stop()?;
    let bare = bare_creates::run(&site.database, WRITERS, LOAD)?;
    run.show("creates", ours.per_s, "records/s", Some(bare));
    run.show("creates_p99", ours.p99_ms, "ms", None);
    Ok(())
}

/// Saves the view whose index the list uses, and gives one person a long timeline; answers with that person.
fn prepare_reads(server: &Server) -> Result<String> {
    let mut client = server.client()?;
    let view = json!({
        "name": "Customers", "object": "person", "type": "table", "filter": people::FILTER, "sort": people::SORT,
        "shared": "everyone",
    });
    client.expect(&Request::post("/api/v1/views", &view.to_string()))?;
    let page = client.expect(&Request::get("/api/v1/people?limit=1&offset=7&fields=version&total=false"))?;
    let id = page.pointer("/records/0/id").and_then(Json::as_str).context("the workspace shows no people")?.to_owned();
    let notes: Vec<Json> = (0..ENTRIES)
        .map(|number| json!({ "body": format!("Note {number}"), "about": [{ "object": "person", "id": id }] }))
        .collect();
    client.expect(&Request::post("/api/v1/notes/bulk", &json!({ "create": notes }).to_string()))?;
    Ok(id)
}

/// The index of a view is made in the background.
fn wait_for_index(database: &Path, before: usize) -> Result<()> {
    let deadline = Instant::now() + INDEX_TIME_MAX;
    while bare::count_indexes(database)? <= before {
        anyhow::ensure!(Instant::now() < deadline, "the view got no index");
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Fills a PostgreSQL database with the same people.
fn fill_postgres(run: &Run<'_>, url: &str, count: usize) -> Result<()> {
    let file = run.folder.join("postgres.csv");
    people::write_csv(&file, count)?;
    program::import(&run.folder.join("postgres"), Some(url), &file, "update")?;
    std::fs::remove_file(&file)?;
    Ok(())
}

impl Server {
    fn client(&self) -> Result<Client> {
        Client::open(self.address, &self.key)
    }

    fn load(&self, clients: usize, time: Duration, request: impl Fn(usize, usize) -> Request + Sync) -> Result<Load> {
        client::load(self.address, &self.key, clients, time, request)
    }
}
