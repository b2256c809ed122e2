//! `user` and `key`.

use std::io::Read as _;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use engine::{Query, Workspace};
use model::Actor;
use serde_json::{Value as Json, json};

use crate::cli::{Key, User};
use crate::config::Config;
use crate::output::answer;

pub fn user(command: User, config: &Config, json: bool) -> Result<ExitCode> {
    match command {
        User::Add { email, name, role, password_stdin } => {
            let password = if password_stdin {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                text.trim_end_matches(['\n', '\r']).to_owned()
            } else {
                rpassword::prompt_password("Password (at least 15 characters): ")?
            };
            let workspace = config.open()?;
            let name = name.unwrap_or_else(|| email.clone());
            let person = api::accounts::add_user(&workspace, &name, &email, &role, &password)?;
            answer(json, &json!({ "id": person.id, "email": email }), &format!("{email} can log in now."));
        }
        User::RemoveSecondFactor { email } => {
            let workspace = config.open_existing()?;
            api::second_factor::remove_by_email(&workspace, &email)?;
            answer(json, &json!({ "email": email }), &format!("The second factor of {email} is removed."));
        }
        User::List => list(&config.open_existing()?, "user", &["name", "email", "active"], json)?,
    }
    Ok(ExitCode::SUCCESS)
}

pub fn key(command: Key, config: &Config, json: bool) -> Result<ExitCode> {
    match command {
        Key::Add { role, name } => {
            let workspace = config.open()?;
            let key = api::accounts::add_key(&workspace, &name, &role)?;
            answer(json, &json!({ "key": key }), &key);
        }
        Key::List => list(&config.open_existing()?, "api_key", &["name", "created_at"], json)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a few fields of every record of an object.
fn list(workspace: &Workspace, object: &str, fields: &[&str], json: bool) -> Result<()> {
    let rows: Arc<Mutex<Vec<Json>>> = Arc::default();
    let collected = rows.clone();
    let query = Query {
        object: object.to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        ..Query::default()
    };
    let each = workspace.each(&Actor::system("command line"), query, move |record| {
        if let Ok(mut rows) = collected.lock() {
            rows.push(record.to_json());
        }
        Ok(())
    });
    each.wait()?;
    let rows = rows.lock().map(|rows| rows.clone()).unwrap_or_default();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells: Vec<String> = std::iter::once("id")
                .chain(fields.iter().copied())
                .filter_map(|field| row.get(field))
                .map(|cell| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned))
                .collect();
            cells.join("  ")
        })
        .collect();
    answer(json, &Json::Array(rows), &lines.join("\n"));
    Ok(())
}
