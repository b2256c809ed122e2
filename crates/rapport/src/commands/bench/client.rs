//! A client that costs next to nothing, so that what is measured is the server: one connection, requests one by one.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::Value as Json;

/// One request.
#[derive(Clone)]
pub struct Request {
    method: &'static str,
    path: String,
    body: String,
}

impl Request {
    /// GET of a path.
    pub fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), body: String::new() }
    }

    /// POST of JSON to a path.
    pub fn post(path: &str, body: &str) -> Self {
        Self { method: "POST", path: path.to_owned(), body: body.to_owned() }
    }

    /// PATCH of JSON to a path.
    pub fn patch(path: &str, body: &str) -> Self {
        Self { method: "PATCH", path: path.to_owned(), body: body.to_owned() }
    }
}

/// One open connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    key: String,
}

impl Client {
    /// Connects.
    pub fn open(address: SocketAddr, key: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { stream: BufReader::with_capacity(64 * 1024, stream), key: key.to_owned() })
    }

    /// Sends a request and reads the whole answer: status and body.
    pub fn send(&mut self, request: &Request) -> Result<(u16, Vec<u8>)> {
        let mut head = format!("{} {} HTTP/1.1\r\nhost: localhost\r\n", request.method, request.path);
        if !self.key.is_empty() {
            write!(head, "authorization: Bearer {}\r\n", self.key)?;
        }
        if request.method != "GET" {
            write!(head, "content-type: application/json\r\ncontent-length: {}\r\n", request.body.len())?;
        }
        head.push_str("\r\n");
        head.push_str(&request.body);
        self.stream.get_mut().write_all(head.as_bytes())?;
        self.read()
    }

    /// The JSON of an answer that must be a success.
    pub fn expect(&mut self, request: &Request) -> Result<Json> {
        let (status, body) = self.send(request)?;
        let text = String::from_utf8_lossy(&body);
        anyhow::ensure!(status < 300, "{} {} answered {status}: {text}", request.method, request.path);
        serde_json::from_slice(&body).with_context(|| format!("{} answered no JSON: {text}", request.path))
    }

    /// Milliseconds until the whole answer of a request that must succeed is there.
    pub fn time_ms(&mut self, request: &Request) -> Result<f64> {
        let started = Instant::now();
        let (status, body) = self.send(request)?;
        let took = started.elapsed().as_secs_f64() * 1_000.0;
        anyhow::ensure!(status < 300, "{} answered {status}: {}", request.path, String::from_utf8_lossy(&body));
        Ok(took)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        anyhow::ensure!(self.stream.read_line(&mut line)? > 0, "the server closed the connection");
        Ok(line.trim_end().to_owned())
    }

    fn read(&mut self) -> Result<(u16, Vec<u8>)> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no HTTP status")?;
        let mut length = None;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(':') {
                Some(("content-length", value)) => length = Some(value.trim().parse::<usize>()?),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = Vec::new();
        match length {
            Some(length) => {
                body.resize(length, 0);
                self.stream.read_exact(&mut body)?;
            }
            None => loop {
                let size = usize::from_str_radix(self.line()?.trim(), 16).context("no length of a chunk")?;
                let start = body.len();
                body.resize(start + size, 0);
                self.stream.read_exact(body.get_mut(start..).unwrap_or_default())?;
                self.line()?;
                if size == 0 {
                    break;
                }
            },
        }
        Ok((status, body))
    }
}

/// What a load brought.
pub struct Load {
    /// Answers a second.
    pub per_s: f64,
    /// The slowest one in a hundred, in milliseconds.
    pub p99_ms: f64,
}

/// Many clients at once, each sending its next request when the last is answered. The first fifth is warm-up.
pub fn load(
    address: SocketAddr,
    key: &str,
    clients: usize,
    time: Duration,
    request: impl Fn(usize, usize) -> Request + Sync,
) -> Result<Load> {
    let warm = Instant::now() + time / 5;
    let end = Instant::now() + time;
    let times = std::thread::scope(|scope| {
        let request = &request;
        let threads: Vec<_> = (0..clients)
            .map(|client| scope.spawn(move || one_client(address, key, client, warm, end, request)))
            .collect();
        let mut times = Vec::new();
        for thread in threads {
            let joined = thread.join().map_err(|_| anyhow::anyhow!("a client of the load broke down"))?;
            times.extend(joined?);
        }
        Ok::<Vec<f64>, anyhow::Error>(times)
    });
    let mut times = times?;
    times.sort_by(f64::total_cmp);
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Load { per_s: times.len() as f64 / (time.as_secs_f64() * 0.8), p99_ms: p99 })
}

fn one_client(
    address: SocketAddr,
    key: &str,
    client: usize,
    warm: Instant,
    end: Instant,
    request: &(impl Fn(usize, usize) -> Request + Sync),
) -> Result<Vec<f64>> {
    let mut connection = Client::open(address, key)?;
    let mut times = Vec::new();
    for number in 0.. {
        let started = Instant::now();
        if started >= end {
            break;
        }
        let request = request(client, number);
        let (status, body) = connection.send(&request)?;
        anyhow::ensure!(status < 300, "{} answered {status}: {}", request.path, String::from_utf8_lossy(&body));
        if started >= warm {
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    Ok(times)
}

/// The middle of some times.
pub fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
