//! The bounded queue in front of the worker threads: interactive work first, back-pressure instead of growth.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::Priority;

/// Work waiting for a thread.
pub(crate) struct Queue<J> {
    waiting: Mutex<Waiting<J>>,
    changed: Condvar,
    max: usize,
}

struct Waiting<J> {
    interactive: VecDeque<J>,
    background: VecDeque<J>,
    closed: bool,
}

/// What a worker finds.
pub(crate) enum Next<J> {
    /// Work, and how urgent it is.
    Job(Priority, J),
    /// Nothing came in the time given.
    Idle,
    /// The store was closed and nothing waits.
    Closed,
}

impl<J> Queue<J> {
    /// An empty queue that refuses more than `max` of either priority.
    pub(crate) fn new(max: usize) -> Self {
        let waiting = Waiting { interactive: VecDeque::new(), background: VecDeque::new(), closed: false };
        Self { waiting: Mutex::new(waiting), changed: Condvar::new(), max }
    }

    /// Adds work; gives it back when the queue is full or closed.
    pub(crate) fn push(&self, priority: Priority, job: J) -> Result<(), J> {
        let mut waiting = self.waiting.lock();
        if waiting.closed {
            return Err(job);
        }
        let line = match priority {
            Priority::Interactive => &mut waiting.interactive,
            Priority::Background => &mut waiting.background,
        };
        if line.len() >= self.max {
            return Err(job);
        }
        line.push_back(job);
        drop(waiting);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for work; background work only when no interactive work waits.
    pub(crate) fn pop(&self, patience: Duration) -> Next<J> {
        let deadline = Instant::now() + patience;
        let mut waiting = self.waiting.lock();
        loop {
            if let Some(job) = waiting.interactive.pop_front() {
                return Next::Job(Priority::Interactive, job);
            }
            if let Some(job) = waiting.background.pop_front() {
                return Next::Job(Priority::Background, job);
            }
            if waiting.closed {
                return Next::Closed;
            }
            if self.changed.wait_until(&mut waiting, deadline).timed_out() {
                return Next::Idle;
            }
        }
    }

    /// Interactive work that waits right now.
    pub(crate) fn pop_interactive(&self) -> Option<J> {
        self.waiting.lock().interactive.pop_front()
    }

    /// How much waits.
    pub(crate) fn len(&self) -> usize {
        let waiting = self.waiting.lock();
        waiting.interactive.len() + waiting.background.len()
    }

    /// Refuses new work; workers finish what waits.
    pub(crate) fn close(&self) {
        self.waiting.lock().closed = true;
        self.changed.notify_all();
    }
}
