//! redb alone, with a thread that commits what has gathered, as the driver `local` does: one sync for all of it. A key, a
//! value, and nothing else.

use std::path::Path;

use anyhow::{Context, Result};
use bytes::Bytes;
use redb::{Database, Durability, TableDefinition};
use tokio::sync::{mpsc, oneshot};

const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("values");

/// The same bounds as those of the driver.
const WAITING: usize = 4096;
const TOGETHER: usize = 1024;

struct Write {
    key: String,
    data: Bytes,
    written: oneshot::Sender<()>,
}

/// A file, and the thread that writes it, which ends with the value.
#[derive(Clone)]
pub(crate) struct Redb(mpsc::Sender<Write>);

impl Redb {
    pub(crate) fn open(path: &Path) -> Result<Redb> {
        let database = Database::create(path)?;
        let (writes, received) = mpsc::channel(WAITING);
        std::thread::Builder::new().name("redb".into()).spawn(move || run(&database, received))?;
        Ok(Redb(writes))
    }

    /// Returns once it is on the disk.
    pub(crate) async fn set(&self, key: String, data: Bytes) -> Result<()> {
        let (written, done) = oneshot::channel();
        self.0.send(Write { key, data, written }).await.ok().context("the writer ended")?;
        done.await.context("it was not written")
    }
}

/// What cannot be committed ends it: those who wait hear that they are not answered.
fn run(database: &Database, mut received: mpsc::Receiver<Write>) -> Result<()> {
    let mut writes = Vec::new();
    while received.blocking_recv_many(&mut writes, TOGETHER) > 0 {
        let mut transaction = database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        let mut table = transaction.open_table(TABLE)?;
        for write in &writes {
            table.insert(write.key.as_bytes(), &write.data[..])?;
        }
        drop(table);
        transaction.commit()?;
        for write in writes.drain(..) {
            write.written.send(()).ok().context("nobody waits")?;
        }
    }
    Ok(())
}
