//! Secrets that stand for someone: 256 random bits, shown once, kept only as their SHA-256.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};

/// What every API key starts with, so that scanners of leaked secrets can tell.
pub const API_KEY_PREFIX: &str = "rk_";

/// A new token: 43 characters of base64url.
pub fn new_token() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    OsRng.try_fill_bytes(&mut bytes).map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// A new API key: `rk_` and a token.
pub fn new_api_key() -> anyhow::Result<String> {
    Ok(format!("{API_KEY_PREFIX}{}", new_token()?))
}

/// What is kept of a token. An empty or overlong token has none, so it never matches.
pub fn hash_of(token: &str) -> Option<String> {
    if token.len() < 43 || token.len() > 100 {
        return None;
    }
    Some(hex(&Sha256::digest(token.as_bytes())))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_never_alike() {
        let one = new_token().unwrap();
        assert_eq!(one.len(), 43);
        assert_ne!(one, new_token().unwrap());
        assert!(new_api_key().unwrap().starts_with(API_KEY_PREFIX));
        assert_eq!(hash_of(""), None);
        assert_eq!(hash_of(&one).unwrap().len(), 64);
    }
}
