//! E-mail addresses: lower case, checked, without the trimmings people paste along.

use email_address::{EmailAddress, Options};

use super::text::clean_line;

/// The address in its one form, or `None` when it is none. Takes `Ann <Ann@X.com>`, `mailto:ann@x.com`, `<ann@x.com>`.
pub fn normalise_email(typed: &str) -> Option<String> {
    let clean = clean_line(typed);
    let mut address = clean.as_str();
    if let (Some(open), true) = (address.rfind('<'), address.ends_with('>')) {
        address = address.get(open + 1..address.len() - 1)?;
    }
    if let Some(head) = address.get(..7)
        && head.eq_ignore_ascii_case("mailto:")
    {
        address = address.get(7..)?;
        address = address.split('?').next().unwrap_or(address);
    }
    let address = address.trim().trim_end_matches(['.', ',', ';']).trim_matches('\'');
    let lower = clean_line(&address.to_lowercase());
    let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
    EmailAddress::parse_with_options(&lower, options).ok()?;
    // The library lets dots in the wrong place of a domain and blanks in quotes pass.
    let (local, domain) = lower.rsplit_once('@')?;
    let domain_is_sound =
        domain.split('.').all(|part| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-'));
    (domain_is_sound && !local.is_empty() && !lower.contains(char::is_whitespace)).then_some(lower)
}
