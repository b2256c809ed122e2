//! HTTP for staff and machines: the REST API under `/api/v1`, live events, OpenAPI, health and metrics.
//!
//! `router.rs` lists every operation; each lives in a file of `routes/`. A request passes, from outside in: `observe`
//! (request id, peer, security headers, log, metrics), `caller` (who is it, did it come from our page, how often),
//! `guard` (may such a caller come here at all, are the parameters known, how long may it take), and then its route.

pub mod accounts;
pub mod body;
pub mod caller;
mod forgotten;
mod guard;
pub mod headers;
pub mod idempotency;
mod live;
mod log_in;
pub mod network;
mod observe;
pub mod openapi;
pub mod params;
pub mod passwords;
pub mod place;
mod presence;
pub mod problem_json;
pub mod rate_limits;
pub mod router;
mod routes;
pub mod second_factor;
mod throttle;
pub mod tokens;
mod totp;
mod view_as;
mod weak_passwords;

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use engine::Workspace;
use store::blobs::Blobs;
use tokio::sync::watch;

use crate::caller::Callers;
use crate::network::Range;
use crate::passwords::Passwords;
use crate::problem_json::Answer;
use crate::rate_limits::{Rate, RateLimits};

/// Calendars poll every few minutes; one that asks more often has lost its way.
const FEED_RATE: Rate = Rate { per_minute: 10, burst: 20 };

/// Public links are opened by hand.
const SHARED_RATE: Rate = Rate { per_minute: 20, burst: 30 };
/// An address that sends enquiries: a person, or an office behind one address.
const CAPTURE_RATE: Rate = Rate { per_minute: 10, burst: 20 };
/// All enquiries of one form.
const FORM_RATE: Rate = Rate { per_minute: 120, burst: 240 };
/// Trials of mail and devices a person may make.
const TRIAL_RATE: Rate = Rate { per_minute: 6, burst: 6 };

/// What a deployment sets.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address people use, such as `https://crm.example.com`: what links in invitations begin with. With `https`
    /// cookies are bound to TLS.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-*` headers count.
    pub trusted_proxies: Vec<Range>,
    /// How often one API key may call; `None` for benches.
    pub rate: Option<Rate>,
    /// Password hashes computed at the same time; each takes 46 MiB.
    pub password_threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            public_url: "http://localhost:8080".to_owned(),
            trusted_proxies: Vec::new(),
            rate: Some(Rate { per_minute: 600, burst: 100 }),
            password_threads: 2,
        }
    }
}

/// The API of one workspace. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

/// What all requests share.
pub struct Inner {
    /// Records and everything about them.
    pub workspace: Workspace,
    /// Uploaded files.
    pub blobs: Blobs,
    /// What the deployment set.
    pub options: Options,
    pub(crate) passwords: Passwords,
    pub(crate) rate_limits: RateLimits,
    /// How often one calendar feed may be read.
    pub(crate) feed_limits: RateLimits,
    /// How often one address may come to public links.
    pub(crate) shared_limits: RateLimits,
    /// How often one address may come to public forms.
    pub(crate) capture_limits: RateLimits,
    /// How often a public form may be sent at all.
    pub(crate) form_limits: RateLimits,
    /// How often somebody may try whether mails and messages to devices go out.
    pub(crate) trial_limits: RateLimits,
    pub(crate) callers: Callers,
    pub(crate) streams: live::Streams,
    pub(crate) presence: presence::Presence,
    pub(crate) stopping: watch::Sender<bool>,
}

impl Deref for Api {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Api {
    /// An API over a workspace and its files.
    pub fn new(workspace: Workspace, blobs: Blobs, options: Options) -> Self {
        Self(Arc::new(Inner {
            passwords: Passwords::new(options.password_threads),
            rate_limits: RateLimits::new(options.rate),
            feed_limits: RateLimits::new(Some(FEED_RATE)),
            shared_limits: RateLimits::new(Some(SHARED_RATE)),
            capture_limits: RateLimits::new(Some(CAPTURE_RATE)),
            form_limits: RateLimits::new(Some(FORM_RATE)),
            trial_limits: RateLimits::new(Some(TRIAL_RATE)),
            callers: Callers::default(),
            streams: live::Streams::default(),
            presence: presence::Presence::default(),
            stopping: watch::channel(false).0,
            workspace,
            blobs,
            options,
        }))
    }

    /// Whether people reach this server over TLS.
    pub fn is_tls(&self) -> bool {
        self.options.public_url.starts_with("https://")
    }

    /// Ends live streams, so that a shutdown does not wait for them.
    pub fn stop(&self) {
        // `send_replace` also works while nobody listens.
        self.stopping.send_replace(true);
    }

    /// Runs blocking work of the engine beside the threads that answer.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, store::Error> + Send + 'static,
    ) -> Answer<T> {
        let done = tokio::task::spawn_blocking(work).await;
        Ok(done.map_err(|error| anyhow::anyhow!("blocking work ended: {error}"))??)
    }
}

/// Serves until `stop` completes; then requests that run are finished, for at most ten seconds.
///
/// # Errors
/// A listener that fails.
pub async fn serve(
    api: Api,
    ui: Router,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let app = router::app(api.clone(), ui).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| {
        // Small answers go out at once; a failure only costs time.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let (ended, mut end) = watch::channel(false);
    let tidying = tokio::spawn(tidy(api.clone()));
    let graceful = axum::serve(listener, app).with_graceful_shutdown(async move {
        stop.await;
        api.stop();
        ended.send_replace(true);
    });
    tokio::select! {
        served = graceful => served?,
        () = async {
            // A sender that is gone means that serving ended.
            if end.wait_for(|over| *over).await.is_ok() {
                tokio::time::sleep(Duration::from_secs(10)).await;
            }
        } => tracing::warn!("some requests did not end in time"),
    }
    tidying.abort();
    Ok(())
}

async fn tidy(api: Api) {
    loop {
        tokio::time::sleep(Duration::from_secs(300)).await;
        api.rate_limits.tidy();
        api.feed_limits.tidy();
        api.shared_limits.tidy();
        api.capture_limits.tidy();
        api.form_limits.tidy();
        api.trial_limits.tidy();
        api.presence.tidy();
    }
}
