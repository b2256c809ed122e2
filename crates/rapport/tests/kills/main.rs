//! The program is killed in the middle of its work, again and again: every write that was acknowledged is there
//! afterwards, none is there by half, and imports go on where they stopped.
//!
//! `RAPPORT_KILLS` says how often; a dozen by default.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod mail;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

/// Clients that write at the same time.
const CLIENTS: usize = 4;
/// Rows of each import.
const ROWS: usize = 1_500;

/// What a record must look like now: one state, or one of two when the answer to the last write never came.
#[derive(Debug, Clone, PartialEq)]
struct State {
    title: String,
    deleted: bool,
}

#[derive(Default)]
struct Ledger {
    /// By id: the states that are right.
    records: HashMap<String, Vec<State>>,
    /// Creates whose answer never came, by the e-mail address: there may be one, or none.
    open: Vec<String>,
}

struct Server {
    child: Child,
    address: String,
    key: String,
    agent: ureq::Agent,
}

impl Server {
    fn start(data: &Path, key: &str) -> Self {
        let mut child = program(data)
            .args(["serve", "--listen", "127.0.0.1:0", "--rate-per-minute", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let port = stdout
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("http://localhost:").map(|(_, port)| port.trim().to_owned()));
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into();
        let address = format!("http://127.0.0.1:{}/api/v1", port.expect("the server names its port"));
        Self { child, address, key: key.to_owned(), agent }
    }

    /// Status and body; `None` when the server died before it answered.
    fn send(&self, method: &str, path: &str, body: &str) -> Option<(u16, Json)> {
        let url = format!("{}{path}", self.address);
        let authorization = format!("Bearer {}", self.key);
        let answer = match method {
            "GET" => self.agent.get(&url).header("authorization", authorization).call(),
            "PUT" => self
                .agent
                .put(&url)
                .header("authorization", authorization)
                .header("content-type", "application/json")
                .send(body),
            "DELETE" => self.agent.delete(&url).header("authorization", authorization).call(),
            "PATCH" => self
                .agent
                .patch(&url)
                .header("authorization", authorization)
                .header("content-type", "application/json")
                .send(body),
            _ => {
                let kind = if body.starts_with('{') { "application/json" } else { "text/csv" };
                self.agent.post(&url).header("authorization", authorization).header("content-type", kind).send(body)
            }
        };
        let mut answer = answer.ok()?;
        let text = answer.body_mut().read_to_string().ok()?;
        Some((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Json::Null)))
    }

