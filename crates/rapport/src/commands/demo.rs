//! `demo`: a believable company in an empty workspace, and somebody to log in as.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use engine::{Query, Workspace};
use model::Actor;
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::cli::Demo;
use crate::config::Config;
use crate::output::answer;

/// People of the demo company that `serve --demo` makes.
const PEOPLE: usize = 2_000;
/// Kept beside the database, readable by its owner only, so that the next start can show it again.
const LOG_IN_FILE: &str = "demo-login.json";
const EMAIL: &str = "demo@example.com";

/// Who can log in to the demo.
#[derive(Debug, Serialize, Deserialize)]
pub struct LogIn {
    /// E-mail address.
    pub email: String,
    /// Password, made by chance for this workspace.
    pub password: String,
}

pub fn run(arguments: &Demo, config: &Config, json: bool) -> Result<ExitCode> {
    let workspace = config.open()?;
    workspace.begin()?;
    ensure!(is_empty(&workspace)?, "this workspace has people already; name an empty folder with --data");
    let began = Instant::now();
    let log_in = fill(&workspace, config, arguments.people, arguments.seed)?;
    let seconds = began.elapsed().as_secs_f64();
    let words = format!(
        "{} people with their companies and history in {seconds:.1} s.\nLog in as {} with the password {}",
        arguments.people, log_in.email, log_in.password
    );
    let value = json!({ "people": arguments.people, "seconds": seconds, "email": log_in.email,
        "password": log_in.password });
    answer(json, &value, &words);
    Ok(ExitCode::SUCCESS)
}

/// What `serve --demo` does: fills an empty workspace, and shows the log-in of one that it filled before.
pub fn fill_if_empty(workspace: &Workspace, config: &Config) -> Result<Option<LogIn>> {
    let path = config.data.join(LOG_IN_FILE);
    if path.exists() {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        return Ok(serde_json::from_str(&text).ok());
    }
    if !is_empty(workspace)? {
        return Ok(None);
    }
    eprintln!("Making a demo company with {PEOPLE} people …");
    fill(workspace, config, PEOPLE, 1).map(Some)
}

fn fill(workspace: &Workspace, config: &Config, people: usize, seed: u64) -> Result<LogIn> {
    let password = passphrase();
    api::accounts::add_user(workspace, "Robin Demo", EMAIL, "admin", &password)?;
    let filled = contacts::demo::fill(workspace, &Actor::system("demo"), people, seed)?;
    sales::demo::fill(workspace, &Actor::system("demo"), seed, filled.batch)?;
    let log_in = LogIn { email: EMAIL.to_owned(), password };
    write_private(&config.data.join(LOG_IN_FILE), &serde_json::to_vec(&log_in)?)?;
    Ok(log_in)
}

fn is_empty(workspace: &Workspace) -> Result<bool> {
    for object in ["person", "user"] {
        let query = Query { object: object.to_owned(), limit: 1, ..Query::default() };
        let body = workspace.list_json(&Actor::system("demo"), query).wait()?;
        let body: Json = serde_json::from_slice(&body)?;
        if body.get("records").and_then(Json::as_array).is_some_and(|records| !records.is_empty()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Four groups of five letters that are easy to tell apart.
fn passphrase() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut random = rand::rng();
    let groups: Vec<String> = (0..4)
        .map(|_| {
            (0..5)
                .filter_map(|_| LETTERS.get(random.random_range(0..LETTERS.len())))
                .map(|letter| char::from(*letter))
                .collect()
        })
        .collect();
    groups.join("-")
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    use std::io::Write as _;
    options.open(path)?.write_all(bytes).with_context(|| format!("writing {}", path.display()))
}
