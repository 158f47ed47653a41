//! The service `Lock`, as `ottavo_blocks::lock::Lock`.

use std::time::Duration;

use async_trait::async_trait;
use ottavo_api::Session;
use ottavo_blocks::Key;
use ottavo_blocks::lock::{Claim, Lease, Owner, Release, Ttl};
use ottavo_core::Result;
use ottavo_wire::v1::lock_server::Lock;
use ottavo_wire::v1::*;
use tonic::{Request, Response, Status};

use crate::door::Door;

/// Answers the calls of the service.
pub(crate) struct LockService(pub(crate) Door);

async fn try_lock(session: Session, message: LockTryLockRequest) -> Result<LockTryLockResponse> {
    let store = session.lock(&message.store)?;
    let claim = Claim {
        resource: Key::parse(message.resource)?,
        owner: message.owner.map(Owner::parse).transpose()?,
        ttl: Ttl::parse(message.ttl_millis)?,
        wait: Duration::from_millis(message.wait_millis),
    };
    Ok(LockTryLockResponse { lease: store.try_lock(claim).await?.map(lease) })
}

async fn renew(session: Session, message: LockRenewRequest) -> Result<LockRenewResponse> {
    let store = session.lock(&message.store)?;
    let (resource, owner) = (Key::parse(message.resource)?, Owner::parse(message.owner)?);
    let renewed = store.renew(resource, &owner, Ttl::parse(message.ttl_millis)?).await?;
    Ok(LockRenewResponse { lease: Some(lease(renewed)) })
}

async fn unlock(session: Session, message: LockUnlockRequest) -> Result<LockUnlockResponse> {
    let store = session.lock(&message.store)?;
    let (resource, owner) = (Key::parse(message.resource)?, Owner::parse(message.owner)?);
    let release = match store.unlock(resource, &owner).await? {
        Release::Released => LockRelease::Released,
        Release::NotHeld => LockRelease::NotHeld,
        Release::HeldByOther => LockRelease::HeldByOther,
    };
    Ok(LockUnlockResponse { release: release.into() })
}

fn lease(lease: Lease) -> LockLease {
    LockLease {
        owner: lease.owner.into_string(),
        fencing_token: lease.fencing_token,
        remaining_millis: u64::try_from(lease.remaining.as_millis()).unwrap_or(u64::MAX),
    }
}

/// One method of the service for each function above.
macro_rules! service {
    ($($method:ident: $request:ident => $response:ident,)*) => {
        #[async_trait]
        impl Lock for LockService {
            $(async fn $method(
                &self,
                request: Request<$request>,
            ) -> std::result::Result<Response<$response>, Status> {
                self.0.call(request, $method).await
            })*
        }
    };
}

service! {
    try_lock: LockTryLockRequest => LockTryLockResponse,
    renew: LockRenewRequest => LockRenewResponse,
    unlock: LockUnlockRequest => LockUnlockResponse,
}
