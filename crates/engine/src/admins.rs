//! Administrators are made and changed by administrators only: whoever manages users could otherwise become one.

use model::{Actor, ActorKind, Code, Object, Problem};
use store::Error;
use uuid::Uuid;

use crate::batch::Batch;
use crate::draft::Draft;

type Drafts = Vec<Result<Draft, Problem>>;

impl Batch<'_> {
    /// Refuses drafts of users that are or would become administrators, unless an administrator makes them.
    pub(crate) fn guard_admins(&mut self, object: &Object, drafts: Drafts) -> Result<Drafts, Error> {
        if object.name != "user" || self.policy().is_unbound() {
            return Ok(drafts);
        }
        let mut guarded = Vec::with_capacity(drafts.len());
        for draft in drafts {
            guarded.push(match draft {
                Ok(draft) if self.touches_admin(&draft)? => {
                    Err(Problem::new(Code::Forbidden, "Only an administrator makes or changes an administrator."))
                }
                other => other,
            });
        }
        Ok(guarded)
    }

    fn touches_admin(&mut self, draft: &Draft) -> Result<bool, Error> {
        for role in [draft.was("role").as_id(), draft.get("role").as_id()].into_iter().flatten() {
            if self.is_admin_role(role)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_admin_role(&mut self, role: Uuid) -> Result<bool, Error> {
        let holder = Actor { kind: ActorKind::User, role: Some(role), ..Actor::system("a role's rights") };
        let workspace = self.workspace;
        Ok(workspace.rights(self.tx, &holder)?.admin)
    }
}
