//! The file of signed heads: outside the database, only ever appended to. A table that was cut, exchanged for an older
//! copy or hashed anew no longer fits the heads; who has not the key cannot write others. Each line names the hash of
//! the line before it, so that one signature speaks for all lines above.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::tables::audit::{Hash, Head};
use uuid::Uuid;

use super::AuditFault;
use crate::keys::{Keys, hex, make_folder, unhex};

/// Longest line.
const LINE_BYTES: u64 = 4_096;

/// Why a line was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cause {
    /// The chain had come so far.
    Head,
    /// A backup was restored: heads behind it are of entries that it has not.
    Restored,
}

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    cause: Cause,
    chain: Uuid,
    index: i64,
    hash: String,
    at: i64,
    before: String,
    key: String,
    signature: String,
}

impl Line {
    fn message(&self) -> String {
        let cause = if self.cause == Cause::Head { "head" } else { "restored" };
        let Self { chain, index, hash, at, before, key, .. } = self;
        format!("rapport audit 1\n{cause}\n{chain}\n{index}\n{hash}\n{at}\n{before}\n{key}\n")
    }
}

/// What the file says, after its signatures were checked.
#[derive(Debug, Default)]
pub(super) struct Signed {
    /// Heads that still hold, by index.
    pub(super) heads: BTreeMap<i64, Hash>,
    /// The chain they are of.
    pub(super) chain: Option<Uuid>,
    /// Backups that were restored: when, to which entry, and how far the chain had come.
    pub(super) restored: Vec<(i64, i64, i64)>,
    /// What is wrong with the file itself.
    pub(super) faults: Vec<AuditFault>,
}

/// Where the heads of a keys folder are.
pub fn path(folder: &Path) -> PathBuf {
    folder.join("audit-heads.jsonl")
}

/// Heads that an earlier workspace left in the folder are kept under another name when a new one begins.
pub(crate) fn set_aside(folder: &Path) -> std::io::Result<()> {
    let old = path(folder);
    if old.exists() {
        std::fs::rename(&old, folder.join(format!("audit-heads-until-{}.jsonl", Uuid::now_v7().simple())))?;
    }
    Ok(())
}

/// The hash of a line, which the next one names.
fn hash_of_line(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The file, locked until it is dropped.
pub(super) struct Heads {
    file: File,
    last: Option<(String, Line)>,
}

impl Heads {
    /// Opens and locks the file, so that of two programs one waits. A line that was never finished is taken away.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        make_folder(folder)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path(folder))?;
        file.lock()?;
        let length = file.metadata()?.len();
        let start = length.saturating_sub(2 * LINE_BYTES);
        file.seek(SeekFrom::Start(start))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let unfinished = (tail.len() - whole) as u64;
        if unfinished > 0 {
            file.set_len(length - unfinished)?;
        }
        let text = String::from_utf8_lossy(tail.get(..whole).unwrap_or_default()).into_owned();
        let last = text.lines().next_back().and_then(|text| {
            let line = serde_json::from_str(text).ok()?;
            Some((text.to_owned(), line))
        });
        Ok(Self { file, last })
    }

    /// Whether the newest line is about this head.
    pub(super) fn ends_with(&self, head: &Head) -> bool {
        self.last.as_ref().is_some_and(|(_, line)| {
            (line.chain, line.index, line.hash.as_str()) == (head.chain, head.index, hex(&head.hash).as_str())
        })
    }

    /// How far the newest line says that the chain has come.
    pub(super) fn index(&self) -> i64 {
        self.last.as_ref().map_or(0, |(_, line)| line.index)
    }

    /// Appends a signed line and waits until it is on the disk.
    pub(super) fn append(&mut self, keys: &Keys, cause: Cause, head: &Head, at: i64) -> anyhow::Result<()> {
        let before = self.last.as_ref().map(|(text, _)| hash_of_line(text)).unwrap_or_default();
        let mut line = Line {
            cause,
            chain: head.chain,
            index: head.index,
            hash: hex(&head.hash),
            at,
            before,
            key: keys.public(),
            signature: String::new(),
        };
        line.signature = keys.sign(&line.message());
        let text = serde_json::to_string(&line)?;
        self.file.write_all(format!("{text}\n").as_bytes())?;
        self.file.sync_data()?;
        self.last = Some((text, line));
        Ok(())
    }
}

/// Reads the file and checks that every line follows the one before and that the workspace's key signed them.
pub(super) fn read(keys: &Keys) -> anyhow::Result<Signed> {
    let mut signed = Signed::default();
    let bytes = match std::fs::read(path(&keys.folder)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(signed),
        Err(error) => return Err(error.into()),
    };
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let text = String::from_utf8_lossy(bytes.get(..whole).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let follow = collect(&lines, &mut signed);
    let good = |line: &Line| line.key == keys.public() && keys.is_signed(&line.message(), &line.signature);
    let last = lines.last().and_then(|text| serde_json::from_str::<Line>(text).ok());
    // The last signature covers every line above it; only when something is wrong is each looked at.
    if !follow || last.is_some_and(|line| !good(&line)) {
        for (number, text) in lines.iter().enumerate() {
            match serde_json::from_str::<Line>(text) {
                Ok(line) if good(&line) => {}
                Ok(line) => {
                    let why = format!("the head in line {} is not signed by this workspace's key", number + 1);
                    signed.faults.push(AuditFault { index: line.index, why });
                    break;
                }
                Err(_) => break,
            }
        }
    }
    Ok(signed)
}

/// Takes the heads of all lines; false when a line does not follow the one before it.
fn collect(lines: &[&str], signed: &mut Signed) -> bool {
    let (mut before, mut furthest) = (String::new(), 0);
    for (number, text) in lines.iter().enumerate() {
        let line = serde_json::from_str::<Line>(text).ok().filter(|line| line.before == before);
        let hash = line.as_ref().and_then(|line| Hash::try_from(unhex(&line.hash)?).ok());
        let (Some(line), Some(hash)) = (line, hash) else {
            let why = format!("line {} of the signed heads was changed or taken out", number + 1);
            signed.faults.push(AuditFault { index: furthest, why });
            return false;
        };
        if line.cause == Cause::Restored {
            signed.heads.retain(|index, _| *index <= line.index);
            signed.restored.push((line.at, line.index, furthest));
        }
        if line.index > 0 {
            signed.heads.insert(line.index, hash);
        }
        furthest = line.index;
        signed.chain = Some(line.chain);
        before = hash_of_line(text);
    }
    true
}
