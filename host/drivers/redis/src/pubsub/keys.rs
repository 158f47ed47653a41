//! The keys beside a topic's own. They have `||` where no topic has it, and are in the topic's slot of
//! a cluster.

use ottavo_blocks::pubsub::{Group, Topic};

use crate::cluster::{slot, tag};

pub(super) struct Keys {
    tag: u32,
    /// The events of the topic that are delayed.
    pub(super) delayed: String,
}

impl Keys {
    pub(super) fn of(topic: &Topic) -> Keys {
        let tag = tag(slot(topic.as_str()));
        Keys { tag, delayed: format!("{{{tag}}}||delayed||{topic}", topic = topic.as_str()) }
    }

    /// The events that a group gave back.
    pub(super) fn given_back(&self, topic: &Topic, group: &Group) -> String {
        // the length tells where the group ends, and the topic begins
        let (tag, group, topic) = (self.tag, group.as_str(), topic.as_str());
        format!("{{{tag}}}||retry||{}||{group}||{topic}", group.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_slot_of_the_topic_and_apart() {
        let group = |text: &str| Group::parse(text).expect("valid");
        for text in ["orders", "{a}b", "a{", "日本"] {
            let topic = Topic::parse(text).expect("valid");
            let keys = Keys::of(&topic);
            assert_eq!(slot(&keys.delayed), slot(text), "{text}");
            assert_eq!(slot(&keys.given_back(&topic, &group("{g}"))), slot(text), "{text}");
        }
        let (one, other) = (Topic::parse("b").expect("valid"), Topic::parse("|b").expect("valid"));
        let keys = Keys::of(&one);
        assert_ne!(keys.given_back(&one, &group("a|")), keys.given_back(&other, &group("a")));
    }
}
