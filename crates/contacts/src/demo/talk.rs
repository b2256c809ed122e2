//! What the demo's notes, calls, meetings and tasks say. `{given}`, `{name}`, `{company}`, `{number}`, `{product}`
//! are filled in.

/// Title and text.
pub(super) type Said = (&'static str, &'static str);

/// The texts of one language.
pub(super) struct Talk {
    pub(super) products: &'static [&'static str],
    pub(super) notes: &'static [Said],
    pub(super) calls: &'static [Said],
    /// Title, agenda, outcome.
    pub(super) meetings: &'static [(&'static str, &'static str, &'static str)],
    pub(super) tasks: &'static [Said],
    pub(super) places: &'static [&'static str],
}

pub(super) static ENGLISH: Talk = Talk {
    products: &[
        "maintenance contract",
        "starter package",
        "annual licence",
        "spare parts set",
        "training for {number} people",
        "pilot installation",
    ],
    notes: &[
        (
            "Met at the fair",
            "Talked to {given} at our stand. {company} replaces its old system next year and compares three suppliers. Wants the {product} as an offer by the end of the month.",
        ),
        (
            "Decision process",
            "{given} prepares the decision, the board signs. Anything above {number},000 needs two signatures. The next board meeting is in about three weeks.",
        ),
        (
            "Budget",
            "Budget of about {number},000 for this year is set aside; whatever is left in November will be spent.",
        ),
        (
            "Competition",
            "They also have an offer from a competitor that is cheaper by {number} %. Service and delivery time count more for them.",
        ),
        (
            "Technical requirements",
            "Needs interfaces to the accounting system and single sign-on. Their IT wants to see our security papers first.",
        ),
        (
            "Personal",
            "{given} is on parental leave from next month; a colleague takes over. Likes to be called before nine.",
        ),
        (
            "Reference",
            "{given} is happy to act as a reference. We may use the {company} logo on the website; written consent is in the documents.",
        ),
        (
            "Delivery complaint",
            "The last delivery came {number} days late and one box was damaged. Replacement is on its way, credit note agreed.",
        ),
        ("Renewal", "Contract runs out in {number} weeks. {given} wants to renew, but with a shorter notice period."),
        ("Address change", "{company} moves to a new building next quarter. New address follows by e-mail."),
        ("Interest", "Asked about the {product} after our newsletter. No hurry, but call back after the summer."),
        ("Price talk", "We agreed on {number} % discount for two years. {given} asked us to keep it confidential."),
    ],
    calls: &[
        ("First call", "Introduced us to {given}. Interested in the {product}; sends us their list of requirements."),
        (
            "Follow-up on the offer",
            "{given} has the offer and needs another week. Question about delivery times answered.",
        ),
        (
            "Question about an invoice",
            "Invoice {number} was booked twice on their side. Cleared up, payment comes this week.",
        ),
        ("Support request", "Could not log in after the update. Reset together, works again. {given} was patient."),
        ("Price negotiation", "Wants {number} % off. I offered free training instead; {given} talks to the board."),
        (
            "Appointment",
            "Agreed on a visit at {company}. Parking is behind the building, ask for {given} at reception.",
        ),
        ("Left a message", "Voicemail. Asked {given} to call back."),
        ("Check-in", "All well with the {product}. {number} more people will use it from next month."),
        ("Cancellation averted", "{given} wanted to cancel because of the price. Switched to the smaller package."),
        ("Reference call", "Put a prospect in touch with {given}; both were glad."),
    ],
    meetings: &[
        (
            "First meeting with {company}",
            "Getting to know each other, their situation, our {product}, next steps.",
            "Good talk. They want a written concept, then a test with {number} people.",
        ),
        (
            "Product demonstration",
            "Show the {product} with their own data; questions; prices.",
            "Convinced the department, IT still sceptical. We send the security papers.",
        ),
        (
            "Offer review",
            "Go through the offer line by line.",
            "Two positions taken out, discount of {number} %. {given} expects the new version by Friday.",
        ),
        (
            "Quarterly review",
            "Figures of the quarter, open points, plans.",
            "Satisfied. {number} open tickets, two of them old; we take care of them.",
        ),
        ("Kick-off", "Team, timetable, responsibilities.", "Start in two weeks. {given} names a project lead."),
        (
            "Training",
            "Basics for {number} people.",
            "Everyone can create and find records. Second date for the field team needed.",
        ),
        (
            "Contract negotiation",
            "Term, notice, liability.",
            "Term of two years agreed; legal checks the liability clause.",
        ),
        (
            "Lunch with {given}",
            "No agenda.",
            "The reorganisation at {company} is done; {given} is now responsible for purchasing.",
        ),
    ],
    tasks: &[
        ("Call {name} back", "Wanted to know when the {product} can be delivered."),
        ("Send the offer to {company}", "{product}, two variants, with the discount we agreed."),
        ("Follow up with {given}", "No answer to the last e-mail."),
        ("Prepare the visit at {company}", "Print the figures, bring samples."),
        ("Check the contract of {company}", "Notice period ends in {number} weeks."),
        ("Send references to {name}", "At least two of the same industry."),
        ("Clear up the invoice with {company}", "Invoice {number} is overdue."),
        ("Invite {given} to the webinar", ""),
        ("Send a birthday card to {name}", ""),
        ("Update the contact data of {company}", "The switchboard number has changed."),
    ],
    places: &["Their office", "Our office", "Video call", "Trade fair, hall {number}", "Café at the station"],
};

