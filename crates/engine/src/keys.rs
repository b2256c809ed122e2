//! The keys of a workspace: files beside the data, never in the database. One signs the heads of the audit log, one
//! seals secrets that the database keeps. A key that is lost or another one is told at the start and never replaced.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use model::{Code, Problem};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use store::tables::settings;
use store::{Error, Priority};
use uuid::Uuid;

use crate::audit::heads;
use crate::workspace::Workspace;

/// Under which name the workspace remembers which keys are its own.
const SETTING: &str = "keys";
/// The file that signs.
const AUDIT_KEY: &str = "audit.key";
/// The file that seals.
const SECRETS_KEY: &str = "secrets.key";
/// What is sealed to recognise the right key.
const CHECK: &[u8] = b"rapport";
/// How sealed secrets begin: the version of the key.
const VERSION: u8 = 1;
/// Bytes of a nonce.
const NONCE_BYTES: usize = 12;

/// The keys folder does not fit the workspace. The program ends with 78 (`EX_CONFIG`).
#[derive(Debug)]
pub struct WrongKeys(String);

impl fmt::Display for WrongKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for WrongKeys {}

/// What the database knows of the keys.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    workspace: Uuid,
    audit: String,
    check: String,
}

/// The keys of an open workspace.
pub(crate) struct Keys {
    pub(crate) folder: PathBuf,
    workspace: Uuid,
    audit: Ed25519KeyPair,
    secrets: LessSafeKey,
}

impl Keys {
    /// The key that signs, in hexadecimal.
    pub(crate) fn public(&self) -> String {
        hex(self.audit.public_key().as_ref())
    }

    pub(crate) fn sign(&self, message: &str) -> String {
        hex(self.audit.sign(message.as_bytes()).as_ref())
    }

    /// Whether this workspace's own key signed a message.
    pub(crate) fn is_signed(&self, message: &str, signature: &str) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.audit.public_key().as_ref());
        unhex(signature).is_some_and(|signature| key.verify(message.as_bytes(), &signature).is_ok())
    }

    /// Where a secret stands is part of it: moved to another row, it cannot be opened.
    fn place(&self, table: &str, column: &str, row: &str) -> Vec<u8> {
        format!("{}|{table}|{column}|{row}|{VERSION}", self.workspace).into_bytes()
    }

    fn seal(&self, place: Vec<u8>, plain: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce: [u8; NONCE_BYTES] = random()?;
        let mut bytes = plain.to_vec();
        self.secrets
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut bytes)
            .map_err(|_| anyhow::anyhow!("a secret could not be sealed"))?;
        let mut sealed = vec![VERSION];
        sealed.extend_from_slice(&nonce);
        sealed.append(&mut bytes);
        Ok(sealed)
    }

    fn open(&self, place: Vec<u8>, sealed: &[u8]) -> Option<Vec<u8>> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>()?;
        if *version != VERSION {
            return None;
        }
        let mut bytes = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        self.secrets.open_in_place(nonce, Aad::from(place), &mut bytes).ok().map(|plain| plain.to_vec())
    }
}

