//! Live events (server-sent): what changes, told to those who may see it at that moment.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use engine::LiveEvent;
use futures_util::stream::{self, Stream};
use model::Op;
use parking_lot::Mutex;
use serde_json::json as json_of;
use tokio::sync::watch;
use uuid::Uuid;

use crate::Api;
use crate::accounts;
use crate::caller::Caller;
use crate::params::Params;
use crate::problem_json::{Answer, Failure};
use crate::routes::presence::readable;

/// Changes sent again after a reconnect; who missed more is told to reload.
const RESUMED_MAX: usize = 1_000;
/// How often it is looked at whether the caller may still listen.
const CHECK: Duration = Duration::from_secs(3);

/// Streams that one caller may hold open: a stream costs memory as long as it lasts.
const STREAMS_MAX: usize = 20;

/// The open streams of every caller.
#[derive(Debug, Default)]
pub struct Streams {
    open: Mutex<HashMap<Uuid, usize>>,
}

/// One open stream; giving it up makes room for another.
struct Seat {
    api: Api,
    who: Uuid,
}

impl Seat {
    fn take(api: &Api, who: Uuid) -> Answer<Self> {
        let mut open = api.streams.open.lock();
        let held = open.entry(who).or_default();
        if *held >= STREAMS_MAX {
            return Err(Failure::too_many("Too many event streams are open; close some.", 10));
        }
        *held += 1;
        Ok(Self { api: api.clone(), who })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.api.streams.open.lock();
        if let Some(held) = open.get_mut(&self.who) {
            *held -= 1;
            if *held == 0 {
                open.remove(&self.who);
            }
        }
    }
}

/// One listener.
struct Listener {
    api: Api,
    _seat: Seat,
    caller: Caller,
    events: flume::Receiver<LiveEvent>,
    stopping: watch::Receiver<bool>,
    waiting: VecDeque<LiveEvent>,
    /// The newest change that was sent or skipped; older ones are repetitions.
    seen: i64,
}

/// Parameters of the stream.
pub const EVENTS: &[&str] = &["after"];

/// `GET /events`: from now on, or from where the client says it stands. A browser that comes back says so by itself
/// (`Last-Event-ID`, HTML standard, server-sent events); before its first event it says the position it started with.
pub async fn events(State(api): State<Api>, caller: Caller, params: Params, headers: HeaderMap) -> Answer<Response> {
    let seat = Seat::take(&api, caller.actor.id)?;
    // Listens before it reads the past, so that nothing falls between.
    let events = api.workspace.subscribe();
    let told = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.trim().parse::<i64>().ok());
    let last = match told {
        Some(last) => Some(last),
        None => params.parsed("after")?,
    };
    let mut waiting = VecDeque::new();
    if let Some(last) = last {
        waiting.extend(missed(&api, last).await?);
    }
    let stopping = api.stopping.subscribe();
    let listener = Listener { api, _seat: seat, caller, events, stopping, waiting, seen: last.unwrap_or(0) };
    let stream = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    let first = stream::once(async { Ok::<_, Infallible>(Event::default().comment("listening").retry(RETRY)) });
    Ok(answer(futures_util::StreamExt::chain(first, stream)))
}

/// How soon a client comes back after the stream broke.
const RETRY: Duration = Duration::from_secs(1);

fn answer(stream: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let alive = KeepAlive::new().interval(Duration::from_secs(15)).text("alive");
    let mut response = Sse::new(stream).keep_alive(alive).into_response();
    // Proxies that buffer would hold events back.
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    response
}

/// Changes after a position, from the log.
async fn missed(api: &Api, after: i64) -> Answer<Vec<LiveEvent>> {
    let entries = api.workspace.store().read(move |tx| tx.entries_after(after, RESUMED_MAX)).await?;
    if entries.len() == RESUMED_MAX {
        let seq = api.workspace.store().read(|tx| tx.last_seq()).await?;
        return Ok(vec![LiveEvent::Resync { seq }]);
    }
    let events = entries.into_iter().map(LiveEvent::from);
    Ok(events.collect())
}

