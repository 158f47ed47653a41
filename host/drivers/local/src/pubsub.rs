//! Pub/sub in one file: a log of events, and for each group what it still waits for.
//!
//! Everything that changes something is a job of the one writer, publishing, leasing and
//! acknowledging alike, so that each is on the disk before its caller hears of it, and those that wait
//! share a sync. A consumer that waits is given what is published as part of its publishing: both are
//! on the disk with one sync. After a crash what was leased comes again, its attempt one higher.

mod consumer;
mod log;
mod record;
mod tables;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::pubsub::{
    Capability, Consumer, EventId, Group, Message, PubSub, Subscription, Topic,
};
use ottavo_core::{CallContext, Clock, Error, Result, Shutdown, schema};
use ottavo_registry::{Driver, OpenContext};
use redb::Database;
use serde_json::Value;

use crate::commits::{Commit, Commits, Failure};
use crate::error::storage;
use crate::options::{LocalOptions, PubSubOptions};
use crate::{Local, NAME, blocking, file};
use consumer::LocalConsumer;
use log::{Bounds, New};
use tables::Tables;
use waiting::Waiting;

/// How often expired events are collected while nobody publishes, and how many at a time.
const IDLE_COLLECTION: Duration = Duration::from_secs(10);
const COLLECTED: usize = 64;
const COLLECTED_WHEN_IDLE: usize = 1024;

#[async_trait]
impl Driver<dyn PubSub> for Local {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<PubSubOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn PubSub>> {
        let options: PubSubOptions = ottavo_registry::options(table)?;
        let cache = LocalOptions { cache: options.cache };
        let database = file::open(&context, "pubsub.redb", &cache).await?;
        let store = start(database, &options, context.clock, &context.shutdown).await?;
        Ok(Arc::new(store))
    }
}

/// One store.
pub(crate) struct LocalPubSub(Arc<Inner>);

struct Inner {
    commits: Commits,
    clock: Arc<dyn Clock>,
    bounds: Bounds,
    waiting: Waiting,
}

pub(crate) async fn start(
    database: Database,
    options: &PubSubOptions,
    clock: Arc<dyn Clock>,
    shutdown: &Shutdown,
) -> Result<LocalPubSub> {
    let bounds = Bounds {
        events: options.max_events,
        bytes: options.max_bytes.0,
        retention: options.retention.0,
    };
    let shutdown = shutdown.clone();
    blocking(move || {
        tables::create(&database, clock.now()).map_err(|error| storage(&error))?;
        let commits = Commits::start(database, "local-pubsub")?;
        let inner = Arc::new(Inner { commits, clock, bounds, waiting: Waiting::default() });
        let collected = Arc::downgrade(&inner);
        let begun = shutdown.clone();
        shutdown.spawn("local-pubsub-expiry", async move {
            let mut ticks = tokio::time::interval(IDLE_COLLECTION);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
            loop {
                tokio::select! {
                    () = begun.begun() => return,
                    _ = ticks.tick() => {}
                }
                let Some(inner) = collected.upgrade() else { return };
                if let Err(error) = inner.collect().await {
                    tracing::error!(%error, "a store could not remove expired events");
                }
            }
        });
        Ok(LocalPubSub(inner))
    })
    .await
}

