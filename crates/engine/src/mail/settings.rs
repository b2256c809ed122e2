//! Where mails go out: what an administrator set. The password is sealed and never shown again.

use std::net::IpAddr;

use model::{Actor, FieldProblem, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::tables::{mails, settings};
use store::{Error, Priority, Tx};

use super::{Server, one_line};
use crate::keys::{hex, unhex};
use crate::workspace::Workspace;

/// The name under which the settings are kept.
const SETTING: &str = "mail";
/// Most bytes of a certificate authority's file.
const AUTHORITY_BYTES_MAX: usize = 64 * 1024;
/// Most characters of everything else.
const TEXT_MAX: usize = 254;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte, port 465 as a rule (RFC 8314).
    #[default]
    Tls,
    /// STARTTLS (RFC 3207), port 587 as a rule; without it nothing is sent.
    StartTls,
    /// No encryption; to loopback addresses only.
    None,
}

/// What an administrator sets; the password is kept beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Host name or address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The user to log in as; empty for a server that asks for none.
    #[serde(default)]
    pub user: String,
    /// Name of the sender.
    #[serde(default)]
    pub sender_name: String,
    /// Address of the sender.
    pub sender_address: String,
    /// Where answers go; empty: to the sender.
    #[serde(default)]
    pub reply_to: String,
    /// A certificate authority of one's own, as PEM; empty: the well-known ones.
    #[serde(default)]
    pub authority: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) settings: MailSettings,
    /// Sealed, in hexadecimal; empty for none.
    password: String,
}

impl MailSettings {
    /// The settings in force; none where no mail is set up.
    pub(crate) fn find(tx: &mut Tx) -> Result<Option<Self>, Error> {
        Ok(find(tx)?.map(|kept| kept.settings))
    }
}

pub(super) fn find(tx: &mut Tx) -> Result<Option<Kept>, Error> {
    let found = settings::find(tx, SETTING)?;
    Ok(found.map(serde_json::from_value).transpose().map_err(anyhow::Error::from)?)
}

impl Workspace {
    /// The settings as an administrator may see them: `{"settings":…,"has_password":…}`; `null` when none are set.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; a database that fails.
    pub fn mail_settings(&self, actor: &Actor) -> Result<Json, Error> {
        self.check_special(actor, "configure")?;
        let kept = self.store().read(find).wait()?;
        Ok(kept
            .map_or(Json::Null, |kept| json!({ "settings": kept.settings, "has_password": !kept.password.is_empty() })))
    }

    /// Sets where mails go out, or ends it. Without a password the one before stays, as long as it goes to the same
    /// user of the same server: nobody sends a password elsewhere that they do not know.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; values that are wrong; a database that fails.
    pub fn set_mail(&self, actor: &Actor, new: Option<MailSettings>, password: Option<String>) -> Result<(), Error> {
        self.check_special(actor, "configure")?;
        let sealed = match password.as_deref().filter(|password| !password.is_empty()) {
            Some(password) => Some(hex(&self.seal("setting", SETTING, "password", password.as_bytes())?)),
            None => password.map(|_| String::new()),
        };
        let new = new.map(tidied);
        if let Some(new) = &new {
            check(new)?;
        }
        let (workspace, actor) = (self.clone(), actor.clone());
        let written = self.store().write(Priority::Interactive, move |tx| {
            let Some(new) = &new else {
                workspace.audit_in(tx, &actor, "mail.switched_off", None, json!({}));
                return settings::set(tx, SETTING, &Json::Null);
            };
            let kept = find(tx)?;
            let same = kept.filter(|kept| goes_to_the_same(&kept.settings, new));
            let password = sealed.clone().or_else(|| same.map(|kept| kept.password)).unwrap_or_default();
            if password.is_empty() && !new.user.is_empty() {
                return Err(wrong("password", "Enter the password of this user at this server.").into());
            }
            let details = json!({ "host": new.host, "port": new.port, "security": new.security, "user": new.user });
            workspace.audit_in(tx, &actor, "mail.set_up", None, details);
            let kept = Kept { settings: new.clone(), password };
            settings::set(tx, SETTING, &serde_json::to_value(&kept).map_err(anyhow::Error::from)?)?;
            mails::hurry(tx, workspace.now())
        });
        written.wait()
    }

    pub(super) fn server_of(&self, kept: Kept) -> Result<Server, Error> {
        let password = match unhex(&kept.password).filter(|sealed| !sealed.is_empty()) {
            Some(sealed) => String::from_utf8(self.open_sealed("setting", SETTING, "password", &sealed)?)
                .map_err(anyhow::Error::from)?,
            None => String::new(),
        };
        Ok(Server { settings: kept.settings, password })
    }
}

