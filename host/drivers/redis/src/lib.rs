//! State, events, locks and ids in redis, in the layout of Layotto, so that both can share one server.
//!
//! Invariants: every operation is one command or one script, so that redis itself makes it atomic;
//! a call that may have taken effect is never repeated; a host starts and recovers without redis.
//! Deliberately absent: a pool (one multiplexed connection per store), caches, and any state of a
//! store in this process.

mod cluster;
mod config;
mod conn;
mod error;
mod lock;
mod options;
mod places;
mod pubsub;
mod reach;
mod script;
mod sequencer;
mod state;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::config::Config;
use ottavo_blocks::state::State;
use ottavo_core::{Result, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

use config::RedisConfig;
use conn::Conn;
use options::RedisOptions;
use reach::Reach;
use state::RedisState;

/// The driver `redis`.
pub struct Redis;

#[async_trait]
impl Driver<dyn State> for Redis {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<RedisOptions>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        Reach::new(&ottavo_registry::options(table.clone())?).map(drop)
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn State>> {
        let conn = connect(&context, table).await?;
        Ok(Arc::new(RedisState::new(conn)))
    }
}

#[async_trait]
impl Driver<dyn Config> for Redis {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<RedisOptions>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        Reach::new(&ottavo_registry::options(table.clone())?).map(drop)
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Config>> {
        let options: RedisOptions = ottavo_registry::options(table)?;
        let (timeout, shutdown) = (options.connect_timeout.0, context.shutdown);
        let (reach, second) = (Reach::new(&options)?, Reach::new(&options)?);
        let conn = Conn::new(reach, timeout, context.name, shutdown.clone());
        conn.greet().await?;
        Ok(Arc::new(RedisConfig::new(conn, second, timeout, shutdown)))
    }
}

/// The word in `driver = "..."`, and the prefix of this driver's call options.
const NAME: &str = "redis";

/// The connection of a store, after a first attempt to make it.
async fn connect(context: &OpenContext, table: Value) -> Result<Conn> {
    let options: RedisOptions = ottavo_registry::options(table)?;
    let reach = Reach::new(&options)?;
    let (name, shutdown) = (context.name.clone(), context.shutdown.clone());
    let conn = Conn::new(reach, options.connect_timeout.0, name, shutdown);
    conn.greet().await?;
    Ok(conn)
}
