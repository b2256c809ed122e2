//! What of a record tells who it is, folded and packed: a scan keeps a million of these in memory.

use jiff::civil::Date;
use model::fold::fold_plain;
use model::{Field, Kind, Object, Patch, Value};
use uuid::Uuid;

use super::{names, reach};

/// The parts of the packed text, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Given,
    Family,
    Name,
    Emails,
    Phones,
    Domains,
    Numbers,
    Street,
    City,
    Region,
    PostalCode,
    Country,
    Ids,
}

const PARTS: usize = 13;
/// Longest packed part, in bytes: what tells records apart stands at the beginning.
const PART_BYTES_MAX: usize = 400;
/// Between the entries of a part that is a list.
const BETWEEN: char = '\u{1f}';

/// What of one record tells who it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Traits {
    text: Box<str>,
    ends: [u16; PARTS],
    birthday: Option<Date>,
    company: Option<Uuid>,
    is_person: bool,
}

impl Traits {
    fn part(&self, part: Part) -> &str {
        let at = part as usize;
        let end = self.ends.get(at).copied().unwrap_or_default();
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.text.get(usize::from(start)..usize::from(end)).unwrap_or_default()
    }

    fn list(&self, part: Part) -> impl Iterator<Item = &str> {
        self.part(part).split(BETWEEN).filter(|entry| !entry.is_empty())
    }

    /// Whether it is compared as a person: by given and family name.
    pub fn is_person(&self) -> bool {
        self.is_person
    }

    /// Folded given name.
    pub fn given(&self) -> &str {
        self.part(Part::Given)
    }

    /// Folded family name.
    pub fn family(&self) -> &str {
        self.part(Part::Family)
    }

    /// Folded name of what is no person, without its legal form.
    pub fn name(&self) -> &str {
        self.part(Part::Name)
    }

    /// E-mail addresses.
    pub fn emails(&self) -> impl Iterator<Item = &str> {
        self.list(Part::Emails)
    }

    /// The last digits of phone numbers.
    pub fn phones(&self) -> impl Iterator<Item = &str> {
        self.list(Part::Phones)
    }

    /// Domains of its own: of its web addresses and e-mails, without those of mail providers.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.list(Part::Domains)
    }

    /// House numbers of the address.
    pub fn numbers(&self) -> &str {
        self.part(Part::Numbers)
    }

    /// Words of the street, without spaces and numbers.
    pub fn street(&self) -> &str {
        self.part(Part::Street)
    }

    /// Folded city.
    pub fn city(&self) -> &str {
        self.part(Part::City)
    }

    /// Folded region.
    pub fn region(&self) -> &str {
        self.part(Part::Region)
    }

    /// Letters and digits of the postal code.
    pub fn postal_code(&self) -> &str {
        self.part(Part::PostalCode)
    }

    /// Country code.
    pub fn country(&self) -> &str {
        self.part(Part::Country)
    }

    /// `source:id` of other systems, and numbers in fields such as `#tax_id:…`.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.list(Part::Ids)
    }

    /// Birthday.
    pub fn birthday(&self) -> Option<Date> {
        self.birthday
    }

    /// The company a person belongs to.
    pub fn company(&self) -> Option<Uuid> {
        self.company
    }

    /// Whether nothing is known by which it could be compared.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// Reads the traits of one object's records; knows which field means what.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    given: Option<String>,
    family: Option<String>,
    title: String,
    birthday: Option<String>,
    company: Option<String>,
    emails: Vec<String>,
    phones: Vec<String>,
    links: Vec<String>,
    addresses: Vec<String>,
    official: Vec<String>,
    identifying: Vec<String>,
    has_ids: bool,
}

/// What the ids begin with that stand in fields, not under the name of another system.
pub const FIELD: char = '#';
/// What the ids begin with that stand in a field of which the object's rules say that it identifies.
pub const IDENTIFYING: char = '!';
/// Fields that hold an official number, unique to whoever bears it.
const OFFICIAL: &[&str] = &["tax_id", "registration_no", "vat_id", "national_id", "duns"];

