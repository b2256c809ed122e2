//! After a start nothing of the database is in memory, and the first jump across a long list would wait for the disk
//! page by page. What lists are ordered by is read once, beside the work.

use store::{Error, Select, Sort};

use crate::workspace::Workspace;

/// Records from which an object is worth it: the orders of fewer are read in no time.
const LARGE: u64 = 100_000;

impl Workspace {
    /// Walks once over the indexed orders of large objects. A thread of its own; it ends when that is done or the workspace stops.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn start_warming(&self) -> std::io::Result<()> {
        let workspace = self.clone();
        let run = move || match workspace.warm(LARGE) {
            Ok(walked) => tracing::debug!(walked, "orders of lists are in memory"),
            Err(error) => tracing::warn!(error = format!("{error:#}"), "orders of lists could not be read in advance"),
        };
        std::thread::Builder::new().name("warm".to_owned()).spawn(run)?;
        Ok(())
    }

    /// Reads the orders of objects with at least so many records; says how many orders.
    ///
    /// # Errors
    /// A database that fails.
    pub fn warm(&self, large: u64) -> Result<usize, Error> {
        let schema = self.schema();
        let mut walked = 0;
        for object in schema.objects() {
            let all = Select::all(&schema, object);
            let count = self.store().read(move |tx| Ok(tx.count(&all, 0)?.count)).wait()?;
            if count < large {
                continue;
            }
            let fields = object.ordered_by().filter(|field| object.find_field(field).is_some());
            for field in fields {
                // A jump runs from the nearer end: two to the middle meet there.
                for offset in [count / 2, count / 2 + 1] {
                    if self.is_stopping() {
                        return Ok(walked);
                    }
                    let sort = vec![Sort { field: field.to_owned(), descending: false }];
                    let select = Select { sort, offset, limit: 1, ..Select::all(&schema, object) };
                    self.store().read(move |tx| tx.select_ids(&select)).wait()?;
                }
                walked += 1;
            }
        }
        Ok(walked)
    }
}
