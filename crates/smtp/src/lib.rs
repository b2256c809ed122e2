//! Speaks SMTP (RFC 5321) to the mail server of a workspace: one conversation a mail, no silent downgrade.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use engine::mail::{Carried, Carrier, MailSettings, Parcel, Security, Server, Stage};
use lettre::address::Envelope;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::{Address, Message};

/// How long a server may be silent.
const PATIENCE: Duration = Duration::from_secs(60);
/// Addresses of one name that are tried.
const ADDRESSES_MAX: usize = 4;

/// A carrier that greets as `hello` and waits at most `patience` for each answer, a minute when nobody says otherwise.
pub fn carrier(hello: &str, patience: Option<Duration>) -> Carrier {
    let name = if hello.is_empty() { "localhost" } else { hello };
    let (hello, patience) = (ClientId::Domain(name.to_owned()), patience.unwrap_or(PATIENCE));
    Arc::new(move |server: &Server, parcel: &Parcel| {
        carry(server, parcel, &hello, patience).unwrap_or_else(|fate| fate)
    })
}

/// Marks mail that a program wrote (RFC 3834), so that no auto-reply answers it.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn carry(server: &Server, parcel: &Parcel, hello: &ClientId, patience: Duration) -> Result<Carried, Carried> {
    let (envelope, bytes) = pack(&server.settings, parcel)?;
    let mut line = connect(&server.settings, hello, patience)?;
    log_in(&mut line, server)?;
    let mut options = Vec::new();
    let addresses = envelope.to().iter().chain(envelope.from());
    if !addresses.map(AsRef::<str>::as_ref).all(str::is_ascii) {
        if !line.server_info().supports_feature(Extension::SmtpUtfEight) {
            line.abort();
            let words = "The address has letters beyond ASCII, and the server does not take such (SMTPUTF8).";
            return Err(Carried::Refused(Stage::Recipient, words.to_owned()));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    said(&mut line, Stage::Sender, |line| line.command(Mail::new(envelope.from().cloned(), options)))?;
    for to in envelope.to() {
        said(&mut line, Stage::Recipient, |line| line.command(Rcpt::new(to.clone(), Vec::new())))?;
    }
    said(&mut line, Stage::Content, |line| line.command(Data))?;
    match line.message(&bytes) {
        Ok(answer) => {
            // It is the server's by now; how the talk ends says nothing about it.
            drop(line.quit());
            Ok(Carried::Accepted(words_of(&answer)))
        }
        Err(error) if error.status().is_some() => {
            line.abort();
            Err(refusal(Stage::Content, &error))
        }
        Err(error) => {
            line.abort();
            Err(Carried::Unsure(format!("The answer to the whole mail was lost: {}", in_words(&error))))
        }
    }
}

/// The envelope and the bytes of a mail; the same for every try.
fn pack(settings: &MailSettings, parcel: &Parcel) -> Result<(Envelope, Vec<u8>), Carried> {
    let refused = |stage: Stage, error: String| Carried::Refused(stage, error);
    let mailbox = |stage: Stage, name: &str, address: &str| {
        let parsed = address.parse::<Address>();
        let parsed = parsed.map_err(|error| refused(stage, format!("{address} is no address: {error}")))?;
        Ok(Mailbox::new(Some(name.to_owned()).filter(|name| !name.is_empty()), parsed))
    };
    let from = mailbox(Stage::Sender, &settings.sender_name, &settings.sender_address)?;
    let to = mailbox(Stage::Recipient, &parcel.to.0, &parcel.to.1)?;
    let at = SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(parcel.at).unwrap_or(0));
    let mut builder = Message::builder()
        .from(from)
        .to(to)
        .subject(&parcel.letter.subject)
        .date(at)
        .message_id(Some(format!("<{}>", parcel.message_id)))
        .header(AutoSubmitted);
    if !settings.reply_to.is_empty() {
        builder = builder.reply_to(mailbox(Stage::Sender, "", &settings.reply_to)?);
    }
    let parts = MultiPart::alternative_plain_html(parcel.letter.text.clone(), parcel.letter.html.clone());
    let message = builder.multipart(parts).map_err(|error| refused(Stage::Content, error.to_string()))?;
    Ok((message.envelope().clone(), message.formatted()))
}

