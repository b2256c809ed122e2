//! The files of reference rates of the European Central Bank: one day or all days, as XML, as CSV, or packed. Nothing in
//! them is believed: what is no day, no currency or no rate is refused with its line.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use jiff::civil::Date;
use model::{Code, Problem};

use super::{is_currency, is_day, rate_of};

/// Rates of a day by currency, as they are written.
pub(super) type Rates = BTreeMap<String, String>;
/// Rates by day.
pub(super) type Days = BTreeMap<Date, Rates>;

/// The most that a file may hold, unpacked: twice what all days since 1999 take as XML.
pub const BYTES_MAX: usize = 24 * 1024 * 1024;
/// The most rates, twice as many as there are.
const RATES_MAX: usize = 600_000;

fn refuse(line: usize, detail: &str) -> Problem {
    Problem::new(Code::Invalid, format!("Line {line}: {detail}"))
}

/// Said of a file without any rate.
pub(super) fn empty() -> Problem {
    Problem::new(
        Code::Invalid,
        "There are no rates in this file. Take eurofxref-daily.xml, or eurofxref-hist as XML, CSV or ZIP, from the \
         European Central Bank.",
    )
}

fn too_large() -> Problem {
    Problem::new(
        Code::TooLarge,
        "A file of rates has at most 24 MiB and 600,000 rates. Take that of the European Central Bank.",
    )
}

/// The rates of a file of any of the forms.
pub(super) fn parse(file: &[u8]) -> Result<Days, Problem> {
    if file.len() > BYTES_MAX {
        return Err(too_large());
    }
    if file.starts_with(b"PK\x03\x04") {
        return parse_text(&unpack(file)?);
    }
    parse_text(file)
}

fn parse_text(bytes: &[u8]) -> Result<Days, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| empty())?;
    if text.trim_start().starts_with('<') { parse_xml(text) } else { parse_csv(text) }
}

/// The first file of rates in an archive.
fn unpack(file: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).map_err(|_| empty())?;
    let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    let wanted = |name: &&String| {
        let name = name.to_ascii_lowercase();
        name.ends_with(".csv") || name.ends_with(".xml")
    };
    let name = names.iter().find(wanted).ok_or_else(empty)?;
    let entry = archive.by_name(name).map_err(|_| empty())?;
    let mut bytes = Vec::new();
    // What it says of its own size is not believed.
    entry.take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(|_| empty())?;
    if bytes.len() > BYTES_MAX { Err(too_large()) } else { Ok(bytes) }
}

/// Puts one rate where it belongs.
fn put(days: &mut Days, count: &mut usize, line: usize, day: Date, rate: (&str, &str)) -> Result<(), Problem> {
    let (currency, rate) = (rate.0.trim(), rate.1.trim());
    if !is_day(day) {
        return Err(refuse(line, &format!("`{day}` is no day.")));
    }
    if !is_currency(currency) {
        return Err(refuse(line, &format!("`{}` is no currency.", short(currency))));
    }
    if rate_of(rate).is_none() {
        return Err(refuse(line, &format!("`{}` is no rate of {currency}.", short(rate))));
    }
    days.entry(day).or_default().insert(currency.to_owned(), rate.to_owned());
    *count += 1;
    if *count > RATES_MAX { Err(too_large()) } else { Ok(()) }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// `<Cube time="…">` holds `<Cube currency="…" rate="…"/>`; everything else is passed over.
fn parse_xml(text: &str) -> Result<Days, Problem> {
    let (mut days, mut count) = (Days::new(), 0);
    let (mut rest, mut line, mut day) = (text, 1, None);
    while let Some(start) = rest.find('<') {
        line += lines(rest.get(..start));
        rest = rest.get(start..).unwrap_or_default();
        let end =
            if rest.starts_with("<!--") { rest.find("-->").map(|at| at + 3) } else { rest.find('>').map(|at| at + 1) };
        let Some(end) = end else { return Err(refuse(line, "a tag does not end.")) };
        let tag = rest.get(..end).unwrap_or_default();
        if tag.starts_with("<!DOCTYPE") || tag.starts_with("<!ENTITY") {
            return Err(refuse(line, "a file of rates declares no entities."));
        }
        let name = tag.trim_start_matches('<').split(|c: char| c.is_whitespace() || c == '>' || c == '/').next();
        if name.and_then(|name| name.rsplit(':').next()) == Some("Cube") {
            if let Some(time) = attribute(tag, "time") {
                day = Some(time.parse::<Date>().map_err(|_| refuse(line, &format!("`{}` is no day.", short(time))))?);
            }
            if let (Some(currency), Some(rate)) = (attribute(tag, "currency"), attribute(tag, "rate")) {
                let day = day.ok_or_else(|| refuse(line, "a rate stands outside of a day."))?;
                put(&mut days, &mut count, line, day, (currency, rate))?;
            }
        }
        line += lines(Some(tag));
        rest = rest.get(end..).unwrap_or_default();
    }
    if days.is_empty() { Err(empty()) } else { Ok(days) }
}

fn lines(text: Option<&str>) -> usize {
    text.map_or(0, |text| text.bytes().filter(|byte| *byte == b'\n').count())
}

/// The value of an attribute in either kind of quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let at = rest.find(name)?;
        let (before, after) = (rest.get(..at)?, rest.get(at + name.len()..)?);
        let value = after.trim_start().strip_prefix('=').map(str::trim_start);
        if let Some(value) = value.filter(|_| before.ends_with(char::is_whitespace)) {
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            return value.get(1..)?.split(quote).next();
        }
        rest = after;
    }
}

