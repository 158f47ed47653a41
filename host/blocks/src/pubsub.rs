//! Publishing events to topics, and consuming them in groups.
//!
//! A topic exists as soon as it is named. A *group* of a topic is a queue of its own: it gets each event
//! that is published while it exists, and the consumers of the group, in whatever process, share
//! them. A consumer *leases* an event: until the lease ends nobody else of the group gets it. What
//! is acknowledged is done; what is not comes again, with a higher attempt.
//!
//! Deliberately absent: dead letters. Who consumes decides how often is often enough, publishes to
//! another topic, and acknowledges; [`DeadLetter`] is the form in which our own consumers do.

mod accept;
mod dead_letter;
pub mod envelope;
mod event;
mod message;
mod subscription;
#[cfg(feature = "suite")]
pub mod suite;
mod topic;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_core::{CallContext, Result};

pub use accept::Accepted;
pub use dead_letter::{DeadLetter, REDRIVE, Redrive};
pub use event::{Event, EventId};
pub use message::{MAX_BATCH, MAX_DATA, Message};
pub use subscription::{Delivery, Lease, MAX_DELIVERIES, Receipt, Start, Subscription};
pub use topic::{Group, Topic};

/// One pub/sub store.
///
/// # Behavior of every method
/// - At least once: each group gets each event that was acknowledged to its publisher while the group
///   existed, unless the event expired first or the store's bounds removed it.
/// - An acknowledged publish is durable when the driver claims [`Capability::Durable`], and so is the
///   attempt that a delivery carries.
/// - A topic without groups need not keep anything; a driver may.
/// - What a store keeps is bounded. An event that has no room is refused with `exhausted`; none that a
///   group still waits for makes room for it.
/// - `cx.deadline` bounds the wait on a backend; the caller also stops waiting at it.
#[async_trait]
pub trait PubSub: Send + Sync + 'static {
    /// What this store can do beyond the contract's core.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether calls could succeed now: asked every few seconds, for the operator to see.
    ///
    /// # Behavior
    /// - Cheap, changes nothing, and touches no topic of a caller.
    /// - The error is the one that calls would get. A store that cannot fail need not say more than
    ///   this does.
    async fn health(&self, _cx: &CallContext) -> Result<()> {
        Ok(())
    }

    /// Publishes one message and returns the id of its event.
    ///
    /// # Behavior
    /// - What is wrong with a message ([`Message::accept`]) is `invalid-argument` or `too-large`.
    /// - With a delay, no group gets it before that has passed. Once its `ttl` has passed, nobody
    ///   gets it any more, on no attempt.
    /// - The id is the message's own or the envelope's, else a new one. Two messages of one id are two
    ///   events.
    async fn publish(&self, cx: &CallContext, topic: &Topic, message: Message) -> Result<EventId>;

    /// Publishes several messages, each on its own; those that succeed in the order given.
    async fn publish_many(
        &self,
        cx: &CallContext,
        topic: &Topic,
        messages: Vec<Message>,
    ) -> Result<Vec<Result<EventId>>>;

    /// Makes the group unless it is there, and a consumer of it.
    ///
    /// # Behavior
    /// - The group stays when its consumers go, and after a restart of a durable store. From then on
    ///   events are kept for it.
    /// - [`Subscription::from`] counts only when the group is made.
    async fn subscribe(
        &self,
        cx: &CallContext,
        subscription: Subscription,
    ) -> Result<Arc<dyn Consumer>>;

    /// Drops a group with what waits for it. One that is not there is fine.
    ///
    /// # Behavior
    /// - Consumers of the group get `not-found`.
    async fn unsubscribe(&self, cx: &CallContext, topic: &Topic, group: &Group) -> Result<()>;
}

/// One member of a group. Dropping it gives nothing back: what it holds comes again when the leases
/// end, or at once after [`Consumer::retry`] with no delay.
///
/// # Behavior of acknowledge, retry and renew
/// - They answer whether the receipt was still held. It is not once the event was acknowledged,
///   delivered again or has to be (after `retry`), or once the group is gone; then nothing is done.
///   A lease that ended is held until somebody else gets the event.
/// - Any consumer of the group can do it, in any process.
#[async_trait]
pub trait Consumer: Send + Sync + 'static {
    /// Takes up to `max` events (at most [`MAX_DELIVERIES`]), and waits until there is one.
    ///
    /// # Behavior
    /// - Never empty.
    /// - An event whose lease ended comes again, its attempt one higher.
    /// - The events of one ordering key come one at a time, in the order published, each when the one
    ///   before it was acknowledged or expired, when the driver claims [`Capability::Ordered`]. Other
    ///   orders are those of the driver.
    /// - Dropping the future loses nothing: what it may have taken comes with a later call of this
    ///   consumer, or when its leases end.
    /// - `not-found` when the group is gone; `unavailable` when the backend is: ask again later.
    async fn next(&self, max: usize) -> Result<Vec<Delivery>>;

    /// The event is done with, for this group.
    async fn acknowledge(&self, cx: &CallContext, receipt: &Receipt) -> Result<bool>;

    /// Ends the lease: the event comes again, not before `after`, its attempt one higher.
    async fn retry(&self, cx: &CallContext, receipt: &Receipt, after: Duration) -> Result<bool>;

    /// Begins the lease anew: it now ends the subscription's lease from now.
    async fn renew(&self, cx: &CallContext, receipt: &Receipt) -> Result<bool>;
}

/// What a store can do beyond the core of the contract. The suite runs what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// An acknowledged publish survives the end of the process and of the machine.
    Durable,
    /// Several hosts see the same topics and groups.
    Shared,
    /// Events of one ordering key come in order.
    Ordered,
}
