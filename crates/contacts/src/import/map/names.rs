//! What columns are called: headers of address books and CRMs in several languages, reduced to concepts.

use std::collections::HashMap;
use std::sync::OnceLock;

use model::fold::fold_plain;

/// A concept and the words for it, normalised (lower case, no accents, no punctuation).
const WORDS: &[(&str, &str)] = &[
    (
        "full_name",
        "full name|name|display name|displayname|contact name|contact|person name|person|anzeigename|vollstandiger name|kontakt|ansprechpartner|nom complet|nombre completo|nome completo|volledige naam|file as|kundenname|imie i nazwisko",
    ),
    (
        "given_name",
        "given name|first name|firstname|first|forename|vorname|prenom|nombre|nome|voornaam|imie|fornamn|fornavn",
    ),
    ("middle_name", "middle name|additional name|second name|zweiter vorname|weitere vornamen|middle|deuxieme prenom"),
    (
        "family_name",
        "family name|last name|lastname|last|surname|nachname|familienname|zuname|nom|nom de famille|apellido|apellidos|cognome|achternaam|sobrenome|apelido|nazwisko|efternamn|etternavn",
    ),
    (
        "salutation",
        "salutation|name prefix|prefix|honorific|anrede|anredetitel|civilite|tratamiento|courtesy title|aanhef|titel anrede",
    ),
    ("name_suffix", "name suffix|suffix|namenszusatz|suffixe|sufijo"),
    ("nickname", "nickname|nick|spitzname|rufname|surnom|apodo|alias"),
    (
        "email",
        "email|e mail|email address|e mail address|mail|primary email|email 1|emailadresse|e mail adresse|mailadresse|courriel|adresse email|adresse e mail|correo|correo electronico|posta elettronica|emails|e mails|mail address|e post|e mailadres|adres e mail|next email|secondary email|private email|additional emails|email addresses",
    ),
    (
        "phone",
        "phone|telephone|phone number|telephone number|tel|telefon|telefonnummer|rufnummer|tel nr|festnetz|telephone fixe|telefono|numero de telephone|numero di telefono|telefoon|telefoonnummer|phones|phone no|primary phone|main phone|company main phone|contact number|telefone",
    ),
    (
        "mobile",
        "mobile|mobile phone|mobile number|mobile no|cell|cell phone|cellphone|cellular|handy|handynummer|mobil|mobiltelefon|mobilnummer|mobilfunk|portable|telephone portable|movil|telefono movil|cellulare|mobiel|gsm|celular|telemovel|komorka|home mobile",
    ),
    ("fax", "fax|fax number|faxnummer|telefax|facsimile|fax no|numero de fax"),
    ("pager", "pager|pager number"),
    (
        "website",
        "website|web site|url|web page|webpage|homepage|home page|web|webseite|internet|website url|site web|sitio web|sito web|web address|internetadresse|web page 1|company website",
    ),
    ("domain", "domain|domains|company domain name|company domain|domain name|email domain|web domain"),
    ("linkedin", "linkedin|linkedin url|linkedin profile|linked in|linkedin bio|linkedin company page"),
    (
        "company",
        "company|company name|organization|organisation|organization name|organisation name|account|account name|employer|firma|firmenname|unternehmen|arbeitgeber|firm|business name|societe|entreprise|nom de l entreprise|empresa|azienda|societa|bedrijf|bedrijfsnaam|organizacja|foretag|associated company|organization 1 name|kunde|customer|client|security",
    ),
    (
        "job_title",
        "job title|jobtitle|position|title|role|funktion|berufsbezeichnung|stellung|beruf|poste|fonction|cargo|puesto|functie|occupation|stanowisko|job|organization 1 title|posizione|organization title",
    ),
    (
        "department",
        "department|abteilung|dept|departement|service|departamento|reparto|afdeling|organization 1 department|organization department|division",
    ),
    (
        "street",
        "street|street address|address|address line 1|address 1|strasse|anschrift|adresse|adresszeile 1|rue|direccion|calle|indirizzo|via|straat|adres|street 1|address street|street and number|strasse und hausnummer|endereco|ulica",
    ),
    (
        "street2",
        "address 2|address line 2|street 2|street address 2|adresszeile 2|extended address|adresszusatz|suite|apartment|street line 2|complement d adresse",
    ),
    ("po_box", "po box|post office box|postfach|p o box|boite postale|apartado"),
    (
        "city",
        "city|town|ort|stadt|wohnort|ville|ciudad|citta|plaats|stad|locality|city town|cidade|miasto|municipality",
    ),
    (
        "region",
        "state|region|province|county|bundesland|land bundesland|state province|state region|kanton|provincia|provincie|state or province|etat|estado|regione|wojewodztwo|departement region",
    ),
    (
        "postal_code",
        "postal code|zip|zip code|zipcode|postcode|postleitzahl|plz|zip postal code|code postal|codigo postal|cap|cep|post code|zippostal code|kod pocztowy",
    ),
    ("country", "country|country region|country name|land|staat|pays|pais|paese|nation|country code|kraj"),
    (
        "location",
        "location|headquarters location|headquarters|office location|standort|sitz|hq|hq location|main office",
    ),
    (
        "birthday",
        "birthday|birth date|birthdate|date of birth|geburtstag|geburtsdatum|dob|date de naissance|fecha de nacimiento|data di nascita|geboortedatum|anniversaire",
    ),
    ("birth_year", "birth year|geburtsjahr"),
    ("birth_month", "birth month|geburtsmonat"),
    ("birth_day", "birth day"),
    ("anniversary", "anniversary|wedding anniversary|hochzeitstag"),
    ("gender", "gender|sex|geschlecht|sexe|sexo|sesso"),
    (
        "language",
        "language|sprache|preferred language|langue|idioma|lingua|taal|communication language|korrespondenzsprache",
    ),
    ("time_zone", "time zone|timezone|zeitzone"),
    (
        "note",
        "note|notes|description|comment|comments|remarks|bemerkung|bemerkungen|notiz|notizen|kommentar|beschreibung|anmerkung|remarque|notas|observaciones|opmerkingen|about us|body|notatki|about|details",
    ),
    (
        "tags",
        "tags|tag|labels|label|categories|category|group membership|groups|keywords|kategorien|kategorie|schlagworte|schlagworter|etiquettes|etiquetas|gruppe|gruppen|etiquette",
    ),
    (
        "industry",
        "industry|branche|sector|sektor|secteur|industria|settore|gics sector|wirtschaftszweig|industry sector",
    ),
    (
        "employees",
        "employees|number of employees|no of employees|employee count|numberofemployees|mitarbeiter|mitarbeiterzahl|anzahl mitarbeiter|headcount|company size|effectif|empleados|dipendenti|staff",
    ),
    (
        "annual_revenue",
        "annual revenue|revenue|umsatz|jahresumsatz|annualrevenue|turnover|sales|chiffre d affaires|ingresos|fatturato",
    ),
    (
        "owner",
        "owner|contact owner|record owner|account owner|company owner|deal owner|besitzer|verantwortlich|verantwortlicher|owner name|owner email|sales agent|betreuer|lead owner|proprietaire",
    ),
    ("assignee", "assignee|assigned to|zugewiesen an|zustandig|zustandiger|bearbeiter|responsible"),
    ("source", "source|lead source|leadsource|original source|herkunft|quelle|original source type|lead quelle"),
    ("lifecycle", "lifecycle|lifecycle stage|lebenszyklus|lifecycle phase"),
    (
        "tax_id",
        "tax id|vat|vat id|vat number|ust id|ustid|umsatzsteuer id|vat no|ust idnr|tva|numero de tva|partita iva|nif|cif|btw nummer",
    ),
    (
        "registration_no",
        "registration no|registration number|handelsregister|handelsregisternummer|company number|siren|siret|hrb|cik",
    ),
    ("legal_name", "legal name|registered name|firmierung|raison sociale|ragione sociale"),
    (
        "parent",
        "parent|parent company|parent account|subsidiary of|muttergesellschaft|tochter von|konzern|parent organization|societe mere",
    ),
    (
        "created_at",
        "created|created at|create date|createdate|created date|creation date|angelegt|angelegt am|erstellt|erstellt am|date created|property createdate",
    ),
    ("do_not_call", "do not call|nicht anrufen|call opt out|donotcall"),
    ("kind", "company type|account type|customer type|kundentyp|type of company|organization type"),
    ("title", "subject|task name|task title|betreff|titel|titre|asunto|task|aufgabe|task subject"),
    ("due_at", "due date|due|due at|due on|falligkeit|fallig|fallig am|deadline|activity date|echeance|termin"),
    ("status", "status|state of task|zustand|task status|stand"),
    ("priority", "priority|prioritat|task priority|priorite|prioridad|dringlichkeit"),
    (
        "id",
        "id|record id|contact id|company id|account id|hs object id|record id contact|record id company|kundennummer|customer id|customer number|nr|person id|organization id|lead id|uid",
    ),
];

