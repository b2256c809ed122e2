//! Outgoing mail of the program itself: where it goes out, what is queued, what became of it.
//!
//! A mail is a row, queued in the transaction of what causes it. It is written at the moment at which it is sent, with
//! the rights of its reader at that moment, by the [`crate::LetterEntry`] of its kind; the row holds no more than what
//! cannot be looked up again (the secret of a link), and that sealed. Semantics: at least once. The claim is committed
//! before the first byte; 4xx answers and faults of the connection are tried again with growing pauses, a 5xx answer
//! about the mail ends it; an answer that is lost after the whole mail went over is tried again with the same
//! Message-ID, and the row says so.

pub mod letters;
pub mod reset;
mod send;
mod settings;

use std::sync::Arc;

use model::{Code, Problem, Record};
use store::tables::mails::{self, Mail};
use store::{Error, Tx};
use uuid::Uuid;

pub use letters::{Letter, Tongue, escape};
pub(crate) use send::{ATTEMPTS_MAX, pause_us};
pub use settings::{MailSettings, Security};

use crate::workspace::Workspace;

/// How a mail leaves the program: a function that speaks SMTP, given by the program.
pub type Carrier = Arc<dyn Fn(&Server, &Parcel) -> Carried + Send + Sync>;

/// Where mails go out, and what links in them begin with.
pub(crate) struct Post {
    pub(crate) public_url: String,
    pub(crate) carrier: Carrier,
}

/// A server with everything that is needed to speak to it.
#[derive(Clone)]
pub struct Server {
    /// What an administrator set.
    pub settings: MailSettings,
    /// Opened for this one conversation.
    pub password: String,
}

/// A mail with its envelope. Names and addresses hold no line breaks.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Without angle brackets; the same at every try.
    pub message_id: String,
    /// Microseconds since the epoch; the same at every try.
    pub at: i64,
    /// Name and address of who gets it.
    pub to: (String, String),
    /// What it says.
    pub letter: Letter,
}

/// What became of a try. The text is the server's words, or what went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// The server has it.
    Accepted(String),
    /// Not now: a 4xx answer, a connection that failed, a log-in that was refused.
    Later(Stage, String),
    /// Never: a 5xx answer about this mail.
    Refused(Stage, String),
    /// The whole mail went over and no answer came.
    Unsure(String),
}

/// How far a conversation came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Finding and reaching the server, its greeting.
    Connect,
    /// The encryption: the certificate above all.
    Tls,
    /// The server does not offer STARTTLS.
    NoStartTls,
    /// User and password.
    LogIn,
    /// The sender's address.
    Sender,
    /// The recipient's address.
    Recipient,
    /// The mail itself.
    Content,
}

impl Stage {
    /// The name in answers of the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::NoStartTls => "no_starttls",
            Self::LogIn => "log_in",
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Content => "content",
        }
    }
}

/// What the writer of a letter knows.
pub struct Addressed<'a> {
    /// The mail's row.
    pub mail: &'a Mail,
    /// The record of who gets it.
    pub user: &'a Record,
    /// What the row held sealed: the secret of a link.
    pub secret: Option<String>,
    /// What links begin with, without a slash at the end.
    pub public_url: &'a str,
    /// The reader's language.
    pub tongue: Tongue,
}

impl Workspace {
    /// Tells the workspace how mails leave it and what links in them begin with. Once; what is told later is not heard.
    pub fn attach_post(&self, public_url: &str, carrier: Carrier) {
        let post = Post { public_url: public_url.trim_end_matches('/').to_owned(), carrier };
        if self.0.post.set(post).is_err() {
            tracing::debug!("the post is attached already");
        }
    }

    /// Queues a mail in the caller's transaction. Where no mail is set up nothing is queued: false.
    ///
    /// # Errors
    /// A workspace without keys; a database that fails.
    pub fn queue_mail(
        &self,
        tx: &mut Tx,
        kind: &str,
        user: &Record,
        secret: Option<&str>,
        useless_at: Option<i64>,
    ) -> Result<Option<Uuid>, Error> {
        if !self.has_mail(tx)? {
            return Ok(None);
        }
        let id = Uuid::now_v7();
        let payload =
            secret.map(|secret| self.seal("mail", "payload", &id.to_string(), secret.as_bytes())).transpose()?;
        let now = self.now();
        let mail = Mail {
            id,
            kind: kind.to_owned(),
            user: user.id,
            address: user.get("email").as_text().unwrap_or_default().to_owned(),
            payload,
            status: "waiting".to_owned(),
            queued_at: now,
            due_at: now,
            useless_at,
            fence: 0,
            attempts: 0,
            unsure: false,
            answer: None,
            ended_at: None,
        };
        mails::insert(tx, &mail)?;
        Ok(Some(id))
    }

    /// Whether a mail server is set up.
    ///
    /// # Errors
    /// A database that fails.
    pub fn has_mail(&self, tx: &mut Tx) -> Result<bool, Error> {
        Ok(settings::find(tx)?.is_some())
    }

    pub(crate) fn post(&self) -> Result<&Post, Error> {
        let missing = || Problem::new(Code::Busy, "This program sends no mail. Start it with `rapport serve`.");
        Ok(self.0.post.get().ok_or_else(missing)?)
    }
}

/// A text on one line: what strangers wrote cannot begin a header of its own.
pub fn one_line(text: &str) -> String {
    let clean: String =
        text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_a_line_of_its_own() {
        assert_eq!(one_line("Ann\r\nBcc: eve@example.com"), "Ann Bcc: eve@example.com");
        assert_eq!(one_line(" a\u{2028}b\0c\tD "), "a b c D");
    }
}
