//! The word lists of the countries, split once.

use std::sync::LazyLock;

use super::country::{COUNTRIES, City, Country};
use super::latin::slug;

/// A name as it is written and as it stands in e-mail addresses.
pub(super) struct Name {
    pub(super) written: &'static str,
    pub(super) latin: String,
}

/// One country with its lists.
pub(super) struct Land {
    pub(super) country: &'static Country,
    pub(super) women: Vec<Name>,
    pub(super) men: Vec<Name>,
    pub(super) families: Vec<Name>,
    pub(super) streets: Vec<&'static str>,
}

static NOWHERE: City = City { name: "", region: "", postal_code: "", landline: "" };

static LANDS: LazyLock<[Land; COUNTRIES.len()]> = LazyLock::new(|| {
    let names = |list: &'static str| -> Vec<Name> {
        list.split(',')
            .map(|entry| {
                let (written, latin) = entry.split_once('/').unwrap_or((entry, entry));
                Name { written, latin: slug(latin, '-') }
            })
            .collect()
    };
    let land = |country: &'static Country| Land {
        country,
        women: names(country.women),
        men: names(country.men),
        families: names(country.families),
        streets: country.streets.split(',').collect(),
    };
    COUNTRIES.map(land)
});

/// The country at a percentage of all companies.
pub(super) fn land_at(percent: u64) -> &'static Land {
    let mut upto = 0;
    let found = LANDS.iter().position(|land| {
        upto += u64::from(land.country.share);
        percent < upto
    });
    let [first, ..] = &*LANDS;
    found.and_then(|at| LANDS.get(at)).unwrap_or(first)
}

impl Land {
    pub(super) fn city(&self, at: usize) -> &'static City {
        self.country.cities.get(at % self.country.cities.len().max(1)).unwrap_or(&NOWHERE)
    }

    pub(super) fn is_german(&self) -> bool {
        matches!(self.country.code, "DE" | "AT" | "CH")
    }

    /// Whether company names take the words of the Romance languages.
    pub(super) fn is_romance(&self) -> bool {
        matches!(self.country.code, "IT" | "ES" | "FR" | "BR")
    }
}
