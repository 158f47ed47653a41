//! A lock that is held, and what came of unlocking it.

use std::time::Duration;

use crate::bindings::ottavo::runtime::lock as wit;

/// Who holds a lock, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// By this name it is renewed and unlocked.
    pub owner: String,
    /// Only grows for a resource. Hand it to what the lock protects, which must refuse a smaller
    /// one.
    pub fencing_token: u64,
    /// Until it expires unless renewed.
    pub remaining: Duration,
}

/// What came of unlocking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// It was held and is free.
    Released,
    /// Nobody held it: it had expired, or was never taken.
    NotHeld,
    /// Another owner holds it; nothing was done.
    HeldByOther,
}

impl From<wit::Lease> for Lease {
    fn from(lease: wit::Lease) -> Lease {
        let wit::Lease { owner, fencing_token, remaining } = lease;
        Lease { owner, fencing_token, remaining: Duration::from_millis(remaining) }
    }
}

impl From<wit::Release> for Release {
    fn from(release: wit::Release) -> Release {
        match release {
            wit::Release::Released => Release::Released,
            wit::Release::NotHeld => Release::NotHeld,
            wit::Release::HeldByOther => Release::HeldByOther,
        }
    }
}

/// In whole milliseconds, rounded up: a short span is not nothing.
pub(super) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
