//! How many tests passed and failed, read from what the test runners print.

/// Passed and failed tests of one step or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
}

impl Totals {
    /// Both together.
    pub fn add(&mut self, other: Totals) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Sums every summary line of a runner: cargo test, cargo nextest, vitest, or a plain `N passed, N failed`.
    pub fn read(printed: &str) -> Totals {
        let mut totals = Totals::default();
        for line in printed.lines().map(without_colours) {
            let line = line.trim();
            let summary = line.starts_with("test result:")
                || line.starts_with("Summary [")
                || line.starts_with("Tests ")
                || is_plain(line);
            if summary {
                totals.add(Totals { passed: count(line, "passed"), failed: count(line, "failed") });
            }
        }
        totals
    }
}

/// `12 passed, 0 failed` and nothing else.
fn is_plain(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    matches!(words.as_slice(), [a, "passed,", b, "failed"] if is_number(a) && is_number(b))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}

/// The number right before a word.
fn count(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line.split(|c: char| c.is_whitespace() || c == ',' || c == ';').collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words
        .windows(2)
        .find_map(|pair| match pair {
            [number, name] if *name == word => number.parse().ok(),
            _ => None,
        })
        .unwrap_or(0)
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c != '\u{1b}' {
            plain.push(c);
            continue;
        }
        for c in rest.by_ref() {
            if c.is_ascii_alphabetic() {
                break;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(printed: &str, passed: u64, failed: u64) {
        assert_eq!(Totals::read(printed), Totals { passed, failed });
    }

    #[test]
    fn reads_every_runner() {
        check("test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured\n", 3, 0);
        check("test result: FAILED. 3 passed; 2 failed; 0 ignored\ntest result: ok. 4 passed; 0 failed;", 7, 2);
        check("     Summary [   0.512s] 12 tests run: 11 passed, 1 failed, 0 skipped\n", 11, 1);
        check("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m8 passed\u{1b}[39m\u{1b}[22m (8)\n", 8, 0);
        check("Tests  1 failed | 7 passed (8)\n", 7, 1);
        check("log\n20 passed, 1 failed\n", 20, 1);
    }

    #[test]
    fn ignores_other_lines() {
        check("It passed, 3 failed attempts later.\n test a ... ok\n Test Files  2 passed (2)\n", 0, 0);
    }
}
