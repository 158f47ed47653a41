//! Events of a dead-letter topic on their way back.

use std::time::Duration;

use ottavo_api::pubsub::{Consumption, PubSubCalls};
use ottavo_blocks::pubsub::{
    Group, Lease, MAX_DELIVERIES, REDRIVE, Receipt, Redrive, Start, Subscription, Topic,
};
use ottavo_control::EventsReply;
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind, Result};
use tokio::time::Instant;

use crate::operator::TIMEOUT;

/// Nothing has come for so long: there is nothing.
const IDLE: Duration = Duration::from_secs(1);

/// How long one request goes on.
const LONGEST: Duration = Duration::from_secs(15);

/// How long an event is held that is on its way.
const LEASE: Duration = Duration::from_secs(60);

/// Publishes up to `limit` events of a dead-letter topic to where they came from, or to another topic.
///
/// # Behavior
/// - One that was sent is gone from the dead-letter topic. At least once, as everything is.
/// - One that was given up since `before` stays: it may be one that this has sent.
/// - When one cannot be sent, it stays, and so do those behind it.
pub(crate) async fn run(
    calls: &PubSubCalls<'_>,
    from: Topic,
    to: Option<Topic>,
    limit: u32,
    before: UnixMillis,
) -> Result<EventsReply> {
    let subscription = Subscription {
        topic: from,
        group: Group::parse(REDRIVE)?,
        lease: Lease::parse(LEASE)?,
        from: Start::Oldest,
    };
    let dead = calls.subscribe(subscription).await?;
    let mut run = Run { calls, dead, to, before, sent: 0, stay: Vec::new() };
    let outcome = run.send_all(limit).await;
    for receipt in &run.stay {
        // if that fails, it comes back when its lease ends
        drop(run.dead.retry(TIMEOUT, receipt, Duration::ZERO).await);
    }
    let sent = run.sent;
    let more = outcome.map_err(|error| error.context(format_args!("after {sent} events")))?;
    Ok(EventsReply::Redrive { sent, more })
}

struct Run<'a> {
    calls: &'a PubSubCalls<'a>,
    dead: Consumption,
    to: Option<Topic>,
    before: UnixMillis,
    sent: u32,
    /// What is given back in the end, and not before: else it would come again meanwhile.
    stay: Vec<Receipt>,
}

impl Run<'_> {
    /// Whether there may be more.
    async fn send_all(&mut self, limit: u32) -> Result<bool> {
        let begun = Instant::now();
        while self.sent < limit && begun.elapsed() < LONGEST {
            let most = MAX_DELIVERIES.min((limit - self.sent) as usize);
            let Ok(taken) = tokio::time::timeout(IDLE, self.dead.next(most)).await else {
                return Ok(false);
            };
            let mut taken = taken?.into_iter();
            while let Some(delivery) = taken.next() {
                let receipt = delivery.receipt;
                let redrive = Redrive::of(delivery.event);
                if redrive.is_since(self.before) {
                    self.stay.push(receipt);
                } else if let Err(error) = self.send(redrive, &receipt).await {
                    self.stay.push(receipt);
                    self.stay.extend(taken.map(|delivery| delivery.receipt));
                    return Err(error);
                }
            }
        }
        Ok(true)
    }

    async fn send(&mut self, redrive: Redrive, receipt: &Receipt) -> Result<()> {
        let topic = self.to.clone().or(redrive.topic).ok_or_else(|| {
            let message = "an event does not say where it came from: name a topic with `--to`";
            Error::new(Kind::FailedPrecondition, message)
        })?;
        self.calls.publish(topic, redrive.message).await?;
        self.dead.acknowledge(TIMEOUT, receipt).await?;
        self.sent += 1;
        Ok(())
    }
}
