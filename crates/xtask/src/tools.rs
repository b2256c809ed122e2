//! The programs a build or a test needs from the machine: found, checked, and installed where that is ours to do.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;

/// The oldest Node that the UI's tools run on.
const NODE_MIN: (u32, u32) = (20, 19);

/// Says clearly when Node or npm is missing or too old.
pub fn check_node() -> Result<()> {
    let advice = "Install Node 20.19 or newer (https://nodejs.org) and try again.";
    let version =
        process::output(Command::new("node").arg("--version")).with_context(|| format!("Node is missing. {advice}"))?;
    let Some(found) = node_version(&version) else {
        bail!("`node --version` says `{}`, which is no version. {advice}", version.trim());
    };
    if found < NODE_MIN {
        bail!("Node {} is too old. {advice}", version.trim());
    }
    process::output(Command::new("npm").arg("--version")).with_context(|| format!("npm is missing. {advice}"))?;
    Ok(())
}

fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Says clearly when there is no C compiler, which the bundled SQLite needs.
pub fn check_c_compiler() -> Result<()> {
    let named = std::env::var("CC").ok().filter(|cc| find_program(cc).is_some());
    if named.is_some() || ["cc", "gcc", "clang"].iter().any(|name| find_program(name).is_some()) {
        return Ok(());
    }
    bail!("There is no C compiler, which the bundled SQLite needs. Install gcc or clang and try again.");
}

/// Installs a folder's npm packages when its lock file has changed since the last time.
pub fn install_packages(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let mark = folder.join("node_modules/.rapport-lock");
    if std::fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    process::check(npm(folder).args(["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]))?;
    std::fs::create_dir_all(folder.join("node_modules"))?;
    std::fs::write(&mark, wanted).with_context(|| format!("cannot write {}", mark.display()))
}

/// npm at work in a folder.
pub fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.arg("--prefix").arg(folder);
    command
}

/// Finds Chromium, or installs it from the system's packages.
pub fn ensure_chromium() -> Result<PathBuf> {
    if let Some(path) = find_chromium() {
        return Ok(path);
    }
    install("Chromium", &["chromium"])?;
    find_chromium().context("Chromium was installed but is not in the PATH")
}

fn find_chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("RAPPORT_CHROMIUM").map(PathBuf::from) {
        return Some(named);
    }
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].iter().find_map(|name| find_program(name))
}

/// Finds PostgreSQL's server programs, or installs them from the system's packages.
pub fn ensure_postgres() -> Result<()> {
    if has_postgres() {
        return Ok(());
    }
    install("PostgreSQL", &["postgresql"])?;
    if !has_postgres() {
        bail!("PostgreSQL was installed but its `initdb` is neither in the PATH nor in /usr/lib/postgresql");
    }
    Ok(())
}

fn has_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    find_program("initdb").is_some() || versions.map(|version| version.path().join("bin/initdb")).any(|p| p.exists())
}

/// Whether `cargo nextest` can be used.
pub fn has_nextest() -> bool {
    let mut command = Command::new("cargo");
    command.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Where a program is in the PATH; a path is taken as it is.
pub fn find_program(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| path.exists());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Installs packages of the system, as root or with sudo.
fn install(what: &str, packages: &[&str]) -> Result<()> {
    if find_program("apt-get").is_none() {
        bail!("{what} is missing and this system has no apt-get. Install {what} and try again.");
    }
    let is_root = process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !is_root && find_program("sudo").is_none() {
        bail!("{what} is missing. Run `apt-get install {}` as root and try again.", packages.join(" "));
    }
    println!("{what} is missing; installing it from the system's packages.");
    let apt = || {
        let mut command = Command::new(if is_root { "apt-get" } else { "sudo" });
        if !is_root {
            command.args(["--non-interactive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        command
    };
    process::check(apt().args(["update", "--quiet"]))
        .and_then(|()| process::check(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages)))
        .with_context(|| format!("cannot install {what}; run `apt-get install {}` and try again", packages.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_node_versions() {
        assert_eq!(node_version("v20.19.2\n"), Some((20, 19)));
        assert_eq!(node_version("v9.1.0"), Some((9, 1)));
        assert_eq!(node_version("nothing"), None);
        assert!((22, 0) > NODE_MIN && (20, 9) < NODE_MIN);
    }
}
