//! The headers that every answer carries, and the session cookie. The page of the UI sets its own policy.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::network::Peer;

/// Policy of every answer of the API: it can never act as a page.
const API_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
/// Policy of a served file.
pub const FILE_POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");
/// How long browsers insist on TLS.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
/// How long a session lives.
pub const SESSION_SECONDS: i64 = 30 * 24 * 3600;

/// Adds what is missing; a route that has set a header of its own keeps it.
pub fn secure(headers: &mut HeaderMap, tls: bool, api: bool) {
    let mut set = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    set(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    set(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    set(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(self)"),
    );
    if tls {
        set(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if api {
        set(header::CONTENT_SECURITY_POLICY, API_POLICY);
        set(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        set(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
}

/// The name of the session cookie: `__Host-sid` over TLS (bound to the host by the browser), `sid` without.
pub fn cookie_name(tls: bool) -> &'static str {
    if tls { "__Host-sid" } else { "sid" }
}

/// `Set-Cookie` of a new session.
pub fn session_cookie(peer: Peer, token: &str) -> HeaderValue {
    cookie(peer, token, SESSION_SECONDS)
}

/// `Set-Cookie` that takes the session away.
pub fn clear_cookie(peer: Peer) -> HeaderValue {
    cookie(peer, "", 0)
}

fn cookie(peer: Peer, value: &str, seconds: i64) -> HeaderValue {
    let secure = if peer.tls { "; Secure" } else { "" };
    let name = cookie_name(peer.tls);
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}{secure}; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The session token of a request. Of two cookies of the same name neither counts.
pub fn session_token(headers: &HeaderMap, tls: bool) -> Option<String> {
    let name = cookie_name(tls);
    let mut found = None;
    for line in headers.get_all(header::COOKIE) {
        for pair in line.to_str().ok()?.split(';') {
            let Some((key, value)) = pair.trim().split_once('=') else { continue };
            if key == name {
                if found.is_some() {
                    return None;
                }
                found = Some(value.to_owned());
            }
        }
    }
    found.filter(|token| !token.is_empty())
}

/// RFC 6266 `Content-Disposition` with an ASCII fall-back and the exact name in UTF-8 (RFC 8187).
pub fn disposition(inline: bool, name: &str) -> HeaderValue {
    let kind = if inline { "inline" } else { "attachment" };
    let name = clean_name(name);
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' }).collect();
    let mut exact = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            exact.push_str(&format!("%{byte:02X}"));
        }
    }
    let text = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}");
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

/// The name of a file without folders, control characters and marks that turn the reading direction.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    let mut clean = clean.trim().trim_matches('.').to_owned();
    while clean.len() > 200 {
        clean.pop();
    }
    if clean.is_empty() { "file".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    #[test]
    fn cookies_are_host_bound_over_tls() {
        let peer = |tls| Peer { address: IpAddr::V4(Ipv4Addr::LOCALHOST), tls };
        assert_eq!(
            session_cookie(peer(true), "abc"),
            "__Host-sid=abc; Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax"
        );
        assert_eq!(session_cookie(peer(false), "abc"), "sid=abc; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn two_session_cookies_are_none() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=b; sid=one".parse().unwrap());
        assert_eq!(session_token(&headers, false).as_deref(), Some("one"));
        assert_eq!(session_token(&headers, true), None);
        headers.append(header::COOKIE, "sid=two".parse().unwrap());
        assert_eq!(session_token(&headers, false), None);
    }

    #[test]
    fn names_of_files_cannot_break_out() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("..\\..\\x\r\nSet-Cookie: a"), "xSet-Cookie: a");
        assert_eq!(clean_name(".."), "file");
        assert_eq!(
            disposition(false, "Müller \"x\".pdf"),
            "attachment; filename=\"M_ller _x_.pdf\"; filename*=UTF-8''M%C3%BCller%20%22x%22.pdf"
        );
    }
}
