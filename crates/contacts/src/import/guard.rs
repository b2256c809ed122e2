//! The guard against formula injection in CSV: a spreadsheet runs a cell that begins like a formula, so such cells get an
//! apostrophe in front. Export puts it there, import takes it off; both ways nothing is lost.

/// Characters that make a spreadsheet calculate, their full-width forms included.
const STARTERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a cell needs the guard: behind any apostrophes and blanks it begins like a formula.
fn is_risky(cell: &str) -> bool {
    let bare = cell.trim_start_matches(['\'', '"', ' ', '\u{a0}', '\u{feff}']);
    cell.starts_with(STARTERS) || bare.starts_with(STARTERS)
}

/// The cell with an apostrophe in front if it needs one.
pub fn guard(cell: &str) -> std::borrow::Cow<'_, str> {
    if is_risky(cell) { format!("'{cell}").into() } else { cell.into() }
}

/// The cell as it was before [`guard`].
pub fn unguard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_risky(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_and_gives_back() {
        for cell in [
            "=1+1", "+49 30", "-5", "@cmd", "\tx", "\rx", "＝1", "'=1", "''=1", "\"=1", " =1", "'x", "'", "", "plain",
            "a=b", "'-",
        ] {
            let guarded = guard(cell);
            assert!(!guarded.starts_with(STARTERS), "{cell:?}");
            assert_eq!(unguard(&guarded), cell, "{cell:?}");
        }
        assert_eq!(guard("=1+1"), "'=1+1");
        assert_eq!(guard("Ann"), "Ann");
        assert_eq!(unguard("'Tis"), "'Tis");
    }
}
