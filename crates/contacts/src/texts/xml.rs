//! XML piece by piece: no document type, no entities of its own, nothing kept but what is asked for.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::State;

/// A piece of a document.
pub(super) enum Piece<'a> {
    /// An element begins: its name without prefix, and the element for its attributes.
    Start(&'a str, &'a BytesStart<'a>),
    /// An element ends.
    End(&'a str),
    /// Text.
    Text(&'a str),
}

/// Walks a document until its end or until nothing more is wanted.
pub(super) fn walk(input: impl BufRead, each: &mut dyn FnMut(Piece<'_>) -> bool) -> Result<(), State> {
    let mut reader = Reader::from_reader(input);
    // Names that do not match are the file's own affair, and checking them remembers every open one.
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let goes_on = match reader.read_event_into(&mut buffer).map_err(|_| State::Damaged)? {
            Event::Start(start) => each(Piece::Start(start.local_name().into_inner(), &start)),
            Event::Empty(start) => {
                let name = start.local_name();
                each(Piece::Start(name.into_inner(), &start)) && each(Piece::End(name.into_inner()))
            }
            Event::End(end) => each(Piece::End(end.local_name().into_inner())),
            Event::Text(text) => each(Piece::Text(&text.xml10_content())),
            Event::CData(text) => each(Piece::Text(&text.xml10_content())),
            Event::GeneralRef(name) => {
                let mut bytes = [0; 4];
                match name.resolve_char_ref() {
                    Ok(Some(c)) => each(Piece::Text(c.encode_utf8(&mut bytes))),
                    _ => each(Piece::Text(quick_xml::escape::resolve_predefined_entity(&name).unwrap_or(" "))),
                }
            }
            // Office files have none; where there is one, it is there to do harm.
            Event::DocType(_) => return Err(State::Damaged),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => true,
        };
        if !goes_on {
            return Ok(());
        }
    }
}

/// An attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|one| one.key.local_name().into_inner() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(|value| value.into_owned())
}
