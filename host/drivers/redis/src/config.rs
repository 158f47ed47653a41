//! Configuration in redis: a hash for each scope, `ottavo||config||APP-ID||GROUP||LABEL`, with a field
//! for each key. The field without a name counts the changes.
//!
//! Each change is published on a channel of the hash's own name; subscribers of any host look then,
//! and every few seconds in any case: a message of redis may get lost.

mod body;
mod listen;
mod watch;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::config::{Capability, Config, Item, Key, Scope, Updates, Wanted, check, follow};
use ottavo_core::{CallContext, Error, Kind, Result, Shutdown};
use redis::{Cmd, Value};

use crate::conn::{Answer, At, Conn, Effect};
use crate::error;
use crate::reach::Reach;
use listen::Ears;
use watch::Follower;

const SAVE: &str = include_str!("../scripts/config/save.lua");
const DELETE: &str = include_str!("../scripts/config/delete.lua");

/// What the names of all hashes begin with. No key of a caller has `||`, so that no state is there.
const BEGINNING: &str = "ottavo||config||";

/// The field that counts.
const REVISION: &str = "";

/// One store.
pub(crate) struct RedisConfig(Arc<Inner>);

pub(crate) struct Inner {
    conn: Conn,
    ears: Ears,
}

impl RedisConfig {
    /// `reach` is for a connection of its own, on which redis tells of changes.
    pub(crate) fn new(
        conn: Conn,
        reach: Reach,
        timeout: std::time::Duration,
        shutdown: Shutdown,
    ) -> RedisConfig {
        RedisConfig(Arc::new(Inner { conn, ears: Ears::new(reach, timeout, shutdown) }))
    }

    async fn change(
        &self,
        cx: &CallContext,
        scope: &Scope,
        script: &str,
        words: &[&str],
    ) -> Result<()> {
        let hash = hash(scope);
        let mut command = redis::cmd("EVAL");
        command.arg(script).arg(1).arg(&hash).arg(words);
        let size = words.iter().map(|word| word.len()).sum();
        match self.0.conn.call(cx, &command, Effect::Writes, size, At::Key(&hash)).await? {
            Answer::Value(Value::Int(_)) => Ok(()),
            Answer::WrongType => Err(other_data()),
            _ => Err(error::strange()),
        }
    }
}

impl Inner {
    /// The items that are wanted, and the revision of the scope at the same moment.
    async fn read(
        &self,
        cx: &CallContext,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<(String, Vec<Item>)> {
        let hash = hash(scope);
        match wanted {
            Wanted::All => {
                let mut command = redis::cmd("HGETALL");
                command.arg(&hash);
                body::all(self.ask(cx, &command, &hash).await?)
            }
            Wanted::Keys(keys) => {
                let mut command = redis::cmd("HMGET");
                command.arg(&hash).arg(REVISION);
                for key in keys {
                    command.arg(key.as_str());
                }
                body::some(keys, self.ask(cx, &command, &hash).await?)
            }
        }
    }

    /// Changes whenever the scope does.
    async fn revision(&self, cx: &CallContext, scope: &Scope) -> Result<String> {
        let hash = hash(scope);
        let mut command = redis::cmd("HGET");
        command.arg(&hash).arg(REVISION);
        body::revision(self.ask(cx, &command, &hash).await?)
    }

    async fn ask(&self, cx: &CallContext, command: &Cmd, hash: &str) -> Result<Value> {
        match self.conn.call(cx, command, Effect::Reads, 0, At::Key(hash)).await? {
            Answer::Value(value) => Ok(value),
            Answer::WrongType => Err(other_data()),
            Answer::NoScript => Err(error::strange()),
        }
    }
}

/// Unambiguous: no word has `||`, or `|` at an end.
fn hash(Scope { app_id, group, label }: &Scope) -> String {
    format!("{BEGINNING}{app_id}||{group}||{label}")
}

fn other_data() -> Error {
    let message = "redis holds other data where the items of the scope would be";
    Error::new(Kind::FailedPrecondition, message)
}

#[async_trait]
impl Config for RedisConfig {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Shared, Capability::Subscribe]
    }

    async fn health(&self, cx: &CallContext) -> Result<()> {
        self.0.conn.ping(cx).await
    }

    async fn get(&self, cx: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Vec<Item>> {
        Ok(self.0.read(cx, scope, wanted).await?.1)
    }

    async fn save(&self, cx: &CallContext, scope: &Scope, items: Vec<Item>) -> Result<()> {
        check(&items)?;
        if items.is_empty() {
            return Ok(());
        }
        let bodies = items.iter().map(body::write).collect::<Result<Vec<_>>>()?;
        let words = items.iter().zip(&bodies).flat_map(|(item, body)| [item.key.as_str(), body]);
        self.change(cx, scope, SAVE, &words.collect::<Vec<_>>()).await
    }

    async fn delete(&self, cx: &CallContext, scope: &Scope, keys: &[Key]) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        self.change(cx, scope, DELETE, &keys.iter().map(Key::as_str).collect::<Vec<_>>()).await
    }

    async fn subscribe(&self, _: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Updates> {
        follow(Follower::new(&self.0, scope.clone(), wanted.clone())).await
    }
}
