//! Ids that are unique for ever, and grow, in named stores.
//!
//! ```no_run
//! use ottavo_sdk::sequencer::{Order, Sequencer};
//!
//! let ids = Sequencer::open("default");
//! // greater than any before it, by any host
//! let invoice = ids.next("invoice", Order::Strong)?;
//! // fast: the host takes blocks ahead, and skips what is left of one
//! let event = ids.next("event", Order::Weak)?;
//! for line in ids.next_range("line", Order::Strong, 10)? {
//!     println!("{invoice} {event} {line}");
//! }
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::Result;
use crate::bindings::ottavo::runtime::sequencer as wit;

/// How the ids of a key follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Grows in general, may skip. Fast.
    Weak,
    /// Each id is greater than any id of the key handed out before, by any host.
    Strong,
}

/// One named store of ids. Opening it costs nothing; the manifest's `[needs]` must name it.
#[derive(Clone, Debug)]
pub struct Sequencer {
    name: Cow<'static, str>,
}

impl Sequencer {
    /// The store of this name.
    pub fn open(name: impl Into<Cow<'static, str>>) -> Sequencer {
        Sequencer { name: name.into() }
    }

    /// The next id of a key, from 1 to 2^53 - 1.
    ///
    /// # Errors
    /// `exhausted` when the key has no id left.
    pub fn next(&self, key: &str, order: Order) -> Result<u64> {
        Ok(wit::next(&self.name, key, order.lower())?)
    }

    /// The next ids of a key, one after the other; `size` is from 1 to 1,000,000.
    ///
    /// # Errors
    /// `exhausted` when the key has fewer ids left.
    pub fn next_range(&self, key: &str, order: Order, size: u32) -> Result<RangeInclusive<u64>> {
        let wit::Range { first, last } = wit::next_range(&self.name, key, order.lower(), size)?;
        Ok(first..=last)
    }
}

impl Order {
    fn lower(self) -> wit::Order {
        match self {
            Order::Weak => wit::Order::Weak,
            Order::Strong => wit::Order::Strong,
        }
    }
}
