//! What holds for the whole workspace. Kept in memory; other programs on the same database follow within a second.

use std::sync::Arc;

use model::Actor;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::tables::settings;
use store::{Error, Priority, Tx};

use crate::rates;
use crate::workspace::Workspace;

/// What an administrator sets for the whole workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Name of the company.
    pub name: String,
    /// ISO 4217 code of sums.
    pub base_currency: String,
    /// ISO 3166-1 alpha-2 code for telephone numbers and addresses without a country.
    pub default_country: String,
    /// IANA name of the zone in which `today` begins for those who set none.
    pub time_zone: String,
    /// Whether everybody needs a second factor to log in.
    pub second_factor_required: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            base_currency: "EUR".to_owned(),
            default_country: "DE".to_owned(),
            time_zone: "UTC".to_owned(),
            second_factor_required: false,
        }
    }
}

/// The name under which the settings are kept.
const SETTINGS: &str = "workspace";

impl Settings {
    /// The settings as a transaction sees them.
    pub(crate) fn find(tx: &mut Tx) -> Result<Self, Error> {
        settings::find(tx, SETTINGS)?.map_or_else(|| Ok(Self::default()), Self::read)
    }

    fn read(json: Json) -> Result<Self, Error> {
        Ok(serde_json::from_value(json).map_err(anyhow::Error::from)?)
    }

    fn json(&self) -> Result<Json, Error> {
        Ok(serde_json::to_value(self).map_err(anyhow::Error::from)?)
    }

    /// The zone in which a day begins and ends.
    pub fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.time_zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

impl Workspace {
    /// The settings in force.
    pub fn settings(&self) -> Arc<Settings> {
        self.0.settings.load_full()
    }

    /// Changes the settings as they are stored, whoever changed them last; returns them.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; a database that fails.
    pub fn change_settings(
        &self,
        actor: &Actor,
        change: impl Fn(&mut Settings) + Send + 'static,
    ) -> Result<Settings, Error> {
        self.check_special(actor, "configure")?;
        let _turn = self.0.settings_turn.lock();
        let (workspace, by) = (self.clone(), actor.clone());
        let written = self.store().write(Priority::Interactive, move |tx| {
            let mut after = Settings::read(settings::claim(tx, SETTINGS, &Settings::default().json()?)?)?;
            let before = after.json()?;
            change(&mut after);
            let json = after.json()?;
            let members = json.as_object().into_iter().flatten();
            let changed: Vec<&String> = members
                .filter(|(name, value)| before.get(name.as_str()) != Some(*value))
                .map(|(name, _)| name)
                .collect();
            workspace.audit_in(tx, &by, "settings.changed", None, serde_json::json!({ "fields": changed }));
            settings::set(tx, SETTINGS, &json)?;
            // What amounts count follows in the background: by the rates of another day, or in another currency.
            if changed.iter().any(|name| matches!(name.as_str(), "base_currency" | "time_zone")) {
                rates::count_anew(tx, &workspace.schema(), workspace.now())?;
            }
            Ok(after)
        });
        let after = written.wait()?;
        self.0.settings.store(Arc::new(after.clone()));
        Ok(after)
    }

    /// Learns the settings as they are stored: another program may have changed them.
    pub(crate) fn learn_settings(&self) -> Result<(), Error> {
        let _turn = self.0.settings_turn.lock();
        let settings = self.store().read(Settings::find).wait()?;
        self.0.settings.store(Arc::new(settings));
        Ok(())
    }
}
