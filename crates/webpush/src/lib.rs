//! Speaks web push (RFC 8030) to the push services of browsers: one request a message. Their addresses come from
//! browsers and are believed nothing: only addresses that are allowed are connected to, whatever a name leads to.

mod encrypt;
mod vapid;

use std::io::{Error as IoError, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use engine::outward::Allows;
use engine::push::{PushCarrier, PushParcel, Pushed};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use ureq::config::Config;
use ureq::http::{Response, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error};
use url::Url;

/// How long a service may take for all of it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most bytes that are read of an answer.
const ANSWER_BYTES: u64 = 4 * 1024;
/// Most bytes of the headers of an answer.
const HEADER_BYTES: usize = 16 * 1024;

/// A carrier that connects to allowed addresses alone and waits at most `patience`, twenty seconds when nobody says
/// otherwise.
pub fn carrier(allows: Allows, patience: Option<Duration>) -> PushCarrier {
    let config = Agent::config_builder()
        // What is somewhere else is not the address that was given.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent("Rapport")
        .max_response_header_size(HEADER_BYTES)
        .timeout_global(Some(patience.unwrap_or(PATIENCE)))
        .build();
    let agent =
        Agent::with_parts(config, DefaultConnector::default(), Checked { allows, names: DefaultResolver::default() });
    Arc::new(move |parcel: &PushParcel| push(&agent, parcel))
}

/// Looks names up and gives only the addresses that may be connected to.
struct Checked {
    allows: Allows,
    names: DefaultResolver,
}

impl std::fmt::Debug for Checked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Checked")
    }
}

impl Resolver for Checked {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        // Without encryption to this machine alone.
        let is_safe = uri.scheme_str() == Some("https");
        let may = |one: &&SocketAddr| (self.allows)(one.ip()) && (is_safe || one.ip().is_loopback());
        let mut allowed = self.empty();
        found.iter().filter(may).for_each(|one| allowed.push(*one));
        if allowed.is_empty() {
            let words = "its address is not one of the public internet";
            return Err(Error::Io(IoError::new(ErrorKind::PermissionDenied, words)));
        }
        Ok(allowed)
    }
}

fn push(agent: &Agent, parcel: &PushParcel) -> Pushed {
    let Ok(endpoint) = Url::parse(&parcel.endpoint) else {
        return Pushed::Refused("its address cannot be read".to_owned());
    };
    let Ok(message) = encrypt::encrypt(&parcel.p256dh, &parcel.auth, &parcel.body) else {
        return Pushed::Refused("the keys of the device cannot be used".to_owned());
    };
    let Some(authorization) = vapid::authorization(parcel, &endpoint) else {
        return Pushed::Refused("the key of the workspace cannot be used".to_owned());
    };
    let mut request = agent
        .post(endpoint.as_str())
        .header("authorization", authorization)
        .header("content-encoding", "aes128gcm")
        .header("content-type", "application/octet-stream")
        .header("ttl", parcel.ttl_s.to_string())
        .header("urgency", parcel.urgency);
    if let Some(topic) = &parcel.topic {
        request = request.header("topic", topic);
    }
    match request.send(&message[..]) {
        Ok(response) => judge(response, parcel.now_s),
        Err(Error::Io(error)) if error.kind() == ErrorKind::PermissionDenied => {
            Pushed::Refused(format!("the push service may not be connected to: {error}"))
        }
        Err(error) => Pushed::Later(None, format!("the push service was not reached: {error}")),
    }
}

/// What an answer means (RFC 8030, sections 5, 7 and 8).
fn judge(mut response: Response<Body>, now_s: i64) -> Pushed {
    let status = response.status();
    let after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    let after = after.and_then(|value| seconds_of(value, now_s));
    let body = response.body_mut().with_config().limit(ANSWER_BYTES).lossy_utf8(true).read_to_string();
    let words = format!("{} {}", status.as_str(), body.unwrap_or_default()).trim().to_owned();
    match status.as_u16() {
        200..=299 => Pushed::Accepted(words),
        404 | 410 => Pushed::Gone(words),
        413 => Pushed::TooLong(words),
        408 | 425 | 429 | 500.. => Pushed::Later(after, words),
        _ => Pushed::Refused(words),
    }
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
fn seconds_of(value: &str, now_s: i64) -> Option<i64> {
    if let Ok(seconds) = value.trim().parse::<u32>() {
        return Some(i64::from(seconds));
    }
    let at = rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()?;
    Some(at.duration_since(Timestamp::from_second(now_s).ok()?).as_secs().max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_asked_for_in_seconds_or_as_a_date() {
        let now = "2026-07-01T12:00:00Z".parse::<Timestamp>().unwrap().as_second();
        assert_eq!(seconds_of(" 120 ", now), Some(120));
        assert_eq!(seconds_of("Wed, 01 Jul 2026 12:05:00 GMT", now), Some(300));
        assert_eq!(seconds_of("Wed, 01 Jul 2026 11:05:00 GMT", now), Some(0));
        assert_eq!(seconds_of("-1", now), None);
        assert_eq!(seconds_of("soon", now), None);
    }
}
