//! The countries of the demo: names, places, numbers and forms as they are usual there.

mod americas;
mod asia;
mod central;
mod north;
mod south;
mod west;

/// A city with its region, the form of its postal codes and of its landline numbers (`#` any digit, `%` 1 to 9).
pub(super) struct City {
    pub(super) name: &'static str,
    pub(super) region: &'static str,
    pub(super) postal_code: &'static str,
    pub(super) landline: &'static str,
}

/// What is usual in one country.
pub(super) struct Country {
    /// ISO 3166-1 alpha-2.
    pub(super) code: &'static str,
    /// Language of its people.
    pub(super) language: &'static str,
    pub(super) time_zone: &'static str,
    pub(super) currency: &'static str,
    /// Share among all companies, in percent.
    pub(super) share: u32,
    /// Given names of women; `漢字/kanji` where the Latin form must be told.
    pub(super) women: &'static str,
    pub(super) men: &'static str,
    pub(super) families: &'static str,
    pub(super) cities: &'static [City],
    pub(super) streets: &'static str,
    /// Whether the house number stands before the street.
    pub(super) number_first: bool,
    pub(super) mobile: &'static [&'static str],
    pub(super) legal_forms: &'static [&'static str],
    /// Form of its tax numbers.
    pub(super) tax_id: &'static str,
}

pub(super) static COUNTRIES: [&Country; 15] = [
    &central::GERMANY,
    &americas::UNITED_STATES,
    &west::UNITED_KINGDOM,
    &west::FRANCE,
    &central::AUSTRIA,
    &central::SWITZERLAND,
    &south::ITALY,
    &south::SPAIN,
    &west::NETHERLANDS,
    &north::SWEDEN,
    &north::POLAND,
    &americas::BRAZIL,
    &south::TURKEY,
    &asia::JAPAN,
    &asia::CHINA,
];
