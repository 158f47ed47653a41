//! Events of one trigger that are not done with: one for each subject, in the order in which they
//! are due.

use std::collections::{BTreeMap, HashMap};

use ottavo_imports::Event;
use tokio::time::Instant;

/// When, and in which order of those of one time.
type Turn = (Instant, u64);

#[derive(Default)]
pub(super) struct Waiting {
    events: HashMap<String, (Turn, Event)>,
    turns: BTreeMap<Turn, String>,
    count: u64,
}

impl Waiting {
    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    /// Adds an event; it takes the place of one of the same subject.
    pub(super) fn put(&mut self, subject: String, event: Event, at: Instant) {
        self.count += 1;
        let turn = (at, self.count);
        if let Some((before, _)) = self.events.insert(subject.clone(), (turn, event)) {
            self.turns.remove(&before);
        }
        self.turns.insert(turn, subject);
    }

    /// When the next one is due.
    pub(super) fn next_at(&self) -> Option<Instant> {
        self.turns.keys().next().map(|(at, _)| *at)
    }

    /// Takes the one that is due first.
    pub(super) fn take(&mut self) -> Option<(String, Event)> {
        let (_, subject) = self.turns.pop_first()?;
        let (_, event) = self.events.remove(&subject)?;
        Some((subject, event))
    }

    /// Resolves when one is due; never without any.
    pub(super) async fn due(&self) {
        match self.next_at() {
            Some(at) => tokio::time::sleep_until(at).await,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn event(data: &str) -> Event {
        Event {
            id: String::new(),
            source: String::new(),
            type_: String::new(),
            subject: None,
            time: None,
            content_type: String::new(),
            trigger: String::new(),
            origin: String::new(),
            topic: String::new(),
            data: data.as_bytes().to_vec(),
            attempt: 1,
            attributes: Vec::new(),
        }
    }

    #[test]
    fn they_come_in_turn_and_the_newest_of_a_subject_stays() {
        let (mut waiting, now) = (Waiting::default(), Instant::now());
        let later = now + Duration::from_secs(1);
        waiting.put("b".into(), event("b1"), now);
        waiting.put("a".into(), event("a1"), now);
        waiting.put("c".into(), event("c1"), later);
        waiting.put("b".into(), event("b2"), later);
        assert_eq!((waiting.len(), waiting.next_at()), (3, Some(now)));
        let taken = std::iter::from_fn(|| waiting.take()).map(|(_, event)| event.data);
        let taken: Vec<_> = taken.collect();
        assert_eq!(taken, [b"a1", b"c1", b"b2"]);
        assert_eq!((waiting.len(), waiting.next_at()), (0, None));
    }
}
