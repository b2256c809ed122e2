//! Recurrence rules (RFC 5545 `RRULE`): read from text, and the instants they give in a time zone.
//!
//! A rule counts in days of the calendar on a wall, not in hours: the library works on local times, and only its results
//! become instants. A time that a clock change skips moves on by the skipped hour; one that is there twice is the first.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use rrule::RRuleSet;

/// Longest rule, in bytes.
const BYTES_MAX: usize = 400;
/// Most occurrences looked at to find one: a daily rule of a hundred years.
const STEPS_MAX: usize = 36_600;
/// What is understood of a rule, beside its end.
const PARTS: [&str; 10] =
    ["FREQ", "INTERVAL", "COUNT", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYYEARDAY", "BYWEEKNO", "WKST"];
/// How often things may repeat: nobody does a task every second.
const FREQUENCIES: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];

/// A rule that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    parts: Vec<(String, String)>,
    until: Option<Until>,
}

/// The last moment of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// All of this day, wherever it is.
    Day(Date),
    /// This time on the wall.
    Local(DateTime),
    /// This moment.
    Instant(Timestamp),
}

impl Rule {
    /// Reads a rule such as `FREQ=MONTHLY;BYDAY=-1FR`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let clean = text.trim().to_ascii_uppercase();
        let clean = clean.strip_prefix("RRULE:").unwrap_or(&clean).trim_end_matches(';');
        if clean.len() > BYTES_MAX {
            return Err(format!("The rule is too long; {BYTES_MAX} characters are allowed."));
        }
        let mut rule = Self { parts: Vec::new(), until: None };
        for part in clean.split(';') {
            let (name, value) = part.split_once('=').ok_or_else(|| unknown(part))?;
            let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, ',' | '-' | '+');
            if value.is_empty() || !value.chars().all(sound) || rule.part(name).is_some() {
                return Err(unknown(part));
            }
            match name {
                "UNTIL" if rule.until.is_none() => rule.until = Some(Until::parse(value).ok_or_else(|| unknown(part))?),
                "FREQ" if !FREQUENCIES.contains(&value) => {
                    return Err("It repeats by day, week, month or year: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.".into());
                }
                name if PARTS.contains(&name) => rule.parts.push((name.to_owned(), value.to_owned())),
                _ => return Err(unknown(part)),
            }
        }
        if rule.part("FREQ").is_none() {
            return Err("The rule needs a frequency, like FREQ=WEEKLY.".into());
        }
        if rule.part("COUNT").is_some() && rule.until.is_some() {
            return Err("A rule ends by COUNT or by UNTIL, not by both.".into());
        }
        for name in ["COUNT", "INTERVAL"] {
            if let Some(value) = rule.part(name)
                && !value.parse::<u16>().is_ok_and(|number| (1..=10_000).contains(&number))
            {
                return Err(format!("{name} is a number from 1 to 10,000."));
            }
        }
        let probe = DateTime::constant(2024, 1, 1, 9, 0, 0, 0);
        rule.set(probe).map_err(|_| unknown(clean))?;
        Ok(rule)
    }

    /// The rule as it is stored: capital letters, no spaces.
    pub fn text(&self) -> String {
        let mut text = self.bare();
        if let Some(until) = self.until {
            text.push_str(";UNTIL=");
            text.push_str(&until.text());
        }
        text
    }

    /// The rule as calendars elsewhere need it: its end as a moment, or as a day where the events are days.
    pub fn calendar_text(&self, zone: &TimeZone, all_day: bool) -> String {
        let day_ends = |day: Date| day.at(23, 59, 59, 0);
        let until = match self.until {
            Some(Until::Day(day)) if !all_day => Some(day_ends(day)),
            Some(Until::Local(last)) if !all_day => Some(last),
            Some(Until::Instant(last)) if all_day => {
                let day = last.to_zoned(zone.clone()).date();
                return format!("{};UNTIL={}", self.bare(), Until::Day(day).text());
            }
            Some(Until::Local(last)) => return format!("{};UNTIL={}", self.bare(), Until::Day(last.date()).text()),
            _ => return self.text(),
        };
        let moment = until.and_then(|local| local.to_zoned(zone.clone()).ok()).map(|local| local.timestamp());
        moment.map_or_else(|| self.text(), |last| format!("{};UNTIL={}", self.bare(), Until::Instant(last).text()))
    }

    fn part(&self, name: &str) -> Option<&str> {
        self.parts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn bare(&self) -> String {
        self.parts.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(";")
    }

    fn set(&self, start: DateTime) -> Result<RRuleSet, rrule::RRuleError> {
        let text = format!("DTSTART:{}Z\nRRULE:{}", start.strftime("%Y%m%dT%H%M%S"), self.bare());
        text.parse::<RRuleSet>().map(RRuleSet::limit)
    }

    /// The first occurrence later than `after`, of a series that counts from `start`; microseconds since the epoch.
    pub fn after(&self, start: i64, zone: &TimeZone, after: i64) -> Option<i64> {
        self.occurrences(start, zone).into_iter().flatten().find(|at| *at > after)
    }

    /// The occurrences from `from` up to before `to`, at most so many.
    pub fn between(&self, start: i64, zone: &TimeZone, from: i64, to: i64, most: usize) -> Vec<i64> {
        let all = self.occurrences(start, zone).into_iter().flatten();
        all.skip_while(|at| *at < from).take_while(|at| *at < to).take(most).collect()
    }

    fn occurrences(&self, start: i64, zone: &TimeZone) -> Option<impl Iterator<Item = i64>> {
        let start = Timestamp::from_microsecond(start).ok()?.to_zoned(zone.clone()).datetime();
        let set = self.set(start).ok()?;
        let (zone, until) = (zone.clone(), self.until);
        Some((&set).into_iter().take(STEPS_MAX).map_while(move |found| {
            let local = Timestamp::from_second(found.timestamp()).ok()?.to_zoned(TimeZone::UTC).datetime();
            let at = local.to_zoned(zone.clone()).ok()?.timestamp();
            until.is_none_or(|until| until.reaches(local, at)).then_some(at.as_microsecond())
        }))
    }
}

impl Until {
    fn parse(text: &str) -> Option<Self> {
        let (day, clock) = match text.split_once('T') {
            Some((day, clock)) => (day, Some(clock)),
            None => (text, None),
        };
        let date = Date::strptime("%Y%m%d", day).ok()?;
        let Some(clock) = clock else { return Some(Self::Day(date)) };
        let digits = clock.strip_suffix('Z').unwrap_or(clock);
        let local = date.to_datetime(Time::strptime("%H%M%S", digits).ok()?);
        if digits.len() == clock.len() {
            return Some(Self::Local(local));
        }
        Some(Self::Instant(local.to_zoned(TimeZone::UTC).ok()?.timestamp()))
    }

    fn reaches(self, local: DateTime, at: Timestamp) -> bool {
        match self {
            Self::Day(day) => local.date() <= day,
            Self::Local(last) => local <= last,
            Self::Instant(last) => at <= last,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Day(day) => day.strftime("%Y%m%d").to_string(),
            Self::Local(last) => last.strftime("%Y%m%dT%H%M%S").to_string(),
            Self::Instant(last) => last.strftime("%Y%m%dT%H%M%SZ").to_string(),
        }
    }
}

fn unknown(part: &str) -> String {
    let part: String = part.chars().filter(|c| !c.is_control()).take(60).collect();
    format!("“{part}” cannot be read. Write a rule as calendars do, like FREQ=MONTHLY;BYDAY=-1FR.")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;
