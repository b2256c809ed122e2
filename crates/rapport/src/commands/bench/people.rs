//! The people that are measured with: the same for the same number, in a file as any company has one.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Result;
use serde_json::{Value as Json, json};

/// The condition of the measured list.
pub const FILTER: &str = "lifecycle == 'customer'";
/// Its order.
pub const SORT: &str = "family_name";
/// The fields it shows, which are columns too.
pub const FIELDS: [&str; 20] = [
    "given_name",
    "middle_name",
    "family_name",
    "nickname",
    "job_title",
    "department",
    "lifecycle",
    "source",
    "language",
    "time_zone",
    "preferred_channel",
    "preferred_hours",
    "description",
    "emails",
    "phones",
    "links",
    "birthday",
    "created_at",
    "updated_at",
    "version",
];
/// The measured list: 50 people, 20 columns, filtered and sorted.
pub const LIST: &str = "/api/v1/people?filter=lifecycle%20%3D%3D%20%27customer%27&sort=family_name&limit=50&total=false\
    &fields=given_name,middle_name,family_name,nickname,job_title,department,lifecycle,source,language,time_zone,\
    preferred_channel,preferred_hours,description,emails,phones,links,birthday,created_at,updated_at,version";

/// The columns of the file.
pub const HEADER: [&str; 20] = [
    "Given name",
    "Middle name",
    "Family name",
    "Nickname",
    "E-mail",
    "Phone",
    "Website",
    "Job title",
    "Department",
    "Street",
    "City",
    "Region",
    "Postal code",
    "Country",
    "Birthday",
    "Language",
    "Lifecycle",
    "Source",
    "Time zone",
    "Description",
];

/// Given names.
pub const GIVEN: [&str; 40] = [
    "Anna", "Ben", "Clara", "David", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jonas", "Karla", "Leon", "Marta",
    "Nils", "Olga", "Paul", "Quirin", "Rosa", "Samuel", "Tara", "Umut", "Vera", "Walter", "Xenia", "Yusuf", "Zoe",
    "Aisha", "Bruno", "Chen", "Dana", "Emil", "Fatima", "Gino", "Hana", "Ivan", "Julia", "Kofi", "Lucia", "Mateo",
    "Nora",
];
/// How family names begin.
pub const STARTS: [&str; 25] = [
    "Ander", "Berg", "Cast", "Dorn", "Eich", "Fisch", "Gold", "Hart", "Iver", "Jans", "Kauf", "Lind", "Mayer", "Nord",
    "Ober", "Peters", "Quast", "Rosen", "Stein", "Thal", "Ulm", "Vogel", "Wald", "Young", "Zimmer",
];
/// How they end.
pub const ENDS: [&str; 20] = [
    "mann", "son", "berg", "feld", "bach", "stein", "ini", "ov", "sen", "er", "ello", "ski", "hoff", "dorf", "ley",
    "wood", "ton", "ez", "aki", "heim",
];
/// City, region and country.
pub const CITIES: [(&str, &str, &str); 8] = [
    ("Berlin", "BE", "DE"),
    ("Hamburg", "HH", "DE"),
    ("Paris", "IDF", "FR"),
    ("Lyon", "ARA", "FR"),
    ("Vienna", "9", "AT"),
    ("Zurich", "ZH", "CH"),
    ("London", "LND", "GB"),
    ("Boston", "MA", "US"),
];
const TITLES: [&str; 8] =
    ["Buyer", "Head of Sales", "Engineer", "Accountant", "Designer", "Founder", "Assistant", "Head of Marketing"];
const DEPARTMENTS: [&str; 6] = ["Purchasing", "Sales", "Engineering", "Finance", "Design", "Board"];
const LIFECYCLES: [&str; 5] = ["subscriber", "lead", "prospect", "customer", "advocate"];
const LANGUAGES: [&str; 4] = ["de", "fr", "en", "es"];
const SOURCES: [&str; 4] = ["Fair", "Web", "Referral", "Phone"];

/// A number that looks random and is the same for the same seed (Steele, Lea and Flood's SplitMix64).
pub fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One of a list, the same for the same seed.
pub fn pick<T: Copy + Default>(list: &[T], seed: u64) -> T {
    let at = usize::try_from(seed % list.len() as u64).unwrap_or_default();
    list.get(at).copied().unwrap_or_default()
}

fn name(number: u64) -> (&'static str, String) {
    let family = format!("{}{}", pick(&STARTS, mix(number * 7 + 2)), pick(&ENDS, mix(number * 7 + 3)));
    (pick(&GIVEN, mix(number * 7 + 1)), family)
}

/// Writes so many people, twenty columns each.
pub fn write_csv(path: &Path, count: usize) -> Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
    writeln!(file, "{}", HEADER.join(","))?;
    for number in 0..count as u64 {
        let seed = |part: u64| mix(number * 31 + part);
        let (given, family) = name(number);
        let (city, region, country) = pick(&CITIES, seed(1));
        writeln!(
            file,
            "{given},{},{family},{},{}.{number}@example{}.com,+4930{:08},https://example{}.com/{number},{},{},\
             {} Main Street {},{city},{region},{:05},{country},{}-{:02}-{:02},{},{},{},Europe/Berlin,Met in {city}; wants a call {number}",
            pick(&GIVEN, seed(2)),
            pick(&GIVEN, seed(3)),
            given.to_lowercase(),
            seed(4) % 5_000,
            10_000_000 + number,
            seed(4) % 5_000,
            pick(&TITLES, seed(5)),
            pick(&DEPARTMENTS, seed(6)),
            pick(&STARTS, seed(7)),
            seed(8) % 200 + 1,
            seed(9) % 90_000 + 10_000,
            1940 + seed(10) % 65,
            seed(11) % 12 + 1,
            seed(12) % 28 + 1,
            pick(&LANGUAGES, seed(13)),
            pick(&LIFECYCLES, seed(14)),
            pick(&SOURCES, seed(15)),
        )?;
    }
    file.flush()?;
    Ok(())
}

/// A person whom nobody has met.
pub fn new_person(client: usize, number: usize) -> Json {
    let (given, family) = name((client * 1_000_003 + number) as u64);
    json!({
        "given_name": given,
        "family_name": family,
        "emails": [format!("{}.{client}.{number}@new.example", given.to_lowercase())],
        "job_title": "Buyer",
        "department": "Purchasing",
        "lifecycle": "lead",
        "source": "Web",
        "language": "en",
    })
}

/// What somebody has typed of a name so far.
pub fn typed(number: usize) -> String {
    let (given, family) = name(mix(number as u64) % 10_000);
    match number % 3 {
        0 => given.chars().take(3).collect(),
        1 => format!("{given}%20{}", family.chars().take(3).collect::<String>()),
        _ => family.chars().take(5).collect(),
    }
}