/// Words that say which of several the value is, with the label they become.
const LABELS: &[(&str, &str)] = &[
    ("home", "home"),
    ("private", "home"),
    ("privat", "home"),
    ("personal", "home"),
    ("priv", "home"),
    ("domicile", "home"),
    ("personnel", "home"),
    ("work", "work"),
    ("business", "work"),
    ("office", "work"),
    ("geschaftlich", "work"),
    ("dienstlich", "work"),
    ("arbeit", "work"),
    ("buro", "work"),
    ("beruflich", "work"),
    ("professionnel", "work"),
    ("bureau", "work"),
    ("trabajo", "work"),
    ("company", "work"),
    ("firma", "work"),
    ("direct", "work"),
    ("mobile", "mobile"),
    ("cell", "mobile"),
    ("mobil", "mobile"),
    ("fax", "fax"),
    ("other", "other"),
    ("andere", "other"),
    ("weitere", "other"),
    ("sonstige", "other"),
    ("autre", "other"),
    ("otro", "other"),
    ("alternative", "other"),
    ("alternate", "other"),
    ("main", "main"),
    ("primary", "primary"),
    ("hauptadresse", "primary"),
    ("pager", "pager"),
    ("car", "car"),
    ("assistant", "assistant"),
    ("assistants", "assistant"),
    ("school", "school"),
    ("blog", "blog"),
    ("profile", "profile"),
    ("secondary", "other"),
    ("second", "other"),
    ("video", "video"),
    ("billing", "billing"),
    ("rechnung", "billing"),
    ("rechnungsadresse", "billing"),
    ("invoice", "billing"),
    ("shipping", "shipping"),
    ("delivery", "shipping"),
    ("lieferung", "shipping"),
    ("lieferadresse", "shipping"),
    ("mailing", "mailing"),
    ("headquarters", "billing"),
    ("head", "billing"),
    ("skype", "skype"),
];

