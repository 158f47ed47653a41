//! The resources of one case, with the calls that cases make most.

use std::sync::Arc;
use std::time::Duration;

use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, Result};
use tokio::time::Instant;

use super::Harness;
use crate::Key;
use crate::lock::{Capability, Claim, Lease, Lock, Owner, Release, Ttl};
use crate::suite::{self, Time, Verdict, ensure, equal, ok};

/// How long a case waits for what must come.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Resources that no other case touches.
pub(crate) struct Space {
    store: Arc<dyn Lock>,
    pub(super) time: Time,
    prefix: String,
    started: Instant,
}

impl suite::Space for Space {
    type Store = dyn Lock;
    type Capability = Capability;

    fn claimed(store: &dyn Lock) -> &'static [Capability] {
        store.capabilities()
    }

    fn new(case: &str, harness: &Harness) -> Space {
        Space {
            store: Arc::clone(&harness.store),
            time: harness.time.clone(),
            prefix: format!("suite/{case}/{:016x}/", fastrand::u64(..)),
            started: Instant::now(),
        }
    }
}

impl Space {
    fn resource(&self, name: &str) -> Key {
        Key::parse(format!("{}{name}", self.prefix)).expect("cases use valid names")
    }

    fn cx(&self) -> CallContext {
        CallContext::new(new_request_id(), Caller::Anonymous, Duration::from_secs(60))
    }

    /// Asks for a lock that no case outlives.
    pub(super) async fn try_lock(
        &self,
        name: &str,
        by: &str,
        wait: Duration,
    ) -> Result<Option<Lease>> {
        self.try_lock_for(name, Some(by), self.long(), wait).await
    }

    pub(super) async fn try_lock_for(
        &self,
        name: &str,
        by: Option<&str>,
        ttl: Ttl,
        wait: Duration,
    ) -> Result<Option<Lease>> {
        let claim = Claim { resource: self.resource(name), owner: by.map(owner), ttl, wait };
        self.store.try_lock(&self.cx(), claim).await
    }

    /// A lock that must be free.
    pub(super) async fn take(&self, name: &str, by: &str) -> Verdict<Lease> {
        self.take_for(name, by, self.long()).await
    }

    pub(super) async fn take_for(&self, name: &str, by: &str, ttl: Ttl) -> Verdict<Lease> {
        let taken = self.try_lock_for(name, Some(by), ttl, Duration::ZERO).await;
        let taken = ok(taken, &format!("try-lock `{name}` by `{by}`"))?;
        let lease = taken.ok_or_else(|| format!("`{name}` is held: `{by}` expected it free"))?;
        equal!(lease.owner.as_str(), by, "the owner of the lease");
        Ok(lease)
    }

    /// A lock that somebody must hold.
    pub(super) async fn expect_held(&self, name: &str) -> Verdict {
        let taken = self.try_lock(name, "somebody else", Duration::ZERO).await;
        equal!(ok(taken, &format!("try-lock `{name}`"))?, None, "try-lock of `{name}`, held");
        Ok(())
    }

    pub(super) async fn renew(&self, name: &str, by: &str, ttl: Ttl) -> Result<Lease> {
        self.store.renew(&self.cx(), &self.resource(name), &owner(by), ttl).await
    }

    pub(super) async fn unlock(&self, name: &str, by: &str) -> Verdict<Release> {
        let released = self.store.unlock(&self.cx(), &self.resource(name), &owner(by)).await;
        ok(released, &format!("unlock `{name}` by `{by}`"))
    }

    pub(super) async fn expect_unlock(&self, name: &str, by: &str, expected: Release) -> Verdict {
        equal!(self.unlock(name, by).await?, expected, "unlock `{name}` by `{by}`");
        Ok(())
    }

    /// A span that a case can outlive.
    pub(super) fn short(&self) -> Ttl {
        ttl(self.time.short())
    }

    /// A span that no case outlives.
    pub(super) fn long(&self) -> Ttl {
        ttl(Duration::from_secs(60 * 60 * 24 * 365))
    }

    /// Returns when everything that was locked before for the short span has expired.
    ///
    /// A lock that is taken now for the same span goes last, by the store's own clock.
    pub(super) async fn outlive(&self) -> Verdict {
        let last = format!("sentinel-{:016x}", fastrand::u64(..));
        self.take_for(&last, "sentinel", self.short()).await?;
        if let Time::Manual(clock) = &self.time {
            clock.advance(self.time.short());
            return self.take(&last, "after").await.map(drop);
        }
        let deadline = Instant::now() + self.time.short() + PATIENCE;
        while ok(self.try_lock(&last, "after", Duration::ZERO).await, "try-lock")?.is_none() {
            ensure!(Instant::now() < deadline, "a lock is held {PATIENCE:?} after its expiry");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Ok(())
    }

    /// Repeats `setup` until all of it falls within the short span: on a busy machine, or while
    /// other cases advance the clock, a lock may expire in the middle.
    pub(super) async fn in_time<F>(&self, setup: impl Fn(String) -> F) -> Verdict<String>
    where
        F: Future<Output = Verdict>,
    {
        for round in 0..50 {
            let (start, name) = (self.time.passed(self.started), format!("round{round}"));
            let verdict = setup(name.clone()).await;
            if self.time.passed(self.started) - start < self.time.short() {
                return verdict.map(|()| name);
            }
        }
        Err(format!("the store is too slow to do this within {:?}", self.time.short()))
    }
}

pub(super) fn owner(text: &str) -> Owner {
    Owner::parse(text).expect("cases use valid owners")
}

fn ttl(span: Duration) -> Ttl {
    let millis = u64::try_from(span.as_millis()).expect("a short span");
    Ttl::parse(millis).expect("cases use valid spans")
}