pub(super) static GERMAN: Talk = Talk {
    products: &[
        "Wartungsvertrag",
        "Einstiegspaket",
        "Jahreslizenz",
        "Ersatzteilpaket",
        "Schulung für {number} Personen",
        "Pilotinstallation",
    ],
    notes: &[
        (
            "Messegespräch",
            "{given} am Stand getroffen. {company} löst nächstes Jahr das alte System ab und vergleicht drei Anbieter. Angebot „{product}“ bis Monatsende gewünscht.",
        ),
        (
            "Entscheidungsweg",
            "{given} bereitet vor, die Geschäftsleitung unterschreibt. Ab {number}.000 Euro braucht es zwei Unterschriften. Nächste Sitzung in etwa drei Wochen.",
        ),
        (
            "Budget",
            "Rund {number}.000 Euro sind für dieses Jahr eingeplant; was im November übrig ist, wird ausgegeben.",
        ),
        ("Wettbewerb", "Ein Mitbewerber liegt {number} % unter uns. Wichtiger sind ihnen aber Service und Lieferzeit."),
        (
            "Technische Anforderungen",
            "Schnittstelle zur Buchhaltung und zentrale Anmeldung nötig. Die IT möchte vorab unsere Sicherheitsunterlagen sehen.",
        ),
        (
            "Persönliches",
            "{given} geht ab nächsten Monat in Elternzeit, Vertretung ist geregelt. Am besten vor neun Uhr anrufen.",
        ),
        (
            "Referenz",
            "{given} steht gern als Referenz bereit. Logo von {company} darf auf die Website, Freigabe liegt bei den Dokumenten.",
        ),
        (
            "Reklamation",
            "Letzte Lieferung kam {number} Tage zu spät, ein Karton war beschädigt. Ersatz ist unterwegs, Gutschrift vereinbart.",
        ),
        (
            "Verlängerung",
            "Vertrag endet in {number} Wochen. {given} möchte verlängern, aber mit kürzerer Kündigungsfrist.",
        ),
        ("Umzug", "{company} zieht im nächsten Quartal um. Neue Anschrift kommt per E-Mail."),
        ("Interesse", "Nach unserem Newsletter nach „{product}“ gefragt. Keine Eile, nach dem Sommer zurückrufen."),
        ("Preisabsprache", "{number} % Nachlass für zwei Jahre vereinbart. {given} bittet um Vertraulichkeit."),
    ],
    calls: &[
        ("Erstgespräch", "Bei {given} vorgestellt. Interesse an „{product}“, Anforderungsliste kommt per E-Mail."),
        ("Nachfrage zum Angebot", "Angebot liegt {given} vor, braucht noch eine Woche. Frage zur Lieferzeit geklärt."),
        ("Frage zur Rechnung", "Rechnung {number} wurde dort doppelt gebucht. Geklärt, Zahlung kommt diese Woche."),
        ("Hilfe bei der Anmeldung", "Nach dem Update kein Zugang. Gemeinsam zurückgesetzt, läuft wieder."),
        (
            "Preisverhandlung",
            "Wünscht {number} % Nachlass. Stattdessen kostenlose Schulung angeboten; {given} bespricht es intern.",
        ),
        (
            "Terminabsprache",
            "Besuch bei {company} vereinbart. Parkplatz hinter dem Haus, am Empfang nach {given} fragen.",
        ),
        ("Nachricht hinterlassen", "Mailbox. {given} um Rückruf gebeten."),
        ("Nachgefragt", "Mit „{product}“ ist alles in Ordnung. Ab nächstem Monat {number} weitere Personen."),
        ("Kündigung abgewendet", "{given} wollte wegen des Preises kündigen. Auf das kleinere Paket umgestellt."),
    ],
    meetings: &[
        (
            "Kennenlernen {company}",
            "Vorstellung, Ausgangslage, {product}, nächste Schritte.",
            "Gutes Gespräch. Gewünscht ist ein schriftliches Konzept, dann ein Test mit {number} Personen.",
        ),
        (
            "Produktvorführung",
            "{product} mit eigenen Daten zeigen, Fragen, Preise.",
            "Fachabteilung überzeugt, IT noch zögerlich. Sicherheitsunterlagen senden.",
        ),
        (
            "Angebotsbesprechung",
            "Angebot Zeile für Zeile durchgehen.",
            "Zwei Positionen gestrichen, {number} % Nachlass. {given} erwartet die neue Fassung bis Freitag.",
        ),
        (
            "Quartalsgespräch",
            "Zahlen des Quartals, offene Punkte, Planung.",
            "Zufrieden. {number} offene Anfragen, zwei davon alt; wir kümmern uns.",
        ),
        ("Auftakt", "Team, Zeitplan, Zuständigkeiten.", "Start in zwei Wochen. {given} benennt die Projektleitung."),
        (
            "Schulung",
            "Grundlagen für {number} Personen.",
            "Alle können Daten anlegen und finden. Zweiter Termin für den Außendienst nötig.",
        ),
        (
            "Vertragsverhandlung",
            "Laufzeit, Kündigung, Haftung.",
            "Zwei Jahre Laufzeit vereinbart; Rechtsabteilung prüft die Haftung.",
        ),
    ],
    tasks: &[
        ("{name} zurückrufen", "Möchte wissen, wann „{product}“ geliefert werden kann."),
        ("Angebot an {company} senden", "{product}, zwei Varianten, mit dem vereinbarten Nachlass."),
        ("Bei {given} nachfassen", "Keine Antwort auf die letzte E-Mail."),
        ("Besuch bei {company} vorbereiten", "Zahlen ausdrucken, Muster mitnehmen."),
        ("Vertrag von {company} prüfen", "Kündigungsfrist endet in {number} Wochen."),
        ("Referenzen an {name} senden", "Mindestens zwei aus der Branche."),
        ("Rechnung mit {company} klären", "Rechnung {number} ist überfällig."),
        ("{given} zum Webinar einladen", ""),
        ("Geburtstagskarte an {name}", ""),
    ],
    places: &["Beim Kunden", "Bei uns", "Videokonferenz", "Messe, Halle {number}", "Café am Bahnhof"],
};
