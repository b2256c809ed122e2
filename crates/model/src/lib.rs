//! What things are: objects, fields, values, expressions, changes. Pure: no I/O, no clock, no async.

pub mod actor;
pub mod change;
pub mod column;
pub mod duplicates;
pub mod expr;
pub mod field;
pub mod fold;
pub mod hours;
pub mod kinds;
pub mod limits;
pub mod load;
pub mod object;
pub mod problem;
pub mod record;
pub mod schema;
pub mod value;

pub use actor::{Actor, ActorKind};
pub use change::{Change, Op};
pub use column::{Column, ColumnType};
pub use field::{Field, Format, Kind};
pub use object::Object;
pub use problem::{Code, FieldProblem, Problem};
pub use record::{Patch, Record};
pub use schema::Schema;
pub use value::{SCALE, Value};
