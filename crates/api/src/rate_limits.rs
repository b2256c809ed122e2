//! How often a key may call: a token bucket per principal, told in `RateLimit` headers.

use std::num::NonZeroU32;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

use crate::problem_json::Failure;

/// A rate: so many requests a minute, with bursts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a minute in the long run.
    pub per_minute: u32,
    /// Requests at once.
    pub burst: u32,
}

type Buckets = RateLimiter<Uuid, DefaultKeyedStateStore<Uuid>, DefaultClock, StateInformationMiddleware>;

/// The buckets of all API keys; `None` inside when limits are switched off.
#[derive(Debug, Default)]
pub struct RateLimits {
    limited: Option<(Buckets, Rate)>,
}

impl RateLimits {
    /// Limits at a rate, or none.
    pub fn new(rate: Option<Rate>) -> Self {
        let limited = rate.and_then(|rate| {
            let quota = Quota::per_minute(NonZeroU32::new(rate.per_minute)?).allow_burst(NonZeroU32::new(rate.burst)?);
            Some((RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>(), rate))
        });
        Self { limited }
    }

    /// Takes one request of a key; what is left is for the answer's headers.
    pub fn take(&self, key: Uuid) -> Result<Option<Left>, Failure> {
        let Some((buckets, rate)) = &self.limited else { return Ok(None) };
        match buckets.check_key(&key) {
            Ok(state) => Ok(Some(Left { rate: *rate, remaining: state.remaining_burst_capacity() })),
            Err(denied) => {
                let wait = denied.wait_time_from(DefaultClock::default().now());
                Err(Failure::too_many("This key calls too often; slow down.", wait.as_secs() + 1))
            }
        }
    }

    /// Forgets keys that were quiet; called now and then.
    pub fn tidy(&self) {
        if let Some((buckets, _)) = &self.limited {
            buckets.retain_recent();
        }
    }
}

/// What a key has left.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    rate: Rate,
    remaining: u32,
}

impl Left {
    /// `RateLimit-Policy` and `RateLimit`.
    pub fn write(&self, headers: &mut HeaderMap) {
        let Rate { per_minute, burst } = self.rate;
        let policy = format!("\"default\";q={per_minute};w=60;burst={burst}");
        let left = format!("\"default\";r={};t=60", self.remaining);
        for (name, text) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_the_next_waits() {
        let limits = RateLimits::new(Some(Rate { per_minute: 60, burst: 3 }));
        let key = Uuid::nil();
        assert_eq!((0..10).filter(|_| limits.take(key).is_ok()).count(), 3);
        assert!(limits.take(Uuid::max()).is_ok());
        assert_eq!(limits.take(key).unwrap_err().retry_after, Some(1));
        let off = RateLimits::new(None);
        assert!((0..1000).all(|_| off.take(key).unwrap().is_none()));
    }
}
