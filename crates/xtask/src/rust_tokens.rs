//! A small scanner of Rust text: enough to tell names, strings and comments apart, with their lines.

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A name or keyword.
    Word,
    /// The content of a string literal, escapes as written.
    Text,
    /// A comment, with its slashes.
    Comment,
    /// One other character.
    Mark,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: String,
    /// Line it begins on, from 1.
    pub line: usize,
}

impl Token {
    /// Whether it is this mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }

    /// Whether it is this word.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }
}

/// Takes a Rust text apart. White space and numbers' inner structure do not matter here and are left out.
pub fn scan(source: &str) -> Vec<Token> {
    let mut scanner = Scanner { chars: source.chars().collect(), at: 0, line: 1, tokens: Vec::new() };
    while let Some(c) = scanner.peek(0) {
        scanner.step(c);
    }
    scanner.tokens
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Scanner {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(c) = self.peek(0).filter(|c| wanted(*c)) {
            text.push(c);
            self.take();
        }
        text
    }

    fn push(&mut self, kind: Kind, text: String, line: usize) {
        self.tokens.push(Token { kind, text, line });
    }

    fn step(&mut self, c: char) {
        let line = self.line;
        match c {
            _ if c.is_whitespace() => {
                self.take();
            }
            '/' if self.peek(1) == Some('/') => {
                let text = self.take_while(|c| c != '\n');
                self.push(Kind::Comment, text, line);
            }
            '/' if self.peek(1) == Some('*') => self.block_comment(),
            '"' => self.string(),
            '\'' => self.quote(),
            _ if c.is_alphanumeric() || c == '_' => self.word(),
            _ => {
                self.take();
                self.push(Kind::Mark, c.to_string(), line);
            }
        }
    }

    fn block_comment(&mut self) {
        let line = self.line;
        let mut text = String::new();
        let mut depth = 0;
        while let Some(c) = self.take() {
            text.push(c);
            match (c, self.peek(0)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => continue,
            }
            text.extend(self.take());
            if depth == 0 {
                break;
            }
        }
        self.push(Kind::Comment, text, line);
    }

    fn string(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.take();
        while let Some(c) = self.take() {
            match c {
                '"' => break,
                '\\' => {
                    text.push(c);
                    text.extend(self.take());
                }
                _ => text.push(c),
            }
        }
        self.push(Kind::Text, text, line);
    }

    fn raw_string(&mut self, hashes: usize) {
        let line = self.line;
        self.take();
        let mut text = String::new();
        while let Some(c) = self.take() {
            if c == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                self.at += hashes;
                break;
            }
            text.push(c);
        }
        self.push(Kind::Text, text, line);
    }

    /// A character literal or a lifetime.
    fn quote(&mut self) {
        self.take();
        let is_lifetime = self.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') && self.peek(1) != Some('\'');
        if is_lifetime {
            self.take_while(|c| c.is_alphanumeric() || c == '_');
            return;
        }
        while let Some(c) = self.take() {
            match c {
                '\\' => {
                    self.take();
                }
                '\'' => break,
                _ => {}
            }
        }
    }

    /// A word, or the string that a prefix such as `r#` or `b` begins.
    fn word(&mut self) {
        let line = self.line;
        let text = self.take_while(|c| c.is_alphanumeric() || c == '_');
        let is_raw = matches!(text.as_str(), "r" | "br" | "cr");
        let hashes = (0..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
        if is_raw && self.peek(hashes) == Some('"') {
            self.at += hashes;
            return self.raw_string(hashes);
        }
        if text == "r" && hashes == 1 {
            self.take();
            return self.word();
        }
        let is_prefix = matches!(text.as_str(), "b" | "c");
        match self.peek(0) {
            Some('"') if is_prefix => self.string(),
            Some('\'') if text == "b" => self.quote(),
            _ => self.push(Kind::Word, text, line),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(source: &str, expected: Expect) {
        let lines: Vec<String> =
            scan(source).iter().map(|token| format!("{} {:?} {}", token.line, token.kind, token.text)).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn tells_strings_comments_and_lifetimes_apart() {
        check(
            "let a = \"x \\\" // y\"; // note\nfn b<'a>(c: &'a str) { '\\''; b'\"'; r#\"raw \" x\"#; r#type }\n/* a /* b */ c */ d",
            expect![[r#"
                1 Word let
                1 Word a
                1 Mark =
                1 Text x \" // y
                1 Mark ;
                1 Comment // note
                2 Word fn
                2 Word b
                2 Mark <
                2 Mark >
                2 Mark (
                2 Word c
                2 Mark :
                2 Mark &
                2 Word str
                2 Mark )
                2 Mark {
                2 Mark ;
                2 Mark ;
                2 Text raw " x
                2 Mark ;
                2 Word type
                2 Mark }
                3 Comment /* a /* b */ c */
                3 Word d"#]],
        );
    }
}
