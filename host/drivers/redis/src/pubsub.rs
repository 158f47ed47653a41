//! Pub/sub in the streams of redis, as Layotto has them: a topic is a stream at the key of its name,
//! an event an entry with the field `data`, in which the event stands as CloudEvents JSON.
//!
//! A lease is what redis calls the idle time of a pending entry. All consumers of a group have one name,
//! as which of them holds an entry is nobody's concern: a receipt names the entry and its attempt.

mod consumer;
mod keys;
mod options;
mod wakes;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::pubsub::{
    Accepted, Capability, Consumer, EventId, Group, Message, PubSub, Start, Subscription, Topic,
    envelope,
};
use ottavo_blocks::state::State;
use ottavo_core::{CallContext, Clock, Error, Kind, Result, StoreName};
use ottavo_registry::{Driver, OpenContext};
use redis::Value;

use crate::conn::{Conn, Effect};
use crate::error::strange;
use crate::script::{scripts, text_of};
use crate::{NAME, Redis};
use consumer::RedisConsumer;
use keys::Keys;
use options::PubSubOptions;
use wakes::Wakes;

scripts! {
    PUBLISH = "pubsub.lua" "publish.lua";
    SUBSCRIBE = "pubsub.lua" "subscribe.lua";
    UNSUBSCRIBE = "pubsub.lua" "unsubscribe.lua";
    NEXT = "pubsub.lua" "next.lua";
    SETTLE = "pubsub.lua" "settle.lua";
}

#[async_trait]
impl Driver<dyn PubSub> for Redis {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> serde_json::Value {
        PubSubOptions::schema()
    }

    fn check(&self, table: &serde_json::Value) -> Result<()> {
        let (_, table) = PubSubOptions::split(table.clone())?;
        Driver::<dyn State>::check(self, &table)
    }

    async fn open(
        &self,
        context: OpenContext,
        table: serde_json::Value,
    ) -> Result<Arc<dyn PubSub>> {
        let (options, table) = PubSubOptions::split(table)?;
        let conn = crate::connect(&context, table).await?;
        Ok(Arc::new(RedisPubSub(Arc::new(Inner {
            conn,
            name: context.name,
            clock: context.clock,
            max_events: options.max_events,
            retention: options.retention.0,
            poll: options.poll.0,
            wakes: Wakes::default(),
        }))))
    }
}

/// One store.
struct RedisPubSub(Arc<Inner>);

struct Inner {
    conn: Conn,
    name: StoreName,
    clock: Arc<dyn Clock>,
    max_events: u64,
    retention: Duration,
    poll: Duration,
    wakes: Wakes,
}

/// A message as the script takes it.
struct Entry {
    id: EventId,
    delay: Duration,
    ttl: Option<Duration>,
    data: Vec<u8>,
}

impl Inner {
    fn entry(&self, cx: &CallContext, topic: &Topic, message: Message) -> Result<Entry> {
        message.options.of_driver(NAME, &[])?;
        let now = self.clock.now();
        let Accepted { event, delay, ttl, ordering_key: _ } = message.accept(&cx.caller, now)?;
        let expires = ttl.map(|ttl| now.saturating_add(span(ttl)));
        let data = envelope::encode(&event, self.name.as_str(), topic, expires);
        Ok(Entry { id: event.id, delay, ttl, data })
    }

    async fn publish(
        &self,
        cx: &CallContext,
        topic: &Topic,
        entries: Vec<Entry>,
    ) -> Result<Vec<Result<EventId>>> {
        let keys = Keys::of(topic);
        let mut call = PUBLISH.on([topic.as_str(), &keys.delayed]);
        call.arg(self.max_events.to_string()).arg(millis(self.retention));
        let mut ids = Vec::with_capacity(entries.len());
        for Entry { id, delay, ttl, data } in entries {
            call.arg(millis(delay)).arg(ttl.map(millis).unwrap_or_default());
            call.arg(data);
            ids.push(id);
        }
        // a look that begins now finds it: both go over one connection
        let sent = || self.wakes.wake(topic);
        let answer = call.run_telling(&self.conn, cx, Effect::Writes, Some(&sent)).await?;
        let mut answer = answer.into_iter();
        said(topic, None, answer.next())?;
        let outcome = |id| match &*text_of(answer.next())? {
            "1" => Ok(id),
            "0" => Err(self.full(topic)),
            _ => Err(strange()),
        };
        Ok(ids.into_iter().map(outcome).collect())
    }

