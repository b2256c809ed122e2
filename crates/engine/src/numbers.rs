//! Running numbers and manual order: values that a new record gets from its place among the others.

use model::{Kind, Problem, Value};
use store::Error;

use crate::batch::Batch;
use crate::compiled::ObjectRules;
use crate::derive::{Loader, formulas};
use crate::draft::Draft;

/// Used when an auto number has no pattern of its own.
const PATTERN: &str = "{number:5}";

impl Batch<'_> {
    /// Gives new records their running numbers, after everything that may refuse them, so that no number is lost to a
    /// refused record; and a place behind the others in a manual order.
    pub(crate) fn number(&mut self, rules: &ObjectRules, drafts: &mut [Result<Draft, Problem>]) -> Result<(), Error> {
        let fields = rules.object.fields.iter().filter(|field| matches!(field.kind, Kind::AutoNumber | Kind::Rank));
        let mut numbered = false;
        for field in fields.filter(|field| !field.hidden) {
            let empty: Vec<&mut Draft> =
                drafts.iter_mut().flatten().filter(|draft| draft.get(&field.name).is_missing()).collect();
            let Ok(count) = i64::try_from(empty.len()) else { continue };
            if count == 0 {
                continue;
            }
            numbered = true;
            let day = jiff::Timestamp::from_microsecond(self.at)
                .map_err(anyhow::Error::from)?
                .to_zoned(self.bindings.time_zone.clone())
                .date();
            let pattern = field.pattern.as_deref().unwrap_or(PATTERN);
            // A pattern with the year begins anew each year.
            let year = if pattern.contains("{year}") { day.year() } else { 0 };
            let counter = format!("{}.{}.{year}", rules.object.name, field.name);
            let first = store::tables::counters::take(self.tx, &counter, count)?;
            for (number, draft) in (first..).zip(empty) {
                let text = match field.kind {
                    Kind::Rank => format!("{number:012}"),
                    _ => write_number(pattern, number, day),
                };
                draft.set(&field.name, Value::Text(text));
            }
        }
        if numbered && !rules.formulas.is_empty() {
            let loader = Loader::new(self.tx, self.compiled.schema.clone(), self.workspace);
            for draft in drafts.iter_mut().flatten() {
                formulas(rules, &mut draft.after, &loader);
            }
            Loader::check(loader)?;
        }
        Ok(())
    }
}

/// `INV-{year}-{number:5}` with its parts filled in.
fn write_number(pattern: &str, number: i64, day: jiff::civil::Date) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((part, behind)) = after.split_once('}') else {
            rest = after;
            break;
        };
        match part.split_once(':').unwrap_or((part, "1")) {
            ("year", _) => text.push_str(&format!("{:04}", day.year())),
            ("month", _) => text.push_str(&format!("{:02}", day.month())),
            ("day", _) => text.push_str(&format!("{:02}", day.day())),
            (_, width) => {
                let width = width.parse::<usize>().unwrap_or(1).min(18);
                text.push_str(&format!("{number:0width$}"));
            }
        }
        rest = behind;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::write_number;

    #[test]
    fn numbers_follow_their_pattern() {
        let day = jiff::civil::date(2026, 3, 9);
        assert_eq!(write_number("INV-{year}-{number:5}", 42, day), "INV-2026-00042");
        assert_eq!(write_number("{day}{month}/{number}", 7, day), "0903/7");
    }
}
