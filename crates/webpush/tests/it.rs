//! Against a push service that follows a script: what goes over, what each answer means, where nothing goes at all.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::outward::{Allows, is_public, public_and};
use engine::push::{PushParcel, Pushed};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, UnparsedPublicKey};
use serde_json::{Value as Json, json};
use testkit::push::{Browser, PushService};
use testkit::smtp::{Protection, Smtp};

const NOW_S: i64 = 1_800_000_000;

fn opened() -> Allows {
    public_and(|address| address.is_loopback())
}

fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn parcel(endpoint: &str, browser: &Browser) -> PushParcel {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    PushParcel {
        endpoint: endpoint.to_owned(),
        p256dh: bytes(&browser.p256dh()),
        auth: bytes(&browser.auth()),
        key: key.as_ref().to_vec(),
        contact: Some("mailto:crm@example.com".to_owned()),
        now_s: NOW_S,
        ttl_s: 86_400,
        urgency: "high",
        topic: Some("AbC-_9".to_owned()),
        body: json!({ "title": "Grüße" }).to_string().into_bytes(),
    }
}

fn send(allows: Allows, endpoint: &str) -> Pushed {
    webpush::carrier(allows, Some(Duration::from_secs(2)))(&parcel(endpoint, &Browser::new()))
}

#[test]
fn a_message_says_who_sends_it_and_only_the_device_reads_it() {
    let (service, browser) = (PushService::start(), Browser::new());
    let sent = webpush::carrier(opened(), None)(&parcel(&service.endpoint("device/1?a=b"), &browser));
    assert_eq!(sent, Pushed::Accepted("201".to_owned()));
    let given = service.taken().remove(0);
    assert_eq!(given.path, "/device/1?a=b");
    assert_eq!(given.read(&browser)["title"], "Grüße");
    for (name, value) in [("ttl", "86400"), ("urgency", "high"), ("topic", "AbC-_9"), ("content-encoding", "aes128gcm")]
    {
        assert_eq!(given.header(name), value, "{name}");
    }
    // RFC 8292: signed by the key beside it, for this service, for less than a day.
    let (token, key) = given.header("authorization").strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes(key));
    key.verify(signed.as_bytes(), &bytes(signature)).expect("the signature is right");
    let (head, claims) = signed.split_once('.').unwrap();
    let read = |part: &str| serde_json::from_slice::<Json>(&bytes(part)).unwrap();
    assert_eq!(read(head), json!({ "typ": "JWT", "alg": "ES256" }));
    let claims = read(claims);
    assert_eq!(claims["aud"], format!("http://127.0.0.1:{}", service.port));
    assert_eq!((&claims["exp"], &claims["sub"]), (&json!(NOW_S + 43_200), &json!("mailto:crm@example.com")));
}

#[test]
fn each_answer_means_what_it_means() {
    let service = PushService::start();
    let answer = |line: &str| {
        service.then(line);
        send(opened(), &service.endpoint("1"))
    };
    assert_eq!(answer("404 Not Found"), Pushed::Gone("404".to_owned()));
    assert_eq!(answer("410 Gone"), Pushed::Gone("410".to_owned()));
    assert_eq!(answer("413 Too Large"), Pushed::TooLong("413".to_owned()));
    assert_eq!(answer("429 Slow\r\nRetry-After: 90"), Pushed::Later(Some(90), "429".to_owned()));
    assert_eq!(answer("503 Busy"), Pushed::Later(None, "503".to_owned()));
    assert_eq!(answer("403 Forbidden"), Pushed::Refused("403".to_owned()));
    assert!(matches!(answer(""), Pushed::Later(None, _)), "no answer");
    assert!(matches!(answer("hang"), Pushed::Later(None, _)), "no answer in time");
    assert!(matches!(answer("nonsense"), Pushed::Later(None, _)));
    let long = format!("201 Created\r\nX: {}", "a".repeat(100_000));
    assert!(matches!(answer(&long), Pushed::Later(None, _)), "headers without end");
}

#[test]
fn it_follows_nobody() {
    let (service, other) = (PushService::start(), PushService::start());
    service.then(&format!("307 Elsewhere\r\nLocation: {}", other.endpoint("inside")));
    assert_eq!(send(opened(), &service.endpoint("1")), Pushed::Refused("307".to_owned()));
    assert_eq!((service.taken().len(), other.taken().len()), (1, 0));
}

#[test]
fn what_is_not_the_public_internet_is_not_connected_to() {
    let service = PushService::start();
    let strict: Allows = Arc::new(is_public);
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254", "0.0.0.0"] {
        for scheme in ["http", "https"] {
            let sent = send(strict.clone(), &format!("{scheme}://{host}:{}/1", service.port));
            assert!(matches!(&sent, Pushed::Refused(words) if words.contains("public internet")), "{host}: {sent:?}");
        }
    }
    // What the operator opened is still not reached without encryption beyond this machine.
    let all: Allows = Arc::new(|_| true);
    assert!(matches!(send(all, "http://10.0.0.1/1"), Pushed::Refused(_)));
    assert!(service.taken().is_empty());
}

#[test]
fn a_certificate_of_nobody_is_not_believed() {
    let server = Smtp::start(Protection::Tls, &[]);
    let sent = send(opened(), &format!("https://localhost:{}/1", server.port));
    assert!(matches!(&sent, Pushed::Later(None, words) if words.to_lowercase().contains("certificate")), "{sent:?}");
    assert!(server.heard().iter().all(|heard| heard.commands.is_empty()));
}
