//! Puts the built files of the staff UI into the program.
//!
//! 1. `RAPPORT_WEB_DIST` names a folder: that is embedded (continuous integration and packagers build the UI once).
//! 2. Else a release build runs `npm ci` (when the lock file changed) and `npm run build` in `web/`.
//! 3. Else a debug build embeds `web/dist` when `npm run build` has filled it, so that work on the server never waits
//!    for the UI.
//!
//! When there is nothing, a page says so; `RAPPORT_REQUIRE_UI=1` makes that an error.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What `web/` holds that a build of the UI reads; `node_modules` and `dist` are not among them.
const INPUTS: [&str; 7] =
    ["src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json"];

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-env-changed=RAPPORT_WEB_DIST");
    println!("cargo::rerun-if-env-changed=RAPPORT_REQUIRE_UI");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let web = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../web");
    let files = match find_dist(&web, &out) {
        Ok(dist) => list_files(&dist, &dist),
        Err(reason) => {
            if env::var_os("RAPPORT_REQUIRE_UI").is_some() {
                return Err(format!("the UI is required: {reason}"));
            }
            println!("cargo::warning=without the staff UI: {reason}");
            Vec::new()
        }
    };
    fs::write(out.join("files.rs"), table(&files)).map_err(|error| format!("writing files.rs: {error}"))
}

fn find_dist(web: &Path, out: &Path) -> Result<PathBuf, String> {
    if let Some(dist) = env::var_os("RAPPORT_WEB_DIST").map(PathBuf::from) {
        println!("cargo::rerun-if-changed={}", dist.display());
        return with_index(dist);
    }
    if !web.join("package.json").exists() {
        return Err("there is no web/package.json".to_owned());
    }
    if env::var("PROFILE").as_deref() == Ok("release") {
        return build(web, out);
    }
    let dist = web.join("dist");
    // An absent path would make every build run this again, so the folder is made.
    if fs::create_dir_all(&dist).is_ok() {
        println!("cargo::rerun-if-changed={}", dist.display());
    }
    with_index(dist).map_err(|_| "run `npm run build` in web/ to see it in debug builds".to_owned())
}

fn with_index(dist: PathBuf) -> Result<PathBuf, String> {
    if dist.join("index.html").exists() {
        dist.canonicalize().map_err(|error| error.to_string())
    } else {
        Err(format!("{} has no index.html", dist.display()))
    }
}

fn build(web: &Path, out: &Path) -> Result<PathBuf, String> {
    for input in INPUTS {
        if web.join(input).exists() {
            println!("cargo::rerun-if-changed={}", web.join(input).display());
        }
    }
    let lock = fs::read(web.join("package-lock.json")).unwrap_or_default();
    let mark = web.join("node_modules/.rapport-lock");
    if fs::read(&mark).ok().as_deref() != Some(lock.as_slice()) {
        npm(web, &["ci", "--prefer-offline", "--no-audit", "--no-fund"], None)?;
        fs::write(&mark, &lock).map_err(|error| error.to_string())?;
    }
    let dist = out.join("dist");
    npm(web, &["run", "build"], Some(&dist))?;
    with_index(dist)
}

fn npm(web: &Path, arguments: &[&str], dist: Option<&Path>) -> Result<(), String> {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(web).args(arguments);
    if let Some(dist) = dist {
        command.env("RAPPORT_OUT", dist);
    }
    let output = command.output().map_err(|error| format!("npm does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let lines: Vec<&str> = said.lines().rev().take(5).collect();
    Err(format!("`npm {}` failed: {}", arguments.join(" "), lines.join(" | ")))
}

/// Every file below a folder with its path in the URL.
fn list_files(root: &Path, folder: &Path) -> Vec<(String, PathBuf)> {
    let mut files = Vec::new();
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            files.extend(list_files(root, &path));
        } else if let Ok(relative) = path.strip_prefix(root) {
            files.push((relative.to_string_lossy().replace('\\', "/"), path));
        }
    }
    files
}

/// The table as Rust: one `File` per file, its compressed forms beside it.
fn table(files: &[(String, PathBuf)]) -> String {
    let mut code = String::from("static FILES: &[File] = &[\n");
    for (name, path) in files {
        if name.ends_with(".br") || name.ends_with(".gz") || name.ends_with(".map") {
            continue;
        }
        let mut hasher = DefaultHasher::new();
        hasher.write(&fs::read(path).unwrap_or_default());
        let packed = |suffix: &str| {
            files
                .iter()
                .find(|(other, _)| *other == format!("{name}.{suffix}"))
                .map_or("None".to_owned(), |(_, path)| {
                    format!("Some(include_bytes!({:?}))", path.display().to_string())
                })
        };
        let _ = writeln!(
            code,
            "    File {{ path: {name:?}, hash: \"{:016x}\", plain: include_bytes!({:?}), br: {}, gz: {} }},",
            hasher.finish(),
            path.display().to_string(),
            packed("br"),
            packed("gz"),
        );
    }
    code.push_str("];\n");
    code
}
