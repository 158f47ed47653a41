//! An event that nobody could handle, as it stands in a dead-letter topic, and the way back.
//!
//! Why, and whence, stand beside the event as further attributes, so that any consumer can read them.

use ottavo_core::clock::UnixMillis;

use super::envelope::{self, rfc3339};
use super::{Event, Group, MAX_DATA, Message, Topic};

/// The group that keeps the events of a dead-letter topic until they are sent back.
pub const REDRIVE: &str = "ottavo-redrive";

/// The names of the attributes.
const REASON: &str = "deadreason";
const TOPIC: &str = "deadtopic";
const GROUP: &str = "deadgroup";
const ATTEMPTS: &str = "deadattempts";
const TIME: &str = "deadtime";
const ALL: [&str; 5] = [REASON, TOPIC, GROUP, ATTEMPTS, TIME];

/// The longest reason that is kept, in characters.
const LONGEST: usize = 1000;

/// Why an event is given up, and whence it came.
#[derive(Clone, Copy, Debug)]
pub struct DeadLetter<'a> {
    /// In words.
    pub reason: &'a str,
    /// Of the topic that it was published to.
    pub topic: &'a Topic,
    /// Whose consumers gave it up.
    pub group: &'a Group,
    /// How often it was delivered.
    pub attempts: u32,
    /// When it is given up.
    pub at: UnixMillis,
}

impl DeadLetter<'_> {
    /// The message for the dead-letter topic.
    pub fn message(&self, event: &Event) -> Message {
        let mut event = event.clone();
        forget(&mut event);
        self.put_on(event)
    }

    /// The same without the event's own attributes, for one that has no room for more.
    pub fn bare(&self, event: &Event) -> Message {
        self.put_on(Event { attributes: Vec::new(), ..event.clone() })
    }

    fn put_on(&self, mut event: Event) -> Message {
        let (attempts, time) = (self.attempts.to_string(), rfc3339(self.at));
        let reason: String = self.reason.chars().take(LONGEST).collect();
        let said = [
            (REASON, reason.as_str()),
            (TOPIC, self.topic.name()),
            (GROUP, self.group.as_str()),
            (ATTEMPTS, &attempts),
            (TIME, &time),
        ];
        for (name, text) in said {
            // an attribute has no control characters, and a topic may: then only the operator knows
            let clean: String =
                text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            if name != TOPIC || clean == text {
                event.attributes.push((name.to_owned(), clean));
            }
        }
        event.attributes.sort();
        again(event)
    }
}

/// An event of a dead-letter topic on its way back.
#[derive(Clone, Debug)]
pub struct Redrive {
    /// The event as it was.
    pub message: Message,
    /// The topic that it came from, where that is known.
    pub topic: Option<Topic>,
    /// When it was given up, as RFC 3339 in UTC; empty where that is not known.
    pub at: String,
}

impl Redrive {
    /// Reads what [`DeadLetter::message`] wrote.
    pub fn of(mut event: Event) -> Redrive {
        let said = |name: &str| event.attributes.iter().find(|(n, _)| n == name);
        let topic = said(TOPIC).and_then(|(_, topic)| Topic::parse(topic.clone()).ok());
        let at = said(TIME).map(|(_, at)| at.clone()).unwrap_or_default();
        forget(&mut event);
        Redrive { message: again(event), topic, at }
    }

    /// Whether it was given up at that time or later.
    pub fn is_since(&self, time: UnixMillis) -> bool {
        // of one length and zone: they are in order as text
        self.at >= rfc3339(time)
    }
}

fn forget(event: &mut Event) {
    event.attributes.retain(|(name, _)| !ALL.contains(&name.as_str()));
}

/// The same event once more: whole, or, when it would be too large in that form, without its source
/// and its time.
fn again(event: Event) -> Message {
    let nowhere = Topic::parse("-").expect("a topic of one character");
    let whole = envelope::encode(&event, "-", &nowhere, None);
    if whole.len() <= MAX_DATA {
        return Message::new(envelope::MEDIA_TYPE, whole);
    }
    Message {
        id: Some(event.id.into_string()),
        kind: Some(event.kind),
        subject: event.subject,
        attributes: event.attributes,
        ..Message::new(event.content_type, event.data)
    }
}

#[cfg(test)]
mod tests {
    use ottavo_core::Caller;

    use super::*;
    use crate::pubsub::EventId;

    fn event(data: Vec<u8>) -> Event {
        Event {
            id: EventId::new("7"),
            source: "/till".to_owned(),
            kind: "paid".to_owned(),
            subject: Some("s".to_owned()),
            time: Some("2026-01-01T00:00:00Z".to_owned()),
            content_type: "application/octet-stream".to_owned(),
            attributes: vec![("region".to_owned(), "eu".to_owned())],
            data: data.into(),
        }
    }

    fn buried(event: &Event, topic: &str) -> Event {
        let topic = Topic::parse(topic).expect("a topic");
        let group = Group::parse("receipts").expect("a group");
        let letter =
            DeadLetter { reason: "no\nink", topic: &topic, group: &group, attempts: 3, at: 1_000 };
        letter.message(event).accept(&Caller::Anonymous, 0).expect("a valid message").event
    }

    #[test]
    fn an_event_comes_back_from_a_dead_letter_topic_as_it_was() {
        let before = event(vec![0, 255]);
        let dead = buried(&before, "orders");
        let attribute = |name| dead.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| &**v);
        assert_eq!(attribute(REASON), Some("no ink"));
        assert_eq!((attribute(GROUP), attribute(ATTEMPTS)), (Some("receipts"), Some("3")));
        // given up a second time, it says so once
        assert_eq!(buried(&dead, "orders"), dead);
        let back = Redrive::of(dead);
        assert_eq!(back.topic.as_ref().expect("known").name(), "orders");
        assert!(back.is_since(1_000) && !back.is_since(1_001));
        let back = back.message.accept(&Caller::Anonymous, 0).expect("a valid message").event;
        assert_eq!(back, before);
    }

    #[test]
    fn an_event_that_is_too_large_in_one_piece_keeps_its_data() {
        let before = event(vec![0; MAX_DATA]);
        let dead = buried(&before, "orders");
        assert!(dead.data == before.data && dead.id == before.id && dead.kind == before.kind);
        assert_eq!(Redrive::of(dead).topic.expect("known").name(), "orders");
        // a topic that no attribute can hold is known to the operator alone
        assert_eq!(Redrive::of(buried(&before, "a\tb")).topic, None);
    }
}
