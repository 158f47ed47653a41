//! A store of locks behind the gRPC door.

use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::lock::{Capability, Claim, Lease, Lock, Owner, Release, Ttl};
use ottavo_core::{CallContext, Error, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::lock_client::LockClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

/// Calls a store by its name at a host.
pub(crate) struct GrpcLock {
    client: LockClient<Channel>,
    store: String,
    capabilities: &'static [Capability],
}

impl GrpcLock {
    /// `capabilities` are those of the store's driver: the door does not tell them.
    pub(crate) fn new(
        channel: Channel,
        store: &str,
        capabilities: &'static [Capability],
    ) -> GrpcLock {
        GrpcLock { client: LockClient::new(channel), store: store.to_owned(), capabilities }
    }
}

/// Makes one call; the client is cheap to clone.
macro_rules! call {
    ($self:ident.$method:ident($cx:ident, $message:expr)) => {{
        let mut request = tonic::Request::new($message);
        request.set_timeout($cx.remaining());
        let answer = $self.client.clone().$method(request).await;
        answer.map_err(|status| from_status(&status))?.into_inner()
    }};
}

#[async_trait]
impl Lock for GrpcLock {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn try_lock(&self, cx: &CallContext, claim: Claim) -> Result<Option<Lease>> {
        let message = LockTryLockRequest {
            store: self.store.clone(),
            resource: claim.resource.into_string(),
            owner: claim.owner.map(Owner::into_string),
            ttl_millis: claim.ttl.millis(),
            wait_millis: u64::try_from(claim.wait.as_millis()).unwrap_or(u64::MAX),
        };
        call!(self.try_lock(cx, message)).lease.map(lease).transpose()
    }

    async fn renew(
        &self,
        cx: &CallContext,
        resource: &Key,
        owner: &Owner,
        ttl: Ttl,
    ) -> Result<Lease> {
        let (store, ttl_millis) = (self.store.clone(), ttl.millis());
        let (resource, owner) = (resource.to_string(), owner.to_string());
        let message = LockRenewRequest { store, resource, owner, ttl_millis };
        lease(call!(self.renew(cx, message)).lease.ok_or_else(unset)?)
    }

    async fn unlock(&self, cx: &CallContext, resource: &Key, owner: &Owner) -> Result<Release> {
        let (resource, owner) = (resource.to_string(), owner.to_string());
        let message = LockUnlockRequest { store: self.store.clone(), resource, owner };
        match call!(self.unlock(cx, message)).release() {
            LockRelease::Released => Ok(Release::Released),
            LockRelease::NotHeld => Ok(Release::NotHeld),
            LockRelease::HeldByOther => Ok(Release::HeldByOther),
            LockRelease::Unspecified => Err(unset()),
        }
    }
}

fn lease(sent: LockLease) -> Result<Lease> {
    let LockLease { owner, fencing_token, remaining_millis } = sent;
    let remaining = Duration::from_millis(remaining_millis);
    Ok(Lease { owner: Owner::parse(owner)?, fencing_token, remaining })
}

fn unset() -> Error {
    Error::internal("the host left an answer unset")
}
