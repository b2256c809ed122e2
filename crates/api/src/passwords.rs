//! Passwords: Argon2id on a bounded number of threads, and the rules of NIST SP 800-63B (length and a block-list,
//! no composition rules, no expiry, no hints; the whole password counts).

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use model::{Code, FieldProblem, Problem};
use tokio::sync::Semaphore;

use crate::problem_json::{Answer, Failure};
use crate::weak_passwords;

/// Fewest characters while a password is the only factor.
pub const CHARACTERS_MIN: usize = 15;
/// Fewest characters beside a second factor.
pub const CHARACTERS_MIN_WITH_FACTOR: usize = 8;
/// Longest password taken, in bytes; bounds the work of hashing.
pub const BYTES_MAX: usize = 1_024;
/// Memory of one hash: 46 MiB (OWASP: t=1, p=1).
const MEMORY_KIB: u32 = 46 * 1024;
/// A hash of nothing, in the form of real ones: unknown accounts take the same time as known ones.
const DUMMY: &str = "$argon2id$v=19$m=47104,t=1,p=1$c29tZSBzYWx0IGJ5dGVz$1nC7r3LbUR2zbGJVLxrZDdWXzB1q6y1lJd5Q3bHWd5g";

/// Hashes and checks passwords, a few at a time (each takes 46 MiB).
#[derive(Debug, Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Passwords {
    /// At most `parallel` hashes at a time and 32 waiting; more are told to come back.
    pub fn new(parallel: usize) -> Self {
        let parallel = parallel.max(1);
        Self { slots: Arc::new(Semaphore::new(parallel)), queue: Arc::new(Semaphore::new(parallel + 32)) }
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: String) -> Answer<String> {
        self.run(move || hash(&password)).await?.map_err(|error| Failure::internal(&error))
    }

    /// Whether a password is the one of a hash; without a hash it takes the same time and is wrong.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Answer<bool> {
        self.run(move || verify(&password, hash.as_deref())).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
        let busy = || Failure {
            retry_after: Some(2),
            ..Failure::new(Code::Busy, "Many people log in at this moment; try again in a few seconds.")
        };
        let _waiting = self.queue.try_acquire().map_err(|_| busy())?;
        let slot = tokio::time::timeout(Duration::from_secs(10), self.slots.clone().acquire_owned()).await;
        let slot = slot.map_err(|_| busy())?.map_err(|_| busy())?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(slot);
            result
        });
        done.await.map_err(|error| Failure::internal(&anyhow::anyhow!("hashing a password: {error}")))
    }
}

/// Hashes on this thread: for the command line.
pub fn hash(password: &str) -> anyhow::Result<String> {
    let hashed = hasher()?.hash_password(password.as_bytes());
    Ok(hashed.map_err(|error| anyhow::anyhow!("hashing a password: {error}"))?.to_string())
}

fn verify(password: &str, hash: Option<&str>) -> bool {
    let known = hash.is_some();
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(DUMMY)) else { return false };
    let matches = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    matches && known
}

fn hasher() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, 1, 1, Some(32)).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Checks a new password. `words` are those an attacker tries first: the company, the user's name and address.
pub fn check_new(password: &str, characters_min: usize, words: &[&str]) -> Result<(), Problem> {
    let (code, message) = if password.chars().count() < characters_min {
        ("too_short", format!("Use at least {characters_min} characters; a few unrelated words work well."))
    } else if password.len() > BYTES_MAX {
        ("too_long", format!("Use at most {BYTES_MAX} bytes."))
    } else if weak_passwords::is_weak(password, words) {
        ("too_common", "This password is among the first that attackers try; choose unrelated words.".to_owned())
    } else {
        return Ok(());
    };
    Err(Problem::invalid(vec![FieldProblem { field: "password".to_owned(), code: code.to_owned(), message }]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_and_an_unknown_account_never_does() {
        let passwords = Passwords::new(1);
        let hash = passwords.hash("seven purple lamps hum".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{hash}");
        assert!(passwords.verify("seven purple lamps hum".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("seven purple lamps hun".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("anything".to_owned(), None).await.unwrap());
        assert!(PasswordHash::new(DUMMY).is_ok());
    }

    #[test]
    fn rules_ask_for_length_and_refuse_the_common() {
        assert!(check_new("short", CHARACTERS_MIN, &[]).is_err());
        assert!(check_new("password1234567!", CHARACTERS_MIN, &[]).is_err());
        assert!(check_new("seven purple lamps hum", CHARACTERS_MIN, &[]).is_ok());
        assert!(check_new("wq7 lamp", CHARACTERS_MIN_WITH_FACTOR, &[]).is_ok());
        assert!(check_new("sunshine", CHARACTERS_MIN_WITH_FACTOR, &[]).is_err());
        assert!(check_new("näher am großen Fluß wohnen", CHARACTERS_MIN, &[]).is_ok());
        assert!(check_new(&"ab9_".repeat(400), CHARACTERS_MIN, &[]).is_err());
    }
}
