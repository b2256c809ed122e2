//! People of whom every twentieth is somebody who is there already, written down by somebody else: a short form of the
//! name, a letter too many, another address, the phone number another way. The label in the description, by which nothing
//! is compared, tells who is who.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Result;

use super::people::{self, mix, pick};

const HEADER: &str = "Given name,Family name,E-mail,Phone,Street,City,Region,Postal code,Country,Birthday,Description";
/// One row in so many is a person who is there already.
const TWIN_EVERY: u64 = 20;
/// Family names are shared as in life: a few by very many people, most by some hundred.
const MIDDLES: [&str; 12] = ["", "", "", "", "al", "en", "er", "il", "on", "ar", "em", "ur"];
/// Short forms of some of the names.
const SHORT: [(&str, &str); 8] = [
    ("Anna", "Annie"),
    ("Ben", "Benjamin"),
    ("David", "Dave"),
    ("Samuel", "Sam"),
    ("Walter", "Walt"),
    ("Julia", "Jules"),
    ("Lucia", "Lucy"),
    ("Felix", "F."),
];
const DOMAIN_COUNT: u64 = 5_000;
const LABEL: &str = "person ";

struct Person {
    given: String,
    family: String,
    email: String,
    phone: String,
    street: String,
    place: (&'static str, &'static str, &'static str),
    postal_code: u64,
    birthday: Option<(u64, u64, u64)>,
}

/// Who a description says it is.
pub fn label_of(description: &str) -> Option<u64> {
    description.strip_prefix(LABEL)?.parse().ok()
}

/// Writes so many people.
pub fn write_csv(path: &Path, count: usize) -> Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
    writeln!(file, "{HEADER}")?;
    for number in 0..count as u64 {
        let is_twin = number % TWIN_EVERY == TWIN_EVERY - 1;
        // Any of the nineteen rows before it, or of those of a row far away.
        let back = 1 + mix(number * 3 + 1) % (TWIN_EVERY - 1);
        let far = mix(number * 3 + 2) % (number / TWIN_EVERY + 1) * TWIN_EVERY;
        let label = if is_twin { far + TWIN_EVERY - 1 - back } else { number };
        let person = original(label);
        let person = if is_twin { copied(person, number) } else { person };
        let (city, region, country) = person.place;
        let birthday = person.birthday.map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")).unwrap_or_default();
        writeln!(
            file,
            "{},{},{},{},{},{city},{region},{:05},{country},{birthday},{LABEL}{label}",
            person.given, person.family, person.email, person.phone, person.street, person.postal_code,
        )?;
    }
    file.flush()?;
    Ok(())
}

fn original(number: u64) -> Person {
    let seed = |part: u64| mix(number.wrapping_mul(37).wrapping_add(part));
    let given = pick(&people::GIVEN, seed(1));
    let (start, middle, end) = (pick(&people::STARTS, seed(2)), pick(&MIDDLES, seed(3)), pick(&people::ENDS, seed(4)));
    let family = format!("{start}{middle}{end}");
    let place = pick(&people::CITIES, seed(5));
    Person {
        email: format!("{}.{}{}@example{}.com", given, family, seed(6) % 1_000, seed(7) % DOMAIN_COUNT).to_lowercase(),
        phone: format!("+4930{:08}", 10_000_000 + number),
        street: format!("{}{} Street {}", pick(&people::STARTS, seed(8)), pick(&MIDDLES, seed(9)), seed(10) % 150 + 1),
        postal_code: seed(11) % 90_000 + 10_000,
        birthday: (seed(12) % 4 > 0).then(|| (1940 + seed(13) % 65, seed(14) % 12 + 1, seed(15) % 28 + 1)),
        given: given.to_owned(),
        family,
        place,
    }
}

/// The same person, as somebody else wrote it down.
fn copied(mut person: Person, number: u64) -> Person {
    let seed = |part: u64| mix(number.wrapping_mul(41).wrapping_add(part));
    match seed(1) % 10 {
        0..=2 => {
            if let Some((_, short)) = SHORT.iter().find(|(full, _)| *full == person.given) {
                person.given = (*short).to_owned();
            }
        }
        3 => person.given = slip(&person.given, seed(2)),
        4 => std::mem::swap(&mut person.given, &mut person.family),
        _ => {}
    }
    if seed(3).is_multiple_of(4) {
        person.family = slip(&person.family, seed(4));
    }
    match seed(5) % 10 {
        0..=3 => {}
        4..=6 => person.email = format!("{}{}@mail.example", person.given, seed(6) % 1_000_000).to_lowercase(),
        _ => person.email.clear(),
    }
    match seed(7) % 10 {
        0..=4 => person.phone = person.phone.replacen("+4930", "030 ", 1),
        5..=6 => person.phone = format!("+4940{:08}", seed(8) % 90_000_000 + 10_000_000),
        _ => person.phone.clear(),
    }
    match seed(9) % 10 {
        0..=4 => {}
        5..=7 => person.street = slip(&person.street, seed(10)),
        _ => {
            person.street = format!("{} Street {}", pick(&people::STARTS, seed(11)), seed(12) % 150 + 1);
            person.place = pick(&people::CITIES, seed(13));
            person.postal_code = seed(14) % 90_000 + 10_000;
        }
    }
    match seed(15) % 10 {
        0..=6 => {}
        7 => person.birthday = person.birthday.map(|(y, m, d)| if d <= 12 { (y, d, m) } else { (y, m, d) }),
        _ => person.birthday = None,
    }
    person
}

/// A letter left out, doubled, or swapped with the next.
fn slip(text: &str, seed: u64) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = 1 + usize::try_from(seed / 3).unwrap_or_default() % letters.len().saturating_sub(2).max(1);
    match (seed % 3, letters.get(at).copied()) {
        (0, Some(_)) => drop(letters.remove(at)),
        (1, Some(letter)) => letters.insert(at, letter),
        (_, Some(_)) if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => {}
    }
    letters.into_iter().collect()
}