impl Reader {
    /// Finds the fields that tell: by name where the meaning is in the name, by kind elsewhere. Custom objects work
    /// alike.
    pub fn new(object: &Object) -> Self {
        Self::of(object, |_| true)
    }

    /// Finds only the fields that stored keys are made of: every write makes such a reader and reads with it. Web
    /// addresses tell companies apart, not people.
    pub fn for_keys(object: &Object) -> Self {
        let is_person = object.fields.iter().any(|field| matches!(field.name.as_str(), "given_name" | "family_name"));
        Self::of(object, |field| match field.kind {
            Kind::Address | Kind::Date | Kind::Reference => false,
            Kind::Links => !is_person,
            _ => !(is_person && field.name == "domains"),
        })
    }

    /// One pass over the fields.
    fn of(object: &Object, wanted: impl Fn(&Field) -> bool) -> Self {
        let mut reader = Self { title: object.title.clone(), ..Self::default() };
        for field in object.fields.iter().filter(|field| !field.hidden && wanted(field)) {
            let name = || field.name.clone();
            if object.duplicates.identifying.contains(&field.name) {
                reader.identifying.push(name());
                continue;
            }
            match (field.kind, field.name.as_str()) {
                (Kind::Emails, _) => reader.emails.push(name()),
                (Kind::Phones, _) => reader.phones.push(name()),
                (Kind::Links, _) | (_, "domains") => reader.links.push(name()),
                (Kind::Address, _) => reader.addresses.push(name()),
                (Kind::Text, "given_name") => reader.given = Some(name()),
                (Kind::Text, "family_name") => reader.family = Some(name()),
                (Kind::Date, "birthday" | "date_of_birth") => reader.birthday = Some(name()),
                (Kind::Reference, "company") => reader.company = Some(name()),
                (Kind::Json, "external_ids") => reader.has_ids = true,
                (Kind::Text, official) if OFFICIAL.contains(&official) => reader.official.push(name()),
                _ => {}
            }
        }
        reader
    }

    /// The fields a scan has to load.
    pub fn fields(&self) -> Vec<String> {
        let single = [&self.given, &self.family, &self.birthday, &self.company].into_iter().flatten();
        let lists = [&self.emails, &self.phones, &self.links, &self.addresses, &self.official, &self.identifying];
        let mut fields: Vec<String> = single.chain(lists.into_iter().flatten()).cloned().collect();
        fields.push(self.title.clone());
        fields.extend(self.has_ids.then(|| "external_ids".to_owned()));
        fields.sort();
        fields.dedup();
        fields
    }

