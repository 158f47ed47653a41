//! Publishing events to topics of named stores.
//!
//! ```no_run
//! use std::time::Duration;
//! use ottavo_sdk::pubsub::{Message, Store};
//!
//! let bus = Store::open("default");
//! bus.publish("orders", &Message::text("book1"))?;
//! let paid = Message::new("application/json", r#"{"total": 10.50}"#)
//!     .event_type("com.example.paid")
//!     .ordering_key("customer-17")
//!     .delay(Duration::from_secs(5));
//! let id = bus.publish("payments", &paid)?;
//! for outcome in bus.publish_many("orders", &[Message::text("book2"), Message::text("book3")])? {
//!     println!("{}", outcome?);
//! }
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```

use std::borrow::Cow;

use crate::Result;
use crate::bindings::ottavo::runtime::pubsub as wit;

mod message;

pub use message::Message;

/// One named store. Opening it costs nothing; the manifest's `[needs]` must name it.
#[derive(Clone, Debug)]
pub struct Store {
    name: Cow<'static, str>,
}

impl Store {
    /// The store of this name.
    pub fn open(name: impl Into<Cow<'static, str>>) -> Store {
        Store { name: name.into() }
    }

    /// Publishes an event, and returns its id once the store has accepted it.
    ///
    /// # Errors
    /// `exhausted` when the topic has no room, because a group does not keep up.
    pub fn publish(&self, topic: &str, message: &Message<'_>) -> Result<String> {
        Ok(wit::publish(&self.name, topic, message.lower())?)
    }

    /// Publishes several in the order given, each with its own outcome.
    pub fn publish_many(
        &self,
        topic: &str,
        messages: &[Message<'_>],
    ) -> Result<Vec<Result<String>>> {
        let messages: Vec<_> = messages.iter().map(Message::lower).collect();
        let outcomes = wit::publish_many(&self.name, topic, &messages)?;
        Ok(outcomes.into_iter().map(|outcome| Ok(outcome?)).collect())
    }
}
