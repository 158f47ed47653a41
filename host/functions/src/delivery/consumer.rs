//! The deliveries of one subscription: each event is handled, held meanwhile, and settled.

use std::sync::Arc;
use std::time::Duration;

use ottavo_api::pubsub::Consumption;
use ottavo_blocks::pubsub::{DeadLetter, Delivery, MAX_DELIVERIES, Message, Receipt, Topic};
use ottavo_core::{Error, FunctionName, Kind, Result};
use ottavo_imports::Event;
use ottavo_manifest::Subscribe;
use ottavo_telemetry::field;
use ottavo_telemetry::metrics::{DeliveryOutcome, TriggerKind};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::attempt::{Ended, Policy, jittered};
use super::subscription::{FIRST_WAIT, LAST_WAIT, Place, TIMEOUT};
use super::trigger::Halt;
use crate::Functions;

/// What a task and its deliveries share.
pub(super) struct Consumer {
    pub(super) functions: Arc<Functions>,
    pub(super) function: FunctionName,
    pub(super) subscribe: Subscribe,
    pub(super) place: Place,
    pub(super) halt: Halt,
    pub(super) policy: Policy,
}

/// What is said to the store of an event.
enum Fate {
    Acknowledge,
    Retry(Duration),
}

/// How long a call that fails is repeated.
struct Patience {
    until: Instant,
    wait: Duration,
}

impl Patience {
    /// Waits before another try, where it can help.
    async fn again(&mut self, error: &Error) -> bool {
        let worth = error.retryable() && Instant::now() + self.wait < self.until;
        if worth {
            tokio::time::sleep(jittered(self.wait)).await;
            self.wait = (self.wait * 2).min(LAST_WAIT);
        }
        worth
    }
}