impl Inner {
    async fn collect(&self) -> Result<()> {
        let due = tables::anything_due(self.commits.database(), self.clock.now());
        if !due.map_err(|error| storage(&error))? {
            return Ok(());
        }
        let now = self.clock.now();
        let cx = CallContext::new(
            "local-pubsub".into(),
            ottavo_core::Caller::Anonymous,
            IDLE_COLLECTION,
        );
        let collect = move |commit: &mut Commit<'_>| {
            Tables::open(commit.write())?.collect(now, COLLECTED_WHEN_IDLE)?;
            Ok(())
        };
        self.commits.run(&cx, collect).await
    }

    /// Publishes what was accepted, in order, each with an outcome of its own.
    async fn publish(
        &self,
        cx: &CallContext,
        topic: &Topic,
        new: Vec<New>,
    ) -> Result<Vec<Result<()>>> {
        let (bounds, waiting) = (self.bounds, self.waiting.clone());
        let clock = Arc::clone(&self.clock);
        let (topic, name) = (topic.as_str().to_owned(), topic.name().to_owned());
        let publish = move |commit: &mut Commit<'_>| {
            let now = clock.now();
            let mut tables = Tables::open(commit.read())?;
            let Some((topic, groups)) = tables.groups_of(&topic)? else {
                return Ok(new.iter().map(|_| Ok(())).collect());
            };
            if tables.anything_expired(now)? {
                commit.write();
                // until there is room, if it is expired events that fill the topic
                while tables.collect(now, COLLECTED)? == COLLECTED {}
            }
            let mut outcomes = Vec::with_capacity(new.len());
            for new in &new {
                outcomes.push(match tables.check_room(topic, &name, new, bounds) {
                    Err(Failure::Storage(error)) => return Err(Failure::Storage(error)),
                    Err(Failure::Refused(error)) => Err(error),
                    Ok(()) => {
                        commit.write();
                        tables.add(topic, &groups, new)?;
                        Ok(())
                    }
                });
            }
            if outcomes.iter().any(Result::is_ok) {
                for group in groups {
                    waiting.give(group, now, &mut tables, commit)?;
                }
            }
            Ok(outcomes)
        };
        self.commits.run(cx, publish).await
    }

    fn accept(&self, cx: &CallContext, message: Message) -> Result<(EventId, New)> {
        message.options.of_driver(NAME, &[])?;
        let now = self.clock.now();
        let accepted = message.accept(&cx.caller, now)?;
        let id = accepted.event.id.clone();
        let due = now.saturating_add(span(accepted.delay));
        let kept_until = due.saturating_add(span(self.bounds.retention));
        let expires = accepted.ttl.map_or(u64::MAX, |ttl| now.saturating_add(span(ttl)));
        let expires = expires.min(kept_until);
        let record = record::encode(accepted.event)?;
        Ok((id, New { record, key: accepted.ordering_key, due, expires }))
    }
}

#[async_trait]
impl PubSub for LocalPubSub {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Durable, Capability::Ordered]
    }

    async fn health(&self, cx: &CallContext) -> Result<()> {
        self.0.commits.health(cx).await
    }

    async fn publish(&self, cx: &CallContext, topic: &Topic, message: Message) -> Result<EventId> {
        let (id, new) = self.0.accept(cx, message)?;
        let mut outcomes = self.0.publish(cx, topic, vec![new]).await?;
        let outcome = outcomes.pop();
        outcome.unwrap_or_else(|| Err(Error::internal("the writer gave no answer")))?;
        Ok(id)
    }

    async fn publish_many(
        &self,
        cx: &CallContext,
        topic: &Topic,
        messages: Vec<Message>,
    ) -> Result<Vec<Result<EventId>>> {
        let mut accepted = Vec::new();
        // one that is refused here keeps its place among the outcomes of the others
        let checked: Vec<Result<EventId>> = messages
            .into_iter()
            .map(|message| {
                let (id, new) = self.0.accept(cx, message)?;
                accepted.push(new);
                Ok(id)
            })
            .collect();
        let mut outcomes = match accepted.is_empty() {
            true => Vec::new(),
            false => self.0.publish(cx, topic, accepted).await?,
        }
        .into_iter();
        let missing = || Err(Error::internal("the writer gave no answer"));
        let mut next = || outcomes.next().unwrap_or_else(missing);
        Ok(checked.into_iter().map(|checked| checked.and_then(|id| next().map(|()| id))).collect())
    }

    async fn subscribe(
        &self,
        cx: &CallContext,
        subscription: Subscription,
    ) -> Result<Arc<dyn Consumer>> {
        let topic = subscription.topic.as_str().to_owned();
        let (group, from) = (subscription.group.as_str().to_owned(), subscription.from);
        let subscribe = move |commit: &mut Commit<'_>| {
            let mut tables = Tables::open(commit.read())?;
            if let Some(known) = tables.known(&topic, &group)? {
                return Ok(known);
            }
            commit.write();
            Ok(tables.subscribe(&topic, &group, from)?)
        };
        let number = self.0.commits.run(cx, subscribe).await?;
        Ok(Arc::new(LocalConsumer::new(&self.0, number, subscription)))
    }

    async fn unsubscribe(&self, cx: &CallContext, topic: &Topic, group: &Group) -> Result<()> {
        let (topic, name) = (topic.as_str().to_owned(), group.as_str().to_owned());
        let waiting = self.0.waiting.clone();
        let unsubscribe = move |commit: &mut Commit<'_>| {
            let mut tables = Tables::open(commit.read())?;
            if let Some(group) = tables.known(&topic, &name)? {
                commit.write();
                tables.unsubscribe(&topic, &name, group)?;
                waiting.forget(group);
            }
            Ok(())
        };
        self.0.commits.run(cx, unsubscribe).await
    }
}

fn span(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
