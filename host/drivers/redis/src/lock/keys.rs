//! The names of a lock in redis.
//!
//! One script needs all three, so on a cluster they stand in the slot of the first, whose name is
//! Layotto's. No caller can name the other two: `||` is in no resource and in no prefix.

use ottavo_blocks::Key;

use crate::cluster;
use crate::conn::Conn;

/// What belongs to a resource.
pub(super) struct Keys {
    /// The owner.
    pub(super) lock: String,
    /// The token of who holds it.
    pub(super) token: String,
    /// The token given last: one number for all resources, on a cluster for all of a slot.
    pub(super) counter: String,
}

impl Keys {
    pub(super) fn of(conn: &Conn, resource: &Key) -> Keys {
        Keys::in_slot(resource, conn.is_cluster())
    }

    fn in_slot(resource: &Key, cluster: bool) -> Keys {
        let lock = format!("lock|||{resource}");
        let tag = match cluster {
            true => format!("{{{}}}", cluster::tag(cluster::slot(&lock))),
            false => String::new(),
        };
        let (token, counter) =
            (format!("lock|||||token{tag}||{resource}"), format!("lock|||||counter{tag}"));
        Keys { lock, token, counter }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_a_cluster_all_keys_of_a_lock_are_in_one_slot() {
        for text in ["a", "a{b}c", "{b}", "a}b{", "{}", "app||job{1}"] {
            let resource = Key::stored(text).expect("valid");
            let Keys { lock, token, counter } = Keys::in_slot(&resource, true);
            assert_eq!(lock, format!("lock|||{text}"));
            let slot = cluster::slot(&lock);
            assert_eq!((cluster::slot(&token), cluster::slot(&counter)), (slot, slot), "{text}");
        }
        let Keys { token, counter, .. } = Keys::in_slot(&Key::parse("a").expect("valid"), false);
        assert_eq!((&*token, &*counter), ("lock|||||token||a", "lock|||||counter"));
    }
}
