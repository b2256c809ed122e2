//! `extract-text`: reads a file from standard input and writes its text, as JSON, to standard output. Started by the server
//! for each file, so that a hostile one harms only this process.

use std::process::ExitCode;

use anyhow::Result;

/// Reads one file within limits that the system enforces.
pub fn run() -> Result<ExitCode> {
    #[cfg(unix)]
    limit()?;
    let found = contacts::texts::extract(std::io::stdin().lock());
    serde_json::to_writer(std::io::stdout().lock(), &found)?;
    Ok(ExitCode::SUCCESS)
}

/// Memory, time, and no files at all, neither read nor written.
#[cfg(unix)]
fn limit() -> Result<()> {
    use rlimit::Resource;
    /// Address space: the program itself, the file, and what a sound file unpacks to.
    const MEMORY_BYTES: u64 = 1024 * 1024 * 1024;
    const SECONDS: u64 = 20;
    for (resource, most) in [
        (Resource::AS, MEMORY_BYTES),
        (Resource::CPU, SECONDS),
        (Resource::FSIZE, 0),
        (Resource::NOFILE, 3),
        (Resource::CORE, 0),
    ] {
        // Where a system knows no such limit, the time limit of the server is left.
        if resource.is_supported() {
            resource.set(most, most)?;
        }
    }
    Ok(())
}
