//! Names of months and weekdays in the languages that exports come in.

use crate::fold::fold_plain;

/// Month names, folded and without diacritics: English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish,
/// Polish.
const MONTHS: [&str; 12] = [
    "january januar janvier enero gennaio janeiro januari styczen stycznia jaenner",
    "february februar fevrier febrero febbraio fevereiro februari luty lutego feber",
    "march maerz mars marzo marco maart marzec marca mrz mrt marz",
    "april avril abril aprile kwiecien kwietnia",
    "may mai mayo maggio maio mei maj maja",
    "june juni juin junio giugno junho czerwiec czerwca",
    "july juli juillet julio luglio julho lipiec lipca",
    "august aout agosto augustus augusti sierpien sierpnia",
    "september septembre septiembre settembre setembro wrzesien wrzesnia",
    "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika",
    "november novembre noviembre novembro listopad listopada",
    "december dezember decembre diciembre dicembre dezembro grudzien grudnia",
];

const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday tues wednes thurs thur \
    montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend \
    lundi mardi mercredi jeudi vendredi samedi dimanche \
    lunes martes miercoles jueves viernes sabado domingo \
    lunedi martedi mercoledi giovedi venerdi domenica";

/// Words between the parts of a date.
const FILLERS: &str = "de del di du le la the of at um on am den der dem uhr h o clock st nd rd th er . ,";

/// The number of the month that a word names, whole or shortened to three letters or more.
pub(super) fn month_of(word: &str) -> Option<i8> {
    let word = fold_plain(word);
    let word = word.trim_end_matches('.');
    if word.len() < 3 || is_weekday(word) {
        return None;
    }
    let word = if word == "sept" { "sep" } else { word };
    let at = MONTHS.iter().position(|names| names.split(' ').any(|name| name.starts_with(word)))?;
    i8::try_from(at + 1).ok()
}

/// Whether a word says nothing about the date: a weekday, an article, the ending of `1st`.
pub(super) fn is_filler(word: &str) -> bool {
    let word = fold_plain(word);
    let word = word.trim_end_matches('.');
    is_weekday(word) || FILLERS.split(' ').any(|filler| filler == word)
}

fn is_weekday(word: &str) -> bool {
    // `mar` and `mer` also begin weekdays; as a month `mar` is far more common.
    word != "mar"
        && word.len() >= 2
        && WEEKDAYS.split_whitespace().any(|day| day == word || (word.len() <= 3 && day.starts_with(word)))
}
