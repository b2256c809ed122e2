//! A site under test and clients of it.

use std::net::SocketAddr;
use std::sync::Mutex;

use api::{Api, Options};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value as Json, json};
use store::blobs::Blobs;
use testkit::Kit;
use tower::ServiceExt as _;

pub const PASSWORD: &str = "seven purple lamps hum";

/// A site with its workspace.
pub struct Site {
    pub kit: Kit,
    pub app: Router,
    _files: tempfile::TempDir,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The answer, when its status is the one expected.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The problem's code, when the status is the one expected.
    #[track_caller]
    pub fn code(self, status: u16) -> String {
        let answer = self.is(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        answer.json()["code"].as_str().unwrap().to_owned()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn open(kit: Kit, options: Options) -> Site {
    let files = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(files.path()).unwrap();
    kit.workspace.attach_files(blobs.clone(), contacts::texts::in_process());
    let api = Api::new(kit.workspace.clone(), blobs, options);
    let peer = MockConnectInfo("198.51.100.7:4000".parse::<SocketAddr>().unwrap());
    let app = api::router::app(api, Router::new()).layer(peer);
    Site { kit, app, _files: files }
}

fn run(kit: Kit, options: Options, test: &impl AsyncFn(&Site)) {
    let runtime = runtime();
    let site = open(kit, options);
    runtime.block_on(test(&site));
    site.kit.check();
}

/// A story in which a site on SQLite and one on PostgreSQL are asked the same.
pub fn side_by_side(test: impl AsyncFn([&Site; 2])) {
    let runtime = runtime();
    let sites = [testkit::sqlite(), testkit::on_postgres()].map(|kit| open(kit, unlimited()));
    runtime.block_on(test([&sites[0], &sites[1]]));
    sites.iter().for_each(|site| site.kit.check());
}

/// Stories call as fast as they can.
fn unlimited() -> Options {
    Options { rate: None, ..Options::default() }
}

/// A story on SQLite.
pub fn on_sqlite(test: impl AsyncFn(&Site)) {
    run(testkit::sqlite(), unlimited(), &test);
}

/// A story on SQLite with other options.
pub fn with_options(options: Options, test: impl AsyncFn(&Site)) {
    run(testkit::sqlite(), options, &test);
}

/// A story on both databases.
pub fn on_both(test: impl AsyncFn(&Site)) {
    run(testkit::sqlite(), unlimited(), &test);
    run(testkit::on_postgres(), unlimited(), &test);
}

impl Site {
    /// The program started once more over the same database, with nothing in its memory.
    pub fn restarted(&self) -> Site {
        // On a thread of its own: the database's connections must not be made inside this runtime.
        let kit = std::thread::scope(|scope| scope.spawn(|| self.kit.again()).join().unwrap());
        let files = tempfile::tempdir().unwrap();
        let api = Api::new(kit.workspace.clone(), Blobs::open(files.path()).unwrap(), unlimited());
        let peer = MockConnectInfo("198.51.100.8:4000".parse::<SocketAddr>().unwrap());
        let app = api::router::app(api, Router::new()).layer(peer);
        Site { kit, app, _files: files }
    }

    /// Somebody without credentials.
    pub fn stranger(&self) -> Client<'_> {
        Client { site: self, cookie: Mutex::new(None), key: None, extra: Vec::new() }
    }

    /// Somebody with an API key of a role.
    pub fn key(&self, role: &str) -> Client<'_> {
        let key = api::accounts::add_key(&self.kit.workspace, "test", role).unwrap();
        Client { key: Some(key), ..self.stranger() }
    }

    /// A program that may do everything.
    pub fn admin(&self) -> Client<'_> {
        self.key("admin")
    }

    /// A program with a role of these rights.
    pub fn program(&self, rights: Json) -> Client<'_> {
        let name = format!("Role {}", uuid::Uuid::now_v7());
        self.kit.create("role", json!({ "name": name, "rights": rights }));
        self.key(&name)
    }

    /// A user who is logged in.
    pub async fn user(&self, email: &str, role: &str) -> Client<'_> {
        api::accounts::add_user(&self.kit.workspace, "Some One", email, role, PASSWORD).unwrap();
        let client = self.stranger();
        client.post("/session", json!({ "email": email, "password": PASSWORD })).await.is(200);
        client
    }
}

/// One client: a browser with cookies, or a program with a key.
pub struct Client<'a> {
    pub site: &'a Site,
    pub cookie: Mutex<Option<String>>,
    pub key: Option<String>,
    pub extra: Vec<(String, String)>,
}

impl<'a> Client<'a> {
    /// The same client with one more header.
    pub fn with(&self, name: &str, value: &str) -> Client<'a> {
        let mut extra = self.extra.clone();
        extra.push((name.to_owned(), value.to_owned()));
        Client {
            site: self.site,
            cookie: Mutex::new(self.cookie.lock().unwrap().clone()),
            key: self.key.clone(),
            extra,
        }
    }

    pub fn request(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Request<Body> {
        let outside = ["/api/", "/feeds/", "/shared/", "/public/", "/healthz", "/metrics", "/readyz"]
            .iter()
            .any(|root| path.starts_with(root));
        let path = if outside { path.to_owned() } else { format!("/api/v1{path}") };
        let mut request = Request::builder().method(method).uri(path);
        if let Some(cookie) = &*self.cookie.lock().unwrap() {
            request = request.header(header::COOKIE, format!("sid={cookie}"));
            if !self.extra.iter().any(|(name, _)| name.starts_with("sec-fetch") || name == "x-rapport") {
                request = request.header("x-rapport", "1");
            }
        }
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        for (name, value) in &self.extra {
            request = request.header(name, value);
        }
        match body {
            Some((media, bytes)) => request.header(header::CONTENT_TYPE, media).body(Body::from(bytes)).unwrap(),
            None => request.body(Body::empty()).unwrap(),
        }
    }

    /// Sends a request and keeps the session that comes back.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.site.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(set) = parts.headers.get(header::SET_COOKIE) {
            let value = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap().1.to_owned();
            *self.cookie.lock().unwrap() = (!value.is_empty()).then_some(value);
        }
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    /// Sends a request whose answer does not end.
    pub async fn stream(&self, path: &str) -> (StatusCode, axum::body::BodyDataStream) {
        let response = self.site.app.clone().oneshot(self.request(Method::GET, path, None)).await.unwrap();
        (response.status(), response.into_body().into_data_stream())
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path, None)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path, None)).await
    }

    pub async fn post(&self, path: &str, body: Json) -> Answer {
        self.json(Method::POST, path, &body).await
    }

    pub async fn patch(&self, path: &str, body: Json) -> Answer {
        self.json(Method::PATCH, path, &body).await
    }

    pub async fn put(&self, path: &str, body: Json) -> Answer {
        self.json(Method::PUT, path, &body).await
    }

    pub async fn json(&self, method: Method, path: &str, body: &Json) -> Answer {
        self.send(self.request(method, path, Some(("application/json", body.to_string().into_bytes())))).await
    }

    /// Makes a record; its id.
    pub async fn make(&self, plural: &str, body: Json) -> String {
        let answer = self.post(&format!("/{plural}"), body).await.is(201);
        answer.json()["record"]["id"].as_str().unwrap().to_owned()
    }
}

/// A text as part of a query.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
