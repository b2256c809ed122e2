//! Files of well-known systems: how they are recognised, and what their columns mean where the names alone do not say.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::super::read::Format;
use super::names::normalize;

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// HubSpot.
    Hubspot,
    /// Salesforce.
    Salesforce,
    /// Pipedrive.
    Pipedrive,
    /// Google Contacts.
    Google,
    /// Outlook.
    Outlook,
    /// Thunderbird.
    Thunderbird,
    /// vCards of any program.
    Vcard,
    /// An export of this program.
    Rapport,
}

/// Headers, normalised, that only the files of one system have; so many of them must be there.
const MARKS: &[(Source, usize, &[&str])] = &[
    (
        Source::Google,
        2,
        &[
            "e mail 1 value",
            "phone 1 value",
            "given name yomi",
            "group membership",
            "e mail 1 label",
            "phone 1 label",
            "organization 1 name",
            "phonetic first name",
        ],
    ),
    (
        Source::Outlook,
        2,
        &[
            "e mail 2 address",
            "e mail 3 address",
            "business fax",
            "e mail display name",
            "business street",
            "other street",
            "primary phone",
            "company main phone",
            "im address",
        ],
    ),
    (
        Source::Thunderbird,
        3,
        &[
            "screen name",
            "primary email",
            "secondary email",
            "home zip code",
            "work zip code",
            "birth year",
            "custom 1",
            "web page 1",
        ],
    ),
    (
        Source::Pipedrive,
        1,
        &[
            "person name",
            "organization name id",
            "deal title",
            "person email work",
            "person phone work",
            "organization open deals",
            "person organization",
        ],
    ),
    (
        Source::Hubspot,
        1,
        &[
            "hs object id",
            "associated company",
            "associated company id",
            "lifecycle stage",
            "contact owner",
            "company owner",
            "hs merged object ids",
            "hs lead status",
            "createdate",
            "record id",
            "last activity date hubspot",
            "property createdate",
            "associated contact",
        ],
    ),
    (
        Source::Salesforce,
        2,
        &[
            "account id",
            "is deleted",
            "system modstamp",
            "master record id",
            "jigsaw contact id",
            "jigsaw company id",
            "record type id",
            "lead source",
            "mailing street",
            "mailing city",
            "billing street",
            "reports to id",
            "jigsaw",
            "photo url",
            "last viewed date",
            "account name",
        ],
    ),
    (Source::Rapport, 3, &["id", "version", "created by", "changed by", "external ids"]),
];

/// The meaning of columns, per system: header (normalised) and place relative to the row's object. `company.` leads to
/// the related company. An empty place leaves the column unmapped on purpose.
const PLACES: &[(Source, &[(&str, &str)])] = &[
    (
        Source::Hubspot,
        &[
            ("id", "external_ids.hubspot"),
            ("record id", "external_ids.hubspot"),
            ("hs object id", "external_ids.hubspot"),
            ("contact id", "external_ids.hubspot"),
            ("company id", "external_ids.hubspot"),
            ("associated company id", "company.external_ids.hubspot"),
            ("associated company ids", "company.external_ids.hubspot"),
            ("associated company", "company.name"),
            ("website url", "links"),
            ("company domain name", "domains"),
            ("email 1", "emails[other]"),
            ("annualrevenue", "annual_revenue"),
            ("contact owner", "owner"),
            ("create date", ""),
            ("createdate", ""),
            ("created at", ""),
            ("is deleted", ""),
            ("hs merged object ids", ""),
        ],
    ),
    (
        Source::Salesforce,
        &[
            ("id", "external_ids.salesforce"),
            ("contact id", "external_ids.salesforce"),
            ("lead id", "external_ids.salesforce"),
            ("title", "job_title"),
            ("account id", "company.external_ids.salesforce"),
            ("account name", "company.name"),
            ("owner id", ""),
            ("created by id", ""),
            ("master record id", ""),
            ("name", "name"),
            ("account", "company.name"),
            ("website", "links"),
            ("type", "kind"),
            ("number of employees", "employees"),
            ("is deleted", ""),
            ("mailing country code", ""),
            ("billing country code", ""),
            ("shipping country code", ""),
            ("country code", ""),
            ("state code", ""),
            ("mailing state code", ""),
            ("billing state code", ""),
            ("shipping state code", ""),
            ("parent id", ""),
            ("reports to id", ""),
            ("record type id", ""),
            ("other phone", "phones[other]"),
            ("asst phone", "phones[assistant]"),
            ("site", ""),
            ("photo url", ""),
            ("status", ""),
            ("account number", ""),
        ],
    ),
    (
        Source::Pipedrive,
        &[
            ("person id", "external_ids.pipedrive"),
            ("organization id", "external_ids.pipedrive"),
            ("person name", "name"),
            ("person first name", "given_name"),
            ("person last name", "family_name"),
            ("person organization", "company.name"),
            ("organization name", "company.name"),
            ("person email", "emails"),
            ("person email work", "emails[work]"),
            ("person email home", "emails[home]"),
            ("person email other", "emails[other]"),
            ("person phone", "phones"),
            ("person phone work", "phones[work]"),
            ("person phone home", "phones[home]"),
            ("person phone mobile", "phones[mobile]"),
            ("person phone other", "phones[other]"),
            ("person label", "tags"),
            ("person labels", "tags"),
            ("person owner", "owner"),
            ("person job title", "job_title"),
            ("person birthday", "birthday"),
            ("person notes", "description"),
            ("organization address", "company.billing_address"),
            ("organization website", "company.links"),
            ("organization owner", "owner"),
            ("organization label", "tags"),
            ("organization labels", "tags"),
            ("organization industry", "company.industry"),
            ("organization number of employees", "company.employees"),
            ("organization annual revenue", "company.annual_revenue"),
            ("organization linkedin profile", "company.links[linkedin]"),
        ],
    ),
    (
        Source::Google,
        &[
            ("organization name", "company.name"),
            ("organization 1 name", "company.name"),
            ("organization title", "job_title"),
            ("organization 1 title", "job_title"),
            ("organization department", "department"),
            ("organization 1 department", "department"),
            ("group membership", "tags"),
            ("labels", "tags"),
            ("file as", ""),
            ("photo", ""),
            ("location", ""),
            ("name prefix", "salutation"),
            ("subject", ""),
            ("priority", ""),
            ("occupation", ""),
        ],
    ),
    (
        Source::Outlook,
        &[
            ("title", "salutation"),
            ("e mail address", "emails[primary]"),
            ("e mail 2 address", "emails"),
            ("e mail 3 address", "emails"),
            ("e mail type", ""),
            ("e mail display name", ""),
            ("business phone", "phones[work]"),
            ("business phone 2", "phones[work]"),
            ("company", "company.name"),
            ("company main phone", "company.phones"),
            ("categories", "tags"),
            ("web page", "links"),
            ("personal web page", "links[home]"),
            ("priority", ""),
            ("location", ""),
            ("initials", ""),
            ("account", ""),
            ("user 1", ""),
            ("other phone", "phones[other]"),
            ("callback", "phones[callback]"),
            ("department", "department"),
            ("website home page", "links[homepage]"),
            ("website work", "links[work]"),
            ("website other", "links"),
        ],
    ),
    (
        Source::Thunderbird,
        &[
            ("primary email", "emails[home, primary]"),
            ("secondary email", "emails"),
            ("organization", "company.name"),
            ("web page 1", "links[homepage]"),
            ("web page 2", "links"),
            ("screen name", ""),
            ("display name", "name"),
            ("home address", "address.street"),
            ("home address 2", "address.street"),
            ("fax number", "phones[home fax]"),
            ("pager number", "phones[pager]"),
        ],
    ),
    (
        Source::Vcard,
        &[
            ("uid", "external_ids.vcard"),
            ("organization", "company.name"),
            ("categories", "tags"),
            ("note", "description"),
            ("photo", ""),
            ("role", ""),
            ("kind", ""),
            ("unreadable", ""),
            ("organization 2", ""),
            ("full name", "name"),
            ("name prefix", "salutation"),
            ("anniversary", ""),
            ("gender", "gender"),
            ("time zone", ""),
            ("source", ""),
            ("name", ""),
        ],
    ),
];

