//! Exports: a query as a file, streamed while it is written.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use bytes::Bytes;
use contacts::export::{ExportFormat, Wanted};
use futures_util::{StreamExt as _, stream};
use model::limits::PAGE_MAX;
use parking_lot::Mutex;

use crate::Api;
use crate::caller::Caller;
use crate::headers::{FILE_POLICY, disposition};
use crate::params::{Params, bad_parameter};
use crate::place::Place;
use crate::problem_json::{Answer, Failure};
use crate::routes::records::query_of;

/// Parameters.
pub const EXPORT: &[&str] = &["format", "filter", "sort", "fields", "deleted", "clear"];
/// Bytes that are collected before they are sent. What is wrong with a query shows before so much is written.
const PIECE_BYTES: usize = 64 * 1024;
/// Pieces that may wait for a slow client.
const PIECES_MAX: usize = 8;

type Piece = io::Result<Bytes>;

/// Hands what is written to the answer, piece by piece; a client that is gone ends the export.
struct Pieces {
    buffer: Vec<u8>,
    sender: flume::Sender<Piece>,
    /// Where the last piece goes: it is sent only when the export turned out well.
    rest: Arc<Mutex<Vec<u8>>>,
}

impl Pieces {
    fn send(&mut self) -> io::Result<()> {
        let piece = Bytes::from(std::mem::take(&mut self.buffer));
        self.sender.send(Ok(piece)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE_BYTES {
            self.send()?;
        }
        Ok(bytes.len())
    }

    /// Pieces go out when they are full.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        *self.rest.lock() = std::mem::take(&mut self.buffer);
    }
}

/// `GET /{plural}/export`
pub async fn export(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let object = place.object(&api)?;
    let format = ExportFormat::parse(params.given("format").unwrap_or("csv"))
        .ok_or_else(|| bad_parameter("format", "bad_value", "It is `csv`, `xlsx`, `vcf` or `jsonl`."))?;
    let mut query = query_of(&object, &params)?;
    query.limit = PAGE_MAX;
    let clear = params.flag("clear", false)?;
    let (sender, receiver) = flume::bounded::<Piece>(PIECES_MAX);
    let workspace = api.workspace.clone();
    let rest = Arc::new(Mutex::new(Vec::new()));
    let work = tokio::task::spawn_blocking(move || {
        let out = Pieces { buffer: Vec::new(), sender: sender.clone(), rest: rest.clone() };
        let written = contacts::export::run(&workspace, &caller.actor, Wanted { query, format, clear }, out);
        let last = match &written {
            Ok(rows) => {
                tracing::info!(rows, actor = caller.actor.label(), "exported");
                Ok(Bytes::from(std::mem::take(&mut *rest.lock())))
            }
            Err(error) => Err(io::Error::other(error.to_string())),
        };
        // Whoever is gone misses nothing.
        drop(sender.send(last));
        written
    });
    let first = match receiver.recv_async().await {
        Ok(Ok(first)) => first,
        Ok(Err(_)) | Err(_) => match work.await {
            Ok(Ok(_)) => Bytes::new(),
            Ok(Err(error)) => return Err(error.into()),
            Err(error) => return Err(Failure::internal(&anyhow::anyhow!("the export ended: {error}"))),
        },
    };
    let pieces = stream::once(async { Ok::<_, io::Error>(first) }).chain(receiver.into_stream());
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    let day = jiff::Zoned::now().date();
    let name = format!("{} {day}.{}", object.label_plural, format.extension());
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(header::CONTENT_DISPOSITION, disposition(false, &name));
    headers.insert(header::CONTENT_SECURITY_POLICY, FILE_POLICY);
    Ok(response)
}
