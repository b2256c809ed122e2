//! What can go wrong in the store, as far as somebody branches on it.

use model::Problem;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something the client is told.
    #[error(transparent)]
    Problem(Box<Problem>),
    /// A unique index refused a row.
    #[error("the value of {column} is taken")]
    Unique {
        /// `table.column`, as far as the database names it.
        column: String,
    },
    /// Too much waits already; try again.
    #[error("the database is busy")]
    Busy,
    /// A conflict or a lost connection: the whole transaction may be run again.
    #[error("the transaction must be run again: {0}")]
    Retry(anyhow::Error),
    /// Anything else.
    #[error("database: {0:#}")]
    Database(anyhow::Error),
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Database(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Database(error.into())
    }
}

/// An error with a message of our own.
pub(crate) fn failure(message: impl std::fmt::Display) -> Error {
    Error::Database(anyhow::anyhow!("{message}"))
}
