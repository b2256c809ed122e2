//! Files that are text already: plain, CSV, Markdown, JSON; HTML and other markup without its tags; e-mail.

use std::io::{Cursor, Read as _};

use mail_parser::decoders::html::html_to_text;
use mail_parser::{Address, Message, MessageParser, MimeHeaders as _};

use super::State;
use super::sink::Sink;
use crate::import::read::text::{Utf8Reader, detect};

/// Bytes that are looked at to tell what a file is.
const HEAD: usize = 4_096;
/// Bytes of a file that are read; its text is bounded anyway.
const READ_MAX: usize = 4 * 1024 * 1024;
/// Tags between which a word goes on.
const WITHIN_WORDS: [&str; 14] =
    ["a", "b", "i", "u", "s", "em", "strong", "span", "font", "sub", "sup", "mark", "small", "wbr"];

/// Reads text of any encoding.
pub(super) fn read(bytes: &[u8], sink: &mut Sink) -> Result<(), State> {
    if is_mail(bytes)
        && let Some(message) = MessageParser::default().parse(bytes)
    {
        mail(&message, sink);
        return Ok(());
    }
    let bytes = bytes.get(..READ_MAX).unwrap_or(bytes);
    let detected = detect(Cursor::new(bytes)).map_err(|_| State::Damaged)?;
    let mut text = Vec::new();
    let mut reader = Utf8Reader::new(Cursor::new(bytes), detected).map_err(|_| State::Damaged)?;
    reader.read_to_end(&mut text).map_err(|_| State::Damaged)?;
    let text = String::from_utf8_lossy(&text);
    if is_binary(&text) {
        return Err(State::Other);
    }
    match is_markup(&text) {
        true => sink.push(&html_to_text(&parted(&text))),
        false => sink.push(&text),
    }
    Ok(())
}

/// Text has next to no control characters.
fn is_binary(text: &str) -> bool {
    let head = || text.chars().take(HEAD);
    let is_strange = |c: &char| (c.is_control() && !c.is_whitespace() && *c != '\u{1b}') || *c == '\u{fffd}';
    head().any(|c| c == '\0') || head().filter(is_strange).count() * 50 > head().count()
}

fn is_markup(text: &str) -> bool {
    let mut start = text.trim_start_matches('\u{feff}').trim_start().chars();
    start.next() == Some('<') && start.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '!' | '?'))
}

/// Puts a blank before every tag that ends a word.
fn parted(html: &str) -> String {
    let mut text = String::with_capacity(html.len() + html.len() / 8);
    for (at, piece) in html.split('<').enumerate() {
        let tag: String = piece.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if at > 0 {
            text.push_str(if WITHIN_WORDS.contains(&tag.to_ascii_lowercase().as_str()) { "<" } else { " <" });
        }
        text.push_str(piece);
    }
    text
}

/// A message begins with its headers, among them who wrote it.
fn is_mail(bytes: &[u8]) -> bool {
    let head = bytes.get(..2 * HEAD).unwrap_or(bytes);
    let mut known = 0;
    for (at, line) in head.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if matches!(line.first(), Some(b' ' | b'\t')) && at > 0 {
            continue;
        }
        let name: Vec<u8> = line.iter().take_while(|byte| **byte != b':').map(u8::to_ascii_lowercase).collect();
        let is_name = name.len() < line.len() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        if !is_name || name.is_empty() {
            return false;
        }
        let tells: [&[u8]; 6] = [b"from", b"received", b"return-path", b"message-id", b"mime-version", b"subject"];
        known += usize::from(tells.contains(&name.as_slice()));
    }
    known >= 2
}

fn mail(message: &Message<'_>, sink: &mut Sink) {
    let mut line = |text: &str| {
        sink.push(text);
        sink.line();
    };
    line(message.subject().unwrap_or_default());
    for address in [message.from(), message.to(), message.cc()].into_iter().flatten() {
        people(address, &mut line);
    }
    for at in 0..message.text_body_count() {
        line(&message.body_text(at).unwrap_or_default());
    }
    for part in message.attachments() {
        line(part.attachment_name().unwrap_or_default());
    }
}

fn people(address: &Address<'_>, line: &mut impl FnMut(&str)) {
    for one in address.iter() {
        line(one.name().unwrap_or_default());
        line(one.address().unwrap_or_default());
    }
}
