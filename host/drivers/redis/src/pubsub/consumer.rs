//! A consumer of a group in redis.
//!
//! It looks for events when this host publishes, when something is due, and else every now and then:
//! a connection that others use as well cannot wait in redis. A look that was begun is never dropped by
//! a caller who stops waiting: the consumer keeps it, and the next call takes what it brought.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::pubsub::{
    Consumer, Delivery, Event, EventId, MAX_DELIVERIES, Receipt, Subscription, envelope,
};
use ottavo_core::{CallContext, Caller, Result};
use redis::Value;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

use super::keys::Keys;
use super::{Inner, NEXT, SETTLE, millis, said};
use crate::conn::Effect;
use crate::error::strange;
use crate::script::text_of;

/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the search for ended leases begins.
const FIRST: &str = "0-0";

pub(super) struct RedisConsumer {
    store: Arc<Inner>,
    subscription: Subscription,
    keys: Arc<Keys>,
    given_back: String,
    asked: Mutex<Asked>,
}

type Request = Pin<Box<dyn Future<Output = Result<Found>> + Send>>;

struct Asked {
    /// Under way.
    request: Option<Request>,
    /// Leased, and not given yet.
    leased: VecDeque<Delivery>,
    /// Where the search for ended leases goes on.
    cursor: String,
    /// Changes when there may be something.
    told: watch::Receiver<()>,
    /// When to look again, if nothing is told; none: now.
    again: Option<Instant>,
}

/// What one look brought.
struct Found {
    cursor: String,
    /// When something is due; at once when there is more.
    due: Option<Duration>,
    leased: Vec<Delivery>,
    /// Whose time is over; only their text says so.
    expired: Vec<Receipt>,
}

/// What happens to a delivery.
enum Settling {
    Done,
    Again(Duration),
    Hold,
}

impl RedisConsumer {
    pub(super) fn new(store: Arc<Inner>, subscription: Subscription) -> RedisConsumer {
        let keys = Keys::of(&subscription.topic);
        let given_back = keys.given_back(&subscription.topic, &subscription.group);
        let cursor = FIRST.to_owned();
        let (leased, told) = (VecDeque::new(), store.wakes.of(&subscription.topic));
        let asked = Asked { request: None, leased, cursor, told, again: None };
        let (keys, asked) = (Arc::new(keys), Mutex::new(asked));
        RedisConsumer { store, subscription, keys, given_back, asked }
    }

    /// Looks for what is there, unless a look is under way: of a caller who gave up, perhaps.
    async fn look(&self, asked: &mut Asked, max: usize) -> Result<()> {
        let cursor = &asked.cursor;
        let found = asked.request.get_or_insert_with(|| self.request(max, cursor.clone())).await;
        asked.request = None;
        let found = found?;
        let wait = found.due.map_or(self.store.poll, |due| due.min(self.store.poll));
        asked.again = Some(Instant::now() + wait);
        asked.cursor = found.cursor;
        asked.leased.extend(found.leased);
        for receipt in found.expired {
            self.settle(&context(), &receipt, Settling::Done).await?;
        }
        Ok(())
    }

    fn request(&self, max: usize, cursor: String) -> Request {
        let (store, keys) = (Arc::clone(&self.store), Arc::clone(&self.keys));
        let (given_back, subscription) = (self.given_back.clone(), self.subscription.clone());
        Box::pin(async move {
            let Subscription { topic, group, lease, .. } = &subscription;
            let mut call = NEXT.on([topic.as_str(), &keys.delayed, &given_back]);
            call.arg(group.as_str()).arg(max.to_string());
            call.arg(millis(lease.get())).arg(cursor);
            let answer = call.run(&store.conn, &context(), Effect::Writes).await?;
            let mut answer = answer.into_iter();
            said(topic, Some(group), answer.next())?;
            let cursor = text_of(answer.next())?;
            let due = text_of(answer.next())?;
            let due = due.parse().ok().map(Duration::from_millis);
            let (mut leased, mut expired) = (Vec::new(), Vec::new());
            for entry in answer {
                let Entry { delivery, expires } = Entry::read(entry)?;
                match expires {
                    Some(at) if at <= store.clock.now() => expired.push(delivery.receipt),
                    _ => leased.push(delivery),
                }
            }
            Ok(Found { cursor, due, leased, expired })
        })
    }

