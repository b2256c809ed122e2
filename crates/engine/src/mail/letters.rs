//! What mails say: a subject, a text, and the same as HTML. Everything from outside is escaped.

use model::{Actor, Record, Value};
use serde_json::Value as Json;
use store::{Error, Tx};

use super::{Addressed, one_line};
use crate::module::LetterEntry;
use crate::workspace::Workspace;

/// The mails of the program's own objects.
pub(crate) const LETTERS: &[LetterEntry] =
    &[LetterEntry { kind: "invitation", write: invitation }, LetterEntry { kind: "reset", write: reset }];

/// A language in which mails are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// English, also for languages that mails do not know.
    English,
    /// German.
    German,
}

impl Tongue {
    /// The tongue of a language tag, like `de-CH`.
    pub fn of(locale: &str) -> Self {
        let is_german = locale.split(['-', '_']).next().is_some_and(|language| language.eq_ignore_ascii_case("de"));
        if is_german { Self::German } else { Self::English }
    }

    /// The text in this tongue.
    pub fn pick<'a>(self, english: &'a str, german: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::German => german,
        }
    }

    fn tag(self) -> &'static str {
        self.pick("en", "de")
    }
}

/// What a mail says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// On one line.
    pub subject: String,
    /// The plain part.
    pub text: String,
    /// The same as a whole HTML document.
    pub html: String,
}

/// A letter while it is written: paragraph by paragraph, in both forms at once.
pub struct Page {
    tongue: Tongue,
    text: String,
    html: String,
}

impl Page {
    /// An empty page.
    pub fn new(tongue: Tongue) -> Self {
        Self { tongue, text: String::new(), html: String::new() }
    }

    /// A paragraph.
    pub fn say(&mut self, words: &str) -> &mut Self {
        self.text.push_str(&format!("{words}\n\n"));
        self.html.push_str(&format!("<p>{}</p>\n", escape(words)));
        self
    }

    /// A link with its words; the plain part shows the address.
    pub fn link(&mut self, words: &str, url: &str) -> &mut Self {
        self.text.push_str(&format!("{words}:\n{url}\n\n"));
        self.html.push_str(&format!("<p><a href=\"{}\">{}</a></p>\n", escape(url), escape(words)));
        self
    }

    /// An entry of a list: words, a link, an excerpt of what somebody wrote.
    pub fn entry(&mut self, words: &str, url: &str, excerpt: Option<&str>) -> &mut Self {
        self.text.push_str(&format!("- {words}\n"));
        self.html.push_str(&format!("<p><a href=\"{}\">{}</a>", escape(url), escape(words)));
        if let Some(excerpt) = excerpt {
            self.text.push_str(&format!("  {excerpt}\n"));
            self.html.push_str(&format!("<br>{}", escape(excerpt)));
        }
        self.text.push_str(&format!("  {url}\n\n"));
        self.html.push_str("</p>\n");
        self
    }

    /// The finished letter.
    pub fn finish(self, subject: &str) -> Letter {
        let (tag, body) = (self.tongue.tag(), self.html);
        let subject = one_line(subject);
        let html = format!(
            "<!doctype html>\n<html lang=\"{tag}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
             <body style=\"font-family: sans-serif; font-size: 15px; line-height: 1.45\">\n{body}</body>\n</html>\n",
            escape(&subject)
        );
        Letter { subject, text: self.text, html }
    }
}

/// Text inside HTML, also inside an attribute.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// The language a user reads; where they chose none, that of somebody else.
pub(crate) fn tongue_of(user: &Record, other: Option<&Record>) -> Tongue {
    let locale = |user: &Record| user.get("locale").as_text().filter(|text| !text.is_empty()).map(str::to_owned);
    Tongue::of(&locale(user).or_else(|| other.and_then(locale)).unwrap_or_default())
}

/// The company's name on one line; that of the program where none is set.
pub(crate) fn company(workspace: &Workspace) -> String {
    Some(one_line(&workspace.settings().name)).filter(|name| !name.is_empty()).unwrap_or_else(|| "Rapport".to_owned())
}

/// The secret of an invitation: the token of its link and who invites.
#[derive(serde::Serialize, serde::Deserialize)]
struct Invited {
    token: String,
    by: String,
}

impl Workspace {
    /// Queues the mail of an invitation; false where no mail is set up.
    ///
    /// # Errors
    /// A workspace without keys; a database that fails.
    pub fn mail_invitation(
        &self,
        tx: &mut Tx,
        by: &Actor,
        user: &Record,
        token: &str,
        useless_at: i64,
    ) -> Result<bool, Error> {
        let secret = Invited { token: token.to_owned(), by: by.label() };
        let secret = serde_json::to_string(&secret).map_err(anyhow::Error::from)?;
        Ok(self.queue_mail(tx, "invitation", user, Some(&secret), Some(useless_at))?.is_some())
    }
}

