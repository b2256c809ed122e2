//! Folders of documents: paths such as `Contracts/2026`, kept without empty parts and needless blanks, so that a folder has
//! one name wherever it was written.

use engine::{Draft, RuleContext, RuleEntry};
use model::{Problem, Value};

/// What is stored is what folders are counted and opened by.
pub(crate) const RULES: &[RuleEntry; 1] = &[RuleEntry {
    object: "document",
    why: "A folder is opened by its path, so the path is clean before anything is compared with it.",
    apply: clean_folder,
}];

fn clean_folder(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    if let Some(clean) = draft.changes("folder").then(|| draft.get("folder").as_text().map(clean_path)).flatten() {
        draft.set("folder", Value::text(clean));
    }
    Ok(())
}

/// A path without empty parts and with single blanks.
fn clean_path(path: &str) -> String {
    let parts = path.split('/').map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_clean() {
        for (path, clean) in [(" Contracts // 2026/ ", "Contracts/2026"), ("a  b/c", "a b/c"), (" / ", ""), ("x", "x")]
        {
            assert_eq!(clean_path(path), clean);
        }
    }
}
