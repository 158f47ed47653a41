//! `ottavo:runtime/lock`: mutual exclusion between processes.

use std::time::Duration;

use ottavo_blocks::Key;
use ottavo_blocks::lock::{self as block, Owner, Ttl};
use ottavo_core::Result;

use crate::Call;
use crate::answer::{Answer, block};
use crate::bindings::ottavo::runtime::lock::{Host, Lease, Release};

impl Host for Call {
    async fn try_lock(
        &mut self,
        store: String,
        resource: String,
        owner: Option<String>,
        ttl: u64,
        wait: u64,
    ) -> Answer<Option<Lease>> {
        let (clock, session) = self.door();
        block(clock, async {
            let claim = block::Claim {
                resource: Key::parse(resource)?,
                owner: owner.map(Owner::parse).transpose()?,
                ttl: Ttl::parse(ttl)?,
                wait: Duration::from_millis(wait),
            };
            Ok(session.lock(&store)?.try_lock(claim).await?.map(lease))
        })
        .await
    }

    async fn renew(
        &mut self,
        store: String,
        resource: String,
        owner: String,
        ttl: u64,
    ) -> Answer<Lease> {
        let (clock, session) = self.door();
        block(clock, async {
            let (resource, owner) = parse(resource, owner)?;
            let renewed = session.lock(&store)?.renew(resource, &owner, Ttl::parse(ttl)?).await?;
            Ok(lease(renewed))
        })
        .await
    }

    async fn unlock(&mut self, store: String, resource: String, owner: String) -> Answer<Release> {
        let (clock, session) = self.door();
        block(clock, async {
            let (resource, owner) = parse(resource, owner)?;
            Ok(match session.lock(&store)?.unlock(resource, &owner).await? {
                block::Release::Released => Release::Released,
                block::Release::NotHeld => Release::NotHeld,
                block::Release::HeldByOther => Release::HeldByOther,
            })
        })
        .await
    }
}

fn parse(resource: String, owner: String) -> Result<(Key, Owner)> {
    Ok((Key::parse(resource)?, Owner::parse(owner)?))
}

fn lease(lease: block::Lease) -> Lease {
    Lease {
        owner: lease.owner.into_string(),
        fencing_token: lease.fencing_token,
        remaining: u64::try_from(lease.remaining.as_millis()).unwrap_or(u64::MAX),
    }
}
