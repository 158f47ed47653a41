//! Which consumers of this host may look for events: those of a topic that this host publishes to, for example, need not
//! wait.

use std::collections::HashMap;

use ottavo_blocks::pubsub::Topic;
use parking_lot::Mutex;
use tokio::sync::watch;

/// The topics that somebody consumes. A change of one says that there may be something.
#[derive(Default)]
pub(super) struct Wakes(Mutex<HashMap<Topic, watch::Sender<()>>>);

impl Wakes {
    /// Hears of it from now on.
    pub(super) fn of(&self, topic: &Topic) -> watch::Receiver<()> {
        let mut topics = self.0.lock();
        topics.entry(topic.clone()).or_insert_with(|| watch::Sender::new(())).subscribe()
    }

    /// There may be something for the consumers of a topic.
    pub(super) fn wake(&self, topic: &Topic) {
        let mut topics = self.0.lock();
        // without a consumer left, it goes
        if topics.get(topic).is_some_and(|told| told.send(()).is_err()) {
            topics.remove(topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn consumers_hear_of_their_topic_alone_and_nothing_is_kept_without_them() {
        let topic = |text: &str| Topic::parse(text).expect("valid");
        let wakes = Wakes::default();
        let (mut one, other) = (wakes.of(&topic("a")), wakes.of(&topic("b")));
        wakes.wake(&topic("a"));
        wakes.wake(&topic("c"));
        one.changed().await.expect("it was told");
        assert!(!other.has_changed().expect("the store is there"));
        drop(one);
        wakes.wake(&topic("a"));
        assert_eq!(wakes.0.lock().len(), 1);
    }
}