/// Words that say nothing beside others.
const FILLERS: &[&str] = &[
    "the", "of", "no", "nr", "number", "value", "field", "contact", "contacts", "person", "customer", "der", "die",
    "das", "des", "de", "und", "and", "current", "property", "c", "s",
];

/// A concept found behind a header.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// One of the concepts above: `email`, `given_name`, `street` …
    pub concept: &'static str,
    /// `home`, `work`, `mobile` … where the header says so.
    pub label: Option<&'static str>,
    /// 0 to 1.
    pub confidence: f64,
}

/// A header as words: lower case, no accents, camel case taken apart, punctuation gone.
pub fn normalize(header: &str) -> String {
    let mut spaced = String::with_capacity(header.len() + 8);
    let mut before = ' ';
    for c in header.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
        before = c;
    }
    let folded = fold_plain(&spaced);
    folded.strip_prefix("property ").unwrap_or(&folded).to_owned()
}

fn dictionary() -> &'static HashMap<&'static str, &'static str> {
    static DICTIONARY: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        let mut words = HashMap::new();
        for (concept, synonyms) in WORDS {
            for synonym in synonyms.split('|') {
                words.entry(synonym).or_insert(*concept);
            }
        }
        words
    })
}

/// The concept behind a header: by its words, without the words that label it, and last by similarity.
pub fn find(header: &str) -> Option<Hit> {
    let name = normalize(header);
    if name.is_empty() {
        return None;
    }
    if let Some(concept) = dictionary().get(name.as_str()) {
        return Some(labelled(concept, label_in(&name), 1.0));
    }
    let label = label_in(&name);
    let rest = without_labels(&name);
    if let Some(concept) =
        dictionary().get(rest.as_str()).filter(|concept| !rest.is_empty() && may_carry(concept, label))
    {
        return Some(labelled(concept, label, 0.9));
    }
    if rest.is_empty()
        && let Some(concept) = label.map(|label| if label.ends_with("fax") { "fax" } else { label })
        && ["mobile", "fax", "pager"].contains(&concept)
    {
        return Some(labelled(concept, label, 0.9));
    }
    by_similarity(&rest)
        .filter(|(concept, _)| may_carry(concept, label))
        .map(|(concept, likeness)| labelled(concept, label, likeness * 0.85))
}

