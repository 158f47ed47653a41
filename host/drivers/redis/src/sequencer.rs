//! Ids in the layout of Layotto: the id handed out last is the number at `sequencer|||<key>`.
//!
//! Strong ids are counted one call at a time; weak ones come from blocks, as Layotto's segments do,
//! and both from the same number.

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::sequencer::ahead::Ahead;
use ottavo_blocks::sequencer::{Capability, MAX_ID, Order, Range, Sequencer, Size, rules};
use ottavo_core::{CallContext, Error, Kind, Result, schema};
use ottavo_registry::{Driver, OpenContext};
use redis::Value as Reply;
use serde_json::Value;

use crate::conn::{Conn, Effect};
use crate::error::strange;
use crate::options::RedisOptions;
use crate::reach::Reach;
use crate::script::{scripts, text_of};
use crate::{NAME, Redis};

scripts! {
    NEXT = "sequencer/next.lua";
}

#[async_trait]
impl Driver<dyn Sequencer> for Redis {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<RedisOptions>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        Reach::new(&ottavo_registry::options(table.clone())?).map(drop)
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Sequencer>> {
        let conn = crate::connect(&context, table).await?;
        Ok(Arc::new(RedisSequencer { conn, ahead: Ahead::default() }))
    }
}

/// One store.
struct RedisSequencer {
    conn: Conn,
    ahead: Ahead,
}

impl RedisSequencer {
    async fn count(&self, cx: &CallContext, key: &Key, size: Size) -> Result<Range> {
        let mut call = NEXT.on([held(key).as_str()]);
        call.arg(size.get().to_string()).arg(MAX_ID.to_string());
        // like a read, it can be made again: ids that did not arrive are skipped
        range(key, size, call.run(&self.conn, cx, Effect::Reads).await?)
    }
}

#[async_trait]
impl Sequencer for RedisSequencer {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Shared]
    }

    async fn health(&self, cx: &CallContext) -> Result<()> {
        self.conn.ping(cx).await
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

/// The key in redis.
fn held(key: &Key) -> String {
    format!("sequencer|||{key}")
}

/// Of `next.lua`.
fn range(key: &Key, size: Size, answer: Vec<Reply>) -> Result<Range> {
    let mut answer = answer.into_iter();
    match (text_of(answer.next())?.as_str(), text_of(answer.next())?) {
        ("ok", last) => {
            let last: u64 = last.parse().map_err(|_| strange())?;
            let first = last.checked_sub(u64::from(size.get()) - 1).ok_or_else(strange)?;
            Ok(Range { first, last })
        }
        ("exhausted", _) => Err(rules::exhausted(key, size)),
        ("foreign", what) => {
            let key = key.as_str().escape_debug();
            let message = format!("key `{key}` holds {what}, from which no ids can be counted");
            Err(Error::new(Kind::FailedPrecondition, message))
        }
        _ => Err(strange()),
    }
}
