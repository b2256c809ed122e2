//! A PostgreSQL server of the tests' own: started once per process, as an unprivileged user, on a socket in a temporary
//! folder, and gone with the process, however that ends.
//!
//! `RAPPORT_TEST_POSTGRES` names a running server instead (a URL; the tests make and leave schemas in its database).

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The port in the socket's name; nothing listens on the network.
const PORT: u16 = 5432;

struct Server {
    url: String,
    /// Its standard input stays open as long as this process lives; when it closes, the server is stopped.
    _watcher: Option<Child>,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static SCHEMAS: AtomicU32 = AtomicU32::new(0);

/// The URL of the server and the name of a schema that nobody used before.
pub fn fresh_schema() -> (String, String) {
    let server = SERVER.get_or_init(start);
    let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
    (server.url.clone(), format!("t{}_{number}", std::process::id()))
}

fn start() -> Server {
    if let Ok(url) = std::env::var("RAPPORT_TEST_POSTGRES") {
        return Server { url, _watcher: None };
    }
    let programs = find_programs().unwrap_or_else(|| {
        panic!("PostgreSQL is not installed. `make test` installs it; or install your system's `postgresql` package.")
    });
    let folder = tempfile::Builder::new().prefix("rapport-pg-").tempdir().expect("a temporary folder").keep();
    let user = server_user();
    if let Some(user) = &user {
        check(Command::new("chown").arg(user).arg(&folder));
    }
    let data = folder.join("data");
    let initdb = programs.join("initdb");
    check(as_user(user.as_deref(), &initdb).args([
        "--auth=trust",
        "--username=rapport",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
        "--pgdata",
        &text(&data),
    ]));
    let watcher = watch(&programs, &folder, &data, user.as_deref());
    let url = format!("host={} port={PORT} user=rapport dbname=postgres", folder.display());
    wait_until_ready(&url, &folder);
    Server { url, _watcher: Some(watcher) }
}

/// A shell that runs the server and stops it when its own standard input closes.
fn watch(programs: &Path, folder: &Path, data: &Path, user: Option<&str>) -> Child {
    let script = r#"
        "$1" -D "$2" -k "$3" -p "$4" -c listen_addresses= -c fsync=off -c full_page_writes=off \
            -c synchronous_commit=off -c max_connections=200 -c shared_buffers=64MB >"$3/log" 2>&1 </dev/null &
        server=$!
        cat >/dev/null
        kill -INT $server
        wait $server
        rm -rf "$3"
    "#;
    as_user(user, Path::new("sh"))
        .args(["-c", script, "sh", &text(&programs.join("postgres")), &text(data), &text(folder), &PORT.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell starts")
}

fn wait_until_ready(url: &str, folder: &Path) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while let Err(error) = postgres::Client::connect(url, postgres::NoTls) {
        if Instant::now() > deadline {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            panic!("PostgreSQL did not start: {error}\n{log}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The server refuses to run as root; then it runs as the system's own user for it.
fn server_user() -> Option<String> {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    (id.stdout.trim_ascii() == b"0").then(|| "postgres".to_owned())
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    match user {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command.current_dir("/");
            command
        }
        None => Command::new(program),
    }
}

/// The folder with `initdb` and `postgres`: by `pg_config`, the newest of Debian's, or the path.
fn find_programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn check(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
