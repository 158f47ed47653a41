//! Locks: which resources a grant covers, and the prefix that the store has for them. Grants and
//! errors speak of the caller's resources, the driver of prefixed ones.

use ottavo_blocks::Key;
use ottavo_blocks::lock::{Claim, Lease, Lock, Owner, Release, Ttl};
use ottavo_core::Result;

use crate::scope::Scope;

/// The calls of one session on one store of locks, as of [`Lock`].
pub struct LockCalls<'a>(pub(crate) Scope<'a, dyn Lock>);

impl LockCalls<'_> {
    /// As [`Lock::try_lock`].
    pub async fn try_lock(&self, claim: Claim) -> Result<Option<Lease>> {
        let scope = &self.0;
        scope
            .run("try-lock", async {
                scope.allow(claim.resource.as_str())?;
                scope.live().try_lock(&scope.session.cx, scope.hold(claim)).await
            })
            .await
    }

    /// As [`Lock::renew`].
    pub async fn renew(&self, resource: Key, owner: &Owner, ttl: Ttl) -> Result<Lease> {
        let scope = &self.0;
        scope
            .run("renew", async {
                scope.allow(resource.as_str())?;
                scope.live().renew(&scope.session.cx, &scope.hold(resource), owner, ttl).await
            })
            .await
    }

    /// As [`Lock::unlock`].
    pub async fn unlock(&self, resource: Key, owner: &Owner) -> Result<Release> {
        let scope = &self.0;
        scope
            .run("unlock", async {
                scope.allow(resource.as_str())?;
                scope.live().unlock(&scope.session.cx, &scope.hold(resource), owner).await
            })
            .await
    }
}
