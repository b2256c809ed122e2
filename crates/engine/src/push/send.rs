//! The sender: claims what is due, judges and writes it, hands it to the carrier outside of any transaction, keeps what
//! became of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Actor;
use sha2::{Digest as _, Sha256};
use store::tables::notifications::{self, Notification};
use store::tables::pushes::{self, Device, End, Push};
use store::{Error, Priority, Tx};
use uuid::Uuid;

use super::devices::bytes_of;
use super::{Noted, PushParcel, Pushed, body_of};
use crate::mail::letters::tongue_of;
use crate::mail::{ATTEMPTS_MAX, MailSettings, one_line, pause_us};
use crate::verify::Fault;
use crate::workspace::Workspace;

const SECOND: i64 = 1_000_000;
/// How long a try may take before another sender makes one.
const LEASE_US: i64 = 60 * SECOND;
/// From then on a notification is no news: neither the push service nor the queue keeps it longer.
const TTL_S: i64 = 24 * 3_600;
/// Most characters kept of what a service says.
const ANSWER_MAX: usize = 300;
/// Characters of a topic (RFC 8030 allows 32).
const TOPIC_BYTES: usize = 18;

/// A message that is this sender's for a while.
struct Claimed {
    push: Push,
    device: Device,
    parcel: PushParcel,
}