impl Workspace {
    /// Opens the keys in a folder, or makes them for a workspace that has none yet, and begins to sign the audit log.
    ///
    /// # Errors
    /// [`WrongKeys`] when the workspace has keys and these are lost or others; files or a database that fail.
    pub fn unlock(&self, folder: &Path) -> anyhow::Result<()> {
        let known = self.store().read(|tx| settings::find(tx, SETTING)).wait()?;
        let known: Option<Known> = known.map(serde_json::from_value).transpose()?;
        let is_new = known.is_none();
        let audit = load_key(&folder.join(AUDIT_KEY), is_new)?;
        let secrets = load_key(&folder.join(SECRETS_KEY), is_new)?;
        let rejected = |_| anyhow::anyhow!("a key file in {} holds no key", folder.display());
        let keys = Keys {
            folder: folder.to_owned(),
            workspace: known.as_ref().map_or_else(Uuid::now_v7, |known| known.workspace),
            audit: Ed25519KeyPair::from_seed_unchecked(&audit)
                .map_err(|_| anyhow::anyhow!("{AUDIT_KEY} holds no key"))?,
            secrets: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &secrets).map_err(rejected)?),
        };
        match known {
            Some(known) => check_known(&keys, &known)?,
            None => {
                let check = keys.seal(keys.place("setting", "keys", "check"), CHECK)?;
                let known = Known { workspace: keys.workspace, audit: keys.public(), check: hex(&check) };
                let json = serde_json::to_value(&known)?;
                let others = self.store().write(Priority::Interactive, move |tx| {
                    // Of two programs that start at once, the second takes what the first made.
                    if settings::find(tx, SETTING)?.is_some() {
                        return Ok(true);
                    }
                    settings::set(tx, SETTING, &json)?;
                    Ok(false)
                });
                if others.wait()? {
                    return self.unlock(folder);
                }
                heads::set_aside(folder)?;
            }
        }
        if self.0.keys.set(keys).is_ok() {
            self.start_sealer()?;
        }
        Ok(())
    }

    pub(crate) fn keys(&self) -> Result<&Keys, Problem> {
        let locked = || Problem::new(Code::Busy, "The keys of this workspace are not open. Start it with them.");
        self.0.keys.get().ok_or_else(locked)
    }

    /// Seals a secret for a place in the database: a table, a column, a row.
    ///
    /// # Errors
    /// A workspace without keys.
    pub fn seal(&self, table: &str, column: &str, row: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let keys = self.keys()?;
        Ok(keys.seal(keys.place(table, column, row), plain)?)
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// A workspace without keys; a secret that was changed, cut or moved.
    pub fn open_sealed(&self, table: &str, column: &str, row: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let keys = self.keys()?;
        let bent = || anyhow::anyhow!("a secret in {table} cannot be opened: it was changed, cut or moved");
        Ok(keys.open(keys.place(table, column, row), sealed).ok_or_else(bent)?)
    }
}

/// Whether a folder holds the keys of some workspace.
pub fn are_there(folder: &Path) -> bool {
    [AUDIT_KEY, SECRETS_KEY].iter().all(|name| folder.join(name).exists())
}

fn check_known(keys: &Keys, known: &Known) -> Result<(), WrongKeys> {
    let folder = keys.folder.display();
    if known.audit != keys.public() {
        return Err(WrongKeys(format!(
            "wrong key: {AUDIT_KEY} in {folder} is not the one of this workspace; put the right one back"
        )));
    }
    let check = unhex(&known.check).unwrap_or_default();
    if keys.open(keys.place("setting", "keys", "check"), &check).as_deref() != Some(CHECK) {
        return Err(WrongKeys(format!(
            "wrong key: {SECRETS_KEY} in {folder} is not the one of this workspace; put the right one back"
        )));
    }
    Ok(())
}

/// Reads a key; makes it when it is missing and may be made.
fn load_key(path: &Path, may_make: bool) -> anyhow::Result<[u8; 32]> {
    if !path.exists() {
        if !may_make {
            return Err(WrongKeys(format!(
                "{} is missing; put the keys of this workspace back, without them it does not start",
                path.display()
            ))
            .into());
        }
        make_key(path)?;
    }
    let text = std::fs::read_to_string(path).map_err(|error| anyhow::anyhow!("reading {}: {error}", path.display()))?;
    let key = unhex(text.trim()).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    Ok(key.ok_or_else(|| WrongKeys(format!("wrong key: {} holds no key", path.display())))?)
}

/// Writes a new key for its owner alone. It appears whole or not at all, and never in the place of another.
fn make_key(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let partial = path.with_extension(format!("new{}", Uuid::now_v7().simple()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    let key: [u8; 32] = random()?;
    writeln!(file, "{}", hex(&key))?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&partial, path);
    std::fs::remove_file(&partial)?;
    if !path.exists() {
        linked?;
    }
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Makes a folder that only its owner may enter.
///
/// # Errors
/// A file system that fails.
pub fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Random bytes of the system.
fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| anyhow::anyhow!("the system gives no random bytes"))?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal text.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
