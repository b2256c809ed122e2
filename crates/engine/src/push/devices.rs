//! The devices of a user: added and removed by their user, tried out. And the key that signs for the workspace.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use model::{Actor, Code, FieldProblem, Op, Problem, Value};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use store::tables::pushes::{self, Device};
use store::tables::settings;
use store::{Error, Priority, Tx};
use uuid::Uuid;

use super::{Notice, Pushed, body_of, check_endpoint};
use crate::batch::Batch;
use crate::draft::Draft;
use crate::keys::{hex, unhex};
use crate::mail::letters::{company, tongue_of};
use crate::module::FollowEntry;
use crate::workspace::Workspace;

/// The name under which the key is kept.
const SETTING: &str = "push";
/// Most devices of one user.
const DEVICES_MAX: usize = 10;
/// Most characters of what a browser says it is.
const AGENT_MAX: usize = 300;
/// Bytes of a point of P-256, uncompressed.
const POINT_BYTES: usize = 65;
/// Bytes of the authentication secret (RFC 8291, section 3.2).
const AUTH_BYTES: usize = 16;

/// Nobody who may not log in is told anything.
pub(crate) const FOLLOW: FollowEntry = FollowEntry {
    object: "user",
    why: "Whoever is switched off is told nothing more, and what could reach their devices is forgotten.",
    settles: false,
    apply: forget,
};

fn forget(batch: &mut Batch<'_>, drafts: &[&Draft]) -> Result<(), Error> {
    let is_off = |draft: &Draft| draft.op == Op::Delete || draft.get("active") != &Value::Bool(true);
    let mut off = drafts.iter().filter(|draft| draft.op != Op::Create && is_off(draft));
    off.try_for_each(|draft| pushes::delete_of_user(batch.tx(), draft.after.id).map(drop))
}

/// What a browser gives when it lets itself be reached (`PushSubscription.toJSON()` of the Push API).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Subscription {
    /// Its address at its push service: whoever knows it and the keys can write to it.
    pub endpoint: String,
    /// Its public key, base64url.
    pub p256dh: String,
    /// Its authentication secret, base64url.
    pub auth: String,
}

/// The key of the workspace (RFC 8292).
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    /// The point, base64url: what browsers are given.
    public: String,
    /// PKCS#8, sealed, in hexadecimal.
    private: String,
}

fn key_in(tx: &mut Tx) -> Result<Option<Kept>, Error> {
    let found = settings::find(tx, SETTING)?;
    Ok(found.map(serde_json::from_value).transpose().map_err(anyhow::Error::from)?)
}

impl Workspace {
    /// The devices of a user, and the key that a browser needs to become one:
    /// `{"key":…,"devices":[…]}`. The key is made when it is asked for first.
    ///
    /// # Errors
    /// A workspace without keys; a database that fails.
    pub fn list_devices(&self, user: Uuid, session: Option<Uuid>) -> Result<Json, Error> {
        let now = self.now();
        let key = self.known_key()?;
        let rows = self.store().read(move |tx| pushes::devices_of(tx, user, now)).wait()?;
        let devices: Vec<Json> = rows.iter().map(device_json).collect();
        Ok(json!({ "key": key.public, "session": session, "devices": devices }))
    }

    /// The key, made when it is asked for first.
    fn known_key(&self) -> Result<Kept, Error> {
        self.store().read(key_in).wait()?.map_or_else(|| self.make_push_key(), Ok)
    }

