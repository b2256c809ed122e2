//! This very program, started beside the bench and looked at from outside: time, memory, answers.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::Value as Json;

use super::client::{Client, Request};

/// What an import took.
pub struct Imported {
    /// Wall-clock time, start of the program included.
    pub seconds: f64,
    /// Most memory it held.
    pub peak_mb: f64,
    /// Rows that became records.
    pub rows: u64,
}

fn program(data: &Path, database_url: Option<&str>) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("finding this program")?);
    command.arg("--data").arg(data).arg("--log").arg("warn").env_remove("RAPPORT_DATABASE_URL").stdin(Stdio::null());
    if let Some(url) = database_url {
        command.arg("--database-url").arg(url);
    }
    Ok(command)
}

/// Imports a file of people. `--on-match` says what becomes of those who look like people that are there.
pub fn import(data: &Path, database_url: Option<&str>, file: &Path, on_match: &str) -> Result<Imported> {
    let started = Instant::now();
    let mut child = program(data, database_url)?
        .args(["--json", "import", "people", "--on-match", on_match])
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()
        .context("starting an import")?;
    let mut peak_mb: f64 = 0.0;
    while child.try_wait()?.is_none() {
        peak_mb = peak_mb.max(memory_mb(child.id(), "status", &["VmHWM:"]).unwrap_or_default());
        std::thread::sleep(Duration::from_millis(20));
    }
    let seconds = started.elapsed().as_secs_f64();
    let output = child.wait_with_output()?;
    anyhow::ensure!(output.status.success(), "the import failed ({})", output.status);
    let answer: Json = serde_json::from_slice(&output.stdout).context("the import printed no JSON")?;
    let rows = answer.get("created").and_then(Json::as_u64).context("the import says not what it created")?;
    Ok(Imported { seconds, peak_mb, rows })
}

/// Adds a key with all rights.
pub fn add_key(data: &Path, database_url: Option<&str>) -> Result<String> {
    let output = program(data, database_url)?.args(["--json", "key", "add", "--role", "admin"]).output()?;
    anyhow::ensure!(output.status.success(), "no key: {}", String::from_utf8_lossy(&output.stderr));
    let answer: Json = serde_json::from_slice(&output.stdout).context("`key add` printed no JSON")?;
    answer.get("key").and_then(Json::as_str).map(str::to_owned).context("`key add` printed no key")
}

/// Applies a configuration, a folder as `schema export` writes it; makes the workspace when there is none.
pub fn apply_schema(data: &Path, folder: &Path) -> Result<()> {
    let output = program(data, None)?.args(["schema", "apply"]).arg(folder).output()?;
    anyhow::ensure!(output.status.success(), "no schema: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// A running server.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// A key of its workspace.
    pub key: String,
    /// From the start of the program to its first answer.
    pub start_ms: f64,
}

impl Server {
    /// Starts on a free port and waits for the first answer.
    pub fn start(data: &Path, database_url: Option<&str>, key: &str) -> Result<Self> {
        let started = Instant::now();
        let mut child = program(data, database_url)?
            .args(["serve", "--listen", "127.0.0.1:0", "--rate-per-minute", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let stdout = child.stdout.take().context("the server has no output")?;
        let address = BufReader::new(stdout)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("http://localhost:").and_then(|(_, port)| port.trim().parse().ok()))
            .map(|port: u16| SocketAddr::from(([127, 0, 0, 1], port)))
            .context("the server names no address")?;
        Client::open(address, key)?.expect(&Request::get("/api/v1/people?limit=1&total=false"))?;
        let start_ms = started.elapsed().as_secs_f64() * 1_000.0;
        Ok(Self { child, address, key: key.to_owned(), start_ms })
    }

    /// Memory that is its own and not shared with the file cache.
    pub fn private_mb(&self) -> Result<f64> {
        memory_mb(self.child.id(), "smaps_rollup", &["Private_Clean:", "Private_Dirty:"])
            .context("this system does not tell how much memory a program holds")
    }

    /// Memory that it asked for, without files that are mapped.
    pub fn anonymous_mb(&self) -> Result<f64> {
        memory_mb(self.child.id(), "status", &["RssAnon:"])
            .context("this system does not tell how much memory a program holds")
    }

    /// Ends it.
    pub fn stop(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` there is nothing left to end; before it, an error is already on its way up.
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}

/// The sum of some lines of `/proc/<pid>/<file>`, in megabytes; nothing where there is no such file.
fn memory_mb(pid: u32, file: &str, lines: &[&str]) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
    let kilobytes = text
        .lines()
        .filter(|line| lines.iter().any(|name| line.starts_with(name)))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok())
        .sum::<f64>();
    Some(kilobytes / 1_024.0)
}
