//! Names of people and organisations: made comparable, compared, and reduced to how they sound.

use model::fold::fold_plain;
use strsim::jaro_winkler;

use super::distance::{alike_at_most, slips};
use super::nicknames::are_nicknames;

/// How two names stand to one another, from equal to unlike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// One of them is not known.
    Unknown,
    /// Nothing in common.
    Unlike,
    /// Alike enough to be noticed.
    Similar,
    /// One is the initial of the other.
    Initial,
    /// One is a part of the other: `Anna` and `Anna Maria`.
    Part,
    /// One is a short form of the other.
    Nickname,
    /// A slip apart.
    Slip,
    /// Equal.
    Equal,
}

/// Titles that are no part of a name.
const TITLES: &[&str] = &[
    "dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "dipl", "ing", "mag", "phd", "md", "mba", "jr", "sr",
    "mme", "sir",
];

/// Legal forms of organisations, as folded words.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "as",
    "aps",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "eg",
    "ek",
    "eurl",
    "ev",
    "ges",
    "gesellschaft",
    "gmbh",
    "group",
    "holding",
    "holdings",
    "inc",
    "incorporated",
    "kft",
    "kg",
    "kgaa",
    "kk",
    "lda",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "mbh",
    "nv",
    "ohg",
    "oy",
    "oyj",
    "plc",
    "pte",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "se",
    "sl",
    "spa",
    "spzoo",
    "srl",
    "sro",
    "the",
    "ug",
    "und",
    "and",
];

/// A given or family name: folded, without titles and marks.
pub fn person(name: &str) -> String {
    let folded = fold_plain(name);
    let words = folded.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| word.replace(['\'', '’'], "")).collect();
    let kept: Vec<&str> = words.iter().map(String::as_str).filter(|word| !TITLES.contains(word)).collect();
    if kept.is_empty() { words.join(" ") } else { kept.join(" ") }
}

/// An organisation's name: folded, without legal forms and marks.
pub fn organisation(name: &str) -> String {
    let folded = fold_plain(name).replace(['.', '\'', '’'], "");
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let kept: Vec<&str> = words.iter().copied().filter(|word| !LEGAL_FORMS.contains(word)).collect();
    if kept.is_empty() { words.join(" ") } else { kept.join(" ") }
}

/// Names less alike than this have nothing in common.
const ALIKE_MIN: f64 = 0.8;

/// Compares two given or two family names.
pub fn compare(a: &str, b: &str) -> Closeness {
    if a.is_empty() || b.is_empty() {
        return Closeness::Unknown;
    }
    if a == b {
        return Closeness::Equal;
    }
    let length = a.chars().count().min(b.chars().count());
    if length == 1 {
        return if a.chars().next() == b.chars().next() { Closeness::Initial } else { Closeness::Unlike };
    }
    // Most pairs are wholly unlike, which their letters tell.
    let alike = if alike_at_most(a, b) < ALIKE_MIN { 0.0 } else { jaro_winkler(a, b) };
    if alike >= ALIKE_MIN && is_slip(a, b, length) {
        return Closeness::Slip;
    }
    if are_nicknames(a, b) {
        return Closeness::Nickname;
    }
    if is_part(a, b) {
        return Closeness::Part;
    }
    // Without spaces and in another order: `Jean Luc` and `Jeanluc`, `Smith Jones` and `Jones Smith`.
    if (a.contains(' ') || b.contains(' ')) && (joined(a) == joined(b) || sorted(a) == sorted(b)) {
        return Closeness::Slip;
    }
    if alike >= 0.86 || (alike >= ALIKE_MIN && sound(a) == sound(b)) { Closeness::Similar } else { Closeness::Unlike }
}

/// One slip of the pen: a letter more, less, other, or two swapped; two slips in a long name.
fn is_slip(a: &str, b: &str, length: usize) -> bool {
    let allowed = match length {
        0..=2 => 0,
        3..=7 => 1,
        _ => 2,
    };
    slips(a, b) <= allowed
}

fn is_part(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.contains(' ') && short.len() > 2 && short.split(' ').all(|word| long.split(' ').any(|other| other == word))
}

fn joined(name: &str) -> String {
    name.replace(' ', "")
}