impl Listener {
    /// The next event for this caller; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                match self.told(event).await {
                    Ok(Some(event)) => return Some(event),
                    Ok(None) => continue,
                    Err(_) => return None,
                }
            }
            tokio::select! {
                event = self.events.recv_async() => self.waiting.push_back(event.ok()?),
                () = tokio::time::sleep(CHECK) => {}
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            }
            self.renew().await?;
        }
    }

    /// Looks at the caller again: the session may have ended, the role may have changed.
    async fn renew(&mut self) -> Option<()> {
        let hash = self.caller.token_hash.to_string();
        let found = match self.api.callers.find(&hash) {
            Some(caller) => Some(caller),
            None => {
                let found = match self.caller.session {
                    Some(_) => accounts::find_session(&self.api, hash).await,
                    None => accounts::find_key(&self.api, hash).await,
                };
                found.ok().flatten().inspect(|caller| self.api.callers.keep(caller))
            }
        };
        self.caller = found?;
        Some(())
    }

    /// The event on the wire, when this caller may see what it is about.
    async fn told(&mut self, event: LiveEvent) -> Answer<Option<Event>> {
        match event {
            LiveEvent::Change { seq, object, id, op, batch, actor } => {
                if seq <= self.seen {
                    return Ok(None);
                }
                self.seen = seq;
                if !self.api.workspace.can_see(&self.caller.actor, &object, id).await? {
                    // Who may not read layouts sees pages by them: that some changed is all they hear.
                    let layouts = (object == engine::layouts::OBJECT)
                        .then(|| Event::default().id(seq.to_string()).event("layouts").data("{}"));
                    return Ok(layouts);
                }
                let data = json_of!({ "object": object, "id": id, "op": op, "batch": batch, "actor": actor });
                let data = match self.version(&object, id, op).await {
                    Some(version) => with_version(data, version),
                    None => data,
                };
                Ok(Some(Event::default().id(seq.to_string()).event("change").data(data.to_string())))
            }
            LiveEvent::Resync { seq } => {
                self.seen = seq;
                Ok(Some(Event::default().id(seq.to_string()).event("resync").data("{}")))
            }
            LiveEvent::Notification { user } => {
                let own = self.caller.actor.user == Some(user);
                Ok(own.then(|| Event::default().event("notification").data("{}")))
            }
            LiveEvent::Presence { object, id, user, editing, here } => {
                // Who is not at the record has no use for it, so that nobody else costs a question to the database.
                let at = self.caller.actor.user.is_some_and(|own| own != user && self.api.presence.is_at(id, own));
                if !at || !self.api.workspace.can_see(&self.caller.actor, &object, id).await? {
                    return Ok(None);
                }
                let editing = readable(&self.api, &self.caller, &object, editing).await?;
                let data = json_of!({ "object": object, "id": id, "user": user, "editing": editing, "here": here });
                Ok(Some(Event::default().event("presence").data(data.to_string())))
            }
            LiveEvent::Job { id, kind, by, status, progress } => {
                let (workspace, actor) = (self.api.workspace.clone(), self.caller.actor.clone());
                let hears = move |tx: &mut store::Tx| workspace.hears_of_job(tx, &actor, by.as_deref());
                if !self.api.workspace.store().read(hears).await? {
                    return Ok(None);
                }
                let data = json_of!({ "id": id, "kind": kind, "status": status, "progress": progress });
                Ok(Some(Event::default().event("job").data(data.to_string())))
            }
        }
    }

    async fn version(&self, object: &str, id: Uuid, op: Op) -> Option<i64> {
        if op == Op::Erase {
            return None;
        }
        let record = self.api.workspace.load(&self.caller.actor, object, id).await.ok()?;
        match record.get("version") {
            model::Value::Int(version) => Some(*version),
            _ => None,
        }
    }
}

fn with_version(mut data: serde_json::Value, version: i64) -> serde_json::Value {
    if let Some(map) = data.as_object_mut() {
        map.insert("version".to_owned(), json_of!(version));
    }
    data
}
