//! JSON written straight into a buffer: the hot path of lists, exports and the log.

/// Escapes text into a JSON string with quotes. The bytes are UTF-8.
pub(crate) fn push_text(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte < 0x20 || *byte == b'"' || *byte == b'\\') {
        let (clean, dirty) = rest.split_at(at);
        out.extend_from_slice(clean);
        if let [byte, tail @ ..] = dirty {
            push_escape(out, *byte);
            rest = tail;
        }
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0c => out.extend_from_slice(b"\\f"),
        other => {
            out.extend_from_slice(b"\\u00");
            out.push(hex_digit(other >> 4));
            out.push(hex_digit(other & 15));
        }
    }
}

fn hex_digit(value: u8) -> u8 {
    match value {
        0..=9 => b'0' + value,
        _ => b'a' + value - 10,
    }
}

/// Writes an integer.
pub(crate) fn push_int(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    push_unsigned(out, value.unsigned_abs());
}

fn push_unsigned(out: &mut Vec<u8>, value: u64) {
    let start = out.len();
    let mut rest = value;
    loop {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

/// Writes an integer in units of `1 / 10^places` as the shortest exact decimal number.
pub(crate) fn push_scaled(out: &mut Vec<u8>, value: i64, places: u32) {
    let scale = 10u64.pow(places);
    if value < 0 {
        out.push(b'-');
    }
    let magnitude = value.unsigned_abs();
    push_unsigned(out, magnitude / scale);
    let mut rest = magnitude % scale;
    if rest == 0 {
        return;
    }
    out.push(b'.');
    let mut unit = scale / 10;
    while rest > 0 && unit > 0 {
        out.push(b'0' + (rest / unit) as u8);
        rest %= unit;
        unit /= 10;
    }
}

fn push_padded(out: &mut Vec<u8>, value: i64, digits: u32) {
    let mut unit = 10i64.pow(digits.saturating_sub(1));
    let mut rest = value;
    while unit > 0 {
        out.push(b'0' + (rest / unit % 10) as u8);
        rest %= unit.max(1);
        unit /= 10;
    }
}

/// Days since 1970-01-01 of a day in the proleptic Gregorian calendar.
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Writes a day without quotes: `2026-11-22`.
pub(crate) fn push_date(out: &mut Vec<u8>, days: i64) {
    let (year, month, day) = civil_from_days(days);
    if (0..=9_999).contains(&year) {
        push_padded(out, year, 4);
    } else {
        out.push(b'-');
        push_padded(out, year.abs(), 6);
    }
    out.push(b'-');
    push_padded(out, month, 2);
    out.push(b'-');
    push_padded(out, day, 2);
}

/// Writes an instant (microseconds since the epoch) as a JSON string: RFC 3339 in UTC, as short as it is exact.
pub(crate) fn push_instant(out: &mut Vec<u8>, micros: i64) {
    let seconds = micros.div_euclid(1_000_000);
    let rest = micros.rem_euclid(1_000_000);
    let second_of_day = seconds.rem_euclid(86_400);
    out.push(b'"');
    push_date(out, seconds.div_euclid(86_400));
    out.push(b'T');
    push_padded(out, second_of_day / 3_600, 2);
    out.push(b':');
    push_padded(out, second_of_day / 60 % 60, 2);
    out.push(b':');
    push_padded(out, second_of_day % 60, 2);
    if rest > 0 {
        out.push(b'.');
        let start = out.len();
        push_padded(out, rest, 6);
        while out.len() > start && out.last() == Some(&b'0') {
            out.pop();
        }
    }
    out.extend_from_slice(b"Z\"");
}

/// Copies JSON without white space outside strings, so that PostgreSQL's spacing does not show.
pub(crate) fn push_compact(out: &mut Vec<u8>, json: &[u8]) {
    let mut in_string = false;
    let mut escaped = false;
    for byte in json {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            in_string = *byte == b'"';
        }
        out.push(*byte);
    }
}

#[cfg(test)]
mod tests {
    use model::value::{instant_to_text, scaled_to_text};

    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn agrees_with_the_model() {
        for scaled in [0, 1, -1, 10, 12_5000, -12_3400, 9_999, i64::MAX, i64::MIN] {
            assert_eq!(text(|out| push_scaled(out, scaled, 4)), scaled_to_text(scaled));
        }
        for micros in [0, -1, 1, 1_795_653_648_123_456, -62_135_596_800_000_000, 253_402_207_200_000_000, 500_000] {
            assert_eq!(text(|out| push_instant(out, micros)), format!("\"{}\"", instant_to_text(micros)));
        }
        for days in (-800_000..2_900_000).step_by(997) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }

    #[test]
    fn escapes_like_serde() {
        for sample in ["", "a\"b\\c", "line\nfeed\u{1}\u{1f}\t", "Müller ☃", "</script>"] {
            assert_eq!(text(|out| push_text(out, sample.as_bytes())), serde_json::to_string(sample).unwrap());
        }
        assert_eq!(
            text(|out| push_compact(out, br#"[{"a": "x, \" y: ", "b": 1}, 2]"#)),
            r#"[{"a":"x, \" y: ","b":1},2]"#
        );
    }
}
