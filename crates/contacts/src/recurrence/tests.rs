//! Rules against cases worked out by hand, and properties that hold for all of them.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::Rule;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(local: &str, zone_name: &str) -> i64 {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    local.to_zoned(zone(zone_name)).unwrap().timestamp().as_microsecond()
}

/// The first occurrences, as they stand on the wall.
fn series(rule: &str, start: &str, zone_name: &str, most: usize) -> String {
    let rule = Rule::parse(rule).unwrap();
    let found = rule.between(at(start, zone_name), &zone(zone_name), i64::MIN, i64::MAX, most);
    let local = found.into_iter().map(|at| Timestamp::from_microsecond(at).unwrap().to_zoned(zone(zone_name)));
    local.map(|local| local.strftime("%m-%d %H:%M").to_string()).collect::<Vec<_>>().join(", ")
}

/// Rule, start, zone, the first occurrences; each read off a calendar.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("FREQ=DAILY;COUNT=3", "2026-11-22T09:00", "Europe/Berlin", "11-22 09:00, 11-23 09:00, 11-24 09:00"),
    (
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "2026-11-26T08:30",
        "UTC",
        "11-26 08:30, 11-27 08:30, 11-30 08:30, 12-01 08:30",
    ),
    (
        "FREQ=MONTHLY;BYDAY=-1FR",
        "2026-11-27T17:00",
        "Europe/Berlin",
        "11-27 17:00, 12-25 17:00, 01-29 17:00, 02-26 17:00",
    ),
    ("FREQ=MONTHLY;BYDAY=1MO", "2026-11-02T10:00", "UTC", "11-02 10:00, 12-07 10:00, 01-04 10:00, 02-01 10:00"),
    ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-10-31T10:00", "UTC", "10-31 10:00, 12-31 10:00, 01-31 10:00, 03-31 10:00"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31T10:00", "UTC", "01-31 10:00, 02-28 10:00, 03-31 10:00, 04-30 10:00"),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
        "2026-11-24T10:00",
        "UTC",
        "11-24 10:00, 11-26 10:00, 12-08 10:00, 12-10 10:00",
    ),
    (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "2024-02-29T12:00",
        "UTC",
        "02-29 12:00, 02-29 12:00, 02-29 12:00, 02-29 12:00",
    ),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "2026-10-30T16:00",
        "UTC",
        "10-30 16:00, 11-30 16:00, 12-31 16:00, 01-29 16:00",
    ),
    ("FREQ=DAILY;UNTIL=20261124", "2026-11-22T23:30", "America/New_York", "11-22 23:30, 11-23 23:30, 11-24 23:30"),
    ("FREQ=DAILY;UNTIL=20261124T000000Z", "2026-11-22T09:00", "UTC", "11-22 09:00, 11-23 09:00"),
    // The clocks of Berlin go back on 25 October 2026 and forward on 28 March 2027.
    ("FREQ=WEEKLY", "2026-10-18T09:00", "Europe/Berlin", "10-18 09:00, 10-25 09:00, 11-01 09:00, 11-08 09:00"),
    ("FREQ=DAILY", "2027-03-27T02:30", "Europe/Berlin", "03-27 02:30, 03-28 03:30, 03-29 02:30, 03-30 02:30"),
    ("FREQ=DAILY", "2026-10-24T02:30", "Europe/Berlin", "10-24 02:30, 10-25 02:30, 10-26 02:30, 10-27 02:30"),
];

#[test]
fn rules_give_what_a_calendar_shows() {
    for (rule, start, zone_name, expected) in CASES {
        assert_eq!(series(rule, start, zone_name, 4), *expected, "{rule} from {start} in {zone_name}");
    }
}

#[test]
fn a_time_that_is_there_twice_is_the_first() {
    let rule = Rule::parse("FREQ=DAILY").unwrap();
    let found = rule.after(
        at("2026-10-24T02:30", "Europe/Berlin"),
        &zone("Europe/Berlin"),
        at("2026-10-24T02:30", "Europe/Berlin"),
    );
    assert_eq!(found.unwrap(), "2026-10-25T00:30:00Z".parse::<Timestamp>().unwrap().as_microsecond());
}

#[test]
fn what_is_no_rule_is_refused_in_words() {
    for text in [
        "",
        "every day",
        "FREQ=SECONDLY",
        "INTERVAL=2",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;UNTIL=20271341",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY\nDTSTART:1",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=DAILY;INTERVAL=99999",
    ] {
        assert!(Rule::parse(text).is_err(), "{text}");
    }
    assert!(Rule::parse(&format!("FREQ=DAILY;BYMONTHDAY={}", "1,".repeat(1_000))).is_err());
    assert_eq!(Rule::parse(" rrule:freq=daily;until=20270101; ").unwrap().text(), "FREQ=DAILY;UNTIL=20270101");
}

#[test]
fn a_day_that_never_comes_ends_soon() {
    let began = std::time::Instant::now();
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    ] {
        let start = at("2026-01-01T09:00", "UTC");
        assert_eq!(Rule::parse(rule).unwrap().after(start, &TimeZone::UTC, start), None);
    }
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
    println!("{:?}", began.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Days at the same time on the wall, so many days apart, whatever the clocks do in between.
    #[test]
    fn every_so_many_days(days in 0_i64..3_000, hour in 4_i8..24, minute in 0_i8..60, interval in 1_i64..40, name in 0_usize..4) {
        let zone_name = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu"][name];
        let date = jiff::civil::date(2020, 1, 1).checked_add(days.days()).unwrap();
        let start = date.at(hour, minute, 0, 0);
        let rule = Rule::parse(&format!("FREQ=DAILY;INTERVAL={interval};COUNT=30")).unwrap();
        let zone = zone(zone_name);
        let from = start.to_zoned(zone.clone()).unwrap().timestamp().as_microsecond();
        let found = rule.between(from, &zone, i64::MIN, i64::MAX, 100);
        let expected: Vec<i64> = (0..30).map(|step| {
            let local = start.checked_add((step * interval).days()).unwrap();
            local.to_zoned(zone.clone()).unwrap().timestamp().as_microsecond()
        }).collect();
        prop_assert_eq!(&found, &expected);
        for pair in expected.windows(2) {
            prop_assert_eq!(rule.after(from, &zone, pair[0]), Some(pair[1]));
        }
        prop_assert_eq!(rule.after(from, &zone, expected[29]), None);
    }

    /// What is read is written as it can be read again; nothing that comes in makes it fall over.
    #[test]
    fn any_text_is_read_or_refused(text in "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY))?(;(INTERVAL|COUNT|BYDAY|BYMONTHDAY|BYSETPOS|UNTIL|WKST)=[-0-9A-Z,T]{0,9}){0,3}") {
        if let Ok(rule) = Rule::parse(&text) {
            prop_assert_eq!(&Rule::parse(&rule.text()).unwrap(), &rule);
            let start = 1_800_000_000_000_000;
            let found = rule.between(start, &TimeZone::UTC, start, start + 1_000_000 * 86_400 * 400, 50);
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
