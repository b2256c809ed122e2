//! Working time over changes of the clock, holidays and ends of years, and against counting minute by minute.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_microsecond()
}

fn shown(micros: Option<i64>) -> String {
    micros.map_or_else(|| "never".to_owned(), |at| Timestamp::from_microsecond(at).unwrap().to_string())
}

fn hours(name: &str, week: Json, holidays: Json) -> Hours {
    Hours::new(zone(name), read_week(&week).unwrap(), read_holidays(&holidays).unwrap())
}

fn office() -> Hours {
    let day = json!(["09:00-12:30", "13:30-17:00"]);
    hours(
        "Europe/Berlin",
        json!({ "mon": day, "tue": day, "wed": day, "thu": day, "fri": ["09:00-15:00"] }),
        json!([{ "date": "2025-12-25", "name": "Christmas", "yearly": true }, { "date": "2026-04-06", "name": "Easter" }]),
    )
}

#[test]
fn pauses_nights_and_weekends_do_not_count() {
    let office = office();
    // Thursday 11:30 in Berlin, in winter.
    let thursday = at("2026-11-19T10:30:00Z");
    assert_eq!(shown(office.after(thursday, 0)), "2026-11-19T10:30:00Z");
    assert_eq!(shown(office.after(thursday, 60)), "2026-11-19T11:30:00Z", "up to the pause, not behind it");
    assert_eq!(shown(office.after(thursday, 61)), "2026-11-19T12:31:00Z");
    assert_eq!(shown(office.after(thursday, 60 + 210 + 360)), "2026-11-20T14:00:00Z", "the end of Friday");
    assert_eq!(shown(office.after(thursday, 60 + 210 + 361)), "2026-11-23T08:01:00Z", "Monday");
    let sunday = at("2026-11-22T12:00:00Z");
    assert_eq!(office.minutes_between(thursday, sunday), 60 + 210 + 360);
    assert_eq!(office.minutes_between(sunday, thursday), -630);
    assert!(!office.is_working(sunday) && office.is_working(thursday));
    assert!(!office.is_working(at("2026-11-19T11:30:00Z")), "the pause begins");
    assert!(office.is_working(at("2026-11-19T12:30:00Z")));
}

