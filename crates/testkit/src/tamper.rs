//! Changes behind the back of the program, as somebody with the database file and no key would make them.

use store::{Location, Options, Store, Tx};

/// What somebody does to the audit log of a stopped workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tampering {
    /// Changes one letter of an entry.
    Flip(i64),
    /// Takes an entry out.
    Delete(i64),
    /// Exchanges two entries.
    Swap(i64, i64),
    /// Takes away everything behind an entry, and corrects the head.
    Cut(i64),
}

/// Tampers with a workspace that nobody has open.
pub fn tamper(location: &Location, how: Tampering) {
    let store = Store::open(location, &Options::default()).expect("the database opens");
    store.write(store::Priority::Interactive, move |tx| change(tx, how)).wait().expect("tampering works");
    store.close();
}

fn change(tx: &mut Tx, how: Tampering) -> Result<(), store::Error> {
    match how {
        Tampering::Flip(index) => {
            let changed = tx.execute(
                "UPDATE {audit} SET details = replace(details, '\"from\"', '\"frOm\"'), \
                 kind = CASE WHEN kind LIKE 'x%' THEN 'y' ELSE 'x' || substr(kind, 2) END WHERE idx = ?",
                &[index.into()],
            )?;
            assert_eq!(changed, 1, "there is an entry {index}");
        }
        Tampering::Delete(index) => {
            assert_eq!(tx.execute("DELETE FROM {audit} WHERE idx = ?", &[index.into()])?, 1);
        }
        Tampering::Swap(one, other) => {
            for (from, to) in [(one, -1), (other, one), (-1, other)] {
                tx.execute("UPDATE {audit} SET idx = ? WHERE idx = ?", &[to.into(), from.into()])?;
            }
        }
        Tampering::Cut(index) => {
            tx.execute("DELETE FROM {audit} WHERE idx > ?", &[index.into()])?;
            tx.execute(
                "UPDATE {audit_head} SET idx = ?, hash = (SELECT hash FROM {audit} WHERE idx = ?)",
                &[index.into(), index.into()],
            )?;
        }
    }
    Ok(())
}

/// A table of the audit log and its head, as they are now.
pub struct Copied(Vec<store::Row>, Vec<store::Row>);

const ENTRIES: &str = "idx, at, kind, actor, subject, address, details, hash";
const HEAD: &str = "id, chain, idx, hash";

/// Copies the audit log.
pub fn copy(location: &Location) -> Copied {
    let store = Store::open(location, &Options::default()).expect("the database opens");
    let copied = store.read(|tx| {
        let entries = tx.query(&format!("SELECT {ENTRIES} FROM {{audit}} ORDER BY idx"), &[])?;
        Ok(Copied(entries, tx.query(&format!("SELECT {HEAD} FROM {{audit_head}}"), &[])?))
    });
    let copied = copied.wait().expect("the audit log is read");
    store.close();
    copied
}

/// Puts a copy in the place of the audit log.
pub fn put_back(location: &Location, copied: Copied) {
    let store = Store::open(location, &Options::default()).expect("the database opens");
    let written = store.write(store::Priority::Interactive, move |tx| {
        tx.execute("DELETE FROM {audit}", &[])?;
        tx.execute("DELETE FROM {audit_head}", &[])?;
        for row in &copied.0 {
            tx.execute(&format!("INSERT INTO {{audit}} ({ENTRIES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"), &row.values)?;
        }
        for row in &copied.1 {
            tx.execute(&format!("INSERT INTO {{audit_head}} ({HEAD}) VALUES (?, ?, ?, ?)"), &row.values)?;
        }
        Ok(())
    });
    written.wait().expect("the copy is written");
    store.close();
}

/// Takes all outgoing mails away.
pub fn lose_mails(tx: &mut Tx) -> Result<u64, store::Error> {
    tx.execute("DELETE FROM {mail}", &[])
}

/// Makes outgoing mails two days older.
pub fn age_mails(tx: &mut Tx) -> Result<u64, store::Error> {
    tx.execute("UPDATE {mail} SET queued_at = queued_at - 172800000000", &[])
}

/// Lets the time pass for which messages to devices are put off, and with it the leases of senders.
pub fn hurry_pushes(tx: &mut Tx) -> Result<u64, store::Error> {
    tx.execute("UPDATE {push} SET due_at = 0, lease_until = 0", &[])
}

/// Takes all messages to devices away.
pub fn lose_pushes(tx: &mut Tx) -> Result<u64, store::Error> {
    tx.execute("DELETE FROM {push}", &[])
}

/// Lets every session run out, without anybody having removed it.
pub fn outlive_sessions(tx: &mut Tx) -> Result<u64, store::Error> {
    tx.execute("UPDATE {session} SET expires_at = 1", &[])
}

/// Counts one message to a device less than were queued.
pub fn forget_push(tx: &mut Tx) -> Result<u64, store::Error> {
    tx.execute("UPDATE {counter} SET value = value - 1 WHERE name = 'push'", &[])
}
