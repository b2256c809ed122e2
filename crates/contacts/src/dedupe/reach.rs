//! How someone is reached: e-mail addresses, phone numbers, domains, made comparable.

/// Digits of a phone number that tell it apart, counted from its end: what stays the same whether the country code
/// and the trunk zero were written or not.
const PHONE_DIGITS: usize = 8;

/// Domains of mail providers: an address there says nothing about a company.
const PROVIDERS: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "arcor.de",
    "att.net",
    "bigpond.com",
    "bluewin.ch",
    "bol.com.br",
    "btinternet.com",
    "comcast.net",
    "cox.net",
    "duck.com",
    "fastmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "inbox.com",
    "laposte.net",
    "libero.it",
    "live.co.uk",
    "live.com",
    "live.fr",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "online.de",
    "optonline.net",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "rediffmail.com",
    "rocketmail.com",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "sky.com",
    "t-online.de",
    "telenet.be",
    "telia.com",
    "terra.com.br",
    "tiscali.it",
    "tutanota.com",
    "uol.com.br",
    "verizon.net",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yahoo.co.in",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.br",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.it",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "ziggo.nl",
];

/// Addresses that many share.
const ROLES: &[&str] = &[
    "accounting",
    "accounts",
    "admin",
    "billing",
    "buchhaltung",
    "contact",
    "contacto",
    "desk",
    "einkauf",
    "hello",
    "help",
    "hr",
    "info",
    "invoice",
    "invoices",
    "jobs",
    "kontakt",
    "mail",
    "marketing",
    "noreply",
    "no-reply",
    "office",
    "orders",
    "post",
    "press",
    "purchasing",
    "reception",
    "sales",
    "secretary",
    "service",
    "shop",
    "support",
    "team",
    "verkauf",
    "vertrieb",
    "webmaster",
    "welcome",
];

/// The last digits of a phone number; `None` when there are too few to tell anything.
pub fn phone_key(number: &str) -> Option<String> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let tail = digits.get(digits.len().saturating_sub(PHONE_DIGITS)..).unwrap_or_default();
    (tail.len() >= 6).then(|| tail.iter().collect())
}

/// The local part and the domain of an address.
pub fn split_email(email: &str) -> (&str, &str) {
    email.rsplit_once('@').unwrap_or((email, ""))
}

/// Whether an address belongs to a post and not to a person.
pub fn is_role(email: &str) -> bool {
    ROLES.contains(&split_email(email).0)
}

/// The domains that belong to the bearer of these e-mails and links.
pub fn domains(emails: &[String], links: &[String]) -> Vec<String> {
    let hosts = links.iter().filter_map(|link| host(link));
    let mailed = emails.iter().map(|email| split_email(email).1.to_owned());
    let mut domains: Vec<String> =
        hosts.chain(mailed).filter(|domain| !domain.is_empty() && !is_shared(domain)).collect();
    domains.sort();
    domains.dedup();
    domains
}

/// Whether many unrelated people have addresses or pages at a domain.
fn is_shared(domain: &str) -> bool {
    const PAGES: &[&str] =
        &["linkedin.com", "facebook.com", "twitter.com", "x.com", "instagram.com", "xing.com", "github.com"];
    PROVIDERS.contains(&domain)
        || PAGES.iter().any(|page| domain == *page || domain.strip_suffix(page).is_some_and(|rest| rest.ends_with('.')))
}

/// The host of a web address, without `www.`; `None` when it is no host name.
fn host(link: &str) -> Option<String> {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default().to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (host.contains('.') && !host.contains(' ')).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_compare_by_their_end() {
        assert_eq!(phone_key("+49 30 123456"), phone_key("030/123456"));
        assert_eq!(phone_key("+1 (555) 010-9999"), Some("50109999".to_owned()));
        assert_eq!(phone_key("12"), None);
    }

    #[test]
    fn domains_leave_out_providers_and_networks() {
        let emails = ["ann@acme.com".to_owned(), "ann@gmail.com".to_owned()];
        let links = ["https://www.Acme.de/team?x=1".to_owned(), "https://de.linkedin.com/in/ann".to_owned()];
        assert_eq!(domains(&emails, &links), ["acme.com", "acme.de"]);
    }
}
