//! The embedded staff UI: its files with strong ETags and their compressed forms, and the one page behind every
//! address of the UI.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rand::TryRngCore;
use rand::rngs::OsRng;

/// One embedded file.
struct File {
    path: &'static str,
    hash: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Stands in the page where the nonce of inline styles belongs.
const NONCE_MARK: &str = "__CSP_NONCE__";

/// Each address of the UI with the files of its page; written by the build of the UI.
const PAGES: &str = "pages.txt";

/// The service worker, which shows what is pushed. Browsers ask for it anew at each start, past their caches.
const WORKER: &str = "sw.js";

/// What the service worker may do: ask this server, show pictures of it.
const WORKER_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'";

/// Said when the program was built without the UI.
const NO_UI: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Rapport</title></head><body>\
    <h1>Rapport</h1><p>This build has no staff UI. Build it with <code>npm run build</code> in <code>web/</code> and \
    build the program again. The API is at <a href=\"/api/openapi.json\">/api/openapi.json</a>.</p></body></html>";

/// Answers everything that no other route answers.
pub fn router() -> Router {
    Router::new().fallback(serve)
}

/// Whether the UI is part of this program.
pub fn is_embedded() -> bool {
    find("index.html").is_some()
}

fn find(path: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.path == path)
}

async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    match find(path) {
        Some(file) if !matches!(file.path, "index.html" | PAGES) => send(file, request.headers()),
        _ if is_file_path(path) => (StatusCode::NOT_FOUND, "There is no such file.").into_response(),
        _ => page(path),
    }
}

/// Whether an address names a file, so that a missing script is a 404 and not the page.
fn is_file_path(path: &str) -> bool {
    path.starts_with("assets/") || path.rsplit('/').next().is_some_and(|last| last.contains('.') && last.len() < 100)
}

fn send(file: &'static File, request: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", file.hash);
    let fresh = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|known| {
        known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")
    });
    let mut response = if fresh { StatusCode::NOT_MODIFIED.into_response() } else { body_of(file, request) };
    let headers = response.headers_mut();
    // The build puts a hash of the content into the names of assets, so they never change.
    let caching = if file.path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if file.path == WORKER {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY));
    }
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn body_of(file: &'static File, request: &HeaderMap) -> Response {
    let (bytes, encoding) = match (file.br, file.gz) {
        (Some(br), _) if accepts(request, "br") => (br, Some("br")),
        (_, Some(gz)) if accepts(request, "gzip") => (gz, Some("gzip")),
        _ => (file.plain, None),
    };
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(file.path)));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next() == Some(encoding) && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// The page, with a fresh nonce in it and in its policy.
fn page(path: &str) -> Response {
    let nonce = new_nonce();
    let html = find("index.html").map_or(NO_UI, |file| std::str::from_utf8(file.plain).unwrap_or(NO_UI));
    let html = html.replace(NONCE_MARK, &nonce).replacen("</head>", &format!("{}</head>", fetched_ahead(path)), 1);
    let mut response = html.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::try_from(policy(&nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    // Addresses with a token in them are told to nobody.
    let referrer = if path.starts_with("invite") { "no-referrer" } else { "same-origin" };
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(referrer));
    response
}

/// Links that let the browser fetch what the page at an address needs at once, not one after the other.
fn fetched_ahead(path: &str) -> String {
    let list = find(PAGES).and_then(|file| std::str::from_utf8(file.plain).ok()).unwrap_or_default();
    let Some(line) = list.lines().find(|line| line.split(' ').nth(1).is_some_and(|address| is_at(address, path)))
    else {
        return String::new();
    };
    let mut links = String::new();
    if line.starts_with("inside ") {
        links.push_str("<link rel=\"preload\" as=\"fetch\" crossorigin href=\"/api/v1/boot\">");
    }
    for file in line.split(' ').skip(2) {
        let kind = if file.ends_with(".css") { "preload\" as=\"style" } else { "modulepreload" };
        links.push_str(&format!("<link rel=\"{kind}\" crossorigin href=\"/{file}\">"));
    }
    links
}

/// Whether a path has the shape of an address: `$name` stands for any one part.
fn is_at(address: &str, path: &str) -> bool {
    let (mut parts, mut given) = (address.trim_start_matches('/').split('/'), path.trim_end_matches('/').split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(one)) if part == one || part.starts_with('$') && !one.is_empty() => {}
            _ => return false,
        }
    }
}

/// Scripts only from here, never inline; inline style elements only with the nonce; style attributes are free
/// because positions of cells and charts are set through them.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; worker-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}

fn new_nonce() -> String {
    let mut bytes = [0_u8; 16];
    // Without random bytes the nonce would be guessable; an unknown one only costs the styles.
    if OsRng.try_fill_bytes(&mut bytes).is_err() {
        return "none".to_owned();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_fresh_nonce_each_time() {
        let one = page("people").headers()[header::CONTENT_SECURITY_POLICY].clone();
        let two = page("people").headers()[header::CONTENT_SECURITY_POLICY].clone();
        assert_ne!(one, two);
        assert!(!one.to_str().unwrap().contains("script-src 'self' 'unsafe"));
        assert_eq!(page("invite/abc").headers()[header::REFERRER_POLICY], "no-referrer");
    }

    #[test]
    fn compressed_forms_need_consent() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, "gzip;q=0, br;q=0.5".parse().unwrap());
        assert!(accepts(&headers, "br"));
        assert!(!accepts(&headers, "gzip"));
    }

    #[test]
    fn addresses_match_part_by_part() {
        assert!(is_at("/", ""));
        assert!(is_at("/imports/$id", "imports/0193"));
        assert!(is_at("/$plural", "people/"));
        assert!(!is_at("/$plural", ""));
        assert!(!is_at("/$plural", "people/0193"));
        assert!(!is_at("/imports/$id", "imports"));
    }

    #[test]
    fn the_service_worker_is_asked_for_anew_and_bound() {
        let file: &'static File =
            Box::leak(Box::new(File { path: WORKER, hash: "abc", plain: b"//", br: None, gz: None }));
        let answer = send(file, &HeaderMap::new());
        let headers = answer.headers();
        assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
        assert_eq!(headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], WORKER_POLICY);
        assert!(!is_file_path("settings/profile") && is_file_path(WORKER), "one that is missing is not the page");
    }

    #[test]
    fn missing_files_are_not_the_page() {
        assert!(is_file_path("assets/app.js"));
        assert!(is_file_path("favicon.ico"));
        assert!(!is_file_path("people/0193"));
        assert!(!is_file_path(""));
    }
}