    async fn settle(
        &self,
        cx: &CallContext,
        receipt: &Receipt,
        settling: Settling,
    ) -> Result<bool> {
        let (entry, attempt) = parse(receipt)?;
        let (what, after) = match settling {
            Settling::Done => ("done", Duration::ZERO),
            Settling::Again(after) => ("again", after),
            Settling::Hold => ("hold", Duration::ZERO),
        };
        let Subscription { topic, group, .. } = &self.subscription;
        let mut call = SETTLE.on([topic.as_str(), &self.given_back]);
        call.arg(group.as_str()).arg(entry).arg(attempt).arg(what).arg(millis(after));
        let mut answer = call.run(&self.store.conn, cx, Effect::Writes).await?.into_iter();
        match &*text_of(answer.next())? {
            "held" => {
                if what == "again" {
                    self.store.wakes.wake(topic);
                }
                Ok(true)
            }
            "lost" | "gone" => Ok(false),
            "foreign" => said(topic, Some(group), Some(Value::SimpleString("foreign".to_owned())))
                .map(|_| false),
            _ => Err(strange()),
        }
    }
}

fn context() -> CallContext {
    CallContext::new("redis-pubsub".into(), Caller::Anonymous, PATIENCE)
}

#[async_trait]
impl Consumer for RedisConsumer {
    async fn next(&self, max: usize) -> Result<Vec<Delivery>> {
        let max = max.clamp(1, MAX_DELIVERIES);
        let mut asked = self.asked.lock().await;
        while asked.leased.is_empty() {
            if asked.request.is_none() {
                let Asked { told, again, .. } = &mut *asked;
                if let Some(again) = *again {
                    tokio::select! {
                        Ok(()) = told.changed() => {}
                        () = tokio::time::sleep_until(again) => {}
                    }
                }
                *again = None;
                // what comes between the look and the next wait is not missed
                told.mark_unchanged();
            }
            self.look(&mut asked, max).await?;
        }
        let count = asked.leased.len().min(max);
        Ok(asked.leased.drain(..count).collect())
    }

    async fn acknowledge(&self, cx: &CallContext, receipt: &Receipt) -> Result<bool> {
        self.settle(cx, receipt, Settling::Done).await
    }

    async fn retry(&self, cx: &CallContext, receipt: &Receipt, after: Duration) -> Result<bool> {
        self.settle(cx, receipt, Settling::Again(after)).await
    }

    async fn renew(&self, cx: &CallContext, receipt: &Receipt) -> Result<bool> {
        self.settle(cx, receipt, Settling::Hold).await
    }
}

/// `<milliseconds>-<number>.<attempt>`.
fn parse(receipt: &Receipt) -> Result<(String, String)> {
    let parts = receipt.as_str().rsplit_once('.');
    let parts = parts.and_then(|(entry, attempt)| {
        let (time, number) = entry.split_once('-')?;
        let (_, _): (u64, u64) = (time.parse().ok()?, number.parse().ok()?);
        let attempt: u32 = attempt.parse().ok()?;
        Some((entry.to_owned(), attempt.to_string()))
    });
    parts.ok_or_else(|| receipt.unknown())
}

struct Entry {
    delivery: Delivery,
    /// When it expires, if only its text says so.
    expires: Option<u64>,
}

impl Entry {
    fn read(entry: Value) -> Result<Entry> {
        let Value::Array(parts) = entry else { return Err(strange()) };
        let mut parts = parts.into_iter();
        let id = text_of(parts.next())?;
        let (attempt, known) = match (parts.next(), parts.next()) {
            (Some(Value::Int(attempt)), Some(Value::Int(known))) => (attempt, known == 1),
            _ => return Err(strange()),
        };
        let Some(Value::BulkString(data)) = parts.next() else { return Err(strange()) };
        let attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
        let receipt = Receipt::new(format!("{id}.{attempt}"));
        // what other programs put there need not be an event
        let (event, expires) = envelope::decode(&data).unwrap_or_else(|_| (bare(id, data), None));
        let expires = expires.filter(|_| !known);
        Ok(Entry { delivery: Delivery { event, attempt, receipt }, expires })
    }
}

/// An event of nothing but data.
fn bare(id: String, data: Vec<u8>) -> Event {
    Event {
        id: EventId::new(id),
        source: "redis".to_owned(),
        kind: "com.runtime.event.sent".to_owned(),
        subject: None,
        time: None,
        content_type: "application/octet-stream".to_owned(),
        attributes: Vec::new(),
        data: Bytes::from(data),
    }
}
