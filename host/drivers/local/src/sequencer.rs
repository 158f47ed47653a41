//! Ids in one file: the id handed out last, of each key.
//!
//! Strong ids wait for the disk, together with those of other callers. Weak ones come from a block
//! that was synced before its first id is handed out, so that most of them wait for nothing; after
//! a crash the rest of the block is skipped.

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::sequencer::ahead::Ahead;
use ottavo_blocks::sequencer::{Capability, Order, Range, Sequencer, Size, rules};
use ottavo_core::{CallContext, Result, schema};
use ottavo_registry::{Driver, OpenContext};
use redb::{Database, ReadableTable, TableDefinition};
use serde_json::Value;

use crate::commits::{Commit, Commits, Failure};
use crate::error::storage;
use crate::options::LocalOptions;
use crate::{Local, NAME, blocking, file};

/// Key -> the id handed out last.
const LAST: TableDefinition<'_, &[u8], u64> = TableDefinition::new("last");

#[async_trait]
impl Driver<dyn Sequencer> for Local {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<LocalOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Sequencer>> {
        let options: LocalOptions = ottavo_registry::options(table)?;
        let database = file::open(&context, "sequencer.redb", &options).await?;
        Ok(Arc::new(start(database).await?))
    }
}

/// One store.
pub(crate) struct LocalSequencer {
    commits: Commits,
    ahead: Ahead,
}

pub(crate) async fn start(database: Database) -> Result<LocalSequencer> {
    blocking(move || {
        create(&database).map_err(|error| storage(&error))?;
        let commits = Commits::start(database, "local-sequencer")?;
        Ok(LocalSequencer { commits, ahead: Ahead::default() })
    })
    .await
}

fn create(database: &Database) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    transaction.open_table(LAST)?;
    Ok(transaction.commit()?)
}

impl LocalSequencer {
    async fn count(&self, cx: &CallContext, key: &Key, size: Size) -> Result<Range> {
        let key = key.clone();
        self.commits.run(cx, move |commit| count(commit, &key, size)).await
    }
}

#[async_trait]
impl Sequencer for LocalSequencer {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Durable]
    }

    async fn health(&self, cx: &CallContext) -> Result<()> {
        self.commits.health(cx).await
    }

    async fn next_range(
        &self,
        cx: &CallContext,
        key: &Key,
        order: Order,
        size: Size,
    ) -> Result<Range> {
        match order {
            Order::Strong => self.count(cx, key, size).await,
            Order::Weak => self.ahead.take(key, size, |size| self.count(cx, key, size)).await,
        }
    }
}

fn count(commit: &mut Commit<'_>, key: &Key, size: Size) -> Result<Range, Failure> {
    let bytes = key.as_str().as_bytes();
    let last = commit.read().open_table(LAST)?.get(bytes)?.map_or(0, |last| last.value());
    let range = rules::after(key, last, size)?;
    commit.write().open_table(LAST)?.insert(bytes, range.last)?;
    Ok(range)
}
