//! What the words of a lock mean, for drivers that evaluate them themselves.

use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind};

use super::{Owner, Ttl};
use crate::Key;

/// The token after `last`, the one given last.
///
/// It follows the clock, in microseconds, so that a store that lost everything still gives greater
/// ones than it ever did: what a lock protects would refuse a counter that began again.
pub fn next_token(last: u64, now: UnixMillis) -> u64 {
    last.saturating_add(1).max(now.saturating_mul(1000))
}

/// When a lock taken now goes away.
pub fn expires(now: UnixMillis, ttl: Ttl) -> UnixMillis {
    now.saturating_add(ttl.millis())
}

/// The error of a renewal by who does not hold the lock.
pub fn not_held(resource: &Key, owner: &Owner) -> Error {
    let (resource, owner) = (resource.as_str().escape_debug(), owner.as_str().escape_debug());
    let message = format!("`{owner}` does not hold `{resource}`, or no longer: lock it again");
    Error::new(Kind::Conflict, message).with_retryable(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_greater_than_the_last_whatever_the_clock_does() {
        assert_eq!(next_token(0, 5), 5000);
        assert_eq!(next_token(5000, 5), 5001);
        assert_eq!(next_token(9_000, 5), 9_001);
        assert_eq!(next_token(9_000, 0), 9_001);
    }
}
