//! Codes of an authenticator app (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits), and how a phone gets the secret.

use qrcode::{Color, EcLevel, QrCode};
use ring::hmac;

/// Bytes of a secret.
pub const SECRET_BYTES: usize = 20;
/// Seconds for which a code counts.
const STEP_SECONDS: i64 = 30;
/// Steps before and after the present one whose codes are taken: clocks differ.
const DRIFT: i64 = 1;

/// The code of a time step.
pub fn code_at(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or(0) & 15);
    let four = bytes.get(offset..offset + 4).and_then(|four| <[u8; 4]>::try_from(four).ok()).unwrap_or_default();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// The time step whose code this is, if it is one of those that count now and newer than the last that was taken.
pub fn step_of(secret: &[u8], code: &str, now_s: i64, last_step: i64) -> Option<i64> {
    let present = now_s / STEP_SECONDS;
    let steps = (present - DRIFT..=present + DRIFT).filter(|step| *step > last_step);
    let mut found = None;
    for step in steps {
        // Every step is looked at, so that the time says nothing.
        if is_same(code_at(secret, step).as_bytes(), code.as_bytes()) {
            found = found.or(Some(step));
        }
    }
    found
}

fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

/// RFC 4648 base32 without padding.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut waiting, mut bits) = (String::new(), 0_u32, 0);
    let letter = |five: u32| LETTERS.get((five & 31) as usize).map_or('A', |letter| char::from(*letter));
    for byte in bytes {
        waiting = (waiting << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(letter(waiting >> bits));
        }
    }
    if bits > 0 {
        text.push(letter(waiting << (5 - bits)));
    }
    text
}

/// The address that authenticator apps read.
pub fn uri(issuer: &str, account: &str, secret: &str) -> String {
    let plain = |text: &str| -> String {
        let text: String = text.chars().filter(|c| *c != ':').take(60).collect();
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    };
    let (issuer, account) = (plain(issuer), plain(account));
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

/// A text as a QR code: how many modules it is wide, and the outline of the dark ones as an SVG path.
pub fn qr(text: &str) -> anyhow::Result<(usize, String)> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M)?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width.max(1)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                path.push_str(&format!("M{x} {y}h{0}v1h-{0}z", run.len()));
            }
            x += run.len();
        }
    }
    Ok((width, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six digits.
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(secret, seconds / 30), code);
            assert_eq!(step_of(secret, code, seconds, 0), Some(seconds / 30));
            assert_eq!(step_of(secret, code, seconds + 30, 0), Some(seconds / 30));
            assert_eq!(step_of(secret, code, seconds - 30, 0), Some(seconds / 30));
            assert_eq!(step_of(secret, code, seconds + 60, 0), None);
            assert_eq!(step_of(secret, code, seconds, seconds / 30), None, "a code is taken once");
            assert_eq!(step_of(secret, &code[1..], seconds, 0), None);
        }
    }

    #[test]
    fn secrets_are_written_as_the_rfc_says() {
        for (plain, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()), text);
        }
        let uri = uri("A & B: Co", "ann@x.example", "MY");
        assert_eq!(
            uri,
            "otpauth://totp/A%20%26%20B%20Co:ann%40x.example?secret=MY&issuer=A%20%26%20B%20Co&algorithm=SHA1&digits=6&period=30"
        );
        let (width, path) = qr(&uri).unwrap();
        assert!(width >= 33 && path.starts_with("M0 0h7v1h-7z"), "{width} {path}");
    }
}