    /// The traits of one record's values.
    pub fn read(&self, values: &Patch) -> Traits {
        let mut packed = Packed::default();
        let is_person = self.given.is_some() || self.family.is_some();
        let (given, family) = self.person_name(values);
        packed.push(Part::Given, [given]);
        packed.push(Part::Family, [family]);
        let name = if is_person { String::new() } else { names::organisation(text_of(values, &self.title)) };
        packed.push(Part::Name, [name]);
        let emails: Vec<String> = entries(values, &self.emails).map(|email| email.trim().to_lowercase()).collect();
        let links: Vec<String> = entries(values, &self.links).map(str::to_owned).collect();
        let domains = reach::domains(&emails, &links);
        packed.push(Part::Emails, emails);
        packed.push(Part::Phones, entries(values, &self.phones).filter_map(reach::phone_key));
        packed.push(Part::Domains, domains);
        self.push_address(values, &mut packed);
        packed.push(Part::Ids, self.ids(values));
        let birthday = self.birthday.as_ref().and_then(|name| match values.get(name) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        });
        let company = self.company.as_ref().and_then(|name| values.get(name)).and_then(Value::as_id);
        Traits { text: packed.text.into_boxed_str(), ends: packed.ends, birthday, company, is_person }
    }

    /// Given and family name; taken from the full name when the record has no other.
    fn person_name(&self, values: &Patch) -> (String, String) {
        if self.given.is_none() && self.family.is_none() {
            return Default::default();
        }
        let part = |name: &Option<String>| name.as_deref().map_or("", |name| text_of(values, name));
        let (given, family) = (names::person(part(&self.given)), names::person(part(&self.family)));
        if !given.is_empty() || !family.is_empty() {
            return (given, family);
        }
        let full = names::person(text_of(values, &self.title));
        match full.rsplit_once(' ') {
            Some((given, family)) => (given.to_owned(), family.to_owned()),
            None => (String::new(), full),
        }
    }

    fn push_address(&self, values: &Patch, packed: &mut Packed) {
        let address = self.addresses.iter().filter_map(|name| values.get(name)).find_map(Value::as_json);
        let part = |name: &str| {
            fold_plain(address.and_then(|address| address.get(name)).and_then(|part| part.as_str()).unwrap_or_default())
        };
        let street = part("street");
        let (numbers, words): (Vec<&str>, Vec<&str>) = street
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .partition(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        packed.push(Part::Numbers, [numbers.join(" ")]);
        packed.push(Part::Street, [words.concat()]);
        packed.push(Part::City, [part("city")]);
        packed.push(Part::Region, [part("region")]);
        packed
            .push(Part::PostalCode, [part("postal_code").chars().filter(|c| c.is_alphanumeric()).collect::<String>()]);
        packed.push(Part::Country, [part("country")]);
    }

    /// `!customer_no:…`: the numbers and codes that only one record bears, as the object's rules say.
    pub fn identifying(&self, values: &Patch) -> impl Iterator<Item = String> {
        self.identifying.iter().filter_map(|name| {
            let number = match values.get(name) {
                Some(Value::Int(number)) => number.to_string(),
                _ => plain(text_of(values, name)),
            };
            (!number.is_empty()).then(|| format!("{IDENTIFYING}{name}:{number}"))
        })
    }

    fn ids(&self, values: &Patch) -> Vec<String> {
        let mut ids = Vec::new();
        for name in &self.official {
            let number = plain(text_of(values, name));
            // What is shorter than that is no official number.
            ids.extend((number.len() > 3).then(|| format!("{FIELD}{name}:{number}")));
        }
        ids.extend(self.identifying(values));
        let external = values.get("external_ids").filter(|_| self.has_ids).and_then(Value::as_json);
        for (source, id) in external.and_then(|json| json.as_object()).into_iter().flatten() {
            let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            ids.push(format!("{source}:{id}"));
        }
        ids
    }
}

#[derive(Default)]
struct Packed {
    text: String,
    ends: [u16; PARTS],
}

impl Packed {
    /// Appends a part; parts come in their order.
    fn push(&mut self, part: Part, entries: impl IntoIterator<Item = String>) {
        let start = self.text.len();
        for entry in entries {
            let between = if self.text.len() > start { BETWEEN.len_utf8() } else { 0 };
            if self.text.len() - start + between + entry.len() > PART_BYTES_MAX {
                break;
            }
            if between > 0 {
                self.text.push(BETWEEN);
            }
            self.text.push_str(&entry);
        }
        let end = u16::try_from(self.text.len()).unwrap_or(u16::MAX);
        for slot in self.ends.iter_mut().skip(part as usize) {
            *slot = end;
        }
    }
}

/// Letters and digits alone.
fn plain(text: &str) -> String {
    fold_plain(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn text_of<'a>(values: &'a Patch, name: &str) -> &'a str {
    values.get(name).and_then(Value::as_text).unwrap_or_default()
}

/// The values of list fields such as e-mails: `[{"value": …}]`, or plain texts.
fn entries<'a>(values: &'a Patch, fields: &'a [String]) -> impl Iterator<Item = &'a str> {
    fields
        .iter()
        .filter_map(|name| values.get(name))
        .filter_map(Value::as_json)
        .filter_map(|json| json.as_array())
        .flatten()
        .filter_map(|entry| entry.get("value").unwrap_or(entry).as_str())
}
