//! Says who sends: RFC 8292, a token that is signed for one push service and half a day.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::push::PushParcel;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value as Json, json};
use url::Url;

/// How long a token is good for, in seconds; RFC 8292 allows a day.
const GOOD_S: i64 = 12 * 3_600;

/// The value of the header `Authorization`; nothing when the key is none.
pub(crate) fn authorization(parcel: &PushParcel, endpoint: &Url) -> Option<String> {
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &parcel.key, &random).ok()?;
    let mut claims = json!({ "aud": endpoint.origin().ascii_serialization(), "exp": parcel.now_s + GOOD_S });
    if let (Some(contact), Some(claims)) = (&parcel.contact, claims.as_object_mut()) {
        claims.insert("sub".to_owned(), Json::String(contact.clone()));
    }
    let part = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
    let head = json!({ "typ": "JWT", "alg": "ES256" });
    let signed = format!("{}.{}", part(&head), part(&claims));
    let signature = pair.sign(&random, signed.as_bytes()).ok()?;
    let key = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    Some(format!("vapid t={signed}.{}, k={key}", URL_SAFE_NO_PAD.encode(signature.as_ref())))
}
