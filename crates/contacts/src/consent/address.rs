//! Addresses in the one form in which they are compared, whatever the channel.

use model::FieldProblem;
use model::fold::fold;
use model::kinds::{normalise_email, normalise_phone};

use super::words::Channel;
use crate::import::looks::is_phone;

/// Longest address that is taken.
const ADDRESS_BYTES_MAX: usize = 1_000;

/// The address in its one form: an e-mail address in lower case, a telephone number in E.164, the words of a postal
/// address, the folded name of an account. Without a channel it is told by its looks. Numbers without a prefix are of
/// `country`.
///
/// # Errors
/// Empty, too long, or not an address of the channel.
pub fn normalise_address(text: &str, channel: Option<Channel>, country: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(fault("required", "Say which address it is about."));
    }
    if text.len() > ADDRESS_BYTES_MAX {
        return Err(fault("too_long", "The address is too long; shorten it to 1,000 bytes."));
    }
    let phone = || Some(normalise_phone(text, country)).filter(|number| number.starts_with('+'));
    match channel {
        Some(Channel::Email) => normalise_email(text)
            .ok_or_else(|| fault("bad_email", "This is no e-mail address; it looks like ann@example.com.")),
        Some(Channel::Phone | Channel::Sms) => {
            phone().ok_or_else(|| fault("bad_phone", "This is no telephone number; write it like +49 30 123456."))
        }
        Some(Channel::Post) => words_of(text),
        Some(Channel::Chat | Channel::Social | Channel::All) | None => {
            if let Some(email) = normalise_email(text) {
                return Ok(email);
            }
            match phone().filter(|_| is_phone(text)) {
                Some(number) => Ok(number),
                // Several lines or commas: a postal address; otherwise the name of an account.
                None if text.contains([',', '\n']) => words_of(text),
                None => Ok(fold(text)),
            }
        }
    }
}

/// Letters and digits, folded, one space between: how a postal address is laid out does not matter.
fn words_of(text: &str) -> Result<String, FieldProblem> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Err(fault("bad_address", "This is no postal address; write street, postal code and city."));
    }
    Ok(words.join(" "))
}

fn fault(code: &str, message: &str) -> FieldProblem {
    FieldProblem { field: "address".to_owned(), code: code.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_form() {
        let check = |text: &str, channel, expected: Result<&str, &str>| {
            let found = normalise_address(text, channel, "DE").map_err(|fault| fault.code);
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{text}");
        };
        check(" Ann <ANN@Example.com> ", Some(Channel::Email), Ok("ann@example.com"));
        check("ann@", Some(Channel::Email), Err("bad_email"));
        check("030 1234567", Some(Channel::Sms), Ok("+49301234567"));
        check("call me", Some(Channel::Phone), Err("bad_phone"));
        check("1 Main Street,\n53111 BONN", Some(Channel::Post), Ok("1 main street 53111 bonn"));
        check("1 Main  Street 53111, Bonn", None, Ok("1 main street 53111 bonn"));
        check(" - ", Some(Channel::Post), Err("bad_address"));
        check("@Ann_Lee", Some(Channel::Social), Ok("@ann_lee"));
        check("+49 30 1234567", None, Ok("+49301234567"));
        check("ANN@example.com", None, Ok("ann@example.com"));
        check("  ", None, Err("required"));
    }

    #[test]
    fn a_normal_form_stays_as_it_is() {
        for (text, channel) in [
            ("Ann <ANN@Example.com>", Some(Channel::Email)),
            ("030 1234567", Some(Channel::Phone)),
            ("1 Main Street,\n53111 BONN", Some(Channel::Post)),
            ("Straße 1, 10115 Berlin", None),
            ("ΣΊΣΥΦΟΣ", Some(Channel::Chat)),
        ] {
            let once = normalise_address(text, channel, "DE").unwrap();
            assert_eq!(normalise_address(&once, channel, "DE").as_deref(), Ok(once.as_str()));
        }
    }
}
