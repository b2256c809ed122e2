//! The block-list for passwords: what attackers try first. Lists of leaked passwords hold almost nothing of fifteen
//! characters or more that is not a common word, a run or a repetition stretched to that length, so those are
//! what is taken away; when too little remains, the password is refused.

/// Fewest characters that must remain, and fewest different ones among them.
const REST_MIN: usize = 6;
const DIFFERENT_MIN: usize = 5;

/// Words that leaked passwords are made of, most of them seen in every large leak.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "motdepasse",
    "contrasena",
    "contraseña",
    "senha",
    "passphrase",
    "passw",
    "pass",
    "admin",
    "administrator",
    "root",
    "user",
    "login",
    "welcome",
    "willkommen",
    "bienvenue",
    "letmein",
    "changeme",
    "change",
    "default",
    "secret",
    "geheim",
    "test",
    "testing",
    "tester",
    "demo",
    "guest",
    "master",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "basketball",
    "soccer",
    "hockey",
    "fussball",
    "superman",
    "batman",
    "pokemon",
    "naruto",
    "starwars",
    "princess",
    "sunshine",
    "iloveyou",
    "ichliebedich",
    "teamo",
    "jetaime",
    "love",
    "lovely",
    "shadow",
    "michael",
    "jordan",
    "jennifer",
    "jessica",
    "ashley",
    "daniel",
    "andrew",
    "thomas",
    "robert",
    "matthew",
    "joshua",
    "charlie",
    "george",
    "harley",
    "hunter",
    "ranger",
    "buster",
    "killer",
    "trustno",
    "access",
    "freedom",
    "whatever",
    "nothing",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "microsoft",
    "windows",
    "apple",
    "linkedin",
    "yahoo",
    "hotmail",
    "gmail",
    "server",
    "system",
    "oracle",
    "mysql",
    "database",
    "company",
    "business",
    "office",
    "sales",
    "customer",
    "salesforce",
    "hubspot",
    "rapport",
    "crm",
    "support",
    "service",
    "manager",
    "summer",
    "winter",
    "spring",
    "autumn",
    "sommer",
    "herbst",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "freitag",
    "hello",
    "hallo",
    "bonjour",
    "hola",
    "flower",
    "cookie",
    "cheese",
    "chocolate",
    "banana",
    "orange",
    "purple",
    "silver",
    "golden",
    "diamond",
    "ginger",
    "pepper",
    "mustang",
    "ferrari",
    "porsche",
    "mercedes",
    "corvette",
    "yamaha",
    "liverpool",
    "arsenal",
    "chelsea",
    "barcelona",
    "juventus",
    "madrid",
    "london",
    "berlin",
    "paris",
    "america",
    "canada",
    "england",
    "germany",
    "schalke",
    "bayern",
    "jesus",
    "christ",
    "blessed",
    "angel",
    "heaven",
    "forever",
    "family",
    "friends",
    "babygirl",
    "baby",
    "biteme",
    "fuckyou",
    "fuck",
    "asshole",
    "bitch",
    "sexy",
    "matrix",
    "gandalf",
    "merlin",
    "phoenix",
    "thunder",
    "tigger",
    "snoopy",
    "garfield",
    "mickey",
    "donald",
    "pumpkin",
    "butterfly",
    "dolphin",
    "eagle",
    "tiger",
    "panther",
    "rocket",
    "correcthorsebatterystaple",
    "thequickbrownfoxjumpsoverthelazydog",
    "thequickbrownfox",
    "loremipsumdolorsitamet",
    "loremipsum",
    "maytheforcebewithyou",
    "tobeornottobe",
    "openthedoor",
    "opensesame",
    "godblessyou",
    "qwertz",
    "qwerty",
    "azerty",
    "dvorak",
    "mynameis",
    "this",
    "mypassword",
    "isthepassword",
    "thepassword",
    "isinvalid",
    "the",
    "and",
    "my",
    "is",
];

/// Rows of keyboards and the usual runs; any stretch of four in either direction counts as nothing.
const RUNS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopüasdfghjklöäyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!@#$%^&*()_+",
    "!\"§$%&/()=?",
];

/// Whether a password is made of what attackers try first.
pub fn is_weak(password: &str, words: &[&str]) -> bool {
    let plain = model::fold::fold_plain(password);
    if is_little(&plain) {
        return true;
    }
    // Both readings: as typed (runs of digits) and with the usual replacements undone (p@ssw0rd).
    let typed = without_runs(&squeeze(&plain));
    is_little(&without_words(&typed, words)) || is_little(&without_words(&unmask(&squeeze(&plain)), words))
}

