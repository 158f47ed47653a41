//! Mutual exclusion between processes, in named stores.
//!
//! ```no_run
//! use std::time::Duration;
//! use ottavo_sdk::lock::{Claim, Lock};
//!
//! let locks = Lock::open("default");
//! if let Some(guard) = locks.try_lock("report", Duration::from_secs(30))? {
//!     // what the lock protects refuses a smaller token than it has seen
//!     println!("writing with token {}", guard.fencing_token());
//! } // unlocked here
//!
//! // or wait for it, under a name of one's own
//! let claim = Claim::new("report", Duration::from_secs(30)).owner("me");
//! if let Some(mut guard) = locks.claim(&claim.wait(Duration::from_secs(2)))? {
//!     guard.renew(Duration::from_secs(60))?;
//!     guard.unlock()?;
//! }
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```
//!
//! A lock is held by one owner at a time, until it is unlocked or expires. An owner that is late
//! may have lost it without a sign: that is what the fencing token is for.

use std::borrow::Cow;
use std::time::Duration;

use crate::Result;
use crate::bindings::ottavo::runtime::lock as wit;

mod claim;
mod guard;
mod lease;

pub use claim::Claim;
pub use guard::Guard;
pub use lease::{Lease, Release};

/// One named store of locks. Opening it costs nothing; the manifest's `[needs]` must name it.
#[derive(Clone, Debug)]
pub struct Lock {
    name: Cow<'static, str>,
}

impl Lock {
    /// The store of this name.
    pub fn open(name: impl Into<Cow<'static, str>>) -> Lock {
        Lock { name: name.into() }
    }

    /// Takes a lock for this long, or not at all; none when somebody holds it.
    pub fn try_lock(&self, resource: &str, ttl: Duration) -> Result<Option<Guard>> {
        self.claim(&Claim::new(resource, ttl))
    }

    /// The same, after waiting for it up to this long, and never beyond the call's deadline.
    pub fn try_lock_for(
        &self,
        resource: &str,
        ttl: Duration,
        wait: Duration,
    ) -> Result<Option<Guard>> {
        self.claim(&Claim::new(resource, ttl).wait(wait))
    }

    /// Takes a lock as the claim says; none when any owner, this one included, still holds it.
    pub fn claim(&self, claim: &Claim<'_>) -> Result<Option<Guard>> {
        let lease = self.lease(claim)?;
        Ok(lease.map(|lease| Guard::new(self.clone(), claim.resource().to_owned(), lease)))
    }

    /// The same, for a lock that outlives this call of the function: it is unlocked by
    /// [`Lock::unlock`], or expires.
    pub fn lease(&self, claim: &Claim<'_>) -> Result<Option<Lease>> {
        let (resource, owner, ttl, wait) = claim.lower();
        Ok(wit::try_lock(&self.name, resource, owner, ttl, wait)?.map(Lease::from))
    }

    /// Sets a new expiry, this long from now.
    ///
    /// # Errors
    /// `conflict` when the owner does not hold the lock, or no longer.
    pub fn renew(&self, resource: &str, owner: &str, ttl: Duration) -> Result<Lease> {
        Ok(wit::renew(&self.name, resource, owner, lease::millis(ttl))?.into())
    }

    /// Gives a lock back, if this owner holds it.
    pub fn unlock(&self, resource: &str, owner: &str) -> Result<Release> {
        Ok(wit::unlock(&self.name, resource, owner)?.into())
    }
}
