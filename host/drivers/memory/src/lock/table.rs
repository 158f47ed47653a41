//! What is locked by whom, with the time as an argument.

use std::collections::{BTreeSet, HashMap};

use ottavo_blocks::Key;
use ottavo_blocks::lock::waiting::Attempt;
use ottavo_blocks::lock::{Lease, Owner, Release, Ttl, rules};
use ottavo_core::Result;
use ottavo_core::clock::UnixMillis;

/// How many expired locks each new one collects: more than one, so that they run out.
const COLLECTED: usize = 8;

struct Held {
    owner: Owner,
    token: u64,
    expires: UnixMillis,
}

/// Every lock, and all of them by when they expire.
#[derive(Default)]
pub(super) struct Table {
    locks: HashMap<Key, Held>,
    by_expiry: BTreeSet<(UnixMillis, Key)>,
    /// The token given last, over all resources.
    token: u64,
}

impl Table {
    /// The lock, or until when somebody else has it.
    pub(super) fn take(
        &mut self,
        resource: &Key,
        owner: &Owner,
        ttl: Ttl,
        now: UnixMillis,
    ) -> Attempt<UnixMillis> {
        if let Some(held) = self.live(resource, now) {
            return Attempt::Held(held.expires);
        }
        self.remove(resource);
        self.collect(now);
        self.token = rules::next_token(self.token, now);
        let (token, expires) = (self.token, rules::expires(now, ttl));
        self.by_expiry.insert((expires, resource.clone()));
        self.locks.insert(resource.clone(), Held { owner: owner.clone(), token, expires });
        Attempt::Taken(lease(owner, token, ttl))
    }

    pub(super) fn renew(
        &mut self,
        resource: &Key,
        owner: &Owner,
        ttl: Ttl,
        now: UnixMillis,
    ) -> Result<Lease> {
        let held = self.locks.get_mut(resource).filter(|held| now < held.expires);
        let Some(held) = held.filter(|held| held.owner == *owner) else {
            return Err(rules::not_held(resource, owner));
        };
        self.by_expiry.remove(&(held.expires, resource.clone()));
        held.expires = rules::expires(now, ttl);
        self.by_expiry.insert((held.expires, resource.clone()));
        Ok(lease(owner, held.token, ttl))
    }

    pub(super) fn release(&mut self, resource: &Key, owner: &Owner, now: UnixMillis) -> Release {
        match self.live(resource, now) {
            None => Release::NotHeld,
            Some(held) if held.owner != *owner => Release::HeldByOther,
            Some(_) => {
                self.remove(resource);
                Release::Released
            }
        }
    }

    fn live(&self, resource: &Key, now: UnixMillis) -> Option<&Held> {
        self.locks.get(resource).filter(|held| now < held.expires)
    }

    fn remove(&mut self, resource: &Key) {
        if let Some(held) = self.locks.remove(resource) {
            self.by_expiry.remove(&(held.expires, resource.clone()));
        }
    }

    fn collect(&mut self, now: UnixMillis) {
        for _ in 0..COLLECTED {
            match self.by_expiry.first() {
                Some((expires, _)) if *expires <= now => {}
                _ => return,
            }
            if let Some((_, resource)) = self.by_expiry.pop_first() {
                self.locks.remove(&resource);
            }
        }
    }
}

fn lease(owner: &Owner, fencing_token: u64, ttl: Ttl) -> Lease {
    Lease { owner: owner.clone(), fencing_token, remaining: ttl.duration() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expired_locks_are_collected_and_the_index_follows_every_change() {
        let mut table = Table::default();
        let (owner, ttl) = (Owner::unique(), Ttl::parse(10).expect("valid"));
        let resource = |i: usize| Key::parse(format!("r{i}")).expect("valid");
        let count = COLLECTED * 2;
        for i in 0..count {
            table.take(&resource(i), &owner, ttl, 0);
        }
        table.renew(&resource(0), &owner, Ttl::parse(50).expect("valid"), 5).expect("held");
        assert_eq!((table.locks.len(), table.by_expiry.len()), (count, count));
        assert_eq!(table.release(&resource(1), &owner, 5), Release::Released);
        assert_eq!((table.locks.len(), table.by_expiry.len()), (count - 1, count - 1));
        for i in 0..2 {
            table.take(&resource(count + i), &owner, ttl, 10);
        }
        // the renewed one, and those taken just now
        assert_eq!((table.locks.len(), table.by_expiry.len()), (3, 3));
    }
}
