//! `test`: every check and every test of the project, in one ordered list.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::start::{REQUIRE_UI, build_ui, cargo};
use crate::totals::Totals;
use crate::{contract, process, tidy, tools};

/// One step: what it is called and what it does.
struct Step {
    name: &'static str,
    run: fn(&Path) -> Result<Totals>,
}

/// Cheap checks first, so that a slip shows at once; the UI before the server that embeds it; the browser last.
const STEPS: &[Step] = &[
    Step { name: "format", run: |root| once(cargo(root).args(["fmt", "--all", "--check"])) },
    Step { name: "tidy", run: |root| Ok(verdict(tidy::run(root)?)) },
    Step { name: "ui-build", run: |root| tools::check_node().and_then(|()| build_ui(root)).map(|()| verdict(true)) },
    Step { name: "ui-check", run: |root| once(tools::npm(&root.join("web")).args(["run", "check"])) },
    Step { name: "ui-size", run: |root| count(tools::npm(&root.join("web")).args(["run", "size"])) },
    Step { name: "ui-unit", run: |root| count(tools::npm(&root.join("web")).args(["run", "test"]).env("CI", "1")) },
    Step { name: "clippy", run: clippy },
    Step { name: "rust", run: rust_tests },
    Step { name: "browser", run: browser_tests },
];

/// Steps that run only when they are named: they need more than a build does.
const OPT_IN: &[Step] = &[Step { name: "schemathesis", run: contract::run }];

/// Runs the steps, all or those named, and prints the totals last.
pub fn run(root: &Path, names: &[String]) -> Result<bool> {
    let all = || STEPS.iter().chain(OPT_IN);
    if let Some(unknown) = names.iter().find(|name| !all().any(|step| step.name == *name)) {
        let known: Vec<&str> = all().map(|step| step.name).collect();
        bail!("there is no step `{unknown}`; the steps are {}", known.join(", "));
    }
    let mut totals = Totals::default();
    let mut failed = Vec::new();
    let asked: Vec<&Step> = match names {
        [] => STEPS.iter().collect(),
        _ => all().filter(|step| names.iter().any(|name| name == step.name)).collect(),
    };
    for step in asked {
        println!("\n=== {} ===", step.name);
        let started = Instant::now();
        let result = (step.run)(root).unwrap_or_else(|error| {
            println!("{}: {error:#}", step.name);
            verdict(false)
        });
        println!(
            "=== {}: {} passed, {} failed, {:.0} s",
            step.name,
            result.passed,
            result.failed,
            started.elapsed().as_secs_f64()
        );
        if result.failed > 0 {
            failed.push(step.name);
        }
        totals.add(result);
    }
    if !failed.is_empty() {
        println!("\nFailed: {}", failed.join(", "));
    }
    println!("\n{} passed, {} failed", totals.passed, totals.failed);
    Ok(totals.failed == 0)
}

/// Formats Rust and TypeScript.
pub fn format(root: &Path) -> Result<bool> {
    process::check(cargo(root).args(["fmt", "--all"]))?;
    let web = root.join("web");
    if web.join("package.json").exists() {
        tools::check_node()?;
        tools::install_packages(&web)?;
        process::check(tools::npm(&web).args(["run", "format"]))?;
    }
    Ok(true)
}

/// A step that is one check: it holds or it does not.
fn verdict(holds: bool) -> Totals {
    Totals { passed: u64::from(holds), failed: u64::from(!holds) }
}

fn once(command: &mut Command) -> Result<Totals> {
    process::watch(command).map(|(succeeded, _)| verdict(succeeded))
}

/// A test runner: its own figures count, and a fall without a figure counts as one failure.
fn count(command: &mut Command) -> Result<Totals> {
    let (succeeded, printed) = process::watch(command)?;
    let mut totals = Totals::read(&printed);
    if !succeeded && totals.failed == 0 {
        totals.failed = 1;
    }
    if succeeded && totals.passed == 0 {
        bail!("the runner reported no test at all");
    }
    Ok(totals)
}

fn clippy(root: &Path) -> Result<Totals> {
    let arguments = ["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    once(cargo(root).args(arguments))
}

/// Every Rust test; those of store and engine run on SQLite and PostgreSQL alike.
fn rust_tests(root: &Path) -> Result<Totals> {
    tools::check_c_compiler()?;
    tools::ensure_postgres()?;
    let arguments: &[&str] = if tools::has_nextest() {
        &["nextest", "run", "--locked", "--workspace", "--no-fail-fast"]
    } else {
        &["test", "--locked", "--workspace", "--no-fail-fast"]
    };
    let server = Postgres::start(root)?;
    let totals = count(cargo(root).args(arguments).env("RAPPORT_TEST_POSTGRES", &server.url))?;
    server.stop()?;
    Ok(totals)
}

/// One PostgreSQL server for all test programs; the test kit knows how to start it.
struct Postgres {
    child: Child,
    url: String,
}

impl Postgres {
    fn start(root: &Path) -> Result<Self> {
        let mut child = cargo(root)
            .args(["run", "--quiet", "--locked", "--package", "testkit", "--bin", "test-postgres"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the test kit")?;
        let stdout = child.stdout.take().context("the test kit has no output")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        let url = url.trim().to_owned();
        if url.is_empty() {
            bail!("PostgreSQL did not start ({})", child.wait()?);
        }
        Ok(Self { child, url })
    }

    /// The server ends when the test kit's standard input does.
    fn stop(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        self.child.wait().context("cannot wait for the test kit")?;
        Ok(())
    }
}

/// Playwright in Chromium against the debug program.
fn browser_tests(root: &Path) -> Result<Totals> {
    let chromium = tools::ensure_chromium()?;
    process::check(cargo(root).args(["build", "--locked", "--package", "rapport"]).env(REQUIRE_UI, "1"))?;
    let folder = root.join("web/e2e");
    tools::install_packages(&folder)?;
    count(
        tools::npm(&folder)
            .args(["run", "test"])
            .env("RAPPORT_BIN", root.join("target/debug/rapport"))
            .env("RAPPORT_CHROMIUM", chromium),
    )
}