    /// Makes the key; of several programs that do so at once, all take the first one's.
    fn make_push_key(&self) -> Result<Kept, Error> {
        let failed = |_| anyhow::anyhow!("no key could be made");
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(failed)?;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random)
            .map_err(|error| anyhow::anyhow!("the new key cannot be read: {error}"))?;
        let kept = Kept {
            public: URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()),
            private: hex(&self.seal("setting", SETTING, "private", document.as_ref())?),
        };
        let json = serde_json::to_value(&kept).map_err(anyhow::Error::from)?;
        let written = self.store().write(Priority::Interactive, move |tx| {
            settings::insert(tx, SETTING, &json)?;
            key_in(tx)
        });
        Ok(written.wait()?.ok_or_else(|| anyhow::anyhow!("the key does not stay"))?)
    }

    /// The key that signs, PKCS#8.
    pub(super) fn push_key(&self, tx: &mut Tx) -> Result<Vec<u8>, Error> {
        let kept = key_in(tx)?.ok_or_else(|| anyhow::anyhow!("the workspace has devices and no key for them"))?;
        self.open_sealed("setting", SETTING, "private", &unhex(&kept.private).unwrap_or_default())
    }

    /// Keeps a device, or gives a known one to whoever uses its browser now. It takes the place of the one that
    /// `replaces` names, when that is the user's own.
    ///
    /// # Errors
    /// An address that must not be reached; keys that are none; too many devices; a database that fails.
    pub fn add_device(
        &self,
        actor: &Actor,
        session: Uuid,
        agent: &str,
        new: &Subscription,
        replaces: Option<&str>,
    ) -> Result<Json, Error> {
        let user = actor.user.ok_or_else(|| Problem::new(Code::Forbidden, "Devices are of people, not of keys."))?;
        let url = check_endpoint(&new.endpoint, &self.outlet()?.allows)?;
        check_bytes("p256dh", &new.p256dh, |bytes| bytes.len() == POINT_BYTES && bytes.first() == Some(&4))?;
        check_bytes("auth", &new.auth, |bytes| bytes.len() == AUTH_BYTES)?;
        // Without it nothing could be sent to the device.
        self.known_key()?;
        let id = Uuid::now_v7();
        let plain = serde_json::to_vec(new).map_err(anyhow::Error::from)?;
        let device = Device {
            id,
            user,
            session,
            fingerprint: fingerprint(&new.endpoint),
            host: url.host_str().unwrap_or_default().to_owned(),
            agent: agent.chars().filter(|c| !c.is_control()).take(AGENT_MAX).collect(),
            sealed: self.seal("push_device", "sealed", &id.to_string(), &plain)?,
            created_at: self.now(),
            delivered_at: None,
            answer: None,
        };
        let (workspace, actor, old) = (self.clone(), actor.clone(), replaces.map(fingerprint));
        let written = self.store().write(Priority::Interactive, move |tx| {
            if let Some(known) = pushes::find_by_fingerprint(tx, &device.fingerprint)? {
                pushes::delete_device(tx, known.id)?;
            }
            let old = old.as_deref().map(|old| pushes::find_by_fingerprint(tx, old)).transpose()?.flatten();
            if let Some(old) = old.filter(|old| old.user == user) {
                pushes::delete_device(tx, old.id)?;
            }
            if pushes::devices_of(tx, user, workspace.now())?.len() >= DEVICES_MAX {
                let detail = format!("You are told on {DEVICES_MAX} devices already. Remove one of them first.");
                return Err(Problem::new(Code::Conflict, detail).into());
            }
            pushes::insert_device(tx, &device)?;
            let details = json!({ "device": device.id, "service": device.host });
            workspace.audit_in(tx, &actor, "device.added", Some(format!("user:{user}")), details);
            Ok(device_json(&device))
        });
        written.wait()
    }

    /// Removes one of a user's own devices.
    ///
    /// # Errors
    /// Not found; a database that fails.
    pub fn remove_device(&self, actor: &Actor, id: Uuid) -> Result<(), Error> {
        let (workspace, actor) = (self.clone(), actor.clone());
        let written = self.store().write(Priority::Interactive, move |tx| {
            let device = pushes::find_device(tx, id)?.filter(|device| Some(device.user) == actor.user);
            let device = device.ok_or_else(|| Problem::not_found("device"))?;
            workspace.forget_device(tx, &actor, &device, "removed")
        });
        written.wait()
    }

    pub(super) fn forget_device(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        device: &Device,
        why: &'static str,
    ) -> Result<(), Error> {
        if pushes::delete_device(tx, device.id)? {
            let details = json!({ "device": device.id, "service": device.host, "why": why });
            self.audit_in(tx, actor, "device.removed", Some(format!("user:{}", device.user)), details);
        }
        Ok(())
    }

    pub(super) fn subscription_of(&self, device: &Device) -> Result<Subscription, Error> {
        let plain = self.open_sealed("push_device", "sealed", &device.id.to_string(), &device.sealed)?;
        Ok(serde_json::from_slice(&plain).map_err(anyhow::Error::from)?)
    }

    /// Sends a message to one of a user's own devices at once, and says what came of it.
    ///
    /// # Errors
    /// Not found; a database that fails.
    pub fn test_device(&self, actor: &Actor, id: Uuid) -> Result<Pushed, Error> {
        let carrier = self.outlet()?.carrier.clone();
        let (workspace, by) = (self.clone(), actor.clone());
        let look = self.store().read(move |tx| {
            let device = pushes::find_device(tx, id)?.filter(|device| Some(device.user) == by.user);
            let device = device.ok_or_else(|| Problem::not_found("device"))?;
            let user = workspace.user_of_label(tx, &format!("user:{}", device.user))?;
            let tongue = user.as_ref().map(|user| tongue_of(user, None)).unwrap_or(crate::mail::Tongue::English);
            let notice = Notice {
                title: tongue.pick("Notifications reach this device", "Benachrichtigungen kommen an").to_owned(),
                text: company(&workspace),
                path: "/settings/profile".to_owned(),
                urgency: "high",
            };
            let body = body_of(&notice, "test", None, tongue, false);
            let parcel = workspace.parcel_of(tx, &device, body, "high", None)?;
            Ok((device, parcel))
        });
        let (device, parcel) = look.wait()?;
        let pushed = carrier(&parcel);
        let (workspace, answer) = (self.clone(), pushed.clone());
        let noted =
            self.store().write(Priority::Interactive, move |tx| workspace.note_answer(tx, &device, &answer).map(drop));
        noted.wait()?;
        Ok(pushed)
    }
}

/// Some bytes as browsers write them: base64url, with or without padding.
pub(super) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}

fn check_bytes(field: &str, text: &str, is_right: impl Fn(&[u8]) -> bool) -> Result<(), Problem> {
    if bytes_of(text).is_some_and(|bytes| is_right(&bytes)) {
        return Ok(());
    }
    let message = "This is no key of a browser's subscription.".to_owned();
    Err(Problem::invalid(vec![FieldProblem { field: field.to_owned(), code: "bad_value".to_owned(), message }]))
}

/// What tells two addresses apart without showing them.
fn fingerprint(endpoint: &str) -> String {
    hex(&Sha256::digest(endpoint.as_bytes()))
}

fn device_json(device: &Device) -> Json {
    let text = model::value::instant_to_text;
    json!({
        "id": device.id, "fingerprint": device.fingerprint, "service": device.host, "agent": device.agent,
        "created_at": text(device.created_at), "delivered_at": device.delivered_at.map(text), "answer": device.answer,
    })
}