    fn full(&self, topic: &Topic) -> Error {
        let (topic, most) = (topic.name().escape_debug(), self.max_events);
        let message = format!(
            "topic `{topic}` keeps {most} events that a group still waits for, the most \
             (`max_events`): publish again later"
        );
        Error::new(Kind::Exhausted, message)
    }
}

#[async_trait]
impl PubSub for RedisPubSub {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Shared]
    }

    async fn health(&self, cx: &CallContext) -> Result<()> {
        self.0.conn.ping(cx).await
    }

    async fn publish(&self, cx: &CallContext, topic: &Topic, message: Message) -> Result<EventId> {
        let entry = self.0.entry(cx, topic, message)?;
        self.0.publish(cx, topic, vec![entry]).await?.pop().unwrap_or_else(|| Err(strange()))
    }

    async fn publish_many(
        &self,
        cx: &CallContext,
        topic: &Topic,
        messages: Vec<Message>,
    ) -> Result<Vec<Result<EventId>>> {
        let mut entries = Vec::new();
        // one that is refused here keeps its place among the outcomes of the others
        let checked: Vec<Result<()>> = messages
            .into_iter()
            .map(|message| self.0.entry(cx, topic, message).map(|entry| entries.push(entry)))
            .collect();
        let mut outcomes = match entries.is_empty() {
            true => Vec::new(),
            false => self.0.publish(cx, topic, entries).await?,
        }
        .into_iter();
        let mut next = || outcomes.next().unwrap_or_else(|| Err(strange()));
        Ok(checked.into_iter().map(|checked| checked.and_then(|()| next())).collect())
    }

    async fn subscribe(
        &self,
        cx: &CallContext,
        subscription: Subscription,
    ) -> Result<Arc<dyn Consumer>> {
        let mut call = SUBSCRIBE.on([subscription.topic.as_str()]);
        call.arg(subscription.group.as_str()).arg(match subscription.from {
            Start::New => "$",
            Start::Oldest => "0",
        });
        let mut answer = call.run(&self.0.conn, cx, Effect::Writes).await?.into_iter();
        said(&subscription.topic, Some(&subscription.group), answer.next())?;
        Ok(Arc::new(RedisConsumer::new(Arc::clone(&self.0), subscription)))
    }

    async fn unsubscribe(&self, cx: &CallContext, topic: &Topic, group: &Group) -> Result<()> {
        let given_back = Keys::of(topic).given_back(topic, group);
        let mut call = UNSUBSCRIBE.on([topic.as_str(), &given_back]);
        call.arg(group.as_str());
        let mut answer = call.run(&self.0.conn, cx, Effect::Writes).await?.into_iter();
        said(topic, Some(group), answer.next()).map(drop)
    }
}

/// The first word of an answer, unless it says that the topic or the group is not there.
fn said(topic: &Topic, group: Option<&Group>, word: Option<Value>) -> Result<String> {
    let word = text_of(word)?;
    let topic = topic.name().escape_debug();
    match (&*word, group) {
        ("foreign", _) => Err(Error::new(
            Kind::FailedPrecondition,
            format!("topic `{topic}` cannot be: its key in redis holds something else"),
        )),
        ("gone", Some(group)) => {
            let group = group.as_str().escape_debug();
            let message = format!("topic `{topic}` has no group `{group}`: subscribe again");
            Err(Error::not_found(message))
        }
        _ => Ok(word),
    }
}

fn span(span: Duration) -> u64 {
    // 31,000 years: the scripts cannot add arbitrary numbers
    const LONGEST: u128 = 1_000_000_000_000_000;
    u64::try_from(span.as_millis().min(LONGEST)).unwrap_or_default()
}

fn millis(duration: Duration) -> String {
    span(duration).to_string()
}
