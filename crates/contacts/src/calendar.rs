//! iCalendar (RFC 5545): meetings and tasks as files for other calendars, their events as meetings here.

mod event;
mod feed;
mod line;
mod occurrences;
mod take_in;
mod zone;

pub use event::{Method, TasksAs, meeting_file};
pub use feed::{Feed, feed};
pub use occurrences::{Occurrence, Occurrences, move_occurrence, occurrences};
pub use take_in::{TakenIn, take_in};
