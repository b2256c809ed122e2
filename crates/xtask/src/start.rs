//! `run`: from a fresh clone to the program at work. `dev`: the same with hot reload of the UI.

use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::{process, tools};

/// Makes a build without the UI an error.
pub const REQUIRE_UI: &str = "RAPPORT_REQUIRE_UI";

/// Builds UI and server in release and starts them with a demo company; arguments go to `rapport serve`.
pub fn run(root: &Path, arguments: &[String]) -> Result<bool> {
    tools::check_node()?;
    tools::check_c_compiler()?;
    println!("Building server and UI; the first time takes some minutes.");
    let build = ["build", "--release", "--locked", "--package", "rapport"];
    process::check(cargo(root).args(build).env(REQUIRE_UI, "1"))?;
    let mut server = Command::new(root.join("target/release/rapport"));
    server.current_dir(root).args(["serve", "--demo"]).args(arguments);
    Ok(server.status().context("cannot start target/release/rapport")?.success())
}

/// Starts the debug server and Vite beside each other; when one ends, so does the other.
pub fn dev(root: &Path) -> Result<bool> {
    tools::check_node()?;
    tools::check_c_compiler()?;
    build_ui(root)?;
    process::check(cargo(root).args(["build", "--package", "rapport"]).env(REQUIRE_UI, "1"))?;
    let mut server = Command::new(root.join("target/debug/rapport"))
        .current_dir(root)
        .args(["serve", "--demo"])
        .spawn()
        .context("cannot start target/debug/rapport")?;
    let vite = tools::npm(&root.join("web")).args(["run", "dev"]).spawn();
    let mut vite = match vite {
        Ok(vite) => vite,
        Err(error) => {
            stop(&mut server)?;
            return Err(error).context("cannot start Vite");
        }
    };
    println!("The UI with hot reload: http://localhost:5173");
    loop {
        if server.try_wait()?.is_some() || vite.try_wait()?.is_some() {
            stop(&mut server)?;
            stop(&mut vite)?;
            return Ok(true);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Builds the UI into `web/dist`, where debug builds of the server take it from.
pub fn build_ui(root: &Path) -> Result<()> {
    let web = root.join("web");
    tools::install_packages(&web)?;
    process::check(tools::npm(&web).args(["run", "build"]))
}

/// Cargo at work in the workspace.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    command
}

fn stop(child: &mut Child) -> Result<()> {
    if child.try_wait()?.is_none() {
        child.kill()?;
        child.wait()?;
    }
    Ok(())
}
