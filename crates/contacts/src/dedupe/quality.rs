//! How good the search for duplicates is: precision and recall on people whose duplicates are known.

use std::collections::HashMap;
use std::convert::Infallible;

use anyhow::{Context, Result};
use model::duplicates::Duplicates;
use model::{Field, Kind, Object, Patch, Value};
use serde_json::json;

use super::pairs::find_pairs;
use super::traits::{Reader, Traits};

/// People with a label each: equal labels are one person.
#[derive(Debug, Default)]
pub struct Labelled {
    traits: Vec<Traits>,
    labels: Vec<String>,
}

/// What a search found against what there was to find.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// Pairs that are one person.
    pub pairs: usize,
    /// Share of the pairs found that are right.
    pub precision: f64,
    /// Share of the right pairs that were found.
    pub recall: f64,
}

impl Quality {
    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        2.0 * self.precision * self.recall / (self.precision + self.recall)
    }
}

impl Labelled {
    /// Adds the people of a CSV file in the columns of the Febrl sets: `rec_id` (`rec-N-org`, `rec-N-dup-M`),
    /// `given_name`, `surname`, `street_number`, `address_1`, `address_2`, `suburb`, `postcode`, `state`,
    /// `date_of_birth`. The social security number, which would give everything away, is not read.
    pub fn add_csv(&mut self, text: &str) -> Result<()> {
        let reader = Reader::new(&person());
        let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = rows.headers().context("the file has no header")?.clone();
        for row in rows.records() {
            let row = row.context("the file is no CSV")?;
            let cell = |name: &str| {
                header.iter().position(|column| column == name).and_then(|at| row.get(at)).unwrap_or_default()
            };
            let label = cell("rec_id").split('-').nth(1).context("`rec_id` is not like rec-1-org")?.to_owned();
            let street = format!("{} {} {}", cell("street_number"), cell("address_1"), cell("address_2"));
            let address = json!({
                "street": street.trim(), "city": cell("suburb"), "postal_code": cell("postcode"), "region": cell("state"),
            });
            let birthday = jiff::civil::Date::strptime("%Y%m%d", cell("date_of_birth"));
            let values = Patch::from([
                ("given_name".to_owned(), Value::text(cell("given_name"))),
                ("family_name".to_owned(), Value::text(cell("surname"))),
                ("birthday".to_owned(), birthday.map_or(Value::Missing, Value::Date)),
                ("address".to_owned(), Value::json(address)),
            ]);
            self.traits.push(reader.read(&values));
            self.labels.push(label);
        }
        Ok(())
    }

    /// Searches and compares what was found with the labels.
    pub fn measure(&self) -> Quality {
        let mut sizes: HashMap<&str, usize> = HashMap::new();
        for label in &self.labels {
            *sizes.entry(label).or_default() += 1;
        }
        let pairs = sizes.values().map(|size| size * (size - 1) / 2).sum();
        let (mut found, mut right) = (0_usize, 0_usize);
        let Ok(()) =
            find_pairs::<Infallible>(&self.traits, &Duplicates::default(), 0, &mut |_, _| Ok(()), &mut |pair| {
                found += 1;
                right += usize::from(self.labels.get(pair.a) == self.labels.get(pair.b));
                Ok(())
            });
        Quality { pairs, precision: share(right, found), recall: share(right, pairs) }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// A person as far as the labelled sets know one.
fn person() -> Object {
    let field = |name: &str, kind: Kind| Field::new(name, kind, name);
    Object {
        name: "person".to_owned(),
        plural: "people".to_owned(),
        label: "Person".to_owned(),
        label_plural: "People".to_owned(),
        description: None,
        icon: None,
        color: None,
        title: "given_name".to_owned(),
        subtitle: None,
        search: Vec::new(),
        parent: None,
        timeline: None,
        columns: Vec::new(),
        orders: Vec::new(),
        counted_by: Vec::new(),
        duplicates: Duplicates::default(),
        owned: false,
        internal: false,
        settings: false,
        append_only: false,
        part_of: None,
        custom: false,
        fields: vec![
            field("given_name", Kind::Text),
            field("family_name", Kind::Text),
            field("birthday", Kind::Date),
            field("address", Kind::Address),
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The labelled sets live beside the project and are not part of it.
    fn load(names: &[&str]) -> Option<Labelled> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dedupe");
        let mut labelled = Labelled::default();
        for name in names {
            let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
                eprintln!(
                    "SKIPPED: {} is not there, so the quality of the search is not measured",
                    folder.join(name).display()
                );
                return None;
            };
            labelled.add_csv(&text).unwrap();
        }
        Some(labelled)
    }

    #[track_caller]
    fn check(names: &[&str]) {
        let Some(labelled) = load(names) else { return };
        let quality = labelled.measure();
        println!(
            "{names:?}: {} pairs, precision {:.4}, recall {:.4}, F1 {:.4}",
            quality.pairs,
            quality.precision,
            quality.recall,
            quality.f1()
        );
        assert!(quality.f1() >= 0.99, "F1 {:.4}", quality.f1());
    }

    #[test]
    fn finds_the_duplicates_of_set_1() {
        check(&["dataset1.csv"]);
    }

    #[test]
    fn finds_the_duplicates_of_set_3() {
        check(&["dataset3.csv"]);
    }

    #[test]
    fn finds_the_duplicates_of_sets_4a_and_4b() {
        check(&["dataset4a.csv", "dataset4b.csv"]);
    }

    #[test]
    fn measures_against_labels() {
        let mut labelled = Labelled::default();
        labelled
            .add_csv(
                "rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth\n\
                 rec-1-org,anna,berg,1,main street,,bonn,53111,nw,19800102\n\
                 rec-1-dup-0,ana,berg,1,main stret,,bonn,53111,nw,19800102\n\
                 rec-2-org,carl,stone,7,hill road,,ulm,89073,bw,19701231\n",
            )
            .unwrap();
        assert_eq!(labelled.measure(), Quality { pairs: 1, precision: 1.0, recall: 1.0 });
    }
}
