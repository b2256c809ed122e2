//! Calendars: meetings and tasks as iCalendar files (RFC 5545), events of files as meetings here, single times of series,
//! and when people are busy.

mod event;
mod feed;
mod free_busy;
mod holidays;
mod line;
mod occurrences;
mod take_in;
mod zone;

pub use event::{Method, TasksAs, meeting_file};
pub use feed::{Feed, feed};
pub use free_busy::{Busy, FreeBusy, free_busy};
pub use holidays::{HolidaysTaken, take_in_holidays};
pub use occurrences::{Occurrence, Occurrences, move_occurrence, occurrences};
pub use take_in::{TakenIn, take_in};