fn invitation(workspace: &Workspace, tx: &mut Tx, to: &Addressed<'_>) -> Result<Option<Letter>, Error> {
    let Some(secret) = to.secret.as_deref().and_then(|text| serde_json::from_str::<Invited>(text).ok()) else {
        return Ok(None);
    };
    let host = workspace.user_of_label(tx, &secret.by)?;
    let tongue = tongue_of(to.user, host.as_ref());
    let name = host.as_ref().and_then(|host| host.get("name").as_text()).map(one_line);
    let company = company(workspace);
    let mut page = Page::new(tongue);
    page.say(&match (&name, tongue) {
        (Some(name), Tongue::English) => format!("{name} invites you to work with the customer records of {company}."),
        (Some(name), Tongue::German) => format!("{name} lädt Sie ein, mit den Kundendaten von {company} zu arbeiten."),
        (None, Tongue::English) => format!("You are invited to work with the customer records of {company}."),
        (None, Tongue::German) => format!("Sie sind eingeladen, mit den Kundendaten von {company} zu arbeiten."),
    });
    let url = format!("{}/invite/{}", to.public_url, secret.token);
    page.link(tongue.pick("Choose a password and begin", "Passwort wählen und beginnen"), &url);
    page.say(tongue.pick(
        "The link works once and for seven days. If you did not expect this mail, leave it alone.",
        "Der Link gilt einmal und sieben Tage lang. Wenn Sie diese Mail nicht erwarten, lassen Sie sie einfach liegen.",
    ));
    let subject = match tongue {
        Tongue::English => format!("Your invitation to {company}"),
        Tongue::German => format!("Ihre Einladung zu {company}"),
    };
    Ok(Some(page.finish(&subject)))
}

fn reset(workspace: &Workspace, _: &mut Tx, to: &Addressed<'_>) -> Result<Option<Letter>, Error> {
    let Some(token) = &to.secret else { return Ok(None) };
    let (tongue, company) = (to.tongue, company(workspace));
    let mut page = Page::new(tongue);
    page.say(&match tongue {
        Tongue::English => format!("Somebody, probably you, asked for a new password for {company}."),
        Tongue::German => format!("Jemand, vermutlich Sie selbst, hat ein neues Passwort für {company} angefordert."),
    });
    let url = format!("{}/invite/{token}", to.public_url);
    page.link(tongue.pick("Choose a new password", "Neues Passwort wählen"), &url);
    page.say(tongue.pick(
        "The link works once and for half an hour; then everything ends that is still logged in. If it was not you, \
         leave this mail alone: your password stays as it is.",
        "Der Link gilt einmal und eine halbe Stunde lang; danach endet alles, was noch angemeldet ist. Wenn Sie es nicht \
         waren, lassen Sie diese Mail einfach liegen: Ihr Passwort bleibt, wie es ist.",
    ));
    let subject = match tongue {
        Tongue::English => format!("New password for {company}"),
        Tongue::German => format!("Neues Passwort für {company}"),
    };
    Ok(Some(page.finish(&subject)))
}

/// The letter that an administrator sends to themselves.
pub(crate) fn test(workspace: &Workspace, user: &Record, public_url: &str) -> Letter {
    let (tongue, company) = (tongue_of(user, None), company(workspace));
    let mut page = Page::new(tongue);
    page.say(tongue.pick(
        "This is a test: mails of this workspace go out.",
        "Dies ist ein Test: Mails dieses Arbeitsbereichs gehen hinaus.",
    ));
    page.link(tongue.pick("Open it", "Öffnen"), public_url);
    page.finish(&match tongue {
        Tongue::English => format!("Test mail of {company}"),
        Tongue::German => format!("Testmail von {company}"),
    })
}

impl Workspace {
    /// A user who may log in: neither switched off nor deleted.
    pub(crate) fn find_active_user(&self, tx: &mut Tx, id: uuid::Uuid) -> Result<Option<Record>, Error> {
        let user = self.user_of_label(tx, &format!("user:{id}"))?;
        Ok(user.filter(|user| user.get("active") == &Value::Bool(true) && user.get("deleted_at").is_missing()))
    }

    /// The user in `user:<id>`.
    pub(crate) fn user_of_label(&self, tx: &mut Tx, label: &str) -> Result<Option<Record>, Error> {
        let id = label.strip_prefix("user:").and_then(|id| uuid::Uuid::parse_str(id).ok());
        let schema = self.schema();
        match (id, schema.find_object("user")) {
            (Some(id), Some(object)) => tx.find(object, id),
            _ => Ok(None),
        }
    }
}

/// The figures of the ledger: `{"queued":…,"waiting":…,"sent":…,"failed":…,"cancelled":…,"held":…}`.
pub(crate) fn ledger_json(ledger: &store::tables::mails::Ledger) -> Json {
    let of = |names: &[&str]| -> i64 {
        ledger.states.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(_, count)| count).sum()
    };
    serde_json::json!({
        "queued": ledger.queued, "waiting": of(&["waiting", "sending", "held"]), "held": of(&["held"]),
        "sent": of(&["sent"]), "failed": of(&["failed"]), "cancelled": of(&["cancelled"]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_say_the_same_and_nothing_becomes_markup() {
        let mut page = Page::new(Tongue::of("de-AT"));
        page.say("<b>Hallo</b>").entry("Tom & \"Co\"", "https://x/?a=1&b='", Some("<script>"));
        let letter = page.finish("Neu\r\nBcc: eve@example.com");
        assert_eq!(letter.subject, "Neu Bcc: eve@example.com");
        assert!(letter.html.contains("lang=\"de\"") && letter.html.contains("&lt;b&gt;Hallo&lt;/b&gt;"));
        assert!(
            letter.html.contains("href=\"https://x/?a=1&amp;b=&#39;\">Tom &amp; &quot;Co&quot;</a><br>&lt;script&gt;")
        );
        assert!(letter.text.contains("- Tom & \"Co\"\n  <script>\n  https://x/?a=1&b='\n"));
        assert_eq!(
            (Tongue::of("DE"), Tongue::of("deu"), Tongue::of("")),
            (Tongue::German, Tongue::English, Tongue::English)
        );
    }
}
