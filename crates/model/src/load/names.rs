//! Names that objects and fields may bear.

use crate::limits::NAME_BYTES_MAX;

/// Columns that every table has or that a database keeps for itself.
const COLUMNS: &[&str] = &["id", "rowid", "oid", "_rowid_", "tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"];

/// Words of the expression language.
const WORDS: &[&str] = &[
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
    "now",
    "today",
    "me",
    "my_teams",
    "my_territories",
    "has",
];

/// Paths of the API and tables of the program, which no plural may take.
const PLURALS: &[&str] = &[
    "activity",
    "batches",
    "boot",
    "changes",
    "checks",
    "cursors",
    "duplicates",
    "events",
    "expressions",
    "files",
    "idempotency",
    "imports",
    "invitations",
    "jobs",
    "links",
    "mail",
    "objects",
    "openapi",
    "password_reset",
    "push",
    "push_device",
    "record_keys",
    "search",
    "session",
    "sessions",
    "settings",
    "setup",
    "throttle",
    "timeline",
    "undo",
];

/// What is wrong with a name that becomes a column, key and CEL name.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    check_shape(name)?;
    if COLUMNS.contains(&name) || WORDS.contains(&name) {
        return Err(format!("`{name}` is reserved; choose another name, like `{name}_value`."));
    }
    Ok(())
}

/// What is wrong with a plural, which becomes a table and a path.
pub(super) fn check_plural(plural: &str) -> Result<(), String> {
    check_shape(plural)?;
    let is_system = ["sqlite_", "pg_", "rapport_"].iter().any(|prefix| plural.starts_with(prefix));
    if is_system || PLURALS.contains(&plural) {
        return Err(format!("the plural `{plural}` is reserved; choose another, like `my_{plural}`."));
    }
    Ok(())
}

fn check_shape(name: &str) -> Result<(), String> {
    let is_snake = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !is_snake || name.contains("__") || name.ends_with('_') {
        return Err(format!(
            "`{name}` is no name; use small letters, digits and single underscores between them, like `first_contact`."
        ));
    }
    if name.len() > NAME_BYTES_MAX {
        return Err(format!("`{name}` is too long; {NAME_BYTES_MAX} letters are allowed."));
    }
    Ok(())
}
