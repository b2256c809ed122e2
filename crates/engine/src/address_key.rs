//! The key under which an address is known where the address itself must not be kept: suppressions outlive erasure.
//!
//! The key is of the workspace and lies in its database, so that every backup has it: a suppression list whose key is
//! lost would allow what people forbade. Whoever has only the list, or an export of it, cannot try addresses on it.

use model::Problem;
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::json;
use store::tables::settings;
use store::{Error, Priority, Store};

use crate::workspace::Workspace;

/// Under which name the workspace keeps it.
const SETTING: &str = "address_key";
/// Bytes of the key.
const KEY_BYTES: usize = 32;

/// HMAC-SHA-256 over addresses.
pub(crate) struct AddressKey(hmac::Key);

impl AddressKey {
    /// The workspace's key; made when the workspace is opened for the first time.
    pub(crate) fn load_or_make(store: &Store) -> anyhow::Result<Self> {
        if let Some(key) = store.read(|tx| settings::find(tx, SETTING)).wait()? {
            return Self::read(&key);
        }
        let mut bytes = [0_u8; KEY_BYTES];
        SystemRandom::new().fill(&mut bytes).map_err(|_| anyhow::anyhow!("the system gives no random bytes"))?;
        let fresh = json!(hex(&bytes));
        let kept = store
            .write(Priority::Interactive, move |tx| {
                settings::insert(tx, SETTING, &fresh)?;
                // Another node may have been first.
                settings::find(tx, SETTING)?.ok_or_else(|| Error::from(Problem::not_found("key")))
            })
            .wait()?;
        Self::read(&kept)
    }

    fn read(kept: &serde_json::Value) -> anyhow::Result<Self> {
        let bytes = kept.as_str().and_then(unhex).filter(|bytes| bytes.len() == KEY_BYTES);
        let bytes = bytes.ok_or_else(|| {
            anyhow::anyhow!("the setting `{SETTING}` is damaged; restore it from a backup, or suppressions do not hold")
        })?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }
}

impl Workspace {
    /// What stands for an address where the address must not be kept: 64 hexadecimal digits.
    pub fn address_key(&self, address: &str) -> String {
        hex(hmac::sign(&self.0.address_key.0, address.as_bytes()).as_ref())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    digits.map(|digits| digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_reads_back_and_damage_is_told() {
        let bytes: Vec<u8> = (0..32).map(|number| number * 7).collect();
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        assert!(AddressKey::read(&json!("abc")).is_err() && AddressKey::read(&json!(7)).is_err());
    }
}
