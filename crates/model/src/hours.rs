//! Working hours: which moments count when "four working hours" are measured. Pure, so that everything that measures
//! times by the working day gives the same answer.
//!
//! A day's intervals are read off the clock on the wall of one time zone. Minutes are those that really pass: an interval
//! over a change of the clock is an hour shorter or longer. A holiday has no working time.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde_json::{Map, Value as Json, json};

/// The days of a week as they are written, Monday first.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Most intervals of one day.
const SPANS_MAX: usize = 12;
/// Most holidays of one calendar.
pub const HOLIDAYS_MAX: usize = 2_000;
/// Longest name of a holiday, in characters.
const NAME_MAX: usize = 120;
/// Minutes of a day on the wall.
const DAY_MINUTES: u16 = 1_440;
/// A minute, in microseconds.
const MINUTE_US: i64 = 60_000_000;
/// How many days are looked through for working time: twenty years.
const DAYS_MAX: usize = 7_400;

/// An interval of a day, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    from: u16,
    to: u16,
}

/// A day without work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The day; of a yearly one the day and month count.
    pub date: Date,
    /// What it is called.
    pub name: String,
    /// Whether it comes back every year.
    pub yearly: bool,
}

/// The intervals of the seven days, Monday first, in order and apart from each other.
pub type Week = [Vec<Span>; 7];

/// When somebody works.
#[derive(Debug, Clone)]
pub struct Hours {
    zone: TimeZone,
    week: Week,
    given: BTreeMap<Date, String>,
    yearly: BTreeMap<(i8, i8), String>,
}

impl Hours {
    /// Puts a week and holidays together.
    pub fn new(zone: TimeZone, week: Week, holidays: Vec<Holiday>) -> Self {
        let mut hours = Self { zone, week, given: BTreeMap::new(), yearly: BTreeMap::new() };
        for holiday in holidays {
            if holiday.yearly {
                hours.yearly.insert((holiday.date.month(), holiday.date.day()), holiday.name);
            } else {
                hours.given.insert(holiday.date, holiday.name);
            }
        }
        hours
    }

    /// Monday to Friday from nine to five, without holidays: what counts until somebody says otherwise.
    pub fn standard(zone: TimeZone) -> Self {
        Self::new(zone, standard_week(), Vec::new())
    }

    /// The time zone of the clock on the wall.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The name of the holiday on a day.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        let given = self.given.get(&date);
        given.or_else(|| self.yearly.get(&(date.month(), date.day()))).map(String::as_str)
    }

    /// The holidays on the days that a range of instants touches, in their order.
    pub fn holidays(&self, from: i64, to: i64) -> Vec<(Date, &str)> {
        let last = self.day_of(to.saturating_sub(1));
        let days = self.days_from(from).take_while(|day| last.is_some_and(|last| *day <= last));
        days.filter_map(|day| Some((day, self.holiday(day)?))).collect()
    }

    /// The working intervals within a range, in microseconds, in order; those that touch are one.
    pub fn intervals(&self, from: i64, to: i64) -> Vec<(i64, i64)> {
        let mut found: Vec<(i64, i64)> = Vec::new();
        for (begins, ends) in self.spans_from(from).take_while(|(begins, _)| *begins < to) {
            let (begins, ends) = (begins.max(from), ends.min(to));
            match found.last_mut() {
                _ if begins >= ends => {}
                Some(before) if before.1 == begins => before.1 = ends,
                _ => found.push((begins, ends)),
            }
        }
        found
    }

    /// The whole working minutes from one instant to another, at most those of twenty years; negative when the second is
    /// the earlier one.
    pub fn minutes_between(&self, from: i64, to: i64) -> i64 {
        if to < from {
            return -self.minutes_between(to, from);
        }
        let spans = self.spans_from(from).take_while(|(begins, _)| *begins < to);
        let lengths = spans.map(|(begins, ends)| (ends.min(to) - begins.max(from)).max(0));
        lengths.sum::<i64>() / MINUTE_US
    }

    /// The first instant at which so many working minutes have passed since `from`; `from` itself for none. `None` when
    /// there is not that much working time in the next twenty years.
    pub fn after(&self, from: i64, minutes: u32) -> Option<i64> {
        let mut left = i64::from(minutes) * MINUTE_US;
        if left == 0 {
            return Some(from);
        }
        for (begins, ends) in self.spans_from(from) {
            let begins = begins.max(from);
            let length = (ends - begins).max(0);
            if length >= left {
                return Some(begins + left);
            }
            left -= length;
        }
        None
    }

    /// Whether an instant is working time.
    pub fn is_working(&self, at: i64) -> bool {
        self.spans_from(at).next().is_some_and(|(begins, _)| begins <= at)
    }

    /// The intervals that end after an instant, in order.
    fn spans_from(&self, from: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.days_from(from).flat_map(|day| self.spans_of(day)).filter(move |(_, ends)| *ends > from)
    }

    fn days_from(&self, from: i64) -> impl Iterator<Item = Date> + use<> {
        std::iter::successors(self.day_of(from), |day| day.tomorrow().ok()).take(DAYS_MAX)
    }

    fn day_of(&self, at: i64) -> Option<Date> {
        Some(Timestamp::from_microsecond(at).ok()?.to_zoned(self.zone.clone()).date())
    }

    fn spans_of(&self, day: Date) -> impl Iterator<Item = (i64, i64)> + '_ {
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
        let spans = self.week.get(weekday).filter(|_| self.holiday(day).is_none());
        let instants = move |span: &Span| Some((self.instant(day, span.from)?, self.instant(day, span.to)?));
        spans.into_iter().flatten().filter_map(instants).filter(|(begins, ends)| begins < ends)
    }

    /// When the clock shows a minute of a day: the first time where it does so twice, the change where it never does.
    fn instant(&self, day: Date, minute: u16) -> Option<i64> {
        let day = if minute == DAY_MINUTES { day.tomorrow().ok()? } else { day };
        let minute = i8::try_from(minute % DAY_MINUTES / 60).ok().zip(i8::try_from(minute % 60).ok())?;
        let local = day.at(minute.0, minute.1, 0, 0);
        let found = self.zone.to_ambiguous_zoned(local);
        let at = match found.offset() {
            AmbiguousOffset::Gap { after, .. } => {
                let before = after.to_timestamp(local).ok()?;
                self.zone.following(before).next()?.timestamp()
            }
            _ => found.compatible().ok()?.timestamp(),
        };
        Some(at.as_microsecond())
    }
}

