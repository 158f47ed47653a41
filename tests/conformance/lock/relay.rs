//! A store of locks behind a guest.

use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::lock::{Capability, Claim, Lease, Lock, Owner, Release, Ttl};
use ottavo_core::{CallContext, Result};

use crate::relay::encoding::{Read, Reader};
use crate::relay::{Relay, checked};

/// Calls a store through the relay.
pub(crate) struct RelayLock {
    pub(crate) relay: Relay,
    /// Those of the store's driver: a guest does not see them.
    pub(crate) capabilities: &'static [Capability],
}

#[async_trait]
impl Lock for RelayLock {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn try_lock(&self, cx: &CallContext, claim: Claim) -> Result<Option<Lease>> {
        let mut call = self.relay.begin("lock.try-lock");
        call.string(claim.resource.as_str()).option(claim.owner.as_ref().map(Owner::as_str));
        let wait = u64::try_from(claim.wait.as_millis()).unwrap_or(u64::MAX);
        call.u64(claim.ttl.millis()).u64(wait);
        self.relay.call(cx, call, |answer| answer.option(lease)).await
    }

    async fn renew(
        &self,
        cx: &CallContext,
        resource: &Key,
        owner: &Owner,
        ttl: Ttl,
    ) -> Result<Lease> {
        let mut call = self.relay.begin("lock.renew");
        call.string(resource.as_str()).string(owner.as_str()).u64(ttl.millis());
        self.relay.call(cx, call, lease).await
    }

    async fn unlock(&self, cx: &CallContext, resource: &Key, owner: &Owner) -> Result<Release> {
        let mut call = self.relay.begin("lock.unlock");
        call.string(resource.as_str()).string(owner.as_str());
        self.relay.call(cx, call, release).await
    }
}

fn lease(answer: &mut Reader) -> Read<Lease> {
    Ok(Lease {
        owner: checked(Owner::parse(answer.string()?))?,
        fencing_token: answer.u64()?,
        remaining: Duration::from_millis(answer.u64()?),
    })
}

fn release(answer: &mut Reader) -> Read<Release> {
    match answer.u8()? {
        0 => Ok(Release::Released),
        1 => Ok(Release::NotHeld),
        2 => Ok(Release::HeldByOther),
        other => Err(format!("{other} is no case of a release")),
    }
}