/// The server's addresses; without encryption those of this machine alone, whatever the name says.
fn addresses_of(settings: &MailSettings) -> Result<Vec<SocketAddr>, Carried> {
    let unknown = |why: String| Carried::Later(Stage::Connect, format!("{} was not found: {why}", settings.host));
    let found =
        (settings.host.as_str(), settings.port).to_socket_addrs().map_err(|error| unknown(error.to_string()))?;
    let loopback = |address: &SocketAddr| settings.security != Security::None || address.ip().is_loopback();
    let found: Vec<SocketAddr> = found.filter(loopback).take(ADDRESSES_MAX).collect();
    if found.is_empty() {
        return Err(unknown("it has no address that may be used".to_owned()));
    }
    Ok(found)
}

fn tls_of(settings: &MailSettings) -> Result<TlsParameters, Carried> {
    let broken = |error: Error| Carried::Later(Stage::Tls, format!("The certificate authority: {}", in_words(&error)));
    let mut builder = TlsParameters::builder(settings.host.clone());
    if !settings.authority.is_empty() {
        builder = builder.add_root_certificate(Certificate::from_pem(settings.authority.as_bytes()).map_err(broken)?);
    }
    builder.build_rustls().map_err(broken)
}

fn connect(settings: &MailSettings, hello: &ClientId, patience: Duration) -> Result<SmtpConnection, Carried> {
    let addresses = addresses_of(settings)?;
    let open = |tls: Option<&TlsParameters>| {
        SmtpConnection::connect(addresses.as_slice(), Some(patience), hello, tls, None).map_err(|error| {
            let stage = if error.is_tls() || speaks_of_certificates(&error) { Stage::Tls } else { Stage::Connect };
            Carried::Later(stage, in_words(&error))
        })
    };
    match settings.security {
        Security::None => open(None),
        Security::Tls => open(Some(&tls_of(settings)?)),
        Security::StartTls => {
            let tls = tls_of(settings)?;
            let mut line = open(None)?;
            if !line.can_starttls() {
                line.abort();
                let words = "The server does not offer STARTTLS; nothing was sent.".to_owned();
                return Err(Carried::Later(Stage::NoStartTls, words));
            }
            let upgraded = line.starttls(&tls, hello);
            upgraded.map_err(|error| Carried::Later(Stage::Tls, in_words(&error)))?;
            Ok(line)
        }
    }
}

/// The library tells faults of the handshake apart only by their words.
fn speaks_of_certificates(error: &Error) -> bool {
    let words = in_words(error).to_ascii_lowercase();
    ["certificate", "corrupt message", "handshake"].iter().any(|word| words.contains(word))
}

fn log_in(line: &mut SmtpConnection, server: &Server) -> Result<(), Carried> {
    if server.settings.user.is_empty() {
        return Ok(());
    }
    let credentials = Credentials::new(server.settings.user.clone(), server.password.clone());
    let done = line.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
    done.map(drop).map_err(|error| {
        line.abort();
        // Says nothing about the mail: with another password it goes out.
        Carried::Later(Stage::LogIn, in_words(&error))
    })
}

fn said(
    line: &mut SmtpConnection,
    stage: Stage,
    say: impl FnOnce(&mut SmtpConnection) -> Result<Response, Error>,
) -> Result<(), Carried> {
    say(line).map(drop).map_err(|error| {
        line.abort();
        refusal(stage, &error)
    })
}

fn refusal(stage: Stage, error: &Error) -> Carried {
    let words = in_words(error);
    if error.is_permanent() { Carried::Refused(stage, words) } else { Carried::Later(stage, words) }
}

fn words_of(answer: &Response) -> String {
    let lines: Vec<&str> = answer.message().collect();
    format!("{} {}", answer.code(), lines.join(" ")).trim().to_owned()
}

/// An error and what caused it, each once.
fn in_words(error: &Error) -> String {
    if let Some(code) = error.status() {
        // The server's own words stand in the cause.
        let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        return format!("{code} {cause}").trim().to_owned();
    }
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let more = error.to_string();
        if !words.contains(&more) {
            words.push_str(&format!(": {more}"));
        }
        cause = error.source();
    }
    words
}
