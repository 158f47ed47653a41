//! Locks in the layout of Layotto: the owner is the text at `lock|||<resource>`, which redis lets
//! expire. Beside it stand the token of who holds it, and one counter of tokens.
//!
//! Who waits asks again at growing intervals, because another host, or Layotto, may unlock; of
//! those who wait on one host only the first does, and it is woken when the lock is unlocked there.

mod keys;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::lock::handover::Handover;
use ottavo_blocks::lock::waiting::{Attempt, Waiting};
use ottavo_blocks::lock::{Capability, Claim, Lease, Lock, Owner, Release, Ttl, rules};
use ottavo_core::{CallContext, Error, Kind, Result, Shutdown, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;
use tokio::time::timeout_at;

use crate::conn::{Conn, Effect};
use crate::error::strange;
use crate::options::RedisOptions;
use crate::reach::Reach;
use crate::script::{scripts, text_of};
use crate::{NAME, Redis};
use keys::Keys;

scripts! {
    TAKE = "lock/token.lua" "lock/take.lua";
    RENEW = "lock/token.lua" "lock/renew.lua";
    RELEASE = "lock/token.lua" "lock/release.lua";
}

/// How long what was begun may take when nobody waits for it any more.
const AFTERWARDS: Duration = Duration::from_secs(10);

/// The pauses between two questions whether a lock is free.
const SHORTEST: Duration = Duration::from_millis(8);
const LONGEST: Duration = Duration::from_millis(250);

#[async_trait]
impl Driver<dyn Lock> for Redis {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<RedisOptions>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        Reach::new(&ottavo_registry::options(table.clone())?).map(drop)
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Lock>> {
        let conn = crate::connect(&context, table).await?;
        let (waiting, shutdown) = (Arc::default(), context.shutdown);
        Ok(Arc::new(RedisLock { conn, waiting, shutdown }))
    }
}

/// One store.
struct RedisLock {
    conn: Conn,
    waiting: Arc<Waiting>,
    shutdown: Shutdown,
}

/// How long a lock is still held; none when nobody knows.
type Left = Option<Duration>;

impl RedisLock {
    /// One attempt, which is given back if its caller goes away meanwhile.
    fn attempt(&self, cx: &CallContext, claim: &Claim, owner: &Owner) -> Handover<Left> {
        let (resource, owner, ttl) = (claim.resource.clone(), owner.clone(), claim.ttl);
        let mut own = cx.clone();
        own.deadline += AFTERWARDS;
        let (conn, taken) = (self.conn.clone(), resource.clone());
        let attempt = async move { take(&conn, &own, &taken, owner, ttl).await };
        let (conn, waiting, cx) = (self.conn.clone(), Arc::clone(&self.waiting), cx.clone());
        Handover::new(&self.shutdown, attempt, move |lease| async move {
            let cx = CallContext::new(cx.request_id, cx.caller, AFTERWARDS);
            // else it expires
            let _released = release(&conn, &cx, &resource, &lease.owner).await;
            waiting.freed(&resource);
        })
    }
}

#[async_trait]
impl Lock for RedisLock {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Shared]
    }

    async fn health(&self, cx: &CallContext) -> Result<()> {
        self.conn.ping(cx).await
    }

    async fn try_lock(&self, cx: &CallContext, claim: Claim) -> Result<Option<Lease>> {
        let owner = claim.owner();
        let attempt = async || {
            self.conn.connected(cx).await?;
            let attempt = timeout_at(cx.deadline, self.attempt(cx, &claim, &owner)).await;
            attempt.unwrap_or_else(|_| {
                let message = "redis gave no answer before the deadline of the call: a lock that \
                               it gives later is given back";
                Err(Error::new(Kind::Timeout, message))
            })
        };
        let mut next = SHORTEST;
        let pause = |left: Left| {
            let pause = next.mul_f64(0.75 + fastrand::f64() / 2.0).min(left.unwrap_or(LONGEST));
            next = (next * 2).min(LONGEST);
            tokio::time::sleep(pause)
        };
        self.waiting.until_taken(cx, &claim.resource, claim.wait, attempt, pause).await
    }

    async fn renew(
        &self,
        cx: &CallContext,
        resource: &Key,
        owner: &Owner,
        ttl: Ttl,
    ) -> Result<Lease> {
        let Keys { lock, token, counter } = Keys::of(&self.conn, resource);
        let mut call = RENEW.on([&*lock, &*token, &*counter]);
        call.arg(owner.as_str()).arg(ttl.millis().to_string());
        let mut answer = call.run(&self.conn, cx, Effect::Writes).await?.into_iter();
        match text_of(answer.next())?.as_str() {
            "held" => lease(owner.clone(), &text_of(answer.next())?, ttl),
            "not-held" => Err(rules::not_held(resource, owner)),
            _ => Err(strange()),
        }
    }

    async fn unlock(&self, cx: &CallContext, resource: &Key, owner: &Owner) -> Result<Release> {
        let release = release(&self.conn, cx, resource, owner).await?;
        if release == Release::Released {
            self.waiting.freed(resource);
        }
        Ok(release)
    }
}

async fn take(
    conn: &Conn,
    cx: &CallContext,
    resource: &Key,
    owner: Owner,
    ttl: Ttl,
) -> Result<Attempt<Left>> {
    let Keys { lock, token, counter } = Keys::of(conn, resource);
    let mut call = TAKE.on([&*lock, &*token, &*counter]);
    call.arg(owner.as_str()).arg(ttl.millis().to_string());
    let mut answer = call.run(conn, cx, Effect::Writes).await?.into_iter();
    match (text_of(answer.next())?.as_str(), text_of(answer.next())?) {
        ("taken", token) => Ok(Attempt::Taken(lease(owner, &token, ttl)?)),
        ("held", left) => {
            let left: i64 = left.parse().map_err(|_| strange())?;
            Ok(Attempt::Held(u64::try_from(left).ok().map(Duration::from_millis)))
        }
        _ => Err(strange()),
    }
}

async fn release(conn: &Conn, cx: &CallContext, resource: &Key, owner: &Owner) -> Result<Release> {
    let Keys { lock, token, .. } = Keys::of(conn, resource);
    let mut call = RELEASE.on([&*lock, &*token]);
    call.arg(owner.as_str());
    let mut answer = call.run(conn, cx, Effect::Writes).await?.into_iter();
    match text_of(answer.next())?.as_str() {
        "released" => Ok(Release::Released),
        "not-held" => Ok(Release::NotHeld),
        "held-by-other" => Ok(Release::HeldByOther),
        _ => Err(strange()),
    }
}

fn lease(owner: Owner, token: &str, ttl: Ttl) -> Result<Lease> {
    let fencing_token = token.parse().map_err(|_| strange())?;
    Ok(Lease { owner, fencing_token, remaining: ttl.duration() })
}
