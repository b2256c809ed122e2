//! Who reads files: the program itself once more, as a process of its own that may be slow, greedy or die without harm.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::Context as _;
use engine::file_texts::TextReader;
use store::tables::file_texts::FileText;

use super::{Found, State, extract};

/// After this a process that still reads is ended.
const TIME_MAX: Duration = Duration::from_secs(20);
/// Longest answer, in bytes: a text and what JSON adds to it.
const ANSWER_MAX: u64 = 2 * 1024 * 1024;

/// Reads within this process: for tests, and where no other can be started.
pub fn in_process() -> TextReader {
    Arc::new(|file| Ok(kept(extract(file))))
}

/// Starts a program, which is this one, with `extract-text` for each file: the file is its standard input, the answer its
/// standard output. It inherits nothing else.
pub fn by_program(program: PathBuf) -> TextReader {
    Arc::new(move |file| ask(&program, file))
}

fn kept(found: Found) -> FileText {
    FileText { state: found.state.name().to_owned(), body: found.text }
}

fn ask(program: &PathBuf, file: File) -> anyhow::Result<FileText> {
    let mut child = Command::new(program)
        .arg("extract-text")
        .env_clear()
        .stdin(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("starting the reader of files")?;
    let (send, answer) = channel();
    if let Some(output) = child.stdout.take() {
        std::thread::Builder::new().name("file-text".to_owned()).spawn(move || {
            let mut text = Vec::new();
            let read = output.take(ANSWER_MAX).read_to_end(&mut text);
            // Whoever asked may have given up.
            let _ = send.send(read.map(|_| text));
        })?;
    }
    let answer = answer.recv_timeout(TIME_MAX);
    // It has said what it has to say, or has not in time; when it ended by itself there is nothing to be ended.
    let _ = child.kill();
    child.wait().context("ending the reader of files")?;
    let Ok(answer) = answer else { return Ok(kept(State::TooSlow.into())) };
    // A process that died over a file says nothing whole.
    let found: Option<Found> = answer.ok().and_then(|text| serde_json::from_slice(&text).ok());
    Ok(kept(found.unwrap_or_else(|| State::Damaged.into())))
}
