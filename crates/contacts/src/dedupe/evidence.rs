//! What the traits of two records say together: evidence in bits, summed into a confidence with reasons in words.
//!
//! The sum is that of I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", Journal of the American
//! Statistical Association 64 (1969): a trait that agrees with probability *m* among true duplicates and *u* among
//! other pairs adds log2(m/u) bits where it agrees, and log2((1-m)/(1-u)) where it does not. The degrees of agreement
//! between the two follow W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules" (1990). A missing
//! trait says nothing. Traits of one household (family name, address) are not independent, so what an address can
//! say is limited.

use jiff::civil::Date;

use super::names::{self, Closeness};
use super::traits::Traits;
use super::{addresses, reach};

/// How sure it is that two records are one, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// 0 (surely not) to 1 (surely).
    pub confidence: f64,
    /// What speaks for it and what against, in words, the strongest first.
    pub reasons: Vec<&'static str>,
}

/// Pairs below this are not worth anybody's time.
pub const POSSIBLE: f64 = 0.5;

/// Bits against two records of a population being one before anything is known of them: one record in five has a
/// duplicate, and every other record might be it.
fn prior(population: usize) -> f64 {
    -(5.0 * population as f64).log2().clamp(12.0, 24.0)
}

/// What an address or a phone number says at most of two people who share it anyway: families, and colleagues.
const SHARED_MAX: f64 = 5.0;

/// The most that two wholly different names say against: names change, and are typed into the wrong record.
const UNLIKE_NAME: f64 = -9.0;

/// Compares two records of an object that has about so many.
pub fn compare(a: &Traits, b: &Traits, population: usize) -> Likeness {
    let mut evidence = Evidence { bits: prior(population), shared: f64::MAX, ..Evidence::default() };
    if a.is_person() {
        weigh_person_name(a, b, &mut evidence);
        weigh_birthday(a.birthday(), b.birthday(), &mut evidence);
        weigh_company(a, b, &mut evidence);
    } else {
        weigh_organisation(a, b, &mut evidence);
    }
    weigh_emails(a, b, &mut evidence);
    weigh_phones(a, b, &mut evidence);
    weigh_ids(a, b, &mut evidence);
    // Addresses cost most to compare; where even the same one could not tip the scales, they are left out.
    if evidence.same_name || evidence.bits + evidence.shared.min(addresses::BITS_MAX) >= 0.0 {
        weigh_address(a, b, &mut evidence);
    }
    evidence.conclude()
}

#[derive(Default)]
struct Evidence {
    bits: f64,
    reasons: Vec<(f64, &'static str)>,
    contradicted: bool,
    same_name: bool,
    /// The most that what people share (address, phone) may still say.
    shared: f64,
}

impl Evidence {
    fn add(&mut self, bits: f64, reason: &'static str) {
        self.bits += bits;
        self.reasons.push((bits, reason));
    }

    /// Speaks against, not loudly enough to be told.
    fn against(&mut self, bits: f64) {
        self.bits += bits;
        self.contradicted = true;
    }

    /// Speaks against, and people want to know.
    fn refute(&mut self, bits: f64, reason: &'static str) {
        self.against(bits);
        self.reasons.push((bits, reason));
    }

