//! Messages that only the device can read: RFC 8291 over the content encoding aes128gcm of RFC 8188.

use engine::push::{BYTES_MAX, OVERHEAD};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};

/// Bytes of the salt.
pub(crate) const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
/// The record size that the header names: one record holds the whole message.
const RECORD_BYTES: u32 = 4096;
/// Ends the text of the last record (RFC 8188, section 2).
const LAST: u8 = 2;

/// A number of bytes that HKDF makes.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

/// Encrypts a message for a device with a key that is made for it alone.
///
/// # Errors
/// Keys that are none; a message beyond what every push service takes; a system without random bytes.
pub(crate) fn encrypt(p256dh: &[u8], auth: &[u8], text: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let random = SystemRandom::new();
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt)?;
    let private = EphemeralPrivateKey::generate(&ECDH_P256, &random)?;
    let public = private.compute_public_key()?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, p256dh);
    agree_ephemeral(private, &theirs, |shared| seal(shared, public.as_ref(), p256dh, auth, &salt, text))?
}

/// The message: header and one record. `shared` is the secret of both key pairs (RFC 8291, section 3).
pub(crate) fn seal(
    shared: &[u8],
    ours: &[u8],
    theirs: &[u8],
    auth: &[u8],
    salt: &[u8; SALT_BYTES],
    text: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    if text.len() + OVERHEAD > BYTES_MAX {
        return Err(Unspecified);
    }
    let both = Salt::new(HKDF_SHA256, auth).extract(shared);
    let material = expand(&both, &[b"WebPush: info\0", theirs, ours], 32)?;
    let record = Salt::new(HKDF_SHA256, salt).extract(&material);
    let key = expand(&record, &[b"Content-Encoding: aes128gcm\0"], 16)?;
    let nonce = expand(&record, &[b"Content-Encoding: nonce\0"], NONCE_BYTES)?;
    let mut sealed = text.to_vec();
    sealed.push(LAST);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?);
    key.seal_in_place_append_tag(Nonce::try_assume_unique_for_key(&nonce)?, Aad::empty(), &mut sealed)?;
    let mut message = salt.to_vec();
    message.extend_from_slice(&RECORD_BYTES.to_be_bytes());
    message.push(u8::try_from(ours.len()).map_err(|_| Unspecified)?);
    message.extend_from_slice(ours);
    message.append(&mut sealed);
    Ok(message)
}

fn expand(key: &Prk, info: &[&[u8]], count: usize) -> Result<Vec<u8>, Unspecified> {
    let mut bytes = vec![0; count];
    key.expand(info, Bytes(count))?.fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use testkit::push::Browser;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_rfc_comes_out() {
        let message = bytes(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr\
             u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        );
        let text = b"When I grow up, I want to be a watermelon";
        let browser =
            Browser::known(&bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), &bytes("BTBZMqHH6r4Tts7J_aSIgg"));
        let theirs = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let ours = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        assert_eq!(bytes(&browser.p256dh()), theirs);
        let shared = browser.agree(&ours);
        assert_eq!(shared, bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"));
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        assert_eq!(seal(&shared, &ours, &theirs, &auth, &salt, text).unwrap(), message);
        assert_eq!(browser.read(&message), text);
    }

    #[test]
    fn what_is_encrypted_is_read_by_the_device_alone() {
        let (one, other) = (Browser::new(), Browser::new());
        let (point, auth) = (bytes(&one.p256dh()), bytes(&one.auth()));
        let longest = vec![b'a'; BYTES_MAX - OVERHEAD];
        for text in [&b""[..], b"Hello", &longest] {
            let message = encrypt(&point, &auth, text).unwrap();
            assert_eq!(one.read(&message), text);
            assert!(message.len() <= BYTES_MAX && other.try_read(&message).is_none());
        }
        assert!(encrypt(&point, &auth, &vec![b'a'; BYTES_MAX - OVERHEAD + 1]).is_err());
        // Not on the curve.
        assert!(encrypt(&[&[4][..], &[7; 64]].concat(), &auth, b"Hello").is_err());
    }
}
