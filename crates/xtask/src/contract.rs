//! The running program against its own OpenAPI document, by schemathesis, as three roles. Opt-in: it needs Python.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::start::cargo;
use crate::totals::Totals;
use crate::{process, tools};

/// People of the demo company that is tested on.
const PEOPLE: &str = "60";
/// Made-up cases of an operation in a phase, when `RAPPORT_TEST_CASES` says nothing.
const CASES: &str = "10";
/// Log-in of the member.
const EMAIL: &str = "member@example.com";
const PASSWORD: &str = "seven purple lamps hum";

/// Checks that are switched off: valid by shape is not accepted by meaning (a condition in CEL, a reference to a record
/// that is there, a name that is free), and no JSON Schema says that.
const UNCHECKED: &str = "positive_data_acceptance";
/// Operations left out: a stream that does not end, and those that end the very key or session that asks.
const LEFT_OUT: &str = "^(streamEvents|logOut|endSession|api_keys_(update|delete|bulk|merge))$";

/// Which refusals count as such: a version that is out of date (412) and what is too large (413) are found before the rest is
/// read. And what is asked of single operations: a bulk request answers row by row, so that 200 carries the refusals of rows.
const SETTINGS: &str = "[checks.negative_data_rejection]\n\
    expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, \"5xx\"]\n\
    [[operations]]\n\
    include-operation-id-regex = \"_bulk$\"\n\
    checks.negative_data_rejection.enabled = false\n";

/// Who asks: a role, by key or by session.
const ROLES: [(&str, bool); 3] = [("admin", false), ("Member", true), ("Reader", false)];

/// Runs schemathesis as every role; nothing is counted where it is not installed.
pub fn run(root: &Path) -> Result<Totals> {
    let named = std::env::var("RAPPORT_SCHEMATHESIS").unwrap_or_else(|_| "schemathesis".to_owned());
    let Some(schemathesis) = tools::find_program(&named) else {
        println!(
            "SKIPPED: schemathesis is not there. `pip install schemathesis`, or name it in RAPPORT_SCHEMATHESIS; see \
             CONTRIBUTING.md."
        );
        return Ok(Totals::default());
    };
    process::check(cargo(root).args(["build", "--locked", "--package", "rapport"]))?;
    let mut totals = Totals::default();
    for (role, session) in ROLES {
        println!("--- as {role}");
        let passed = as_role(root, &schemathesis, role, session)?;
        totals.add(Totals { passed: u64::from(passed), failed: u64::from(!passed) });
    }
    Ok(totals)
}

/// One role on a workspace of its own: what one changes, the next does not meet.
fn as_role(root: &Path, schemathesis: &Path, role: &str, session: bool) -> Result<bool> {
    let folder = root.join("target/schemathesis").join(role);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let program = Program { path: root.join("target/debug/rapport"), data: folder.join("data") };
    process::output(program.command().args(["demo", "--people", PEOPLE]))?;
    let mut server = program.serve()?;
    let outcome = ask(&program, &server.base, schemathesis, &folder, role, session);
    server.child.kill().ok();
    server.child.wait()?;
    outcome
}

fn ask(program: &Program, base: &str, schemathesis: &Path, folder: &Path, role: &str, session: bool) -> Result<bool> {
    let cases = std::env::var("RAPPORT_TEST_CASES").unwrap_or_else(|_| CASES.to_owned());
    let mut command = Command::new(schemathesis);
    std::fs::write(folder.join("schemathesis.toml"), SETTINGS)?;
    command.current_dir(folder).args(["run", "--continue-on-failure", "--no-color", "--max-examples", &cases]);
    command.args(["--exclude-checks", UNCHECKED, "--exclude-operation-id-regex", LEFT_OUT]);
    // A made-up cookie beside a valid key is let in by the key, which would count as a faulty log-in.
    command.args(["--generation-with-security-parameters", "false"]);
    command.args(["--report", "json", "--report-json-path", "report.json"]);
    if session {
        let cookie = program.log_in(base, role)?;
        command.args(["--header", &format!("Cookie: {cookie}"), "--header", "X-Rapport: 1"]);
    } else {
        let key = process::output(program.command().args(["key", "add", "--role", role]))?;
        let key = key.split_whitespace().find(|word| word.starts_with("rk_")).context("no key was made")?.to_owned();
        command.args(["--header", &format!("Authorization: Bearer {key}")]);
    }
    if let Ok(paths) = std::env::var("RAPPORT_SCHEMATHESIS_PATHS") {
        command.args(["--include-path-regex", &paths]);
    }
    Ok(process::watch(command.arg(format!("{base}/api/openapi.json")))?.0)
}

/// The debug program over one folder.
struct Program {
    path: PathBuf,
    data: PathBuf,
}

/// A server at work.
struct Server {
    child: Child,
    base: String,
}

impl Program {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.arg("--data").arg(&self.data).env("RAPPORT_LOG", "error").stderr(Stdio::null());
        command
    }

    fn serve(&self) -> Result<Server> {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--rate-per-minute", "0"];
        let mut child =
            self.command().args(arguments).stdout(Stdio::piped()).spawn().context("cannot start rapport")?;
        let stdout = child.stdout.take().context("the program has no output")?;
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            if let Some(at) = line.find("http://") {
                let base = line.get(at..).unwrap_or_default().split_whitespace().next().unwrap_or_default();
                return Ok(Server { child, base: base.trim_end_matches('/').to_owned() });
            }
        }
        bail!("rapport did not start ({})", child.wait()?);
    }

    /// Makes a user of the role and logs in; the session's cookie.
    fn log_in(&self, base: &str, role: &str) -> Result<String> {
        let arguments = ["user", "add", "--email", EMAIL, "--role", role, "--password-stdin"];
        let mut child = self.command().args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        child.stdin.take().context("no standard input")?.write_all(PASSWORD.as_bytes())?;
        child.wait()?;
        let host = base.trim_start_matches("http://");
        let body = format!("{{\"email\":\"{EMAIL}\",\"password\":\"{PASSWORD}\"}}");
        let mut stream = TcpStream::connect(host)?;
        write!(
            stream,
            "POST /api/v1/session HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nX-Rapport: 1\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let cookie = answer.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or_default().to_owned())
        });
        cookie.with_context(|| format!("the member could not log in: {answer}"))
    }
}
