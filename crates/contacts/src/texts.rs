//! The text inside files, for search: read once for each content, in a process of its own, as files come from anybody.

mod job;
mod office;
mod pdf;
mod plain;
mod reader;
mod rtf;
mod sink;
mod xml;

use std::io::Read;
use std::panic::AssertUnwindSafe;

use engine::{ConsumerEntry, JobEntry};
use serde::{Deserialize, Serialize};

pub use job::catch_up;
pub use reader::{by_program, in_process};

use sink::Sink;

/// Asks for the text of files that records name anew.
pub(crate) const CONSUMER: ConsumerEntry = ConsumerEntry { name: "file_texts", run: job::follow };

/// Reads what was asked for; every night whatever is missing.
pub(crate) const JOB: JobEntry =
    JobEntry { kind: job::KIND, run: job::run, nightly: Some(|_| vec![job::everything()]), upkeep: true };

/// Largest file whose text is read, in bytes.
const FILE_MAX: u64 = 64 * 1024 * 1024;

/// How reading a file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is text.
    Read,
    /// It could hold text, but does not: a scan.
    Empty,
    /// It opens only with a password.
    Encrypted,
    /// It is not what it says it is.
    Damaged,
    /// It is, or unpacks to, more than is read.
    TooLarge,
    /// It kept its reader busy for too long.
    TooSlow,
    /// A picture, a film, an archive: nobody expects text.
    Other,
}

impl State {
    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Empty => "empty",
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Other => "other",
        }
    }
}

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How it ended.
    pub state: State,
    /// Plain text, without control characters; empty unless there is some.
    pub text: String,
}

impl From<State> for Found {
    fn from(state: State) -> Self {
        Self { state, text: String::new() }
    }
}

/// Reads the text of a file of whatever kind. What it is, is told by its bytes: names and types are only claims.
pub fn extract(input: impl Read) -> Found {
    let mut bytes = Vec::new();
    match input.take(FILE_MAX + 1).read_to_end(&mut bytes) {
        Ok(length) if length as u64 > FILE_MAX => return State::TooLarge.into(),
        Ok(_) => {}
        Err(_) => return State::Damaged.into(),
    }
    // Whatever a library makes of a broken file, it is a broken file.
    std::panic::catch_unwind(AssertUnwindSafe(|| read(bytes))).unwrap_or_else(|_| State::Damaged.into())
}

fn read(bytes: Vec<u8>) -> Found {
    let mut sink = Sink::default();
    let done = if bytes.get(..1024).unwrap_or(&bytes).windows(5).any(|five| five == b"%PDF-") {
        pdf::read(bytes, &mut sink)
    } else if bytes.starts_with(b"PK\x03\x04") {
        office::read(bytes, &mut sink)
    } else if bytes.starts_with(b"{\\rtf") {
        rtf::read(&bytes, &mut sink);
        Ok(())
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Err(office::state_of_ole(&bytes))
    } else {
        plain::read(&bytes, &mut sink)
    };
    match (done, sink.into_text()) {
        (Err(state), _) => state.into(),
        (Ok(()), text) if text.is_empty() => State::Empty.into(),
        (Ok(()), text) => Found { state: State::Read, text },
    }
}
