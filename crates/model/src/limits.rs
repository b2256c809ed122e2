//! Every limit of the product in one place, so that nothing grows without bound.

/// Longest expression source, in bytes.
pub const EXPRESSION_BYTES_MAX: usize = 16_384;
/// Deepest nesting of an expression.
pub const EXPRESSION_DEPTH_MAX: usize = 48;
/// Most operators that follow one another along one branch of an expression (`a + b + c`, `a.b.c`).
pub const EXPRESSION_CHAIN_MAX: usize = 100;
/// Longest list literal in an expression.
pub const EXPRESSION_LIST_MAX: usize = 10_000;
/// Most records in one page of a list.
pub const PAGE_MAX: usize = 200;
/// Page size when the client names none.
pub const PAGE_DEFAULT: usize = 50;
/// Totals are exact up to this count, then estimated and marked so.
pub const TOTAL_EXACT_MAX: u64 = 10_000;
/// Longest text value, in bytes.
pub const TEXT_BYTES_MAX: usize = 4_000;
/// Longest long text value, in bytes.
pub const LONG_TEXT_BYTES_MAX: usize = 1_000_000;
/// Most entries in a list value (e-mails, phones, tags, references).
pub const LIST_ENTRIES_MAX: usize = 1_000;
/// Longest JSON value, in bytes.
pub const JSON_BYTES_MAX: usize = 262_144;
/// Most fields of one object.
pub const FIELDS_MAX: usize = 400;
/// Most objects of one workspace.
pub const OBJECTS_MAX: usize = 500;
/// Longest object or field name, in bytes.
pub const NAME_BYTES_MAX: usize = 40;
/// Most records named in one bulk request.
pub const BULK_MAX: usize = 10_000;
/// Largest uploaded file, in bytes.
pub const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Largest JSON request body, in bytes.
pub const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
