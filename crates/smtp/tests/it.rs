//! The carrier against a server that follows a script, over sockets, with and without TLS.

// A test that cannot go on says why by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::time::Duration;

use engine::mail::{Carried, Letter, MailSettings, Parcel, Security, Server, Stage};
use testkit::smtp::{Act, Heard, Protection, Smtp};

fn server_of(smtp: &Smtp, security: Security) -> Server {
    let settings = MailSettings {
        host: "localhost".to_owned(),
        port: smtp.port,
        security,
        user: "crm".to_owned(),
        sender_name: "Acme CRM".to_owned(),
        sender_address: "crm@example.com".to_owned(),
        reply_to: "office@example.com".to_owned(),
        authority: if security == Security::None { String::new() } else { smtp.authority.clone() },
    };
    Server { settings, password: "s3cret".to_owned() }
}

fn parcel() -> Parcel {
    let letter =
        Letter { subject: "Grüße".to_owned(), text: "Hallo\n.\nEnde".to_owned(), html: "<p>Hallo</p>".to_owned() };
    let to = ("Ann, \"the\" <boss>".to_owned(), "ann@example.com".to_owned());
    Parcel { message_id: "4711@example.com".to_owned(), at: 1_750_000_000_000_000, to, letter }
}

fn carry(server: &Server) -> Carried {
    smtp::carrier("crm.example.com", Some(Duration::from_secs(2)))(server, &parcel())
}

#[track_caller]
fn heard(smtp: &Smtp) -> Heard {
    for _ in 0..200 {
        if let Some(last) = smtp.heard().pop() {
            return last;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("nothing was heard");
}

#[test]
fn a_mail_arrives_as_it_was_written_under_every_protection() {
    for (protection, security) in [
        (Protection::None, Security::None),
        (Protection::Tls, Security::Tls),
        (Protection::StartTls, Security::StartTls),
    ] {
        let smtp = Smtp::start(protection, &[]);
        let carried = carry(&server_of(&smtp, security));
        assert_eq!(carried, Carried::Accepted("250 2.0.0 queued as 4711".to_owned()), "{security:?}");
        let heard = heard(&smtp);
        assert!(heard.commands.contains(&"MAIL FROM:<crm@example.com>".to_owned()), "{:?}", heard.commands);
        assert!(heard.commands.contains(&"RCPT TO:<ann@example.com>".to_owned()));
        assert!(heard.commands.iter().any(|command| command.starts_with("AUTH PLAIN ")));
        for (name, value) in [
            ("Message-ID", "<4711@example.com>"),
            ("Auto-Submitted", "auto-generated"),
            ("Reply-To", "office@example.com"),
            ("Date", "Sun, 15 Jun 2025 15:06:40 +0000"),
        ] {
            assert_eq!(heard.header(name).as_deref(), Some(value), "{name}");
        }
        let mail = heard.mail.unwrap();
        assert!(
            mail.contains("text/plain") && mail.contains("text/html") && mail.contains("Hallo\r\n.\r\nEnde"),
            "{mail}"
        );
        assert_eq!(mail.matches("\r\nTo:").count() + mail.matches("\r\nBcc:").count(), 1);
    }
}

#[test]
fn answers_tell_what_becomes_of_a_mail() {
    let answer = |at, words| Act::Answer(at, words);
    for (act, expected) in [
        (
            answer("RCPT", "550 5.1.1 no such user"),
            Carried::Refused(Stage::Recipient, "550 5.1.1 no such user".to_owned()),
        ),
        (answer("RCPT", "450 4.2.0 greylisted"), Carried::Later(Stage::Recipient, "450 4.2.0 greylisted".to_owned())),
        (answer("MAIL", "550 5.7.1 not you"), Carried::Refused(Stage::Sender, "550 5.7.1 not you".to_owned())),
        (
            answer(".", "554 5.6.0 looks like spam"),
            Carried::Refused(Stage::Content, "554 5.6.0 looks like spam".to_owned()),
        ),
        (answer(".", "451 4.3.0 disk full"), Carried::Later(Stage::Content, "451 4.3.0 disk full".to_owned())),
        (
            answer("AUTH", "535 5.7.8 wrong password"),
            Carried::Later(Stage::LogIn, "535 5.7.8 wrong password".to_owned()),
        ),
    ] {
        let smtp = Smtp::start(Protection::None, &[act]);
        assert_eq!(carry(&server_of(&smtp, Security::None)), expected);
    }
}

#[test]
fn a_lost_answer_is_unsure_and_a_lost_connection_is_not() {
    let smtp = Smtp::start(Protection::Tls, &[Act::DropAfterDot, Act::Drop, Act::Hang]);
    let server = server_of(&smtp, Security::Tls);
    assert!(matches!(carry(&server), Carried::Unsure(_)));
    assert!(matches!(carry(&server), Carried::Later(Stage::Connect, _)));
    assert!(matches!(carry(&server), Carried::Later(..)), "a server that hangs is left");
    assert!(matches!(carry(&server), Carried::Accepted(_)), "and comes back");
    let gone = Server { settings: MailSettings { port: 1, ..server.settings.clone() }, ..server };
    assert!(matches!(carry(&gone), Carried::Later(Stage::Connect, _)));
}

#[test]
fn nothing_goes_out_less_protected_than_was_set() {
    // A certificate that nobody vouches for.
    let smtp = Smtp::start(Protection::Tls, &[]);
    let mut server = server_of(&smtp, Security::Tls);
    server.settings.authority = String::new();
    assert!(matches!(carry(&server), Carried::Later(Stage::Tls, _)), "{:?}", carry(&server));
    // One for another name.
    server.settings.authority = smtp.authority.clone();
    server.settings.host = "127.0.0.1".to_owned();
    assert!(matches!(carry(&server), Carried::Later(Stage::Tls, _)), "{:?}", carry(&server));
    // A server that does not offer STARTTLS, or lost it on the way: no log-in, no mail.
    let bare = Smtp::start(Protection::None, &[]);
    assert!(matches!(carry(&server_of(&bare, Security::StartTls)), Carried::Later(Stage::NoStartTls, _)));
    let commands = heard(&bare).commands;
    assert!(
        commands.iter().all(|command| !command.starts_with("AUTH") && !command.starts_with("MAIL")),
        "{commands:?}"
    );
}
