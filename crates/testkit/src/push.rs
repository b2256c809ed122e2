//! A push service that follows a script, and browsers that read what it was given.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey, ecdh};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use serde_json::Value as Json;

/// A browser that subscribed: its keys.
#[derive(Debug, Clone)]
pub struct Browser {
    key: SecretKey,
    auth: Vec<u8>,
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Browser {
    /// A browser with keys of its own.
    pub fn new() -> Self {
        let id = [uuid::Uuid::now_v7().into_bytes(), uuid::Uuid::now_v7().into_bytes()].concat();
        let key = ring::digest::digest(&ring::digest::SHA256, &id);
        Self::known(key.as_ref(), &id[..16])
    }

    /// A browser with these keys.
    pub fn known(private: &[u8], auth: &[u8]) -> Self {
        Self { key: SecretKey::from_slice(private).expect("a scalar of the curve"), auth: auth.to_vec() }
    }

    /// Its public key, as browsers give it.
    pub fn p256dh(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.public_key().to_encoded_point(false).as_bytes())
    }

    /// Its secret, as browsers give it.
    pub fn auth(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.auth)
    }

    /// The secret that it shares with a public key.
    pub fn agree(&self, public: &[u8]) -> Vec<u8> {
        let public = PublicKey::from_sec1_bytes(public).expect("a point of the curve");
        ecdh::diffie_hellman(self.key.to_nonzero_scalar(), public.as_affine()).raw_secret_bytes().to_vec()
    }

    /// Reads a message (RFC 8291 in the direction of the receiver).
    pub fn read(&self, message: &[u8]) -> Vec<u8> {
        self.try_read(message).expect("a message for this browser")
    }

    /// The same for what may be somebody else's.
    pub fn try_read(&self, message: &[u8]) -> Option<Vec<u8>> {
        let (salt, rest) = message.split_at(16);
        let (size, rest) = rest.split_at(4);
        assert_eq!(size, 4096_u32.to_be_bytes(), "the record size");
        let (sender, sealed) = rest[1..].split_at(usize::from(rest[0]));
        let own = self.key.public_key().to_encoded_point(false);
        let expand = |key: &ring::hkdf::Prk, info: &[&[u8]], bytes: &mut [u8]| {
            let made = key.expand(info, HKDF_SHA256).expect("HKDF");
            let mut all = [0; 32];
            made.fill(&mut all).expect("32 bytes");
            bytes.copy_from_slice(&all[..bytes.len()]);
        };
        let both = Salt::new(HKDF_SHA256, &self.auth).extract(&self.agree(sender));
        let (mut material, mut key, mut nonce) = ([0; 32], [0; 16], [0; 12]);
        expand(&both, &[b"WebPush: info\0", own.as_bytes(), sender], &mut material);
        let record = Salt::new(HKDF_SHA256, salt).extract(&material);
        expand(&record, &[b"Content-Encoding: aes128gcm\0"], &mut key);
        expand(&record, &[b"Content-Encoding: nonce\0"], &mut nonce);
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).expect("a key"));
        let mut bytes = sealed.to_vec();
        let text = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes).ok()?;
        let end = text.iter().rposition(|byte| *byte != 0).expect("a delimiter");
        assert_eq!(text[end], 2, "the last record");
        Some(text[..end].to_vec())
    }
}

/// What the service was given in one request.
#[derive(Debug, Clone)]
pub struct Given {
    /// The path it was sent to.
    pub path: String,
    /// Headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Given {
    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The message that a browser reads.
    pub fn read(&self, browser: &Browser) -> Json {
        serde_json::from_slice(&browser.read(&self.body)).expect("JSON")
    }
}

/// A running service; it ends with the test's process.
#[derive(Clone)]
pub struct PushService {
    /// Its port on 127.0.0.1.
    pub port: u16,
    script: Arc<Mutex<VecDeque<String>>>,
    given: Arc<Mutex<Vec<Given>>>,
}

impl Default for PushService {
    fn default() -> Self {
        Self::start()
    }
}

impl PushService {
    /// Starts a service that takes everything once its script has ended.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let service = Self { port, script: Arc::default(), given: Arc::default() };
        let inner = service.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let inner = inner.clone();
                // How a connection ends is its own affair.
                std::thread::spawn(move || drop(inner.serve(stream)));
            }
        });
        service
    }

    /// The address of a device at this service.
    pub fn endpoint(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/{name}", self.port)
    }

    /// How it answers next: a status line with headers, like `429 Slow\r\nRetry-After: 60`; empty closes the connection
    /// without a word, `hang` says nothing for a long time.
    pub fn then(&self, answer: &str) {
        self.script.lock().expect("no test panics with it").push_back(answer.to_owned());
    }

    /// What it was given since it was asked last.
    pub fn taken(&self) -> Vec<Given> {
        std::mem::take(&mut *self.given.lock().expect("no test panics with it"))
    }

    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut writer = stream;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            let mut headers = Vec::new();
            loop {
                line.clear();
                reader.read_line(&mut line)?;
                let Some((name, value)) = line.trim_end().split_once(':') else { break };
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
            let given = Given { path, headers, body: Vec::new() };
            let mut body = vec![0; given.header("content-length").parse().unwrap_or(0)];
            reader.read_exact(&mut body)?;
            self.given.lock().expect("no test panics with it").push(Given { body, ..given });
            let answer = self.script.lock().expect("no test panics with it").pop_front();
            match answer.as_deref().unwrap_or("201 Created") {
                "" => return Ok(()),
                "hang" => std::thread::sleep(Duration::from_secs(5)),
                answer => write!(writer, "HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n")?,
            }
        }
    }
}
