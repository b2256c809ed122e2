//! Files: taken in as raw bytes, given out so that they can never act as a page of ours.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Right;
use futures_util::StreamExt as _;
use model::limits::FILE_BYTES_MAX;
use model::{Code, Object, Problem};
use serde_json::{Value as Json, json as json_of};
use store::blobs::Blob;

use crate::Api;
use crate::body::too_large;
use crate::caller::Caller;
use crate::headers::{FILE_POLICY, clean_name, disposition};
use crate::params::Params;
use crate::place::{Place, not_found};
use crate::problem_json::{Answer, Failure};
use crate::routes::json_with;

/// Parameters of an upload.
pub const UPLOAD: &[&str] = &["name"];
/// Parameters of a download.
pub const DOWNLOAD: &[&str] = &["inline"];

/// What may be shown inside our page: formats in which browsers run nothing. PDF opens in the browser's own viewer.
const INLINE: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "application/pdf"];

/// `POST /files`
pub async fn upload(State(api): State<Api>, caller: Caller, params: Params, request: Request) -> Answer {
    check_writer(&api, &caller).await?;
    let name = clean_name(params.required("name")?);
    let head = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (blob, first) = take_in(&api, request, FILE_BYTES_MAX).await?;
    let media = media_type(&first, &name, head.as_deref());
    let file = json_of!({ "id": blob.id, "name": name, "size": blob.size, "type": media });
    Ok(json_with(StatusCode::CREATED, &file))
}

/// A file is of use only to those who may write some record.
async fn check_writer(api: &Api, caller: &Caller) -> Answer<()> {
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let writes = api.blocking(move || {
        let schema = workspace.schema();
        workspace.with_policy(&actor, move |policy| {
            let writes = |object: &&Arc<Object>| {
                policy.check_create(object).is_ok() || policy.scope(object, Right::Update).is_ok()
            };
            Ok(schema.objects().iter().filter(|object| !object.internal).any(|object| writes(&object)))
        })
    });
    if writes.await? {
        return Ok(());
    }
    Err(Failure::new(Code::Forbidden, "Your role may not change any record, so it has no use for files."))
}

/// Streams a body into the files, a piece at a time; also returns its first bytes, by which its type is known.
pub async fn take_in(api: &Api, request: Request, max: u64) -> Answer<(Blob, Vec<u8>)> {
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > max) {
        return Err(too_large(usize::try_from(max).unwrap_or(usize::MAX)));
    }
    let mut upload = api.blobs.upload();
    let mut pieces = request.into_body().into_data_stream();
    let mut first = Vec::new();
    while let Some(piece) = pieces.next().await {
        let taken = match piece {
            Ok(piece) if upload.size() + piece.len() as u64 <= max => {
                if first.len() < 512 {
                    first.extend(piece.iter().take(512));
                }
                upload.write(piece).await.map_err(Failure::from)
            }
            Ok(_) => Err(too_large(usize::try_from(max).unwrap_or(usize::MAX))),
            Err(_) => Err(Failure::bad_request("The upload ended before it was complete.")),
        };
        if let Err(failure) = taken {
            upload.abort().await?;
            return Err(failure);
        }
    }
    if upload.size() == 0 {
        upload.abort().await?;
        return Err(Failure::new(Code::Invalid, "The file is empty."));
    }
    Ok((upload.finish().await?, first))
}

/// `GET /{plural}/{id}/files/{field}/{sha256}`
pub async fn download(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let object = place.object(&api)?;
    let (field, sha256) = (place.text("field")?, place.text("sha256")?);
    // Whoever may see the record and the field may have the file; a hash alone opens nothing.
    let record = api.workspace.load(&caller.actor, &object.name, place.id()?).await?;
    let file = record
        .get(field)
        .as_json()
        .and_then(Json::as_array)
        .and_then(|files| files.iter().find(|file| file.get("id").and_then(Json::as_str) == Some(sha256)));
    let file = file.ok_or_else(not_found)?;
    let text = |name: &str| file.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (size, pieces) = api.blobs.read(sha256).await?.ok_or_else(not_found)?;
    let inline = params.flag("inline", false)?;
    if caller.viewer.is_some() && !inline {
        return Err(Failure::new(Code::Forbidden, crate::guard::PRIVATE));
    }
    if inline && !INLINE.contains(&text("type").as_str()) {
        let detail = "Files of this type are downloaded, not shown.";
        return Err(Problem::new(Code::UnsupportedMedia, detail).into());
    }
    Ok(served(Body::from_stream(pieces), size, &text("name"), &text("type"), inline))
}

