//! What the traits of two records say together: evidence in bits, summed into a confidence with reasons in words.
//!
//! The sum is that of I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", Journal of the American
//! Statistical Association 64 (1969): a trait that agrees with probability *m* among true duplicates and *u* among
//! other pairs adds log2(m/u) bits where it agrees, and log2((1-m)/(1-u)) where it does not. The degrees of agreement
//! between the two follow W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules" (1990). A missing
//! trait says nothing. Traits of one household (family name, address) are not independent, so what an address can
//! say is limited.

use jiff::civil::Date;
use model::duplicates::{Duplicates, Trait};

use super::names::{self, Closeness};
use super::pairs::DIFFERENT_NUMBER;
use super::traits::{IDENTIFYING, Traits};
use super::{addresses, reach};

/// How sure it is that two records are one, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// 0 (surely not) to 1 (surely).
    pub confidence: f64,
    /// What speaks for it and what against, in words, the strongest first.
    pub reasons: Vec<&'static str>,
    /// Everything that was weighed: in words, and how much it says for (positive) or against, in bits. One bit doubles
    /// or halves the odds. The first entry is where the scales stood before anything was known.
    pub weights: Vec<(&'static str, f64)>,
}

/// Pairs below this are not worth anybody's time, unless an object's rules ask for more.
const POSSIBLE: f64 = 0.5;

/// What two records are weighed on: among how many, and what the rules of their object say otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scales {
    /// How many records the object has, about.
    pub population: usize,
    /// The confidence from which a pair is shown.
    pub from: f64,
    /// What each trait's evidence is multiplied by, in the order of [`Trait::ALL`].
    factors: [f64; Trait::ALL.len()],
}

impl Scales {
    /// By the rules of an object.
    pub fn new(rules: &Duplicates, population: usize) -> Self {
        Self { population, from: rules.threshold(), factors: rules.factors() }
    }

    fn factor(&self, of: Trait) -> f64 {
        self.factors.get(of as usize).copied().unwrap_or(1.0)
    }
}

/// Bits against two records of a population being one before anything is known of them: one record in five has a
/// duplicate, and every other record might be it.
fn prior(population: usize) -> f64 {
    -(5.0 * population as f64).log2().clamp(12.0, 24.0)
}

/// What an address or a phone number says at most of two people who share it anyway: families, and colleagues.
const SHARED_MAX: f64 = 5.0;

/// The most that two wholly different names say against: names change, and are typed into the wrong record.
const UNLIKE_NAME: f64 = -9.0;

/// Compares two records of an object.
pub fn compare(a: &Traits, b: &Traits, scales: &Scales) -> Likeness {
    weigh(a, b, scales).conclude()
}

/// As [`compare`], for a search through many pairs, most of which are nothing: those cost no more than their sum.
pub fn compare_quickly(a: &Traits, b: &Traits, scales: &Scales) -> Option<Likeness> {
    let evidence = weigh(a, b, scales);
    (evidence.confidence() >= scales.from).then(|| evidence.conclude())
}

fn weigh(a: &Traits, b: &Traits, scales: &Scales) -> Evidence {
    let mut evidence = Evidence { shared: f64::MAX, factor: 1.0, ..Evidence::default() };
    evidence.note(prior(scales.population), BEFORE, false);
    let mut weigh = |of: Trait, by: fn(&Traits, &Traits, &mut Evidence)| {
        evidence.factor = scales.factor(of);
        // A trait that says nothing is not looked at, so that it is no reason either.
        if evidence.factor > 0.0 {
            by(a, b, &mut evidence);
        }
    };
    if a.is_person() {
        weigh(Trait::Name, weigh_person_name);
        weigh(Trait::Birthday, weigh_birthday);
        weigh(Trait::Company, weigh_company);
    } else {
        weigh(Trait::Name, weigh_organisation);
        weigh(Trait::Domain, weigh_domains);
    }
    weigh(Trait::Email, weigh_emails);
    weigh(Trait::Phone, weigh_phones);
    weigh(Trait::Number, weigh_ids);
    weigh(Trait::Address, weigh_address);
    evidence
}

/// What the first weight is called.
const BEFORE: &str = "before anything was compared";
/// Weights of one pair at most: the start, a name, a date, a company, and one of each way to be reached or told apart.
const WEIGHTS_MAX: usize = 12;

