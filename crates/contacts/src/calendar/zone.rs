//! Time zones of calendars: written so that others need no table of their own, found whatever others call them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::line::Lines;

/// Clock changes are written from this long before the first time …
const BEFORE_DAYS: i64 = 400;
/// … for so many changes.
const CHANGES: usize = 24;
/// Names that a widespread office program writes.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Romance Standard Time", "Europe/Paris"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("FLE Standard Time", "Europe/Kyiv"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central Standard Time", "America/Chicago"),
    ("Mountain Standard Time", "America/Denver"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("India Standard Time", "Asia/Kolkata"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("UTC", "UTC"),
];

/// The zone of a name as calendars write it: `Europe/Berlin`, `/vendor/Europe/Berlin`, `W. Europe Standard Time`.
pub(super) fn find(name: &str) -> Option<TimeZone> {
    let name = name.trim().trim_matches('"');
    let known = OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, name)| *name);
    if let Ok(zone) = TimeZone::get(known.unwrap_or(name)) {
        return Some(zone);
    }
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    let tails = [2, 3, 1].into_iter().filter_map(|count| parts.get(parts.len().checked_sub(count)?..));
    tails.filter_map(|tail| TimeZone::get(&tail.join("/")).ok()).next()
}

/// A `VTIMEZONE` with the clock changes around and after a time.
pub(super) fn write(lines: &mut Lines, name: &str, zone: &TimeZone, first: Timestamp) {
    let from = first.checked_sub(jiff::SignedDuration::from_hours(24 * BEFORE_DAYS)).unwrap_or(first);
    lines.push("BEGIN", "VTIMEZONE");
    lines.push("TZID", name);
    let mut before = zone.to_offset_info(from);
    let mut offset = before.offset();
    observance(
        lines,
        before.dst().is_dst(),
        (offset, offset),
        from.to_zoned(zone.clone()).datetime(),
        before.abbreviation(),
    );
    for change in zone.following(from).take(CHANGES) {
        before = zone.to_offset_info(change.timestamp());
        // The moment of the change by the clock that was valid before it.
        let at = offset.to_datetime(change.timestamp());
        observance(lines, before.dst().is_dst(), (offset, before.offset()), at, before.abbreviation());
        offset = before.offset();
    }
    lines.push("END", "VTIMEZONE");
}

fn observance(
    lines: &mut Lines,
    summer: bool,
    offsets: (jiff::tz::Offset, jiff::tz::Offset),
    at: DateTime,
    name: &str,
) {
    let kind = if summer { "DAYLIGHT" } else { "STANDARD" };
    lines.push("BEGIN", kind);
    lines.push("DTSTART", &local(at));
    lines.push("TZOFFSETFROM", &offset_text(offsets.0));
    lines.push("TZOFFSETTO", &offset_text(offsets.1));
    lines.push_text("TZNAME", name);
    lines.push("END", kind);
}

fn offset_text(offset: jiff::tz::Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// `20261122T093000`.
pub(super) fn local(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

/// `20261122T083000Z`.
pub(super) fn utc(micros: i64) -> Option<String> {
    Some(Timestamp::from_microsecond(micros).ok()?.strftime("%Y%m%dT%H%M%SZ").to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_all_their_names() {
        for name in ["Europe/Berlin", "/freeassociation.sourceforge.net/Europe/Berlin", "w. europe standard time"] {
            assert_eq!(find(name).unwrap().iana_name(), Some("Europe/Berlin"), "{name}");
        }
        assert_eq!(find("America/Argentina/Buenos_Aires").unwrap().iana_name(), Some("America/Argentina/Buenos_Aires"));
        assert!(find("Customized Time Zone").is_none());
    }

    #[test]
    fn changes_of_the_clock_are_written() {
        let mut lines = Lines::default();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        write(&mut lines, "Europe/Berlin", &zone, "2026-11-22T08:00:00Z".parse().unwrap());
        let text = lines.into_text();
        let summer =
            "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST";
        assert!(text.contains(summer), "{text}");
    }
}