/// The one way in which files leave: as an attachment, or inline when they are harmless; never sniffed, never a page.
pub fn served(body: Body, size: u64, name: &str, media: &str, inline: bool) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let media = if inline { media } else { "application/octet-stream" };
    let media = HeaderValue::try_from(media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, media);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CONTENT_DISPOSITION, disposition(inline, name));
    headers.insert(header::CONTENT_SECURITY_POLICY, FILE_POLICY);
    // Pictures stand on many pages; what is downloaded is not kept.
    let caching = if inline { "private, max-age=300" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("cookie, authorization"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    response
}

/// The media type by the first bytes; only what no browser runs is believed from the name.
fn media_type(first: &[u8], name: &str, claimed: Option<&str>) -> String {
    let known: [(&[u8], &str); 8] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"\x1f\x8b", "application/gzip"),
        (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
        (b"BM", "image/bmp"),
        (b"{\\rtf", "application/rtf"),
    ];
    if let Some((_, media)) = known.iter().find(|(magic, _)| first.starts_with(magic)) {
        return (*media).to_owned();
    }
    if first.starts_with(b"RIFF") && first.get(8..12) == Some(b"WEBP") {
        return "image/webp".to_owned();
    }
    let extension = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if first.starts_with(b"PK\x03\x04") {
        return match extension.as_str() {
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "odt" => "application/vnd.oasis.opendocument.text",
            "ods" => "application/vnd.oasis.opendocument.spreadsheet",
            _ => "application/zip",
        }
        .to_owned();
    }
    let by_name = match extension.as_str() {
        "txt" | "log" => "text/plain",
        "csv" => "text/csv",
        "md" => "text/markdown",
        "json" => "application/json",
        "ics" => "text/calendar",
        "vcf" => "text/vcard",
        "eml" => "message/rfc822",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        _ => "",
    };
    if by_name.is_empty() || std::str::from_utf8(first).is_err() && by_name.starts_with("text/") {
        // A claim is kept as a hint for people; such files are only ever downloaded.
        let claimed = claimed.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let plain = |c: char| c.is_ascii_alphanumeric() || "/.+-".contains(c);
        let shown_inline = INLINE.contains(&claimed.as_str());
        if claimed.contains('/') && claimed.len() < 100 && claimed.chars().all(plain) && !shown_inline {
            return claimed;
        }
        return "application/octet-stream".to_owned();
    }
    by_name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_from_the_bytes() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n....", "x.svg", Some("image/svg+xml")), "image/png");
        assert_eq!(media_type(b"<svg onload=alert(1)>", "x.png", Some("image/png")), "application/octet-stream");
        assert_eq!(media_type(b"<svg>", "x.svg", Some("image/svg+xml")), "image/svg+xml");
        assert_eq!(media_type(b"PK\x03\x04", "a.xlsx", None).split('.').next_back(), Some("sheet"));
        assert_eq!(media_type(b"a,b\n", "a.csv", None), "text/csv");
    }

    #[test]
    fn nothing_that_runs_is_shown() {
        for media in ["image/svg+xml", "text/html", "application/xhtml+xml", "text/xml"] {
            assert!(!INLINE.contains(&media));
        }
        let response = served(Body::empty(), 0, "a.svg", "image/svg+xml", false);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/octet-stream");
        assert_eq!(response.headers()[header::CONTENT_SECURITY_POLICY], "sandbox; default-src 'none'");
    }
}