/// A password may not end up at another server, as another user, or with less protection.
fn goes_to_the_same(old: &MailSettings, new: &MailSettings) -> bool {
    let place =
        |one: &MailSettings| (one.host.clone(), one.port, one.security, one.user.clone(), one.authority.clone());
    place(old) == place(new)
}

fn tidied(new: MailSettings) -> MailSettings {
    MailSettings {
        host: new.host.trim().to_ascii_lowercase(),
        user: new.user.trim().to_owned(),
        sender_name: one_line(&new.sender_name),
        sender_address: new.sender_address.trim().to_owned(),
        reply_to: new.reply_to.trim().to_owned(),
        authority: new.authority.trim().to_owned(),
        ..new
    }
}

fn wrong(field: &str, message: &str) -> Problem {
    let (field, message) = (field.to_owned(), message.to_owned());
    Problem::invalid(vec![FieldProblem { field, code: "bad_value".to_owned(), message }])
}

/// Whether a host can only be this machine: its name, or a loopback address.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_host(host: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    !host.is_empty() && host.len() <= TEXT_MAX && (host.parse::<IpAddr>().is_ok() || host.chars().all(name))
}

/// Good enough to refuse slips; what the server thinks of it the test mail shows.
pub(super) fn is_address(text: &str) -> bool {
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>' | ',' | ';' | '"');
    let halves = text.rsplit_once('@');
    text.len() <= TEXT_MAX
        && text.chars().all(plain)
        && halves.is_some_and(|(name, domain)| !name.is_empty() && !name.contains('@') && !domain.is_empty())
}

fn check(new: &MailSettings) -> Result<(), Problem> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, message: &str| {
        let (field, message) = (field.to_owned(), message.to_owned());
        wrong.push(FieldProblem { field, code: "bad_value".to_owned(), message });
    };
    if !is_host(&new.host) {
        refuse("host", "Give the name of the mail server, like mail.example.com.");
    }
    if new.port == 0 {
        refuse("port", "A port is 1 to 65535: 465 with TLS, 587 with STARTTLS as a rule.");
    }
    if new.security == Security::None && !is_loopback(&new.host) {
        refuse("security", "Without encryption mails go to this machine only: localhost or a loopback address.");
    }
    if !is_address(&new.sender_address) {
        refuse("sender_address", "Give an e-mail address, like crm@example.com.");
    }
    if !new.reply_to.is_empty() && !is_address(&new.reply_to) {
        refuse("reply_to", "Give an e-mail address, or none.");
    }
    if new.user.len() > TEXT_MAX || new.user.chars().any(char::is_control) {
        refuse("user", "A user has at most 254 characters on one line.");
    }
    if new.sender_name.len() > TEXT_MAX {
        refuse("sender_name", "The sender's name has at most 254 characters.");
    }
    let is_pem = new.authority.contains("-----BEGIN CERTIFICATE-----");
    if !new.authority.is_empty() && (new.authority.len() > AUTHORITY_BYTES_MAX || !is_pem) {
        refuse(
            "authority",
            "Give the certificate of the authority as PEM: it begins with -----BEGIN CERTIFICATE-----.",
        );
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> MailSettings {
        MailSettings {
            host: "mail.example.com".to_owned(),
            port: 465,
            sender_address: "crm@example.com".to_owned(),
            ..MailSettings::default()
        }
    }

    #[track_caller]
    fn refused(change: impl FnOnce(&mut MailSettings)) -> Vec<String> {
        let mut new = settings();
        change(&mut new);
        check(&new).err().map(|problem| problem.fields.into_iter().map(|one| one.field).collect()).unwrap_or_default()
    }

    #[test]
    fn what_cannot_be_right_is_refused() {
        assert_eq!(refused(|_| {}), Vec::<String>::new());
        assert_eq!(refused(|new| new.host = "a b".to_owned()), ["host"]);
        assert_eq!(refused(|new| new.host = "mail\r\nQUIT".to_owned()), ["host"]);
        assert_eq!(refused(|new| new.sender_address = "a@b\r\nRCPT TO:<c@d>".to_owned()), ["sender_address"]);
        assert_eq!(refused(|new| new.reply_to = "nobody".to_owned()), ["reply_to"]);
        assert_eq!(refused(|new| new.authority = "abc".to_owned()), ["authority"]);
        assert_eq!(refused(|new| new.user = "a\nb".to_owned()), ["user"]);
        assert_eq!(refused(|new| new.port = 0), ["port"]);
    }

    #[test]
    fn without_encryption_only_to_this_machine() {
        for (host, is_right) in
            [("localhost", true), ("127.0.0.9", true), ("::1", true), ("10.0.0.1", false), ("mail.example.com", false)]
        {
            let found = refused(|new| {
                new.security = Security::None;
                new.host = host.to_owned();
            });
            assert_eq!(found.is_empty(), is_right, "{host}");
        }
    }
}
