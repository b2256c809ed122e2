//! What users were told: how much of it is unread, and ringing for what another program on the same database told them.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::{Actor, expr};
use store::tables::notifications::{self, Notification};
use store::{Error, Tx};
use uuid::Uuid;

use crate::live::LiveEvent;
use crate::policy::Right;
use crate::workspace::Workspace;

/// Unread notifications are counted so far; the bell shows no more.
const COUNT_MAX: usize = 100;
/// Notifications looked at in one go.
const PAGE: usize = 200;
/// Pages looked at for one count: whoever was told of so much that is out of sight by now gets no exact figure.
const PAGES_MAX: usize = 5;
/// How far back it is looked for what others told: longer than a transaction lasts and clocks differ.
const LOOK_BACK_US: i64 = 60_000_000;

/// The notifications for which this program rang already.
#[derive(Default)]
pub(crate) struct Rung {
    known: HashMap<Uuid, i64>,
    /// What is older than the first look was rung for by somebody else, or is shown with the page.
    begun: bool,
}

impl Workspace {
    /// How many notifications a user has not read, of those whose subject the user may see, counted to a hundred.
    ///
    /// # Errors
    /// A database that fails.
    pub fn unread(&self, tx: &mut Tx, actor: &Actor, user: Uuid) -> Result<usize, Error> {
        let (mut count, mut before) = (0, None);
        for _ in 0..PAGES_MAX {
            let page = notifications::list(tx, user, true, before, PAGE)?;
            count += self.in_sight(tx, actor, &page)?;
            before = page.last().map(|row| row.id);
            if count >= COUNT_MAX || page.len() < PAGE {
                break;
            }
        }
        Ok(count.min(COUNT_MAX))
    }

    fn in_sight(&self, tx: &mut Tx, actor: &Actor, page: &[Notification]) -> Result<usize, Error> {
        let schema = self.schema();
        let mut wanted: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
        for row in page {
            wanted.entry(&row.object).or_default().push(row.record);
        }
        let mut seen: HashSet<Uuid> = HashSet::new();
        for (name, ids) in wanted {
            let Some(object) = schema.find_object(name) else { continue };
            let Ok(scope) = self.judge(tx, actor, |policy| policy.scope(object, Right::Read))? else { continue };
            seen.extend(tx.matches(&schema, object, &ids, &scope.unwrap_or_else(expr::Expr::always))?);
        }
        Ok(page.iter().filter(|row| seen.contains(&row.record)).count())
    }

    /// Rings for notifications that were kept since the last look, by whichever program on this database.
    pub(crate) fn ring(&self, rung: &mut Rung) -> Result<(), Error> {
        let since = self.now() - LOOK_BACK_US;
        let told = self.store().read(move |tx| notifications::told_since(tx, since)).wait()?;
        let mut users: HashSet<Uuid> = HashSet::new();
        for (id, user) in told {
            if rung.known.insert(id, self.now()).is_none() && rung.begun {
                users.insert(user);
            }
        }
        rung.begun = true;
        rung.known.retain(|_, at| *at >= since - LOOK_BACK_US);
        users.into_iter().for_each(|user| self.tell(&LiveEvent::Notification { user }));
        Ok(())
    }
}
