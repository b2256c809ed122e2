//! What a deal needs before it leaves a stage: one condition (CEL) a line, with words of its own behind `//`.

use engine::{Draft, RuleContext};
use model::{FieldProblem, Object, Problem, Record};

/// One line.
struct Criterion<'a> {
    condition: &'a str,
    /// What is said when it does not hold; empty when nothing was written.
    words: &'a str,
}

fn read(text: &str) -> impl Iterator<Item = Criterion<'_>> {
    let lines = text.lines().map(|line| {
        let (condition, words) = split(line);
        Criterion { condition: condition.trim(), words: words.trim() }
    });
    lines.filter(|criterion| !criterion.condition.is_empty())
}

/// A line at its `//`, as far as that stands in no text.
fn split(line: &str) -> (&str, &str) {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == '/' => {
                if let Some((condition, words)) = line.split_at_checked(at)
                    && let Some(words) = words.strip_prefix("//")
                {
                    return (condition, words);
                }
            }
            None => {}
        }
    }
    (line, "")
}

/// Refuses criteria that cannot be read, or that look at what their author may not see.
pub(crate) fn check(text: &str, context: &RuleContext<'_>) -> Result<(), Problem> {
    for criterion in read(text) {
        context.check_condition("deal", criterion.condition).map_err(|problem| {
            let message = format!("`{}` cannot be used: {}", criterion.condition, problem.detail);
            Problem::invalid(vec![fault("exit_criteria", "bad_expression", message)])
        })?;
    }
    Ok(())
}

/// What is missing before a deal may leave a stage. What is nothing but an empty field is asked for as one.
pub(crate) fn check_exit(draft: &Draft, stage: &Record, context: &RuleContext<'_>) -> Result<(), Problem> {
    let Some(text) = stage.get("exit_criteria").as_text() else { return Ok(()) };
    let schema = context.workspace.schema();
    let Some(deal) = schema.find_object(&draft.object) else { return Ok(()) };
    let mut missing = Vec::new();
    for criterion in read(text) {
        // A field that a criterion names may be gone by now: that must not hold up every deal.
        if !context.holds(draft, criterion.condition).unwrap_or(true) {
            missing.push(criterion);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let fields: Option<Vec<FieldProblem>> = missing.iter().map(|criterion| empty_field(deal, criterion)).collect();
    if let Some(fields) = fields {
        return Err(Problem::invalid(fields));
    }
    let words: Vec<&str> =
        missing.iter().map(|one| if one.words.is_empty() { one.condition } else { one.words }).collect();
    let name = stage.get("name").as_text().unwrap_or_default();
    let message = format!("{name}: {}.", words.join("; "));
    Err(Problem::invalid(vec![fault("stage", "exit_criteria", message)]))
}

/// `has(field)` as the field that is needed.
fn empty_field(deal: &Object, criterion: &Criterion<'_>) -> Option<FieldProblem> {
    let name = criterion.condition.strip_prefix("has(")?.strip_suffix(')')?.trim();
    let field = deal.find_field(name).filter(|field| !field.is_derived() && !field.read_only)?;
    let message =
        if criterion.words.is_empty() { format!("{} is needed.", field.label) } else { criterion.words.to_owned() };
    Some(fault(name, "required", message))
}

pub(crate) fn fault(field: &str, code: &str, message: String) -> FieldProblem {
    FieldProblem { field: field.to_owned(), code: code.to_owned(), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_behind_two_strokes_that_are_in_no_text() {
        for (line, condition, words) in [
            ("has(amount) // An amount", "has(amount)", " An amount"),
            ("name == 'a//b' // Named", "name == 'a//b'", " Named"),
            ("name == 'it\\'s//' // x", "name == 'it\\'s//'", " x"),
            ("amount / 2 > 1", "amount / 2 > 1", ""),
            ("// only words", "", " only words"),
        ] {
            let (found, said) = split(line);
            assert_eq!((found.trim(), said), (condition, words), "{line}");
        }
        assert_eq!(read("has(a)\n\n// words\n has(b) ").count(), 2);
    }
}
