//! Latin letters for addresses: `Müller` in an e-mail address is `mueller`, `Öztürk` is `oeztuerk`.

/// Small Latin letters and digits; other marks become `between`, which never stands twice or at an end.
pub(super) fn slug(name: &str, between: char) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        match latin(c) {
            Some(letters) => slug.push_str(letters),
            None if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
            None if !slug.is_empty() && !slug.ends_with(between) => slug.push(between),
            None => {}
        }
    }
    if slug.ends_with(between) {
        slug.pop();
    }
    slug
}

fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' => "oe",
        'ü' | 'Ü' => "ue",
        'ß' => "ss",
        'á' | 'à' | 'â' | 'ã' | 'å' | 'Á' | 'À' | 'Å' | 'ą' => "a",
        'ç' | 'ć' | 'č' | 'Ç' | 'Č' => "c",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'ę' => "e",
        'ğ' => "g",
        'í' | 'ì' | 'î' | 'ï' | 'ı' | 'İ' | 'Í' => "i",
        'ł' | 'Ł' => "l",
        'ñ' | 'ń' => "n",
        'ó' | 'ò' | 'ô' | 'õ' | 'Ó' => "o",
        'ś' | 'ş' | 'Ś' | 'Ş' => "s",
        'ú' | 'ù' | 'û' | 'Ú' => "u",
        'ÿ' => "y",
        'ź' | 'ż' | 'Ż' => "z",
        '\'' | '’' | '.' => "",
        _ => return None,
    })
}
