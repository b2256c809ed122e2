//! Web push: what users are told in their browsers while the application is closed (RFC 8030, RFC 8291, RFC 8292).
//!
//! A message is a row for each notification and device, queued in the transaction of the notification. It is written at
//! the moment at which it is sent, with the rights of its reader at that moment, and only when it was not read yet.
//! Semantics: at least once, as with mail; the service worker shows the newest message of a record, so that a second
//! delivery is not a second message.

mod devices;
mod send;

use std::net::IpAddr;
use std::sync::Arc;

use model::{Actor, FieldProblem, Problem, Record};
use serde_json::{Value as Json, json};
use store::tables::notifications::Notification;
use store::tables::pushes;
use store::{Error, Tx};
use url::{Host, Url};

use crate::mail::Tongue;
use crate::outward::Allows;
use crate::workspace::Workspace;

pub(crate) use devices::FOLLOW;
pub use devices::Subscription;

/// How a message leaves the program: a function that speaks web push, given by the program.
pub type PushCarrier = Arc<dyn Fn(&PushParcel) -> Pushed + Send + Sync>;

/// Most bytes of an encrypted message that every push service takes (RFC 8030, section 7.2).
pub const BYTES_MAX: usize = 4096;
/// What encryption adds: a header of 86 bytes, a delimiter, a tag of 16 (RFC 8188, RFC 8291).
pub const OVERHEAD: usize = 103;
/// Most characters of the address of a device.
const ENDPOINT_MAX: usize = 2_000;

/// What the program gave for sending.
pub(crate) struct Outlet {
    pub(crate) carrier: PushCarrier,
    pub(crate) allows: Allows,
    pub(crate) public_url: String,
}

/// A message with everything that is needed to send it.
#[derive(Clone)]
pub struct PushParcel {
    /// The device's address at its push service: a secret.
    pub endpoint: String,
    /// The device's public key: a point of P-256, uncompressed.
    pub p256dh: Vec<u8>,
    /// The device's authentication secret, 16 bytes.
    pub auth: Vec<u8>,
    /// The key that signs for this workspace, PKCS#8.
    pub key: Vec<u8>,
    /// Who answers for what is sent: `mailto:` or `https:` (RFC 8292, section 2.1).
    pub contact: Option<String>,
    /// Seconds since the epoch.
    pub now_s: i64,
    /// How long the push service keeps it for a device that is away.
    pub ttl_s: i64,
    /// How much it is worth waking the device: `low`, `normal`, `high` (RFC 8030, section 5.3).
    pub urgency: &'static str,
    /// A later message of the same topic takes the place of one that waits (RFC 8030, section 5.4).
    pub topic: Option<String>,
    /// What the service worker gets.
    pub body: Vec<u8>,
}

/// What became of a try. The text is the service's words, or what went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushed {
    /// The push service has it.
    Accepted(String),
    /// Not now; after so many seconds where the service said so.
    Later(Option<i64>, String),
    /// Never: the service will not take this message.
    Refused(String),
    /// It is too long for the service.
    TooLong(String),
    /// The device no longer takes messages.
    Gone(String),
}

/// What a device shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notice {
    /// What happened, in one sentence.
    pub title: String,
    /// The beginning of what somebody wrote; empty for none.
    pub text: String,
    /// The path in the application that it opens.
    pub path: String,
    /// How much it is worth waking the device.
    pub urgency: &'static str,
}

/// Writes what a device shows, at the moment at which it is sent; nothing when there is nothing left to say.
pub type NoticeWriter = fn(&Workspace, &mut Tx, &Noted<'_>) -> Result<Option<Notice>, Error>;

/// What the writer of a notice knows.
pub struct Noted<'a> {
    /// What is told; not read yet.
    pub notification: &'a Notification,
    /// The record of who is told.
    pub user: &'a Record,
    /// Whose rights count.
    pub actor: &'a Actor,
    /// The reader's language.
    pub tongue: Tongue,
}

impl Workspace {
    /// Tells the workspace how messages reach devices. Once; what is told later is not heard.
    pub fn attach_push(&self, public_url: &str, allows: Allows, carrier: PushCarrier) {
        let outlet = Outlet { carrier, allows, public_url: public_url.trim_end_matches('/').to_owned() };
        if self.0.outlet.set(outlet).is_err() {
            tracing::debug!("the outlet is attached already");
        }
    }

    /// Queues a notification for the devices of its user, in the caller's transaction.
    ///
    /// # Errors
    /// A database that fails.
    pub fn queue_push(&self, tx: &mut Tx, one: &Notification) -> Result<(), Error> {
        pushes::queue(tx, one.user, one.id, self.now()).map(drop)
    }