/// The system a file came from, by its format and headers.
pub fn detect(format: Format, headers: &[String]) -> Option<Source> {
    if format == Format::Vcard {
        return Some(Source::Vcard);
    }
    let headers: HashSet<String> = headers.iter().map(|header| normalize(header)).collect();
    let hits = |marks: &[&str]| marks.iter().filter(|mark| headers.contains(**mark)).count();
    if headers.iter().any(|header| header.starts_with("person "))
        && hits(&["person name", "person email work", "person email"]) > 0
    {
        return Some(Source::Pipedrive);
    }
    let mut best: Option<(Source, usize)> = None;
    for (source, least, marks) in MARKS {
        let found = hits(marks);
        if found >= *least && best.is_none_or(|(_, most)| found > most) {
            best = Some((*source, found));
        }
    }
    best.map(|(source, _)| source)
}

impl Source {
    /// Its stable name, also the key of its ids in `external_ids`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hubspot => "hubspot",
            Self::Salesforce => "salesforce",
            Self::Pipedrive => "pipedrive",
            Self::Google => "google",
            Self::Outlook => "outlook",
            Self::Thunderbird => "thunderbird",
            Self::Vcard => "vcard",
            Self::Rapport => "rapport",
        }
    }

    /// What this system means by a column: `Some("")` leaves it unmapped.
    pub fn place(self, header: &str) -> Option<&'static str> {
        let header = normalize(header);
        let (_, places) = PLACES.iter().find(|(source, _)| *source == self)?;
        places.iter().find(|(name, _)| *name == header).map(|(_, place)| *place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(headers: &[&str]) -> Option<Source> {
        detect(Format::Csv, &headers.iter().map(|header| (*header).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn systems_are_recognised() {
        assert_eq!(
            source(&["Name", "Given Name", "E-mail 1 - Type", "E-mail 1 - Value", "Group Membership"]),
            Some(Source::Google)
        );
        assert_eq!(source(&["First Name", "Labels", "E-mail 1 - Label", "E-mail 1 - Value"]), Some(Source::Google));
        assert_eq!(source(&["E-mail Address", "E-mail 2 Address", "E-mail 3 Address"]), Some(Source::Outlook));
        assert_eq!(
            source(&["First Name", "Primary Email", "Secondary Email", "Screen Name", "Birth Year"]),
            Some(Source::Thunderbird)
        );
        assert_eq!(source(&["Record ID", "First Name", "Email", "Lifecycle Stage"]), Some(Source::Hubspot));
        assert_eq!(source(&["Id", "IsDeleted", "AccountId", "MailingCity"]), Some(Source::Salesforce));
        assert_eq!(
            source(&["Person - Name", "Person - Email - Work", "Person - Organization"]),
            Some(Source::Pipedrive)
        );
        assert_eq!(source(&["Name", "E-Mail", "Ort"]), None);
    }
}