#[test]
fn holidays_are_days_on_the_wall() {
    let office = office();
    assert_eq!(office.minutes_between(at("2026-12-25T00:00:00Z"), at("2026-12-26T00:00:00Z")), 0);
    assert_eq!(office.minutes_between(at("2031-12-25T00:00:00Z"), at("2031-12-26T00:00:00Z")), 0, "every year");
    assert_eq!(office.minutes_between(at("2026-04-05T22:00:00Z"), at("2026-04-06T22:00:00Z")), 0);
    assert_eq!(office.minutes_between(at("2027-04-05T22:00:00Z"), at("2027-04-06T22:00:00Z")), 420, "that year only");
    let named = office.holidays(at("2026-12-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    assert_eq!(named, [("2026-12-25".parse::<Date>().unwrap(), "Christmas")]);
    let midnight = at("2026-12-24T23:00:00Z");
    assert!(office.holidays(at("2026-12-20T00:00:00Z"), midnight).is_empty(), "a range ends before its end");
    assert_eq!(shown(office.after(at("2026-12-24T15:59:00Z"), 2)), "2026-12-28T08:01:00Z");
}

#[test]
fn a_night_over_a_change_of_the_clock_is_an_hour_shorter_or_longer() {
    let night = hours("Europe/Berlin", json!({ "sat": ["22:00-24:00"], "sun": ["00:00-06:00"] }), json!([]));
    let plain = (at("2026-03-21T12:00:00Z"), at("2026-03-22T12:00:00Z"));
    assert_eq!(night.minutes_between(plain.0, plain.1), 480);
    assert_eq!(night.intervals(plain.0, plain.1).len(), 1, "over midnight it is one");
    assert_eq!(night.minutes_between(at("2026-03-28T12:00:00Z"), at("2026-03-29T12:00:00Z")), 420);
    assert_eq!(night.minutes_between(at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")), 540);
    // The hour from two to three is not there in March and there twice in October.
    let hour = hours("Europe/Berlin", json!({ "sun": ["02:00-03:00", "03:00-04:00"] }), json!([]));
    assert_eq!(hour.minutes_between(at("2026-03-28T12:00:00Z"), at("2026-03-29T12:00:00Z")), 60);
    assert_eq!(hour.minutes_between(at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")), 180);
    let within = hours("Europe/Berlin", json!({ "sun": ["02:15-02:45", "03:00-04:00"] }), json!([]));
    assert_eq!(within.minutes_between(at("2026-03-28T12:00:00Z"), at("2026-03-29T12:00:00Z")), 60, "never twice");
    // Here the clock changes at midnight: the day begins at one.
    let santiago = hours("America/Santiago", json!({ "sun": ["00:00-08:00"] }), json!([]));
    assert_eq!(santiago.minutes_between(at("2026-09-06T00:00:00Z"), at("2026-09-07T00:00:00Z")), 420);
}

#[test]
fn no_working_time_gives_no_end() {
    let never = hours("UTC", json!({}), json!([]));
    assert_eq!(never.after(at("2026-11-22T00:00:00Z"), 1), None);
    assert_eq!(never.minutes_between(0, at("2026-11-22T00:00:00Z")), 0);
    let always = hours(
        "UTC",
        DAYS.iter().map(|day| ((*day).to_owned(), json!(["00:00-24:00"]))).collect::<Map<_, _>>().into(),
        json!([]),
    );
    assert_eq!(shown(always.after(0, 1_440 * 365)), "1971-01-01T00:00:00Z");
    assert_eq!(always.intervals(0, 86_400_000_000 * 9).len(), 1);
    assert_eq!(Hours::standard(TimeZone::UTC).minutes_between(0, 7 * 86_400_000_000), 5 * 480);
    assert_eq!(always.minutes_between(i64::MIN, i64::MAX), 0, "what is no instant has no days");
}

#[test]
fn what_cannot_be_read_is_said_in_words() {
    for week in [
        json!([]),
        json!({ "monday": [] }),
        json!({ "mon": "09:00-17:00" }),
        json!({ "mon": ["17:00-09:00"] }),
        json!({ "mon": ["9 to 5"] }),
        json!({ "mon": ["09:00-24:01"] }),
        json!({ "mon": ["09:60-10:00"] }),
        json!({ "mon": ["+9:00-10:00"] }),
    ] {
        assert!(read_week(&week).is_err(), "{week}");
    }
    let week = json!({ "tue": ["13:00-17:00", "8:00-12:00", "11:00-13:00"], "wed": [] });
    assert_eq!(week_json(&read_week(&week).unwrap()), json!({ "tue": ["08:00-17:00"] }));
    for holidays in [
        json!({}),
        json!([{ "date": "2026-02-30", "name": "x" }]),
        json!([{ "date": "2026-02-03" }]),
        json!([{ "date": "0001-02-03", "name": "x" }]),
    ] {
        assert!(read_holidays(&holidays).is_err(), "{holidays}");
    }
    let twice = json!([{ "date": "2026-05-01", "name": "b" }, { "date": "2026-05-01", "name": " a\n" }]);
    let stored = holidays_json(&read_holidays(&twice).unwrap());
    assert_eq!(stored, json!([{ "date": "2026-05-01", "name": "a", "yearly": false }]));
}

/// Minute by minute, by what the clock on the wall shows.
fn counted(hours: &Hours, from: i64, to: i64) -> i64 {
    let minutes = (from..to).step_by(60_000_000).filter(|at| {
        let local = Timestamp::from_microsecond(*at).unwrap().to_zoned(hours.zone.clone());
        let minute = u16::try_from(i16::from(local.hour()) * 60 + i16::from(local.minute())).unwrap();
        let weekday = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap();
        let within = hours.week[weekday].iter().any(|span| (span.from..span.to).contains(&minute));
        within && hours.holiday(local.date()).is_none()
    });
    i64::try_from(minutes.count()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn it_is_what_counting_gives(
        name in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kolkata", "UTC"]),
        days in prop::collection::vec((0_u16..24, 1_u16..24), 7),
        // Around the changes of the clock of a year.
        start in prop::sample::select(vec!["2026-03-05", "2026-03-26", "2026-04-02", "2026-09-03", "2026-10-22", "2026-10-30"]),
        offset in 0_i64..4_000, length in 0_i64..6_000, part in 0_i64..6_000, holiday in 1_i8..28,
    ) {
        let week = days.iter().zip(DAYS).map(|((from, length), day)| {
            (day.to_owned(), json!([format!("{from}:00-{}:00", (from + length).min(24))]))
        });
        let holidays = json!([{ "date": format!("2026-03-{holiday:02}"), "name": "x", "yearly": true }]);
        let hours = hours(name, Json::Object(week.collect()), holidays);
        let from = at(&format!("{start}T00:00:00Z")) + offset * 60_000_000;
        let to = from + length * 60_000_000;
        let minutes = hours.minutes_between(from, to);
        prop_assert_eq!(minutes, counted(&hours, from, to));
        let middle = from + part.min(length) * 60_000_000;
        prop_assert_eq!(minutes, hours.minutes_between(from, middle) + hours.minutes_between(middle, to));
        let reached = hours.after(from, u32::try_from(minutes).unwrap()).unwrap();
        prop_assert!(reached <= to);
        prop_assert_eq!(hours.minutes_between(from, reached), minutes);
        let intervals = hours.intervals(from, to);
        prop_assert!(intervals.windows(2).all(|pair| pair[0].1 < pair[1].0));
        prop_assert_eq!(intervals.iter().map(|(a, b)| b - a).sum::<i64>(), minutes * 60_000_000);
    }
}
