//! What a consumer asks for, and what it gets.

use std::time::Duration;

use ottavo_core::{Error, Result};

use super::{Event, Group, Topic};

/// How many events one call of `next` gives at most.
pub const MAX_DELIVERIES: usize = 100;

/// What to consume, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Which topic.
    pub topic: Topic,
    /// With whom to share its events.
    pub group: Group,
    /// How long an event is leased.
    pub lease: Lease,
    /// Where the group begins, when this makes it.
    pub from: Start,
}

/// Where a new group begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// With what is published from now on.
    #[default]
    New,
    /// With the oldest event that the store still keeps.
    Oldest,
}

/// How long an event is leased: 100 ms to 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease(Duration);

impl Lease {
    /// Accepts a lease.
    ///
    /// # Errors
    /// `invalid-argument` outside 100 ms to 24 hours.
    pub fn parse(span: Duration) -> Result<Lease> {
        const MIN: Duration = Duration::from_millis(100);
        const MAX: Duration = Duration::from_secs(24 * 60 * 60);
        match (MIN..=MAX).contains(&span) {
            true => Ok(Lease(span)),
            false => {
                let millis = span.as_millis();
                Err(Error::invalid(format!("the lease is `{millis}` ms: use 100 ms to 24 hours")))
            }
        }
    }

    /// The span.
    pub fn get(self) -> Duration {
        self.0
    }
}

/// One event, leased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What was published.
    pub event: Event,
    /// 1 on the first delivery to this group.
    pub attempt: u32,
    /// Names this delivery of it.
    pub receipt: Receipt,
}

/// Names one delivery of an event to a group: opaque, given back to the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receipt(String);

impl Receipt {
    /// A receipt in the words of a driver, or as it came back from a caller.
    pub fn new(text: impl Into<String>) -> Receipt {
        Receipt(text.into())
    }

    /// The receipt as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a driver says of text that it never gave.
    pub fn unknown(&self) -> Error {
        let text: String = self.0.chars().take(64).collect();
        Error::invalid(format!("`{}` is not a receipt of this store", text.escape_debug()))
    }
}
