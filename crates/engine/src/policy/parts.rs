//! What follows from the rights of other objects: parts of records, like the stage changes of a deal, and figures.

use model::expr::{self, Expr, Hop};
use model::{Field, Object, Problem};

use super::{Policy, Right, Scope};

impl Policy<'_> {
    /// A part is seen with its whole and changed by who may change its whole.
    pub(super) fn with_whole(&self, object: &Object, right: Right, own: Option<Expr>) -> Result<Option<Expr>, Problem> {
        if self.is_unbound() {
            return Ok(own);
        }
        let field = object.part_of.as_deref().and_then(|name| object.find_field(name));
        let whole = field.and_then(|field| self.schema.find_object(field.target_object()?));
        let (Some(field), Some(whole)) = (field, whole) else { return Ok(own) };
        let right = if right == Right::Read { right } else { Right::Update };
        let Some(reach) = self.scope(whole, right).map_err(|_| self.refusal(object, right))? else { return Ok(own) };
        let hop = Hop { object: object.name.clone(), field: field.name.clone(), target: whole.name.clone() };
        // Of a whole that is gone nothing is known, and what is not known may satisfy a condition that says "not".
        let there = whole.find_field("created_at").map(|field| expr::present(whole, field));
        let reach = expr::through(hop, &there.into_iter().fold(reach, expr::and));
        Ok(Some(own.into_iter().fold(reach, expr::and)))
    }

    /// Whether a field is a figure of records of which the actor may see none: what deals are worth is nothing for
    /// who may not know of deals.
    pub(super) fn counts_unseen(&self, field: &Field) -> bool {
        let counted = field.rollup.as_ref().and_then(|rollup| self.schema.find_object(&rollup.object));
        counted.is_some_and(|counted| matches!(self.scope_of(counted, Right::Read), Scope::None))
    }
}