fn sorted(name: &str) -> Vec<&str> {
    let mut words: Vec<&str> = name.split(' ').collect();
    words.sort_unstable();
    words
}

/// How alike two organisations' names are, 0 to 1: word by word in the best order, short words weighing less.
pub fn compare_organisations(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    let whole = jaro_winkler(&joined(a), &joined(b));
    whole.max((covered(a, b) + covered(b, a)) / 2.0)
}

/// The share of a name's letters that the words of the other cover.
fn covered(a: &str, b: &str) -> f64 {
    let mut letters = 0.0;
    let mut found = 0.0;
    for word in a.split(' ') {
        let best = b.split(' ').map(|other| jaro_winkler(word, other)).fold(0.0, f64::max);
        let weight = word.chars().count() as f64;
        letters += weight;
        found += if best >= 0.88 { best * weight } else { 0.0 };
    }
    if letters > 0.0 { found / letters } else { 0.0 }
}

/// How a name sounds: its first letter, then the classes of its consonants (after Russell's Soundex of 1918, with the
/// spellings `ph`, `ck`, `sch`, `th`, `dt` made one first). Letters outside a–z stand for themselves.
pub fn sound(name: &str) -> String {
    let word = name.split(' ').max_by_key(|word| word.len()).unwrap_or_default();
    let mut word = word.to_owned();
    for (spelling, letter) in
        [("sch", "s"), ("ph", "f"), ("ck", "k"), ("th", "t"), ("dt", "t"), ("sh", "s"), ("ch", "k")]
    {
        word = word.replace(spelling, letter);
    }
    let mut key = String::new();
    let mut last = ' ';
    for c in word.chars() {
        let class = class(c);
        if key.is_empty() {
            key.push(first_letter(c));
        } else if class != last && class != '0' {
            key.push(class);
        }
        if !matches!(c, 'h' | 'w') {
            last = class;
        }
        if key.chars().count() >= 5 {
            break;
        }
    }
    key
}

/// First letters that are written for one another.
fn first_letter(c: char) -> char {
    match c {
        'c' | 'q' => 'k',
        'v' => 'f',
        'y' | 'j' => 'i',
        'z' => 's',
        other => other,
    }
}

fn class(c: char) -> char {
    match c {
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w' | 'j' => '0',
        'b' | 'f' | 'p' | 'v' => '1',
        'c' | 'g' | 'k' | 'q' | 's' | 'x' | 'z' => '2',
        'd' | 't' => '3',
        'l' => '4',
        'm' | 'n' => '5',
        'r' => '6',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_comparable() {
        assert_eq!(person("Dr. Jürgen  O'Neill-Groß"), "jurgen oneill gross");
        assert_eq!(person("Dr."), "dr");
        assert_eq!(organisation("The Müller & Söhne GmbH & Co. KG"), "muller sohne");
        assert_eq!(organisation("S.A.S."), "sas");
    }

    #[test]
    fn compares_names() {
        assert_eq!(compare("anna", "anna"), Closeness::Equal);
        assert_eq!(compare("anna", ""), Closeness::Unknown);
        assert_eq!(compare("catherine", "catehrine"), Closeness::Slip);
        assert_eq!(compare("a", "anna"), Closeness::Initial);
        assert_eq!(compare("william", "bill"), Closeness::Nickname);
        assert_eq!(compare("anna maria", "anna"), Closeness::Part);
        assert_eq!(compare("jean luc", "jeanluc"), Closeness::Slip);
        assert_eq!(compare("anna", "bernd"), Closeness::Unlike);
        assert_eq!(compare("meier", "maier"), Closeness::Slip);
    }

    #[test]
    fn compares_organisations() {
        assert!(compare_organisations("acme rockets", "rockets acme") > 0.98);
        assert!(compare_organisations("acme rockets", "acme rocket") > 0.9);
        assert!(compare_organisations("acme rockets", "zenith bakery") < 0.6);
    }

    #[test]
    fn names_that_sound_alike_share_a_key() {
        for (a, b) in [("stephan", "stefan"), ("schmidt", "schmitt"), ("meyer", "maier"), ("katherine", "catharine")] {
            assert_eq!(sound(a), sound(b), "{a} {b}");
        }
        assert_ne!(sound("anna"), sound("bernd"));
        assert_eq!(sound(""), "");
    }
}
