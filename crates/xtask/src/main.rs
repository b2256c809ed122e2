//! The project's own tasks: build and start, develop, test, tidy. `make` has a thin name for each.

mod contract;
mod process;
mod rust_tokens;
mod start;
mod suite;
mod tidy;
mod tools;
mod totals;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
Tasks (make NAME, or cargo xtask NAME):
  run    build server and UI (release) and start on http://localhost:8080 with a demo company
  dev    debug server on :8080 and Vite with hot reload on :5173
  test   every check and every test; ends with \"N passed, N failed\"; `test NAME…` runs only those steps
  tidy   only the rules of the house
  fmt    format Rust and TypeScript";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let task = arguments.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = arguments.collect();
    let root = root();
    let result = match task.as_str() {
        "run" => start::run(&root, &rest),
        "dev" => start::dev(&root),
        "test" => suite::run(&root, &rest),
        "tidy" => tidy::run(&root),
        "fmt" => suite::format(&root),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(true)
        }
        other => {
            eprintln!("There is no task `{other}`.\n{HELP}");
            Ok(false)
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask {task}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace: where this crate was built from, or the current one when that has moved.
fn root() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_path_buf);
    match built {
        Some(root) if root.join("Cargo.toml").exists() => root,
        _ => PathBuf::from("."),
    }
}
