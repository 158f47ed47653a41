//! A lock for as long as a value lives.

use std::time::Duration;

use super::{Lease, Lock, Release};
use crate::Result;

/// A lock that is held; dropping it unlocks.
///
/// A panic or a trap drops nothing: then the lock expires.
#[derive(Debug)]
#[must_use = "the lock is unlocked when its guard is dropped"]
pub struct Guard {
    /// None once it was given up.
    held: Option<(Lock, String)>,
    lease: Lease,
}

impl Guard {
    pub(super) fn new(store: Lock, resource: String, lease: Lease) -> Guard {
        Guard { held: Some((store, resource)), lease }
    }

    /// Who holds it.
    pub fn owner(&self) -> &str {
        &self.lease.owner
    }

    /// Only grows for a resource. Hand it to what the lock protects, which must refuse a smaller
    /// one.
    pub fn fencing_token(&self) -> u64 {
        self.lease.fencing_token
    }

    /// The lease as it was taken or last renewed.
    pub fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Sets a new expiry, this long from now.
    ///
    /// # Errors
    /// `conflict` when the lock expired and is lost.
    pub fn renew(&mut self, ttl: Duration) -> Result<()> {
        if let Some((store, resource)) = &self.held {
            self.lease = store.renew(resource, &self.lease.owner, ttl)?;
        }
        Ok(())
    }

    /// Unlocks, and says whether it was still held.
    pub fn unlock(mut self) -> Result<Release> {
        match self.held.take() {
            Some((store, resource)) => store.unlock(&resource, &self.lease.owner),
            None => Ok(Release::NotHeld),
        }
    }

    /// Leaves it locked, until it expires or its owner unlocks it by name.
    pub fn keep(mut self) -> Lease {
        self.held = None;
        self.lease.clone()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some((store, resource)) = self.held.take() {
            // nobody is left to hear of an error: the lock expires
            let _expires = store.unlock(&resource, &self.lease.owner);
        }
    }
}
