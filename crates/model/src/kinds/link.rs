//! Web addresses: only http, https, mailto and tel ever reach a page.

use url::{Host, Url};

use super::text::clean_line;

/// The address in its one form, or `None` when it is none or of another scheme. `example.com` becomes
/// `https://example.com`.
pub fn normalise_link(typed: &str) -> Option<String> {
    let clean = clean_line(typed);
    let typed = clean.trim_start_matches('<').trim_end_matches('>').trim();
    if typed.is_empty() || typed.contains(char::is_whitespace) {
        return None;
    }
    let complete = match scheme_of(typed) {
        Some(scheme) if ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {
            typed.to_owned()
        }
        Some(_) => return None,
        None => format!("https://{}", typed.trim_start_matches('/')),
    };
    let url = Url::parse(&complete).ok()?;
    match url.scheme() {
        "mailto" => url.path().contains('@').then(|| url.to_string()),
        "tel" => url.path().bytes().any(|byte| byte.is_ascii_digit()).then(|| url.to_string()),
        _ => {
            let is_host = match url.host()? {
                Host::Domain(name) => name == "localhost" || is_dotted(name),
                Host::Ipv4(_) | Host::Ipv6(_) => true,
            };
            let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            let text = if is_bare && !complete.ends_with('/') {
                url.as_str().trim_end_matches('/').to_owned()
            } else {
                url.to_string()
            };
            (is_host && url.password().is_none()).then_some(text)
        }
    }
}

/// The scheme before the colon; a host with a port (`example.com:8080`) has none.
fn scheme_of(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let is_name = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let is_port = rest.starts_with(|c: char| c.is_ascii_digit()) && (scheme.contains('.') || scheme == "localhost");
    (is_name && !is_port).then_some(scheme)
}

fn is_dotted(host: &str) -> bool {
    let mut parts = host.trim_end_matches('.').split('.');
    parts.clone().count() >= 2 && parts.all(|part| !part.is_empty())
}