impl Workspace {
    /// Starts threads that send what is due until the workspace stops.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn start_push(&self) -> anyhow::Result<()> {
        self.start_senders("push", Self::push_due)
    }

    /// Sends one due message, if there is one. Returns whether there was.
    ///
    /// # Errors
    /// A database that fails; what the service refuses is kept with the device.
    pub fn push_due(&self) -> Result<bool, Error> {
        let carrier = self.outlet()?.carrier.clone();
        let now = self.now();
        // Looking is a read; only a find costs the writer a turn.
        if !self.store().read(move |tx| pushes::is_due(tx, now)).wait()? {
            return Ok(false);
        }
        let workspace = self.clone();
        let claim = self.store().write(Priority::Interactive, move |tx| workspace.claim_push(tx, now));
        let Some(claimed) = claim.wait()? else { return Ok(true) };
        // Committed: from here on the world may see it.
        let pushed = carrier(&claimed.parcel);
        self.settle_push(claimed, pushed)?;
        Ok(true)
    }

    /// Takes what is due longest and writes it; what is of no use any more ends here.
    fn claim_push(&self, tx: &mut Tx, now: i64) -> Result<Option<Claimed>, Error> {
        let Some(push) = pushes::take(tx, now, now + LEASE_US)? else { return Ok(None) };
        let device = pushes::find_device(tx, push.device)?;
        let parcel = match &device {
            Some(device) if now - push.queued_at < TTL_S * SECOND => self.write_notice(tx, device, &push)?,
            _ => None,
        };
        match (device, parcel) {
            (Some(device), Some(parcel)) => Ok(Some(Claimed { push, device, parcel })),
            _ => {
                pushes::end(tx, &push, End::Dropped)?;
                Ok(None)
            }
        }
    }

    /// What a device is to be told, if its user may still be told so and has not read it.
    fn write_notice(&self, tx: &mut Tx, device: &Device, push: &Push) -> Result<Option<PushParcel>, Error> {
        let (Some(user), Some(actor)) =
            (self.find_active_user(tx, device.user)?, self.find_user_actor(tx, device.user)?)
        else {
            pushes::delete_of_user(tx, device.user)?;
            return Ok(None);
        };
        if !pushes::devices_of(tx, device.user, self.now())?.contains(device) {
            // Its session is over.
            pushes::delete_device(tx, device.id)?;
            return Ok(None);
        }
        let unread = |one: &Notification| one.user == device.user && one.read_at.is_none();
        let Some(notification) = notifications::find(tx, push.notification)?.filter(unread) else { return Ok(None) };
        let Some(write) = self.modules().iter().find_map(|module| module.notice) else { return Ok(None) };
        let tongue = tongue_of(&user, None);
        let noted = Noted { notification: &notification, user: &user, actor: &actor, tongue };
        let Some(notice) = write(self, tx, &noted)? else { return Ok(None) };
        let topic = topic_of(device.id, notification.record);
        let body = body_of(&notice, &topic, Some(notification.id), tongue, push.short);
        let left = TTL_S - (self.now() - push.queued_at) / SECOND;
        let parcel = self.parcel_of(tx, device, body, notice.urgency, Some(topic))?;
        Ok(Some(PushParcel { ttl_s: left.max(0), ..parcel }))
    }

    pub(super) fn parcel_of(
        &self,
        tx: &mut Tx,
        device: &Device,
        body: Vec<u8>,
        urgency: &'static str,
        topic: Option<String>,
    ) -> Result<PushParcel, Error> {
        let subscription = self.subscription_of(device)?;
        Ok(PushParcel {
            p256dh: bytes_of(&subscription.p256dh).unwrap_or_default(),
            auth: bytes_of(&subscription.auth).unwrap_or_default(),
            endpoint: subscription.endpoint,
            key: self.push_key(tx)?,
            contact: self.contact(tx)?,
            now_s: self.now() / SECOND,
            ttl_s: TTL_S,
            urgency,
            topic,
            body,
        })
    }

    /// Who answers for what is sent: the sender of mails, else the address of the application.
    fn contact(&self, tx: &mut Tx) -> Result<Option<String>, Error> {
        let sender = MailSettings::find(tx)?.map(|settings| format!("mailto:{}", settings.sender_address));
        let url = self.outlet()?.public_url.clone();
        Ok(sender.or_else(|| Some(url).filter(|url| url.starts_with("https://"))))
    }

    fn settle_push(&self, claimed: Claimed, pushed: Pushed) -> Result<(), Error> {
        let (workspace, now) = (self.clone(), self.now());
        let Claimed { push, device, .. } = claimed;
        if !matches!(pushed, Pushed::Accepted(_)) {
            tracing::warn!(device = %device.id, service = device.host, attempts = push.attempts, ?pushed, "not pushed");
        }
        let written = self.store().write(Priority::Interactive, move |tx| {
            workspace.note_answer(tx, &device, &pushed)?;
            match &pushed {
                Pushed::Accepted(_) => pushes::end(tx, &push, End::Sent),
                Pushed::Later(after, _) if push.attempts < ATTEMPTS_MAX => {
                    let asked = after.unwrap_or(0).clamp(0, TTL_S) * SECOND;
                    let due_at = now + pause_us(push.attempts).max(asked);
                    // What else it is to be told waits too: one service that does not answer must not keep the
                    // senders from all others.
                    pushes::put_off_device(tx, device.id, due_at)?;
                    pushes::put_off(tx, &push, push.short, due_at)
                }
                Pushed::TooLong(_) if !push.short => pushes::put_off(tx, &push, true, now),
                _ => pushes::end(tx, &push, End::Failed),
            }
        });
        if !written.wait()? {
            tracing::warn!("a message was another sender's by the time it was answered");
        }
        Ok(())
    }

    /// Keeps with the device what its service said; a device that is gone is forgotten.
    pub(super) fn note_answer(&self, tx: &mut Tx, device: &Device, pushed: &Pushed) -> Result<(), Error> {
        let words = match pushed {
            Pushed::Accepted(_) => return pushes::note(tx, device.id, Some(self.now()), None),
            Pushed::Gone(_) => return self.forget_device(tx, &Actor::system("web push"), device, "gone"),
            Pushed::Later(_, words) | Pushed::Refused(words) | Pushed::TooLong(words) => words,
        };
        let words: String = one_line(words).chars().take(ANSWER_MAX).collect();
        pushes::note(tx, device.id, None, Some(&words))
    }

    /// Ends everything that was queued when a backup was made: whether it was told since, nobody knows. It stays in the
    /// lists of those who were to be told.
    ///
    /// # Errors
    /// A database that fails.
    pub fn drop_pushes(&self) -> Result<u64, Error> {
        self.store().write(Priority::Interactive, pushes::drop_all).wait()
    }

    pub(crate) fn verify_push(&self) -> Result<Vec<Fault>, Error> {
        let ledger = self.push_ledger()?;
        let there = ledger.waiting + ledger.ended.iter().sum::<i64>();
        if there == ledger.queued {
            return Ok(Vec::new());
        }
        let detail = format!("{} messages to devices were queued, {there} are there", ledger.queued);
        Ok(vec![Fault { object: String::new(), id: None, promise: "push", detail }])
    }
}

/// The topic of a record at a device: nobody else can tell which record it is, or whether two devices were told of one.
fn topic_of(device: Uuid, record: Uuid) -> String {
    let digest = Sha256::digest([device.into_bytes(), record.into_bytes()].concat());
    URL_SAFE_NO_PAD.encode(digest.get(..TOPIC_BYTES).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_short_and_tell_nothing() {
        let topic = topic_of(Uuid::nil(), Uuid::max());
        assert!(topic.len() == 24 && topic.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)));
        assert_ne!(topic, topic_of(Uuid::max(), Uuid::max()));
    }
}