    /// What was queued for devices, and what became of it.
    ///
    /// # Errors
    /// A database that fails.
    pub fn push_ledger(&self) -> Result<pushes::Ledger, Error> {
        self.store().read(pushes::ledger).wait()
    }

    pub(crate) fn outlet(&self) -> Result<&Outlet, Error> {
        let missing = || Problem::new(model::Code::Busy, "This program sends nothing. Start it with `rapport serve`.");
        Ok(self.0.outlet.get().ok_or_else(missing)?)
    }
}

/// The address of a device, as far as it can be judged without asking anybody: HTTPS, and no address within a network
/// that is not to be reached from outside. What its name leads to is looked at again for each connection.
fn check_endpoint(text: &str, allows: &Allows) -> Result<Url, Problem> {
    let wrong = |message: &str| {
        let (field, code) = ("endpoint".to_owned(), "bad_value".to_owned());
        Problem::invalid(vec![FieldProblem { field, code, message: message.to_owned() }])
    };
    if text.len() > ENDPOINT_MAX {
        return Err(wrong("The address of a device has at most 2000 characters."));
    }
    let url = Url::parse(text).map_err(|_| wrong("This is no address of a push service."))?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let address = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        Some(Host::Domain(_)) => None,
        None => return Err(wrong("This is no address of a push service.")),
    };
    if !plain {
        return Err(wrong("The address of a push service holds no user and no fragment."));
    }
    if address.is_some_and(|address| !allows(address)) {
        return Err(wrong("Push services are on the public internet; this address is not."));
    }
    // Without encryption to this machine only, and only where the operator opened it.
    let is_right = url.scheme() == "https" || url.scheme() == "http" && address.is_some_and(|one| one.is_loopback());
    if is_right { Ok(url) } else { Err(wrong("Push services are reached over HTTPS.")) }
}

/// What the service worker gets, within the bytes that every service takes.
fn body_of(notice: &Notice, tag: &str, notification: Option<uuid::Uuid>, tongue: Tongue, short: bool) -> Vec<u8> {
    let room = BYTES_MAX - OVERHEAD;
    let write = |title: &str, text: &str| -> Vec<u8> {
        let body: Json = json!({
            "title": title, "text": text, "path": notice.path, "tag": tag, "notification": notification,
            "lang": tongue.pick("en", "de"),
        });
        body.to_string().into_bytes()
    };
    let text = if short { "" } else { notice.text.as_str() };
    let whole = write(&notice.title, text);
    if whole.len() <= room && !short {
        return whole;
    }
    // Escapes make up to six bytes of one character.
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    write(&cut(&notice.title, 200), &cut(text, 200))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outward::{is_public, public_and};

    #[test]
    fn addresses_of_devices_are_public_and_encrypted() {
        let strict: Allows = Arc::new(is_public);
        for text in [
            "http://push.example.com/1",
            "https://127.0.0.1/1",
            "https://10.0.0.7/1",
            "https://[::1]/1",
            "https://[::ffff:10.0.0.1]/1",
            "https://169.254.169.254/latest",
            "https://0x7f000001/1",
            "https://2130706433/1",
            "https://user:pass@push.example.com/1",
            "https://push.example.com/1#x",
            "ftp://push.example.com/1",
            "file:///etc/passwd",
            "push.example.com/1",
            "http://localhost/1",
            "",
        ] {
            assert!(check_endpoint(text, &strict).is_err(), "{text}");
        }
        assert!(check_endpoint(&format!("https://push.example.com/{}", "a".repeat(2_000)), &strict).is_err());
        assert!(check_endpoint("https://updates.push.services.mozilla.com/wpush/v2/abc", &strict).is_ok());
        let opened = public_and(|address| address.is_loopback());
        assert!(check_endpoint("http://127.0.0.1:9000/1", &opened).is_ok());
        assert!(check_endpoint("http://10.0.0.1/1", &opened).is_err());
        assert!(check_endpoint("http://push.example.com/1", &opened).is_err());
    }

    #[test]
    fn bodies_fit_whatever_was_written() {
        let notice = Notice { title: "\u{1}".repeat(3_000), text: "\u{1F600}".repeat(3_000), ..Notice::default() };
        for short in [false, true] {
            let body = body_of(&notice, "tag", None, Tongue::English, short);
            assert!(body.len() <= BYTES_MAX - OVERHEAD, "{}", body.len());
        }
        let small = Notice { title: "A".to_owned(), text: "B".to_owned(), ..Notice::default() };
        let body: Json = serde_json::from_slice(&body_of(&small, "t", None, Tongue::German, false)).unwrap();
        assert_eq!((&body["title"], &body["text"], &body["lang"]), (&json!("A"), &json!("B"), &json!("de")));
        let body: Json = serde_json::from_slice(&body_of(&small, "t", None, Tongue::German, true)).unwrap();
        assert_eq!(body["text"], "");
    }
}
