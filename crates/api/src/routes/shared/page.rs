//! The page of a public link: plain HTML in English or German, every text from outside escaped.

use super::Opened;

/// Why the file was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    WrongPassword,
    TooOften,
}

/// The words of one language.
struct Words {
    code: &'static str,
    gone: &'static str,
    gone_text: &'static str,
    until: &'static str,
    password: &'static str,
    download: &'static str,
    wrong: &'static str,
    often: &'static str,
}

const ENGLISH: Words = Words {
    code: "en",
    gone: "This link does not work",
    gone_text: "It has ended, was taken back, or is not complete. Ask whoever sent it for a new one.",
    until: "Available until",
    password: "Password",
    download: "Download",
    wrong: "This is not the password.",
    often: "Too many attempts. Try again in a quarter of an hour.",
};

const GERMAN: Words = Words {
    code: "de",
    gone: "Dieser Link funktioniert nicht",
    gone_text: "Er ist abgelaufen, wurde zurückgenommen oder ist unvollständig. Bitten Sie um einen neuen.",
    until: "Verfügbar bis",
    password: "Passwort",
    download: "Herunterladen",
    wrong: "Das ist nicht das Passwort.",
    often: "Zu viele Versuche. Versuchen Sie es in einer Viertelstunde erneut.",
};

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;font:16px/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:100vh;background:Canvas;color:CanvasText}\
main{box-sizing:border-box;width:100%;max-width:26rem;padding:1.5rem}\
h1{font-size:1.25rem;margin:0 0 .25rem;overflow-wrap:anywhere}\
p{margin:0 0 1rem}\
label{display:block;margin:0 0 .25rem;font-weight:600}\
input{box-sizing:border-box;width:100%;font:inherit;padding:.6rem;margin:0 0 1rem;border:1px solid GrayText;border-radius:.4rem;background:Field;color:FieldText}\
button{font:inherit;font-weight:600;padding:.7rem 1.2rem;border:0;border-radius:.4rem;background:#4850c4;color:#fff;cursor:pointer}\
button:focus-visible,input:focus-visible{outline:3px solid #7c83f0;outline-offset:2px}\
[role=alert]{font-weight:600}";

/// The page; without a file it says that the link does not work, whatever the reason.
pub(super) fn page(accepted: &str, nonce: &str, found: Option<&Opened>, said: Option<Said>) -> String {
    let first = accepted.split([',', ';', '-']).next().unwrap_or_default().trim();
    let words = if first.eq_ignore_ascii_case("de") { &GERMAN } else { &ENGLISH };
    let (title, content) = match found {
        None => (words.gone.to_owned(), format!("<h1>{}</h1><p>{}</p>", words.gone, words.gone_text)),
        Some(found) => (found.name.clone(), file(words, found, said)),
    };
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title>\
         <style nonce=\"{nonce}\">{STYLE}</style></head><body><main>{content}</main></body></html>",
        words.code,
        escaped(&title),
    )
}

fn file(words: &Words, found: &Opened, said: Option<Said>) -> String {
    let day = model::value::instant_to_text(found.link.expires_at);
    let day = day.get(..10).unwrap_or_default();
    let said = match said {
        Some(Said::WrongPassword) => format!("<p role=\"alert\">{}</p>", words.wrong),
        Some(Said::TooOften) => format!("<p role=\"alert\">{}</p>", words.often),
        None => String::new(),
    };
    let password = if found.link.password.is_some() {
        format!(
            "<label for=\"password\">{}</label><input id=\"password\" name=\"password\" type=\"password\" required \
             autocomplete=\"off\" autofocus>",
            words.password
        )
    } else {
        String::new()
    };
    format!(
        "<h1>{}</h1><p>{} · {} {day}</p>{said}<form method=\"post\">{password}<button>{}</button></form>",
        escaped(&found.name),
        size(found.size),
        words.until,
        words.download,
    )
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", bytes / 1_024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_becomes_markup() {
        assert_eq!(escaped("<img src=x onerror='a'>&\"\u{0}"), "&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;");
        assert!(page("de-DE,de;q=0.9", "n", None, None).contains("lang=\"de\""));
        assert!(page("", "n", None, None).contains(ENGLISH.gone));
    }
}