impl Consumer {
    /// Subscribes and takes events until it is to stop.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn take(
        self: &Arc<Self>,
        ready: &watch::Sender<bool>,
        slots: &Arc<Semaphore>,
    ) -> Result<()> {
        let joined = tokio::select! {
            joined = self.functions.join(&self.function, &self.subscribe) => joined,
            () = self.halt.soon() => return Ok(()),
        };
        let group = Arc::new(joined?);
        ready.send_replace(true);
        loop {
            let taken = async {
                let first = Arc::clone(slots).acquire_owned().await;
                let max = 1 + slots.available_permits();
                Ok::<_, Error>((first, group.next(max.min(MAX_DELIVERIES)).await?))
            };
            let (first, deliveries) = tokio::select! {
                taken = taken => taken?,
                () = self.halt.soon() => return Ok(()),
            };
            let mut first = first.ok();
            for delivery in deliveries {
                let slot = match first.take() {
                    Some(slot) => Some(slot),
                    // there is one: nobody else takes them
                    None => Arc::clone(slots).acquire_owned().await.ok(),
                };
                let (consumer, group) = (Arc::clone(self), Arc::clone(&group));
                self.halt.shutdown.spawn("deliveries", async move {
                    consumer.deliver(&group, delivery).await;
                    drop(slot);
                });
            }
        }
    }

    /// Has one event handled, and holds it meanwhile.
    async fn deliver(&self, group: &Consumption, delivery: Delivery) {
        tokio::select! {
            () = self.handle(group, &delivery) => {}
            never = self.hold(group, &delivery) => match never {},
        }
    }

    async fn handle(&self, group: &Consumption, delivery: &Delivery) {
        let event = self.event(delivery);
        let ended = tokio::select! {
            ended = self.attempt(&event) => ended,
            () = self.halt.now() => None,
        };
        drop(event);
        let fate = match ended {
            Some(Ended::Done) => Fate::Acknowledge,
            Some(Ended::Again(after) | Ended::NotNow(after)) => Fate::Retry(after),
            Some(Ended::GivenUp(reason)) => self.give_up(delivery, &reason).await,
            None => {
                self.count(DeliveryOutcome::Released);
                Fate::Retry(Duration::ZERO)
            }
        };
        self.settle(group, &delivery.receipt, fate).await;
    }

    /// Delivers until something of the function has run; none when it is to stop before.
    async fn attempt(&self, event: &Event) -> Option<Ended> {
        loop {
            let ended = self.policy.attempt(&self.functions, &self.function, event).await;
            let Ended::NotNow(wait) = ended else { return Some(ended) };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.halt.soon() => return None,
            }
        }
    }

    /// Renews the lease for as long as it is polled.
    async fn hold(&self, group: &Consumption, delivery: &Delivery) -> std::convert::Infallible {
        let each = self.place.lease.get() / 3;
        loop {
            tokio::time::sleep(each).await;
            if let Err(error) = group.renew(TIMEOUT, &delivery.receipt).await {
                // it may come to somebody else as well: the next renewal may still be in time
                let event = &delivery.event.id;
                tracing::warn!({ field::FUNCTION } = %self.function, %event, %error, "a lease was not renewed");
            }
        }
    }

    /// Tells the store what became of an event, for as long as it may still be this host's.
    async fn settle(&self, group: &Consumption, receipt: &Receipt, fate: Fate) {
        let mut patience = self.patience();
        loop {
            let settled = match fate {
                Fate::Acknowledge => group.acknowledge(TIMEOUT, receipt).await,
                Fate::Retry(after) => group.retry(TIMEOUT, receipt, after).await,
            };
            let Err(error) = settled else { return };
            if !patience.again(&error).await {
                tracing::error!({ field::FUNCTION } = %self.function, %error, "what became of an event is not known to its store: it may come again");
                return self.count(DeliveryOutcome::Unsettled);
            }
        }
    }

    fn patience(&self) -> Patience {
        Patience { until: Instant::now() + self.place.lease.get(), wait: FIRST_WAIT }
    }

    /// To the dead-letter topic with it, where there is one.
    async fn give_up(&self, delivery: &Delivery, reason: &str) -> Fate {
        let Some(topic) = &self.place.dead_letter else {
            self.count(DeliveryOutcome::Lost);
            return Fate::Acknowledge;
        };
        let letter = DeadLetter {
            reason,
            topic: &self.place.topic,
            group: &self.place.group,
            attempts: delivery.attempt.min(self.policy.max_deliveries),
            at: self.functions.clock.now(),
        };
        let mut buried = self.publish(topic, letter.message(&delivery.event)).await;
        if let Err(error) = &buried
            && matches!(error.kind(), Kind::TooLarge | Kind::InvalidArgument)
        {
            buried = self.publish(topic, letter.bare(&delivery.event)).await;
        }
        let Err(error) = buried else {
            self.count(DeliveryOutcome::DeadLettered);
            return Fate::Acknowledge;
        };
        tracing::error!({ field::FUNCTION } = %self.function, topic = topic.name(), %error, "an event did not get to its dead-letter topic, and is kept for another try");
        self.count(DeliveryOutcome::Unsettled);
        Fate::Retry(self.policy.backoff.most.0)
    }

    async fn publish(&self, topic: &Topic, message: Message) -> Result<()> {
        let mut patience = self.patience();
        loop {
            let session = self.functions.as_host(&self.function);
            let store = session.pubsub(self.subscribe.pubsub.as_str())?;
            match store.publish(topic.clone(), message.clone()).await {
                Ok(_) => return Ok(()),
                Err(error) if patience.again(&error).await => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn event(&self, delivery: &Delivery) -> Event {
        let event = &delivery.event;
        Event {
            id: event.id.as_str().to_owned(),
            source: event.source.clone(),
            type_: event.kind.clone(),
            subject: event.subject.clone(),
            time: event.time.clone(),
            content_type: event.content_type.clone(),
            trigger: TriggerKind::Subscribe.as_str().to_owned(),
            origin: self.subscribe.pubsub.to_string(),
            topic: self.subscribe.topic.clone(),
            data: event.data.to_vec(),
            attempt: delivery.attempt,
            attributes: event.attributes.clone(),
        }
    }

    fn count(&self, outcome: DeliveryOutcome) {
        let meter = self.functions.host.metrics.function(self.function.as_str());
        meter.delivered(TriggerKind::Subscribe, outcome);
    }
}