/// What was weighed: bits, words, and whether people are told when they ask for reasons only.
type Weight = (f64, &'static str, bool);

#[derive(Default)]
struct Evidence {
    bits: f64,
    weights: [Weight; WEIGHTS_MAX],
    count: usize,
    contradicted: bool,
    same_name: bool,
    /// The most that what people share (address, phone) may still say.
    shared: f64,
    /// What the bits of the trait at hand are multiplied by.
    factor: f64,
}

impl Evidence {
    fn note(&mut self, bits: f64, reason: &'static str, told: bool) {
        let bits = bits * self.factor;
        self.bits += bits;
        if let Some(slot) = self.weights.get_mut(self.count) {
            *slot = (bits, reason, told);
            self.count += 1;
        }
    }

    fn add(&mut self, bits: f64, reason: &'static str) {
        self.note(bits, reason, true);
    }

    /// Speaks against, not loudly enough to be told as a reason.
    fn against(&mut self, bits: f64, reason: &'static str) {
        self.note(bits, reason, false);
        self.contradicted = true;
    }

    /// Speaks against, and people want to know.
    fn refute(&mut self, bits: f64, reason: &'static str) {
        self.note(bits, reason, true);
        self.contradicted = true;
    }

    fn confidence(&self) -> f64 {
        let confidence = 1.0 / (1.0 + (-self.bits).exp2());
        // The same name and nothing at all that tells the two apart is worth a look, however common the name.
        if self.same_name && !self.contradicted { confidence.max(POSSIBLE) } else { confidence }
    }

    fn conclude(&self) -> Likeness {
        let weights = self.weights.get(..self.count).unwrap_or_default();
        let mut told: Vec<&Weight> = weights.iter().filter(|weight| weight.2).collect();
        told.sort_by(|a, b| b.0.total_cmp(&a.0));
        Likeness {
            confidence: self.confidence(),
            reasons: told.into_iter().map(|weight| weight.1).collect(),
            weights: weights.iter().map(|weight| (weight.1, weight.0)).collect(),
        }
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
        evidence.against(-1.0, "different company");
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
}

fn weigh_domains(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    if a.domains().any(|domain| b.domains().any(|other| other == domain)) {
        evidence.add(12.0, "same domain");
    } else if a.domains().next().is_some() && b.domains().next().is_some() {
        evidence.against(-2.0, "different domain");
    }
}

fn weigh_emails(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    let shared = || a.emails().filter(|email| b.emails().any(|other| other == *email));
    if shared().any(|email| !reach::is_role(email)) {
        return evidence.add(if a.is_person() { 23.0 } else { 14.0 }, "same e-mail");
    }
    if shared().next().is_some() {
        return evidence.add(7.0, "same shared e-mail");
    }
    if a.emails().next().is_none() || b.emails().next().is_none() {
        return;
    }
    let telling = a.emails().filter(|email| reach::split_email(email).0.len() > 5 && !reach::is_role(email));
    let mut locals = telling.map(|email| reach::split_email(email).0);
    if locals.any(|local| b.emails().any(|other| reach::split_email(other).0 == local)) {
        evidence.add(4.0, "same e-mail name at another provider");
    } else {
        evidence.against(-2.0, "different e-mail");
    }
}

fn weigh_phones(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    if a.phones().any(|phone| b.phones().any(|other| other == phone)) {
        evidence.add(evidence.shared.min(12.0), "same phone number");
    } else if a.phones().next().is_some() && b.phones().next().is_some() {
        evidence.against(-1.0, "different phone number");
    }
}

fn weigh_ids(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    let shared = || a.ids().filter(|id| b.ids().any(|other| other == *id));
    if shared().any(|id| id.starts_with(IDENTIFYING)) {
        return evidence.add(40.0, "same identifying number");
    }
    if shared().next().is_some() {
        return evidence.add(26.0, "same number in another system");
    }
    let source = |id: &str| id.split(':').next().unwrap_or_default().to_owned();
    if a.ids().any(|id| b.ids().any(|other| source(other) == source(id))) {
        evidence.refute(-6.0, DIFFERENT_NUMBER);
    }
}

fn weigh_address(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    // Addresses cost most to compare; where even the same one could not tip the scales, they are left out.
    let worth_a_look = evidence.same_name && !evidence.contradicted;
    if !worth_a_look && evidence.bits + evidence.shared.min(addresses::BITS_MAX) * evidence.factor < 0.0 {
        return;
    }
    // Only what could still tip the scales is looked at in full.
    let needed = if worth_a_look { f64::MIN } else { -evidence.bits / evidence.factor };
    let Some(agreement) = addresses::compare(a, b, needed) else { return };
    let bits = agreement.bits.min(evidence.shared);
    if agreement.is_same {
        evidence.add(bits, "same address");
    } else if agreement.is_similar {
        evidence.add(bits, "similar address");
    } else if bits < 0.0 {
        evidence.against(bits, "different address");
    } else {
        evidence.note(bits, "parts of the address", false);
    }
}

fn weigh_birthday(a: &Traits, b: &Traits, evidence: &mut Evidence) {
    let (Some(a), Some(b)) = (a.birthday(), b.birthday()) else { return };
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
    let (x, y) = (digits(a), digits(b));
    let differing = x.iter().zip(&y).filter(|(a, b)| a != b).count();
    let swapped = || x.windows(2).zip(y.windows(2)).any(|(x, y)| x.iter().eq(y.iter().rev()) && x != y);
    differing <= 1 || (differing == 2 && swapped())
}

/// The eight digits of a date, the year first.
fn digits(date: Date) -> [u8; 8] {
    let mut rest = u32::from(date.year().unsigned_abs());
    rest = (rest * 100 + u32::from(date.month().unsigned_abs())) * 100 + u32::from(date.day().unsigned_abs());
    let mut digits = [0; 8];
    for digit in digits.iter_mut().rev() {
        *digit = (rest % 10) as u8;
        rest /= 10;
    }
    digits
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
