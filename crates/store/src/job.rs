//! Work on its way through a worker thread: run once or again, answered once.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, failure};
use crate::tx::Tx;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    /// It may be committed.
    Done,
    /// It must be rolled back; the error is the answer.
    Failed,
    /// It must be rolled back and may be run again.
    Retry,
}

/// Work for a transaction.
pub(crate) trait Job: Send {
    /// Runs it; its result is kept for the answer.
    fn run(&mut self, tx: &mut Tx) -> Run;
    /// Answers with the kept result, or with an error that overrides it.
    fn answer(self: Box<Self>, overriding: Option<Error>);
}

/// A job and whoever waits for it. `repeat` says whether the work can be run again.
pub(crate) struct Task<T, F> {
    work: F,
    result: Option<Result<T, Error>>,
    answer: flume::Sender<Result<T, Error>>,
}

impl<T, F> Task<T, F> {
    /// Work whose result goes to `answer`.
    pub(crate) fn new(work: F, answer: flume::Sender<Result<T, Error>>) -> Self {
        Self { work, result: None, answer }
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnMut(&mut Tx) -> Result<T, Error> + Send,
{
    fn run(&mut self, tx: &mut Tx) -> Run {
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(tx)))
            .unwrap_or_else(|panic| Err(failure(format_args!("the work panicked: {}", panic_text(&*panic)))));
        let result = match result {
            Ok(_) if tx.is_failed() => Err(failure("a statement failed and its error was not passed on")),
            other => other,
        };
        let run = match &result {
            Ok(_) => Run::Done,
            Err(Error::Retry(_)) => Run::Retry,
            Err(_) => Run::Failed,
        };
        self.result = Some(result);
        run
    }

    fn answer(self: Box<Self>, overriding: Option<Error>) {
        let result = match (overriding, self.result) {
            (Some(error), _) => Err(error),
            (None, Some(result)) => result,
            (None, None) => Err(Error::Busy),
        };
        // Nobody listens any more when the client hung up: that is fine.
        drop(self.answer.send(result));
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message")
}
