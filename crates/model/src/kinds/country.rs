//! Countries: ISO 3166-1 codes and the names people write.

mod names;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text::edit_distance;
use crate::fold::fold_plain;
use names::COUNTRIES;

/// One country: alpha-2, alpha-3, and names parted by `|`, the English one first.
pub(super) type Country = (&'static str, &'static str, &'static str);

static BY_NAME: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut by_name = HashMap::with_capacity(COUNTRIES.len() * 5);
    for (alpha_2, alpha_3, names) in COUNTRIES {
        by_name.insert(simple(alpha_2), *alpha_2);
        by_name.insert(simple(alpha_3), *alpha_2);
        for name in names.split('|') {
            by_name.insert(simple(name), *alpha_2);
        }
    }
    by_name
});

/// Letters and digits alone, folded, without a leading article.
fn simple(name: &str) -> String {
    let folded = fold_plain(name);
    let bare = folded.strip_prefix("the ").unwrap_or(&folded);
    bare.replace('&', "and").chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The alpha-2 code of a country given as alpha-2, alpha-3, or by an English, German or local name, slightly
/// mistyped names included.
pub fn find_country(typed: &str) -> Option<&'static str> {
    if typed.len() == 2
        && let Some((code, _, _)) = COUNTRIES.iter().find(|(code, _, _)| *code == typed)
    {
        return Some(code);
    }
    if typed.len() > 100 {
        return None;
    }
    let name = simple(typed);
    if let Some(code) = BY_NAME.get(&name) {
        return Some(code);
    }
    nearly(&name)
}

/// The one country whose name differs by a letter or, in long names, by two.
fn nearly(name: &str) -> Option<&'static str> {
    let length = name.chars().count();
    let allowed = match length {
        0..=5 => return None,
        6..=8 => 1,
        _ => 2,
    };
    let mut best: Option<(usize, &'static str)> = None;
    let mut is_unique = true;
    for (known, code) in BY_NAME.iter().filter(|(known, _)| known.len().abs_diff(name.len()) <= allowed * 3) {
        if known.len() < 5 {
            continue;
        }
        let distance = edit_distance(name, known);
        match best {
            _ if distance > allowed => {}
            Some((least, _)) if distance > least => {}
            Some((least, found)) if distance == least => is_unique &= found == *code,
            _ => (best, is_unique) = (Some((distance, *code)), true),
        }
    }
    best.filter(|_| is_unique).map(|(_, code)| code)
}

/// The English name of an alpha-2 code.
pub fn country_name(code: &str) -> Option<&'static str> {
    let (_, _, names) = COUNTRIES.iter().find(|(alpha_2, _, _)| *alpha_2 == code)?;
    names.split('|').next()
}