    fn get(&self, path: &str) -> Json {
        let (status, body) = self.send("GET", path, "").expect("the server answers");
        assert!(status < 300, "GET {path}: {status} {body}");
        body
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.arg("--data").arg(data).args(["--log", "error"]).stdin(Stdio::null());
    command
}

fn json_of(command: &mut Command) -> Json {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// How often the program is killed.
fn kills() -> u64 {
    std::env::var("RAPPORT_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12)
}

fn kill(server: &Server) {
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
}

/// A number that looks random and is the same in every run.
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One client's work until the server dies: creates, edits and deletes of its own records.
fn write_until_death(server: &Server, ledger: &Mutex<Ledger>, round: u64, client: u64) {
    let mut own: Vec<String> = Vec::new();
    for number in 0.. {
        let dice = mix(round * 1_000_003 + client * 1_009 + number);
        let survived = match own.last().cloned() {
            Some(id) if dice % 3 == 1 => edit(server, ledger, &id, &format!("Title {round}-{number}")),
            Some(id) if dice % 7 == 2 => {
                own.pop();
                delete(server, ledger, &id)
            }
            _ => {
                let email = format!("r{round}c{client}n{number}@example.com");
                let created = create(server, ledger, &email);
                own.extend(created.clone());
                created.is_some()
            }
        };
        if !survived {
            return;
        }
    }
}

fn create(server: &Server, ledger: &Mutex<Ledger>, email: &str) -> Option<String> {
    let body = json!({ "given_name": "Kim", "job_title": "Buyer", "emails": [email] }).to_string();
    let Some((status, body)) = server.send("POST", "/people", &body) else {
        ledger.lock().unwrap().open.push(email.to_owned());
        return None;
    };
    assert_eq!(status, 201, "{body}");
    let id = body["record"]["id"].as_str().unwrap().to_owned();
    let state = State { title: "Buyer".to_owned(), deleted: false };
    ledger.lock().unwrap().records.insert(id.clone(), vec![state]);
    Some(id)
}

fn edit(server: &Server, ledger: &Mutex<Ledger>, id: &str, title: &str) -> bool {
    let body = json!({ "job_title": title }).to_string();
    let answer = server.send("PATCH", &format!("/people/{id}"), &body);
    let after = State { title: title.to_owned(), deleted: false };
    settle(ledger, id, after, answer.map(|(status, _)| status))
}

fn delete(server: &Server, ledger: &Mutex<Ledger>, id: &str) -> bool {
    let answer = server.send("DELETE", &format!("/people/{id}"), "");
    let before = ledger.lock().unwrap().records[id].last().cloned().unwrap();
    settle(ledger, id, State { deleted: true, ..before }, answer.map(|(status, _)| status))
}

/// Notes what a write did: for sure when it was answered, else perhaps.
fn settle(ledger: &Mutex<Ledger>, id: &str, after: State, status: Option<u16>) -> bool {
    let mut ledger = ledger.lock().unwrap();
    let states = ledger.records.get_mut(id).unwrap();
    match status {
        Some(status) => {
            assert!(status < 300, "{status}");
            *states = vec![after];
            true
        }
        None => {
            states.push(after);
            false
        }
    }
}

/// Every person that was not imported, deleted or not, page by page.
fn all_people(server: &Server) -> HashMap<String, State> {
    let mut people = HashMap::new();
    let mut cursor = String::new();
    loop {
        let page = server.get(&format!(
            "/people?filter=!has(source)&limit=200&total=false&deleted=with&fields=job_title,deleted_at{cursor}"
        ));
        for record in page["records"].as_array().unwrap() {
            let state = State {
                title: record["job_title"].as_str().unwrap_or_default().to_owned(),
                deleted: !record["deleted_at"].is_null(),
            };
            people.insert(record["id"].as_str().unwrap().to_owned(), state);
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return people,
        }
    }
}

/// Compares what is stored with what was acknowledged.
fn check(server: &Server, ledger: &mut Ledger) {
    let mut stored = all_people(server);
    for (id, states) in &mut ledger.records {
        let stored = stored.remove(id).unwrap_or_else(|| panic!("{id} is gone, acknowledged {states:?}"));
        assert!(states.contains(&stored), "{id}: stored {stored:?}, acknowledged {states:?}");
        *states = vec![stored];
    }
    for email in ledger.open.drain(..) {
        let filter = format!("/people?filter=emails.primary%20%3D%3D%20%27{email}%27&fields=given_name,job_title");
        let found = server.get(&filter)["records"].as_array().unwrap().clone();
        assert!(found.len() <= 1, "{email} is there {} times", found.len());
        assert!(found.iter().all(|record| record["job_title"] == json!("Buyer")), "half a record: {found:?}");
    }
}

fn start_import(server: &Server, number: u64) -> Option<String> {
    let mut file = "Given name,Family name,E-mail,Source\n".to_owned();
    for row in 0..ROWS {
        writeln!(file, "Row{row},Import{number},row{row}@import{number}.example,import {number}").unwrap();
    }
    let (status, body) = server.send("POST", "/imports?object=person&name=people.csv", &file)?;
    assert!(status < 300, "{status} {body}");
    let id = body["id"].as_str().unwrap().to_owned();
    server.send("POST", &format!("/imports/{id}/start"), "{}")?;
    Some(id)
}

/// Imports that were started go on after each start; in the end every row is there exactly once.
fn finish_imports(server: &Server, imports: &[(u64, String)]) {
    for (number, id) in imports {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let import = server.get(&format!("/imports/{id}"));
            match import["status"].as_str().unwrap() {
                "done" => break,
                // The kill came before the start was acknowledged.
                "mapping" | "checked" => {
                    server.send("POST", &format!("/imports/{id}/start"), "{}").unwrap();
                }
                "failed" | "cancelled" => panic!("{import}"),
                _ => {}
            }
            assert!(Instant::now() < deadline, "an import never ends: {import}");
            std::thread::sleep(Duration::from_millis(100));
        }
        let filter = format!("/people?filter=source%20%3D%3D%20%27import%20{number}%27&limit=1");
        assert_eq!(server.get(&filter)["total"], json!({ "count": ROWS, "exact": true }), "import {number}");
    }
}

#[test]
fn no_acknowledged_write_is_lost_when_the_program_is_killed() {
    let kills = kills();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let key =
        json_of(program(data).args(["--json", "key", "add", "--role", "admin"]))["key"].as_str().unwrap().to_owned();
    let ledger = Mutex::new(Ledger::default());
    let mut imports: Vec<(u64, String)> = Vec::new();
    for round in 0..kills {
        let server = Server::start(data, &key);
        check(&server, &mut ledger.lock().unwrap());
        if round % 3 == 0 {
            imports.extend(start_import(&server, round).map(|id| (round, id)));
        }
        let life = Duration::from_millis(50 + mix(round) % 900);
        std::thread::scope(|scope| {
            for client in 0..CLIENTS as u64 {
                let (server, ledger) = (&server, &ledger);
                scope.spawn(move || write_until_death(server, ledger, round, client));
            }
            std::thread::sleep(life);
            kill(&server);
        });
        drop(server);
    }
    let server = Server::start(data, &key);
    check(&server, &mut ledger.lock().unwrap());
    finish_imports(&server, &imports);
    drop(server);
    let faults = json_of(program(data).args(["--json", "verify"]));
    assert_eq!(faults["faults"], json!([]));
    println!("{kills} kills, {} records, {} imports", ledger.lock().unwrap().records.len(), imports.len());
}
