//! Source text to a checked expression.

use cel::common::ast::{Expr as Node, IdedExpr, SourceInfo};
use cel::parser::ParseErrors;

use super::Expr;
use super::check::Checker;
use super::fault::Fault;
use super::scan::scan;
use crate::field::Kind;
use crate::object::Object;
use crate::problem::Problem;
use crate::schema::Schema;

/// Nesting that the parser manages on the stack of any thread.
const SHALLOW: usize = 6;
/// Stack for deeper nesting: the generated parser takes about 100 kB a level in debug builds.
const DEEP_STACK_BYTES: usize = 16 * 1024 * 1024;

/// Parses and checks a condition over records of the object.
pub fn parse_condition(schema: &Schema, object: &Object, source: &str) -> Result<Expr, Problem> {
    run(
        source,
        &|checker, root| {
            let expr = checker.condition(root)?;
            Ok(super::bind::fold_constants(expr))
        },
        schema,
        object,
        false,
    )
}

/// Parses and checks a formula whose result is stored in a field of kind `result`. It may not depend on the moment,
/// on who asks, or on records that point here.
pub fn parse_formula(schema: &Schema, object: &Object, source: &str, result: Kind) -> Result<Expr, Problem> {
    run(
        source,
        &|checker, root| {
            let expr = super::bind::fold_constants(checker.value(root)?);
            checker.check_result(root, &expr, result)?;
            Ok(Expr::Result(result, Box::new(expr)))
        },
        schema,
        object,
        true,
    )
}

type Check<'c> = dyn Fn(&mut Checker<'_>, &IdedExpr) -> Result<Expr, Fault> + Sync + 'c;

fn run(source: &str, check: &Check<'_>, schema: &Schema, object: &Object, stored: bool) -> Result<Expr, Problem> {
    let work = || {
        let (root, info) = parse(source)?;
        let mut checker = Checker::new(schema, object, source, &info, stored);
        check(&mut checker, &root)
    };
    let outcome = match scan(source) {
        Err(fault) => Err(fault),
        Ok(depth) if depth <= SHALLOW => work(),
        Ok(_) => std::thread::scope(|scope| {
            let fallback = || Err(Fault::new((0, source.len()), "The expression is nested too deeply."));
            std::thread::Builder::new()
                .stack_size(DEEP_STACK_BYTES)
                .spawn_scoped(scope, work)
                .map_or_else(|_| fallback(), |thread| thread.join().unwrap_or_else(|_| fallback()))
        }),
    };
    outcome.map_err(|fault| fault.into_problem(source))
}

/// Text to the syntax tree. Macros stay calls: the checker knows `exists` and its like itself.
fn parse(source: &str) -> Result<(IdedExpr, SourceInfo), Fault> {
    let parser = cel::Env::default().parser().error_recovery_limit(2);
    parser.parse_with_source_info(source).map_err(|errors| syntax_fault(source, &errors))
}