fn labelled(concept: &'static str, label: Option<&'static str>, confidence: f64) -> Hit {
    Hit { concept, label, confidence }
}

/// A labelled name is somebody else's: of the assistant, of the billing contact.
fn may_carry(concept: &str, label: Option<&str>) -> bool {
    label.is_none()
        || !["full_name", "given_name", "family_name", "middle_name", "salutation", "birthday"].contains(&concept)
}

fn label_in(name: &str) -> Option<&'static str> {
    let mut found: Option<&'static str> = None;
    let mut place: Option<&'static str> = None;
    for word in name.split(' ') {
        let Some((_, label)) = LABELS.iter().find(|(known, _)| *known == word) else {
            continue;
        };
        if ["home", "work"].contains(label) {
            place = place.or(Some(label));
        }
        // "Business Fax" and "Home Mobile" are a fax and a mobile first of all.
        if found.is_none() || ["mobile", "fax", "pager"].contains(label) {
            found = Some(label);
        }
    }
    match (found, place) {
        (Some("fax"), Some("home")) => Some("home fax"),
        (Some("fax"), Some("work")) => Some("work fax"),
        _ => found,
    }
}

fn without_labels(name: &str) -> String {
    let kept: Vec<&str> = name
        .split(' ')
        .filter(|word| !FILLERS.contains(word) && !LABELS.iter().any(|(known, _)| known == word))
        .filter(|word| !word.chars().all(|c| c.is_ascii_digit()))
        .collect();
    kept.join(" ")
}

fn by_similarity(name: &str) -> Option<(&'static str, f64)> {
    if name.len() < 6 {
        return None;
    }
    let mut best: Option<(&'static str, f64)> = None;
    for (word, concept) in dictionary() {
        if word.len() < 5 || word.len().abs_diff(name.len()) > 3 {
            continue;
        }
        let likeness = strsim::normalized_damerau_levenshtein(word, name);
        let better = best.is_none_or(|(known, score)| (likeness, *concept) > (score, known));
        if likeness >= 0.84 && better {
            best = Some((concept, likeness));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concept(header: &str) -> (&'static str, &'static str) {
        find(header).map_or(("", ""), |hit| (hit.concept, hit.label.unwrap_or_default()))
    }

    #[test]
    fn headers_of_many_origins() {
        assert_eq!(concept("First Name"), ("given_name", ""));
        assert_eq!(concept("firstname"), ("given_name", ""));
        assert_eq!(concept("FirstName"), ("given_name", ""));
        assert_eq!(concept("Vorname"), ("given_name", ""));
        assert_eq!(concept("Prénom"), ("given_name", ""));
        assert_eq!(concept("property_firstname"), ("given_name", ""));
        assert_eq!(concept("E-Mail (geschäftlich)"), ("email", "work"));
        assert_eq!(concept("Business Phone 2"), ("phone", "work"));
        assert_eq!(concept("Business Fax"), ("fax", "work fax"));
        assert_eq!(concept("Other Postal Code"), ("postal_code", "other"));
        assert_eq!(concept("Anniversary"), ("anniversary", ""));
        assert_eq!(concept("Assistant's Name"), ("", ""));
        assert_eq!(concept("Mobile Phone"), ("mobile", "mobile"));
        assert_eq!(concept("Handynummer"), ("mobile", ""));
        assert_eq!(concept("Straße"), ("street", ""));
        assert_eq!(concept("Home ZipCode"), ("postal_code", "home"));
        assert_eq!(concept("billing_city"), ("city", "billing"));
        assert_eq!(concept("Emial Adress"), ("email", ""));
        assert_eq!(concept("Umsatzz"), ("annual_revenue", ""));
        assert_eq!(concept("gclid_c"), ("", ""));
        assert_eq!(concept("x"), ("", ""));
    }
}
