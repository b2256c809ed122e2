//! Mistakes that people make when they type a name.

use super::dice::Dice;

/// The name with one mistake in it: two letters swapped, one lost, one doubled, or its accents lost.
pub(super) fn mistyped(name: &str, dice: &mut Dice) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() < 3 {
        return name.to_owned();
    }
    if !name.is_ascii() && dice.percent(60) {
        return letters.iter().map(|c| plain(*c)).collect();
    }
    let at = 1 + dice.index(letters.len() - 2);
    let mistake = dice.below(3);
    let mut typed = String::with_capacity(name.len() + 2);
    for (position, letter) in letters.iter().enumerate() {
        let next = letters.get(position + 1).copied().unwrap_or(*letter);
        let before = position.checked_sub(1).and_then(|before| letters.get(before)).copied().unwrap_or(*letter);
        match mistake {
            0 if position == at => typed.push(next),
            0 if position == at + 1 => typed.push(before),
            1 if position == at => {}
            2 if position == at => {
                typed.push(*letter);
                typed.push(*letter);
            }
            _ => typed.push(*letter),
        }
    }
    typed
}

fn plain(letter: char) -> char {
    match letter {
        'ä' | 'á' | 'à' | 'â' | 'ã' | 'å' => 'a',
        'Ä' | 'Å' => 'A',
        'ö' | 'ó' | 'ô' | 'õ' | 'ø' => 'o',
        'Ö' => 'O',
        'ü' | 'ú' | 'û' => 'u',
        'Ü' => 'U',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'É' => 'E',
        'í' | 'ï' | 'î' | 'ı' => 'i',
        'ç' | 'ć' => 'c',
        'ñ' | 'ń' => 'n',
        'ł' => 'l',
        'ß' | 'ş' | 'ś' => 's',
        'ğ' => 'g',
        'ż' | 'ź' => 'z',
        other => other,
    }
}