/// The first syntax error in words that help.
fn syntax_fault(source: &str, errors: &ParseErrors) -> Fault {
    let first = errors.errors.iter().find(|error| error.msg.starts_with("Syntax error")).or(errors.errors.first());
    let Some(error) = first else {
        return Fault::new((0, source.len()), "The expression cannot be read.");
    };
    let start = offset(source, error.pos);
    let rest = source.get(start..).unwrap_or_default();
    let word_end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let word = rest.get(..word_end).unwrap_or_default();
    let shown: String = rest.chars().take(1).collect();
    let span = (start, start + word_end.max(shown.len()));
    if error.msg.contains("reserved identifier") {
        return Fault::new(span, format!("`{word}` is a reserved word of the language.")).hint("Use another name.");
    }
    match word.to_ascii_lowercase().as_str() {
        "and" => return Fault::new(span, format!("`{word}` is not an operator.")).hint("Write `&&`."),
        "or" => return Fault::new(span, format!("`{word}` is not an operator.")).hint("Write `||`."),
        "not" => return Fault::new(span, format!("`{word}` is not an operator.")).hint("Write `!`."),
        "is" => return Fault::new(span, format!("`{word}` is not an operator.")).hint("Write `==`."),
        "like" => return Fault::new(span, format!("`{word}` is not an operator.")).hint("Write `.contains('…')`."),
        _ => {}
    }
    if rest.trim().is_empty() {
        return Fault::new((start, source.len()), "The expression ends too early: something is missing at its end.")
            .hint("Complete it, or close the bracket or quote that is still open.");
    }
    match shown.as_str() {
        "=" => Fault::new(span, "A single `=` does not compare.").hint("Write `==`."),
        "&" | "|" => {
            Fault::new(span, format!("A single `{shown}` is not an operator.")).hint(format!("Write `{shown}{shown}`."))
        }
        "'" | "\"" if error.msg.contains("token recognition") => {
            Fault::new((start, source.len()), "This text has no closing quote.")
                .hint(format!("Close it with {shown}; a quote inside a text is written \\{shown}."))
        }
        _ if error.msg.contains("token recognition") => {
            Fault::new(span, format!("`{shown}` has no meaning here.")).hint("Texts stand in quotes: 'Zürich'.")
        }
        _ => {
            let token = if word.is_empty() { &shown } else { word };
            Fault::new(span, format!("`{token}` is not expected here."))
                .hint("Something may be missing before it: an operator, a value or a bracket.")
        }
    }
}

/// Byte offset of a line and a column, both counted from 1 in characters.
fn offset(source: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line - 1).unwrap_or(0);
    let column = usize::try_from(column - 1).unwrap_or(0);
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = source.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}

/// The part of the source that a node was read from, in bytes.
pub(super) fn span(node: &IdedExpr, info: &SourceInfo, source: &str) -> (usize, usize) {
    let (start, end) = info.offset_for(node.id).unwrap_or((0, 0));
    let mut found = (start as usize, end as usize + 1);
    let mut cover = |other: &IdedExpr| {
        let inner = span(other, info, source);
        found = (found.0.min(inner.0), found.1.max(inner.1));
    };
    match &node.expr {
        Node::Call(call) => {
            call.target.iter().for_each(|target| cover(target));
            call.args.iter().for_each(&mut cover);
            let is_operator = call.func_name.contains('_') && !call.func_name.starts_with(char::is_alphabetic)
                || call.func_name.starts_with('@');
            if !is_operator {
                if call.target.is_none() {
                    found.0 = found.0.saturating_sub(call.func_name.len());
                }
                found.1 = closing(source, found.1, ')');
            }
        }
        Node::Select(select) => {
            cover(&select.operand);
            found.1 = name_after(source, end as usize + 1, &select.field).1;
        }
        Node::List(list) => {
            list.elements.iter().for_each(cover);
            found.1 = closing(source, found.1, ']');
        }
        _ => {}
    }
    (found.0.min(source.len()), found.1.min(source.len()))
}

/// The end of the closing bracket that follows, white space between.
fn closing(source: &str, from: usize, bracket: char) -> usize {
    let rest = source.get(from..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start().len();
    if rest.trim_start().starts_with(bracket) { from + blank + 1 } else { from }
}

/// Where the name stands that follows a dot.
pub(super) fn name_after(source: &str, from: usize, name: &str) -> (usize, usize) {
    let rest = source.get(from..).unwrap_or_default();
    let start = from + rest.find(name).unwrap_or(0);
    (start, start + name.len())
}

/// Where the name of a method stands, whose opening bracket the node points to.
pub(super) fn name_before(source: &str, bracket: usize, name: &str) -> (usize, usize) {
    let before = source.get(..bracket).unwrap_or_default();
    let start = before.rfind(name).unwrap_or(bracket);
    (start, start + name.len())
}
