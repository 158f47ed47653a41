//! One subscription: its group, and a consumer for as long as it stands.

use std::sync::Arc;
use std::time::Duration;

use ottavo_api::pubsub::Consumption;
use ottavo_api::{Grants, Session};
use ottavo_blocks::pubsub::{Group, Lease, REDRIVE, Start, Subscription, Topic};
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, FunctionName, Result};
use ottavo_manifest::{Manifest, Subscribe, SubscribeFrom};
use ottavo_telemetry::field;
use ottavo_telemetry::metrics::TriggerKind;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::attempt::{Policy, jittered};
use super::consumer::Consumer;
use super::trigger::Halt;
use crate::Functions;

/// For one call on the store.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// The waits between calls on a store that fails: doubled from the first to the last.
pub(super) const FIRST_WAIT: Duration = Duration::from_millis(200);
pub(super) const LAST_WAIT: Duration = Duration::from_secs(10);

/// One subscription of one function.
pub(super) struct Task {
    pub(super) functions: Arc<Functions>,
    pub(super) function: FunctionName,
    pub(super) subscribe: Subscribe,
    pub(super) halt: Halt,
    pub(super) ready: watch::Sender<bool>,
}

/// Where a subscription takes from, and where what it gives up goes.
pub(super) struct Place {
    pub(super) topic: Topic,
    pub(super) group: Group,
    pub(super) lease: Lease,
    pub(super) dead_letter: Option<Topic>,
}

impl Place {
    /// # Errors
    /// `invalid-argument`: the manifest checks the same.
    fn of(function: &FunctionName, subscribe: &Subscribe) -> Result<Place> {
        let group = subscribe.group.clone().unwrap_or_else(|| function.to_string());
        Ok(Place {
            topic: Topic::parse(subscribe.topic.clone())?,
            group: Group::parse(group)?,
            lease: Lease::parse(subscribe.lease.0)?,
            dead_letter: subscribe.dead_letter.clone().map(Topic::parse).transpose()?,
        })
    }
}

impl Functions {
    /// Joins what a manifest subscribes to and the one before did not, so that a deploy is only
    /// acknowledged when events are kept for it.
    ///
    /// # Errors
    /// Those of the store, with the table.
    pub(crate) async fn join_new(&self, manifest: &Manifest, known: &[Subscribe]) -> Result<()> {
        for subscribe in manifest.subscribe.iter().filter(|subscribe| !known.contains(subscribe)) {
            let joined = self.join(&manifest.name, subscribe).await;
            joined.map_err(|error| {
                let topic = subscribe.topic.escape_debug();
                error.context(format_args!("`subscribe` of the topic `{topic}`"))
            })?;
        }
        Ok(())
    }

    /// Makes the group of a subscription, so that events are kept for it from now on.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn join(
        &self,
        function: &FunctionName,
        subscribe: &Subscribe,
    ) -> Result<Consumption> {
        let place = Place::of(function, subscribe)?;
        let session = self.as_host(function);
        let store = session.pubsub(subscribe.pubsub.as_str())?;
        if let Some(topic) = place.dead_letter {
            // a topic keeps nothing before it has a group
            let group = Group::parse(REDRIVE)?;
            let (lease, from) = (place.lease, Start::Oldest);
            drop(store.subscribe(Subscription { topic, group, lease, from }).await?);
        }
        let from = match subscribe.from {
            SubscribeFrom::New => Start::New,
            SubscribeFrom::Oldest => Start::Oldest,
        };
        let Place { topic, group, lease, .. } = place;
        store.subscribe(Subscription { topic, group, lease, from }).await
    }

    /// The host's own calls on behalf of a function: what its manifest subscribes to is granted with
    /// it, and nothing else is called this way.
    pub(super) fn as_host(&self, function: &FunctionName) -> Session {
        let caller = Caller::Function(function.clone());
        let cx = CallContext::new(new_request_id(), caller, TIMEOUT);
        Session::new(Arc::clone(&self.host.api), cx, Arc::new(Grants::everything()))
    }
}

impl Task {
    pub(super) async fn run(self) {
        let Task { functions, function, subscribe, halt, ready } = self;
        let place = match Place::of(&function, &subscribe) {
            Ok(place) => place,
            Err(error) => {
                return tracing::error!({ field::FUNCTION } = %function, %error, "cannot subscribe");
            }
        };
        let policy = Policy {
            trigger: TriggerKind::Subscribe,
            max_deliveries: subscribe.max_deliveries,
            backoff: subscribe.backoff,
        };
        let consumer = Arc::new(Consumer { functions, function, subscribe, place, halt, policy });
        let slots = Arc::new(Semaphore::new(consumer.subscribe.concurrency as usize));
        let mut wait = FIRST_WAIT;
        loop {
            let begun = Instant::now();
            let Err(error) = consumer.take(&ready, &slots).await else { return };
            // one that worked for a while begins anew
            wait = if begun.elapsed() > LAST_WAIT { FIRST_WAIT } else { (wait * 2).min(LAST_WAIT) };
            let Consumer { function, subscribe: Subscribe { pubsub, topic, .. }, .. } = &*consumer;
            tracing::warn!(
                { field::FUNCTION } = %function, %pubsub, topic, %error, again_in = ?wait,
                "a subscription gets no events"
            );
            tokio::select! {
                () = tokio::time::sleep(jittered(wait)) => {}
                () = consumer.halt.soon() => return,
            }
        }
    }
}