/// Monday to Friday from nine to five.
pub fn standard_week() -> Week {
    std::array::from_fn(|day| if day < 5 { vec![Span { from: 9 * 60, to: 17 * 60 }] } else { Vec::new() })
}

/// Reads a week such as `{"mon": ["09:00-12:30", "13:30-17:00"]}`; days that are not named are free.
///
/// # Errors
/// What is wrong, in words.
pub fn read_week(json: &Json) -> Result<Week, String> {
    let days = json.as_object().ok_or("Working hours are an object of days, like {\"mon\": [\"09:00-17:00\"]}.")?;
    if let Some(day) = days.keys().find(|day| !DAYS.contains(&day.as_str())) {
        return Err(format!("`{}` is no day. Use {}.", shortened(day), DAYS.join(", ")));
    }
    let mut week = Week::default();
    for (name, spans) in DAYS.iter().zip(&mut week) {
        let Some(given) = days.get(*name) else { continue };
        let given = given.as_array().filter(|list| list.len() <= SPANS_MAX);
        let given = given.ok_or_else(|| format!("A day is a list of at most {SPANS_MAX} intervals."))?;
        let mut read = given.iter().map(read_span).collect::<Result<Vec<_>, _>>()?;
        read.sort_unstable();
        // Intervals that overlap or touch are one.
        for span in read {
            match spans.last_mut() {
                Some(before) if span.from <= before.to => before.to = before.to.max(span.to),
                _ => spans.push(span),
            }
        }
    }
    Ok(week)
}

fn read_span(json: &Json) -> Result<Span, String> {
    let text = json.as_str().unwrap_or_default();
    let parts = text.split_once('-').and_then(|(from, to)| Some((minute_of(from)?, minute_of(to)?)));
    match parts {
        Some((from, to)) if from < to => Ok(Span { from, to }),
        Some(_) => Err(format!("The interval {text} ends before it begins. Work over midnight is two intervals.")),
        None => Err(format!("`{}` is no interval. Write it like 09:00-17:00.", shortened(text))),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// `24:00` is the end of the day.
fn minute_of(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits = |part: &str, most: u16| {
        let sound = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u16>().ok().filter(|number| sound && *number <= most)
    };
    let minute = digits(hours, 24)? * 60 + digits(minutes, 59)?;
    (minute <= DAY_MINUTES).then_some(minute)
}

/// A week as it is stored: only days with work, in order.
pub fn week_json(week: &Week) -> Json {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let days = DAYS.iter().zip(week).filter(|(_, spans)| !spans.is_empty());
    let days = days.map(|(day, spans)| {
        let spans = spans.iter().map(|span| Json::from(format!("{}-{}", clock(span.from), clock(span.to))));
        ((*day).to_owned(), Json::Array(spans.collect()))
    });
    Json::Object(days.collect::<Map<String, Json>>())
}

/// Reads holidays such as `[{"date": "2026-12-25", "name": "Christmas Day", "yearly": true}]`.
///
/// # Errors
/// What is wrong, in words.
pub fn read_holidays(json: &Json) -> Result<Vec<Holiday>, String> {
    let list = json.as_array().ok_or("Holidays are a list of objects with `date` and `name`.")?;
    if list.len() > HOLIDAYS_MAX {
        return Err(format!("A calendar has at most {HOLIDAYS_MAX} holidays."));
    }
    let mut read = list.iter().map(read_holiday).collect::<Result<Vec<_>, _>>()?;
    read.sort();
    // One name for a day.
    read.dedup_by(|second, first| second.date == first.date && second.yearly == first.yearly);
    Ok(read)
}

fn read_holiday(json: &Json) -> Result<Holiday, String> {
    let text = json.get("date").and_then(Json::as_str).unwrap_or_default();
    let date = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
    let date = date.filter(|date| (1900..=2200).contains(&date.year()));
    let date = date.ok_or_else(|| format!("`{}` is no day. Write it like 2026-12-25.", shortened(text)))?;
    let name = json.get("name").and_then(Json::as_str).unwrap_or_default();
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME_MAX).collect();
    if name.is_empty() {
        return Err(format!("The holiday on {text} needs a name."));
    }
    let yearly = json.get("yearly").and_then(Json::as_bool).unwrap_or(false);
    Ok(Holiday { date, name, yearly })
}

/// Holidays as they are stored, the earliest first.
pub fn holidays_json(holidays: &[Holiday]) -> Json {
    let one =
        |holiday: &Holiday| json!({ "date": holiday.date.to_string(), "name": holiday.name, "yearly": holiday.yearly });
    Json::Array(holidays.iter().map(one).collect())
}