fn is_little(rest: &str) -> bool {
    let letters: Vec<char> = rest.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut different = letters.clone();
    different.sort_unstable();
    different.dedup();
    letters.len() < REST_MIN || different.len() < DIFFERENT_MIN
}

/// Without spaces and separators; a part that repeats itself counts once.
fn squeeze(text: &str) -> String {
    let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !"-_.,".contains(*c)).collect();
    for size in 1..=letters.len() / 2 {
        let Some((unit, _)) = letters.split_at_checked(size) else { continue };
        let repeats = letters.chunks(size).all(|chunk| unit.starts_with(chunk));
        if repeats {
            return unit.iter().collect();
        }
    }
    letters.into_iter().collect()
}

/// `p@$$w0rd` as `password`; what is left of digits and signs at the ends is dropped.
fn unmask(text: &str) -> String {
    let core = text.trim_matches(|c: char| !c.is_alphabetic() && c != '@' && c != '$');
    core.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' | '|' => 'i',
            '3' | '€' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// Takes runs of four and more out: `abcd`, `4321`, `qwer`, years, and the same character three times.
fn without_runs(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut rest = String::new();
    let mut at = 0;
    while at < letters.len() {
        let taken = run_at(letters.get(at..).unwrap_or_default());
        if taken > 0 {
            at += taken;
        } else {
            rest.extend(letters.get(at));
            at += 1;
        }
    }
    rest
}

/// Length of the run at the start, 0 when there is none.
fn run_at(letters: &[char]) -> usize {
    let Some(first) = letters.first() else { return 0 };
    let same = letters.iter().take_while(|letter| *letter == first).count();
    if same >= 3 {
        return same;
    }
    let year: String = letters.iter().take(4).collect();
    if year.len() == 4 && (year.starts_with("19") || year.starts_with("20")) && year.chars().all(|c| c.is_ascii_digit())
    {
        return 4;
    }
    let longest = |run: &str| {
        (4..=letters.len())
            .take_while(|size| run.contains(&letters.iter().take(*size).collect::<String>()))
            .last()
            .unwrap_or(0)
    };
    RUNS.iter().map(|run| longest(run).max(longest(&run.chars().rev().collect::<String>()))).max().unwrap_or(0)
}

/// Takes common words and those of the account out, longest first.
fn without_words(text: &str, words: &[&str]) -> String {
    let mut known: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
    for word in words {
        let folded = model::fold::fold_plain(word);
        let parts = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() >= 3);
        known.extend(parts.map(str::to_owned));
        known.push(folded.chars().filter(|c| c.is_alphanumeric()).collect());
    }
    known.retain(|word| !word.is_empty());
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    // Short words only count when nothing else is left around them, so they are taken last.
    let mut rest = text.to_owned();
    for word in &known {
        if rest.contains(word.as_str()) {
            rest = rest.replace(word.as_str(), "");
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretched_common_passwords_are_weak() {
        for password in [
            "passwordpassword",
            "Password1234567!",
            "P@$$w0rdP@$$w0rd",
            "aaaaaaaaaaaaaaaaaaaa",
            "123456789012345678",
            "qwertyuiopasdfgh",
            "abcabcabcabcabcabc",
            "Welcome-Summer-2026",
            "iloveyouiloveyou1",
            "correct horse battery staple",
            "adminadminadmin123",
            "1qaz2wsx3edc4rfv",
            "MyPasswordIs12345",
        ] {
            assert!(is_weak(password, &[]), "{password}");
        }
    }

    #[test]
    fn words_of_the_account_are_weak() {
        assert!(is_weak("brightmoor-2026-brightmoor", &["Brightmoor Ltd", "ann@brightmoor.example"]));
        assert!(is_weak("AnnaKowalczyk1990!", &["Anna Kowalczyk"]));
    }

    #[test]
    fn unrelated_words_are_fine() {
        for password in [
            "seven lamps hum quietly",
            "gravel teapot ninety owls",
            "näher am großen Fluß wohnen",
            "x9$Kq2!vLm@81zPw",
            "correct horse taped my window",
            "ありがとう青い電車は三時に出る",
        ] {
            assert!(!is_weak(password, &["Acme", "ann@acme.example"]), "{password}");
        }
    }
}