/// A column for each currency, a row for each day, `N/A` where there is none.
fn parse_csv(text: &str) -> Result<Days, Problem> {
    let mut rows = text.lines().enumerate().map(|(at, row)| (at + 1, row)).filter(|(_, row)| !row.trim().is_empty());
    let (_, head) = rows.next().ok_or_else(empty)?;
    let mut columns = head.split(',').map(str::trim);
    if columns.next() != Some("Date") {
        return Err(empty());
    }
    let currencies: Vec<&str> = columns.collect();
    let (mut days, mut count) = (Days::new(), 0);
    for (line, row) in rows {
        let mut cells = row.split(',').map(str::trim);
        let day = day_of(cells.next().unwrap_or_default());
        let day = day.ok_or_else(|| refuse(line, "the first column is no day, like 2024-01-05."))?;
        for (at, cell) in cells.enumerate().filter(|(_, cell)| !cell.is_empty() && *cell != "N/A") {
            let currency =
                currencies.get(at).ok_or_else(|| refuse(line, "there are more columns than in the first line."))?;
            put(&mut days, &mut count, line, day, (currency, cell))?;
        }
    }
    if days.is_empty() { Err(empty()) } else { Ok(days) }
}

/// `2024-01-05`, and `05 January 2024` of the file of one day.
fn day_of(text: &str) -> Option<Date> {
    text.parse::<Date>().ok().or_else(|| Date::strptime("%d %B %Y", text).ok())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const DAILY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gesmes:Envelope xmlns:gesmes=\"x\">\n\
        <gesmes:subject>Reference rates</gesmes:subject>\n<Cube>\n<Cube time='2024-01-05'>\n\
        <Cube currency='USD' rate='1.0921'/>\n<Cube currency=\"JPY\" rate=\"158.22\"/>\n</Cube></Cube></gesmes:Envelope>\n";
    const HIST: &str = "Date,USD,JPY,TRL,\n2024-01-05,1.0921,158.22,N/A,\n2024-01-04,1.0953,158.20,N/A,\n";

    fn told(days: &Days) -> Vec<String> {
        let of = |(day, rates): (&Date, &BTreeMap<String, String>)| format!("{day} {rates:?}");
        days.iter().map(of).collect()
    }

    #[test]
    fn every_form_says_the_same() {
        let hist = parse(HIST.as_bytes()).unwrap();
        assert_eq!(
            told(&hist),
            [r#"2024-01-04 {"JPY": "158.20", "USD": "1.0953"}"#, r#"2024-01-05 {"JPY": "158.22", "USD": "1.0921"}"#]
        );
        let daily = parse(DAILY.as_bytes()).unwrap();
        assert_eq!(told(&daily), told(&hist)[1..]);
        let one_day = parse(b"Date, USD, JPY, \n05 January 2024, 1.0921, 158.22, \n").unwrap();
        assert_eq!(told(&one_day), told(&daily));
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("eurofxref-hist.csv", zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(HIST.as_bytes()).unwrap();
        assert_eq!(parse(archive.finish().unwrap().get_ref()).unwrap(), hist);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let check = |file: &str, said: &str| {
            let problem = parse(file.as_bytes()).unwrap_err();
            assert!(problem.detail.contains(said), "{file}\n{}", problem.detail);
        };
        check(&DAILY.replace("158.22", "many"), "Line 7: `many` is no rate of JPY.");
        check(&DAILY.replace("2024-01-05", "5.1.2024"), "Line 5: `5.1.2024` is no day.");
        check(&DAILY.replace(" time='2024-01-05'", ""), "Line 6: a rate stands outside of a day.");
        check(&DAILY.replace("'USD'", "'Dollar'"), "Line 6: `Dollar` is no currency.");
        check(&HIST.replace("1.0953", "0"), "Line 3: `0` is no rate of USD.");
        check(&HIST.replace("2024-01-04", "yesterday"), "Line 3: the first column is no day");
        check(&HIST.replace("158.22,N/A,", "158.22,N/A,,1.5"), "Line 2: there are more columns");
        check("<!DOCTYPE x [<!ENTITY a \"b\">]><Cube/>", "declares no entities");
        for nothing in ["", "Name,Mail\nAnn,a@b.c\n", "<a></a>", "PK\x03\x04 rubbish", "{}"] {
            check(nothing, "There are no rates in this file.");
        }
    }
}
