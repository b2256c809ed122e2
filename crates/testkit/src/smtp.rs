//! A mail server that follows a script: it takes mails, refuses them, loses its answer, hangs. With TLS by a
//! certificate that is made for it.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How the server protects its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Not at all.
    None,
    /// TLS from the first byte.
    Tls,
    /// STARTTLS is offered, and needed before anything else.
    StartTls,
}

/// What the server does in one conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Takes the mail.
    Take,
    /// Answers the command that begins with the word by the line; `.` is the end of the mail.
    Answer(&'static str, &'static str),
    /// Takes the mail and closes the connection without a word.
    DropAfterDot,
    /// Closes the connection at the first command.
    Drop,
    /// Says nothing until the other side gives up.
    Hang,
}

/// What came of one conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// The commands, without their line ends, also those inside TLS.
    pub commands: Vec<String>,
    /// The mail as it came, when all of it came.
    pub mail: Option<String>,
}

impl Heard {
    /// The value of a header, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let mail = self.mail.as_deref()?;
        let head = mail.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        let found =
            head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{}:", name.to_lowercase())));
        found.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
    }
}

/// A running server; it ends with the test's process.
#[derive(Clone)]
pub struct Smtp {
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// The certificate that vouches for it, as PEM.
    pub authority: String,
    script: Arc<Mutex<VecDeque<Act>>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

enum Line {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Line {
    fn io(&mut self) -> &mut dyn ReadWrite {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream,
        }
    }

    fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.io().write_all(format!("{text}\r\n").as_bytes())?;
        self.io().flush()
    }

    /// Byte by byte: what follows may already be a handshake.
    fn hear(&mut self) -> std::io::Result<String> {
        let mut bytes = Vec::new();
        let mut one = [0];
        while !bytes.ends_with(b"\r\n") {
            if self.io().read(&mut one)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            bytes.push(one[0]);
        }
        Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
    }
}

trait ReadWrite: Read + Write {}
impl<T: Read + Write> ReadWrite for T {}

impl Smtp {
    /// Starts a server that acts by the script, one act a conversation, and takes every mail afterwards.
    pub fn start(protection: Protection, script: &[Act]) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("the certificate fits");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Self {
            port: listener.local_addr().expect("its address").port(),
            authority: made.cert.pem(),
            script: Arc::new(Mutex::new(script.iter().copied().collect())),
            heard: Arc::default(),
        };
        let (inner, config) = (server.clone(), Arc::new(config));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (inner, config) = (inner.clone(), config.clone());
                std::thread::spawn(move || inner.serve(stream, protection, &config));
            }
        });
        server
    }

    /// What was heard so far, conversation by conversation.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("no test panics with it").clone()
    }

    /// What it does next.
    pub fn then(&self, act: Act) {
        self.script.lock().expect("no test panics with it").push_back(act);
    }

    fn serve(&self, stream: TcpStream, protection: Protection, config: &Arc<ServerConfig>) {
        let act = self.script.lock().expect("no test panics with it").pop_front().unwrap_or(Act::Take);
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        let mut heard = Heard::default();
        // How a conversation ends is its own affair; what was heard is what counts.
        drop(talk(stream, protection, config, act, &mut heard));
        self.heard.lock().expect("no test panics with it").push(heard);
    }
}

fn secure(line: Line, config: &Arc<ServerConfig>) -> std::io::Result<Line> {
    let Line::Plain(stream) = line else { return Ok(line) };
    let session = ServerConnection::new(config.clone()).map_err(std::io::Error::other)?;
    Ok(Line::Tls(Box::new(StreamOwned::new(session, stream))))
}

fn talk(
    stream: TcpStream,
    protection: Protection,
    config: &Arc<ServerConfig>,
    act: Act,
    heard: &mut Heard,
) -> std::io::Result<()> {
    let mut line = Line::Plain(stream);
    if act == Act::Hang {
        return line.hear().map(drop);
    }
    if protection == Protection::Tls {
        line = secure(line, config)?;
    }
    line.say("220 test ESMTP")?;
    loop {
        let command = line.hear()?;
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        heard.commands.push(command);
        let is_bare = protection == Protection::StartTls && matches!(line, Line::Plain(_));
        match (act, verb.as_str()) {
            (Act::Drop, _) => return Ok(()),
            (Act::Answer(at, words), verb) if at == verb => line.say(words)?,
            (_, "EHLO") if is_bare => line.say("250-test\r\n250 STARTTLS")?,
            (_, "EHLO") => line.say("250-test\r\n250 AUTH PLAIN LOGIN")?,
            (_, "STARTTLS") if is_bare => {
                line.say("220 go on")?;
                line = secure(line, config)?;
            }
            (_, "QUIT") => return line.say("221 bye"),
            _ if is_bare => line.say("530 5.7.0 STARTTLS first")?,
            (_, "AUTH") => line.say("235 2.7.0 welcome")?,
            (_, "DATA") => {
                line.say("354 go on")?;
                let mut mail = String::new();
                loop {
                    let text = line.hear()?;
                    if text == "." {
                        break;
                    }
                    mail.push_str(text.strip_prefix('.').unwrap_or(&text));
                    mail.push_str("\r\n");
                }
                heard.mail = Some(mail);
                match act {
                    Act::DropAfterDot => return Ok(()),
                    Act::Answer(".", words) => line.say(words)?,
                    _ => line.say("250 2.0.0 queued as 4711")?,
                }
            }
            _ => line.say("250 2.1.0 fine")?,
        }
    }
}