    fn conclude(mut self) -> Likeness {
        let mut confidence = 1.0 / (1.0 + (-self.bits).exp2());
        // The same name and nothing at all that tells the two apart is worth a look, however common the name.
        if self.same_name && !self.contradicted {
            confidence = confidence.max(POSSIBLE);
        }
        self.reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
        Likeness { confidence, reasons: self.reasons.into_iter().map(|(_, reason)| reason).collect() }
    }
}

fn weigh_person_name(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    let straight = (names::compare(a.given(), b.given()), names::compare(a.family(), b.family()));
    let settled = straight.0 >= Closeness::Slip && straight.1 >= Closeness::Slip;
    let unknown = (Closeness::Unknown, Closeness::Unknown);
    let crossed = if settled { unknown } else { cross(a, b) };
    let straight_bits = given_bits(straight.0) + family_bits(straight.1);
    let crossed_bits = given_bits(crossed.0) + family_bits(crossed.1) - 1.0;
    if crossed_bits > straight_bits && crossed.0.max(crossed.1) >= Closeness::Slip {
        let both = crossed.0.min(crossed.1) >= Closeness::Similar;
        return evidence
            .add(crossed_bits, if both { "given and family name swapped" } else { "a name in the other place" });
    }
    let reason = match straight {
        (Closeness::Equal, Closeness::Equal) => {
            evidence.same_name = true;
            "same name"
        }
        (Closeness::Nickname, family) if family >= Closeness::Slip => "short form of the same name",
        (Closeness::Initial, family) if family >= Closeness::Slip => "same name with an initial",
        (given, family) if given > Closeness::Unlike && family > Closeness::Unlike => "similar name",
        (Closeness::Unknown, family) if family > Closeness::Unlike => "same family name",
        (given, Closeness::Unknown) if given > Closeness::Unlike => "same given name",
        (Closeness::Unknown, Closeness::Unknown) => return,
        (Closeness::Unlike, family) if family > Closeness::Unlike => {
            evidence.shared = SHARED_MAX;
            return evidence.refute(straight_bits, "different given name");
        }
        (_, Closeness::Unlike) if straight.0 > Closeness::Unlike => {
            return evidence.refute(straight_bits, "different family name");
        }
        _ => return evidence.refute(straight_bits.max(UNLIKE_NAME), "different name"),
    };
    evidence.add(straight_bits, reason);
}

fn cross(a: &Traits, b: &Traits) -> (Closeness, Closeness) {
    (names::compare(a.given(), b.family()), names::compare(a.family(), b.given()))
}

fn given_bits(closeness: Closeness) -> f64 {
    match closeness {
        Closeness::Unknown => 0.0,
        Closeness::Unlike => -6.0,
        Closeness::Similar => 2.0,
        Closeness::Initial => 2.5,
        Closeness::Part | Closeness::Nickname => 4.5,
        Closeness::Slip => 5.0,
        Closeness::Equal => 6.5,
    }
}

fn family_bits(closeness: Closeness) -> f64 {
    match closeness {
        Closeness::Unknown => 0.0,
        Closeness::Unlike => -4.5,
        Closeness::Similar | Closeness::Initial => 3.0,
        Closeness::Part | Closeness::Nickname => 4.5,
        Closeness::Slip => 6.5,
        Closeness::Equal => 8.0,
    }
}

fn weigh_company(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    let (Some(company), Some(other)) = (a.company(), b.company()) else { return };
    if company == other {
        evidence.shared = evidence.shared.min(SHARED_MAX);
        evidence.add(5.0, "same company");
    } else {
        evidence.against(-1.0);
    }
}

fn weigh_organisation(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    if !a.name().is_empty() && !b.name().is_empty() {
        let alike = names::compare_organisations(a.name(), b.name());
        if alike >= 1.0 {
            evidence.same_name = true;
            evidence.add(12.0, "same name");
        } else if alike >= 0.94 {
            evidence.same_name = true;
            evidence.add(9.0, "similar name");
        } else if alike >= 0.86 {
            evidence.add(5.0, "similar name");
        } else {
            evidence.refute(if alike >= 0.7 { -3.0 } else { -7.0 }, "different name");
        }
    }
    if a.domains().any(|domain| b.domains().any(|other| other == domain)) {
        evidence.add(12.0, "same domain");
    } else if a.domains().next().is_some() && b.domains().next().is_some() {
        evidence.against(-2.0);
    }
}

fn weigh_emails(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    let shared: Vec<&str> = a.emails().filter(|email| b.emails().any(|other| other == *email)).collect();
    if shared.iter().any(|email| !reach::is_role(email)) {
        return evidence.add(if a.is_person() { 23.0 } else { 14.0 }, "same e-mail");
    }
    if !shared.is_empty() {
        return evidence.add(7.0, "same shared e-mail");
    }
    if a.emails().next().is_none() || b.emails().next().is_none() {
        return;
    }
    let local = |email: &str| reach::split_email(email).0.to_owned();
    let mut locals = a.emails().filter(|email| !reach::is_role(email)).map(local).filter(|local| local.len() > 5);
    if locals.any(|local| b.emails().any(|other| reach::split_email(other).0 == local)) {
        evidence.add(4.0, "same e-mail name at another provider");
    } else {
        evidence.against(-2.0);
    }
}

fn weigh_phones(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    if a.phones().any(|phone| b.phones().any(|other| other == phone)) {
        evidence.add(evidence.shared.min(12.0), "same phone number");
    } else if a.phones().next().is_some() && b.phones().next().is_some() {
        evidence.against(-1.0);
    }
}

fn weigh_ids(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    if a.ids().any(|id| b.ids().any(|other| other == id)) {
        return evidence.add(26.0, "same number in another system");
    }
    let source = |id: &str| id.split(':').next().unwrap_or_default().to_owned();
    if a.ids().any(|id| b.ids().any(|other| source(other) == source(id))) {
        evidence.refute(-6.0, "different number in the same system");
    }
}

fn weigh_address(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    let mut agreement = addresses::compare(a, b);
    agreement.bits = agreement.bits.min(evidence.shared);
    if agreement.is_same {
        evidence.add(agreement.bits, "same address");
    } else if agreement.is_similar {
        evidence.add(agreement.bits, "similar address");
    } else if agreement.bits < 0.0 {
        evidence.against(agreement.bits);
    } else {
        evidence.bits += agreement.bits;
    }
}

fn weigh_birthday(a: Option<Date>, b: Option<Date>, evidence: &mut Evidence) {
    let (Some(a), Some(b)) = (a, b) else { return };
    if a == b {
        evidence.shared = f64::MAX;
        evidence.add(12.0, "same birthday");
    } else if is_date_slip(a, b) {
        evidence.shared = f64::MAX;
        evidence.add(6.5, "birthday a slip apart");
    } else {
        evidence.refute(-4.0, "different birthday");
    }
}

/// One digit other, two neighbouring digits swapped, or day and month swapped.
fn is_date_slip(a: Date, b: Date) -> bool {
    if a.year() == b.year() && a.day() == b.month() && a.month() == b.day() {
        return true;
    }
    strsim::osa_distance(&digits(a), &digits(b)) <= 1
}

fn digits(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_a_slip_apart() {
        assert!(is_date_slip(date(1985, 4, 12), date(1985, 12, 4)));
        assert!(is_date_slip(date(1985, 4, 12), date(1958, 4, 12)));
        assert!(is_date_slip(date(1985, 4, 12), date(1985, 4, 13)));
        assert!(!is_date_slip(date(1985, 4, 12), date(1986, 5, 12)));
    }
}
