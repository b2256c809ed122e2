//! Answers on standard output: words for people, JSON for scripts.

use std::process::ExitCode;

use serde_json::Value as Json;

/// Prints an answer: the JSON on one line, or the words.
pub fn answer(json: bool, value: &Json, words: &str) {
    if json {
        println!("{value}");
    } else {
        println!("{words}");
    }
}

/// What a program ends with whose configuration is wrong (`sysexits.h`).
const EX_CONFIG: u8 = 78;

/// Prints an error and gives the exit code: 2 for what the caller can mend, 78 for keys that do not fit, 1 for the rest.
pub fn fail(error: &anyhow::Error, json: bool) -> ExitCode {
    let problem = match error.downcast_ref::<store::Error>() {
        Some(store::Error::Problem(problem)) => Some((**problem).clone()),
        _ => error.downcast_ref::<model::Problem>().cloned(),
    };
    match &problem {
        Some(problem) if json => {
            let text = serde_json::to_string(problem).unwrap_or_else(|_| problem.detail.clone());
            eprintln!("{text}");
        }
        Some(problem) => {
            eprintln!("rapport: {}", problem.detail);
            for field in &problem.fields {
                eprintln!("  {}: {}", field.field, field.message);
            }
        }
        None if json => eprintln!("{}", serde_json::json!({ "code": "failed", "detail": format!("{error:#}") })),
        None => eprintln!("rapport: {error:#}"),
    }
    ExitCode::from(match problem {
        Some(_) => 2,
        None if error.is::<engine::keys::WrongKeys>() => EX_CONFIG,
        None => 1,
    })
}
