//! Full names taken apart: salutation, given name and family name.

/// The parts of a person's name; each may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonName {
    /// `Dr.`, `Mrs.`, `Herr Prof.`
    pub salutation: String,
    /// First and middle names.
    pub given: String,
    /// Family name with its particles and suffix.
    pub family: String,
}

const SALUTATIONS: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "madam",
    "herr",
    "frau",
    "hr",
    "fr",
    "dipl-ing",
    "dipling",
    "ing",
    "mag",
    "med",
    "m",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "señor",
    "senor",
    "sr",
    "sra",
    "señora",
    "srta",
    "don",
    "dott",
    "dottssa",
    "sig",
    "signor",
    "signora",
    "dhr",
    "mevr",
    "mw",
    "rev",
    "hon",
    "capt",
    "lt",
    "col",
];
const PARTICLES: &[&str] = &[
    "von", "van", "vom", "zu", "zum", "zur", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "do", "du",
    "la", "le", "ten", "ter", "te", "af", "av", "al", "el", "bin", "ibn", "bint", "ben", "st", "st.", "mac", "mc",
    "o'", "van't", "auf", "y",
];
const SUFFIXES: &[&str] =
    &["jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "msc", "bsc", "ma", "ba", "cpa", "jun", "sen"];

fn bare(word: &str) -> String {
    word.trim_matches(',').replace('.', "").to_lowercase()
}

/// Splits a full name: `Dr. Ludwig van Beethoven` and `Beethoven, Ludwig van` alike.
pub fn split(full: &str) -> PersonName {
    let full = full.trim();
    if let Some((before, after)) = full.split_once(',') {
        let after = after.trim();
        let is_suffix = after.split([' ', ',']).all(|word| SUFFIXES.contains(&bare(word).as_str()));
        if after.is_empty() || is_suffix {
            let mut name = split_words(before);
            if !after.is_empty() {
                append(&mut name.family, after);
            }
            return name;
        }
        return split_reversed(before.trim(), after);
    }
    split_words(full)
}

fn append(text: &mut String, word: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(word);
}

/// `Family, Given`; particles may stand behind the given name.
fn split_reversed(family: &str, given: &str) -> PersonName {
    let mut name = split_words(given);
    let mut given_words: Vec<String> =
        format!("{} {}", name.given, name.family).split_whitespace().map(str::to_owned).collect();
    let mut behind = Vec::new();
    while given_words.len() > 1 && given_words.last().is_some_and(|word| PARTICLES.contains(&word.as_str())) {
        behind.extend(given_words.pop());
    }
    behind.reverse();
    behind.push(family.to_owned());
    name.given = given_words.join(" ");
    name.family = behind.join(" ");
    name
}

fn split_words(full: &str) -> PersonName {
    let words: Vec<&str> = full.split_whitespace().collect();
    let leading = words
        .iter()
        .enumerate()
        .take_while(|(at, word)| {
            let known = SALUTATIONS.contains(&bare(word).as_str());
            // "M" alone is an initial unless a dot or a second word follows, and a lone word is a name.
            known && at + 1 < words.len() && (bare(word).len() > 1 || word.ends_with('.'))
        })
        .count();
    let (salutation, rest) = words.split_at_checked(leading).unwrap_or((&[], &words));
    let salutation = salutation.join(" ");
    let mut end = rest.len();
    while end > 1 && rest.get(end - 1).is_some_and(|word| SUFFIXES.contains(&bare(word).as_str())) {
        end -= 1;
    }
    if end <= 1 {
        let given = rest.first().copied().unwrap_or_default().to_owned();
        return PersonName { salutation, given, family: rest.get(1..).unwrap_or_default().join(" ") };
    }
    let mut start = end - 1;
    // Particles before the last name belong to it; an upper-case "De" or "Van" may be a name of its own.
    while start > 1 && rest.get(start - 1).is_some_and(|word| is_particle(word)) {
        start -= 1;
    }
    let (given, family) = rest.split_at_checked(start).unwrap_or((rest, &[]));
    PersonName { salutation, given: given.join(" "), family: family.join(" ") }
}

fn is_particle(word: &str) -> bool {
    let lower = word.to_lowercase();
    PARTICLES.contains(&lower.as_str()) && (word == lower || lower.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_names_of_many_shapes() {
        for (full, salutation, given, family) in [
            ("Ann Lee", "", "Ann", "Lee"),
            ("Ann Maria Lee", "", "Ann Maria", "Lee"),
            ("Lee, Ann", "", "Ann", "Lee"),
            ("Dr. Ludwig van Beethoven", "Dr.", "Ludwig", "van Beethoven"),
            ("Beethoven, Ludwig van", "", "Ludwig", "van Beethoven"),
            ("Herr Prof. Dr. Max von der Heide", "Herr Prof. Dr.", "Max", "von der Heide"),
            ("John Doe Jr.", "", "John", "Doe Jr."),
            ("John Doe, III", "", "John", "Doe III"),
            ("Cher", "", "Cher", ""),
            ("Carlos de la Cruz", "", "Carlos", "de la Cruz"),
            ("M. Night Shyamalan", "M.", "Night", "Shyamalan"),
            ("", "", "", ""),
        ] {
            let expected = PersonName { salutation: salutation.into(), given: given.into(), family: family.into() };
            assert_eq!(split(full), expected, "{full}");
        }
    }
}
